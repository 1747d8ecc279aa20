import { personKey } from '../personen/person-key.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import type { Tx } from '../platform/database/open-database.ts'
import { logProcessing } from '../sporen/verwerking-store.ts'
import type { Inzage } from '../toegang/caller.ts'
import { showOwnSignals, showSignals } from './show-signals.ts'
import { pseudonymOf } from './signal-indexes.ts'
import type { Vroegsignaal } from './vroegsignaal-schema.ts'
import type { SignaalRij } from './vroegsignaal-store.ts'

/**
 * Shows signals to their sender or their municipality, and writes in the same transaction who saw whose data:
 * when the log cannot be written, nothing is shown.
 */
export async function readSignals(
  tx: Tx,
  keys: KeyRing,
  { caller, traceId, now }: Inzage,
  rows: readonly SignaalRij[],
  isWanted: (signaal: Vroegsignaal) => boolean = () => true
): Promise<Vroegsignaal[]> {
  const show = caller.rol === 'signaalpartner' ? showOwnSignals : showSignals
  const shown = (await show(keys, rows)).filter(isWanted)
  const holder = new Map(rows.map(({ id, gemeentecode }) => [id, gemeentecode]))
  await logProcessing(
    tx,
    shown.map(({ id, betrokkene, adres }) => ({
      gemeentecode: holder.get(id)!,
      traceId,
      activiteit: 'vroegsignaal-inzien',
      clientId: caller.id,
      signaalpartnerId: caller.signaalpartnerId,
      betrokkenePseudoniem: pseudonymOf(
        keys,
        keys.hash('index-persoon', personKey(betrokkene.naam.geslachtsnaam, adres))
      ),
      objectId: id,
      op: now
    }))
  )
  return shown
}
