import { type Intrekkingsreden, intrekkingsredenen } from '../begrippen/intrekkingsreden.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import type { Tx } from '../platform/database/open-database.ts'
import { Problem } from '../platform/http/problem.ts'
import { markAddresses } from '../sporen/markering-store.ts'
import { addCounts } from '../sporen/telling-store.ts'
import { logProcessing } from '../sporen/verwerking-store.ts'
import { todayIn } from '../time.ts'
import { pseudonymOf } from '../vroegsignalen/signal-indexes.ts'
import { condemnRow, type TeWijzigenRij, withdrawRow } from '../vroegsignalen/vroegsignaal-store.ts'
import type { Herkomst } from '../weging/herkomst.ts'

/**
 * Withdraws a partner's own signal: it leaves every list with the commit. For a wrong signal, or one the resident
 * objected to, it is condemned: hidden from the municipality with the commit, and due for the sweeper.
 * Throws toestand-staat-dit-niet-toe when it was withdrawn before.
 */
export async function withdrawSignal(
  tx: Tx,
  keys: KeyRing,
  herkomst: Herkomst,
  row: TeWijzigenRij,
  reden: Intrekkingsreden
): Promise<void> {
  if (row.status === 'ingetrokken') {
    throw new Problem('toestand-staat-dit-niet-toe', { detail: 'Het signaal is al ingetrokken.' })
  }
  const { isDestroyed } = intrekkingsredenen[reden]
  await logProcessing(tx, [
    {
      gemeentecode: row.gemeentecode,
      traceId: herkomst.traceId,
      activiteit: 'vroegsignaal-intrekken',
      clientId: herkomst.clientId,
      signaalpartnerId: herkomst.signaalpartnerId,
      betrokkenePseudoniem: pseudonymOf(keys, row.persoonIndex),
      objectId: row.id,
      op: herkomst.now
    }
  ])
  const { gemeentecode } = row
  const { signaalpartnerId } = herkomst
  await addCounts(tx, todayIn(herkomst.now), [
    { gemeentecode, signaalpartnerId, gebeurtenis: 'intrekking', kenmerk: reden, aantal: 1 }
  ])
  if (isDestroyed) await condemnRow(tx, row, 'intrekking')
  else await withdrawRow(tx, row)
  // Also before its destruction: until the sweeper has been, its household must not count what it cannot show.
  await markAddresses(tx, [row])
}
