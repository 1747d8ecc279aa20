import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { Tx } from '../../platform/database/open-database.ts'
import { underDuty } from '../../platform/database/under-duty.ts'
import { Problem } from '../../platform/http/problem.ts'
import { markAddresses } from '../../sporen/markering-store.ts'
import { logProcessing } from '../../sporen/verwerking-store.ts'
import { todayIn } from '../../time.ts'
import type { Inzage } from '../../toegang/caller.ts'
import { isObjectedTo, moveRow } from '../../vroegsignalen/afhandeling-store.ts'
import { sealContent, unsealContent } from '../../vroegsignalen/signal-content.ts'
import { pseudonymOf } from '../../vroegsignalen/signal-indexes.ts'
import type { BehandeldeRij } from '../../vroegsignalen/vroegsignaal-store.ts'
import { destroyContestsOf } from '../betwistingen/betwisting-store.ts'
import { holdSignals } from '../hold-signals.ts'
import { giveFeedback } from '../terugkoppelingen/give-feedback.ts'
import { moveFeedback } from '../terugkoppelingen/terugkoppeling-store.ts'
import { destroyCasesOf, lockCasesOf } from '../zaak-store.ts'

/**
 * Moves a signal to the municipality where the resident lives now: the same signal, with its evidence and all its days,
 * gone here and waiting there. Its partner hears `geen-inwoner`. Throws niet-gevonden, toestand-staat-dit-niet-toe
 * when it is there already or over for its partner, and geen-overeenkomst, with nothing moved, when the partner may not
 * signal there.
 */
export async function forwardSignal(
  tx: Tx,
  keys: KeyRing,
  inzage: Inzage,
  vroegsignaalId: string,
  naar: string
): Promise<void> {
  const { caller, now } = inzage
  const results = await lockCasesOf(tx, caller.gemeentecodes, vroegsignaalId)
  const [signal] = await holdSignals(tx, keys, caller.gemeentecodes, [vroegsignaalId])
  if (signal === undefined) throw new Problem('niet-gevonden')
  const { row } = signal
  if (row.gemeentecode === naar) throw conflict('Het signaal is al van deze gemeente.')
  if (row.afgerond || results.some((result) => result !== null && result !== 'geen-inwoner')) {
    throw conflict('De zaak van dit signaal heeft al een ander resultaat dan geen-inwoner.')
  }
  await giveFeedback(tx, keys, [signal], 'geen-inwoner', { now, dag: todayIn(now) })
  const inhoud = await resealFor(keys, row, naar)
  await underDuty(tx, 'afhandelaar', async () => {
    // Without saying why: that somebody objected elsewhere is not this municipality's to know.
    if (await isObjectedTo(tx, row, naar)) throw conflict('Dit signaal kan daar niet worden aangenomen.')
    if (!(await moveRow(tx, row, naar, inhoud))) throw noAgreement()
    await moveFeedback(tx, row, naar)
    await destroyCasesOf(tx, row.gemeentecode, [row.id])
    await destroyContestsOf(tx, row.gemeentecode, [row.id])
    await markAddresses(tx, [row, { gemeentecode: naar, adresIndex: row.adresIndex }])
    await logMove(tx, keys, inzage, row, naar)
  })
}

async function resealFor(keys: KeyRing, row: BehandeldeRij, naar: string): Promise<Buffer> {
  const key = (await keys.findDataKeys([row.sleuteldag])).get(row.sleuteldag)!
  return sealContent(key, { ...row, gemeentecode: naar }, unsealContent(key, row, row.inhoud))
}

// In both logs: each municipality can account for what came and what went.
async function logMove(
  tx: Tx,
  keys: KeyRing,
  { caller, traceId, now }: Inzage,
  row: BehandeldeRij,
  naar: string
): Promise<void> {
  await logProcessing(
    tx,
    [row.gemeentecode, naar].map((gemeentecode) => ({
      gemeentecode,
      traceId,
      activiteit: 'vroegsignaal-doorzenden',
      clientId: caller.id,
      betrokkenePseudoniem: pseudonymOf(keys, row.persoonIndex),
      objectId: row.id,
      op: now
    }))
  )
}

function conflict(detail: string): Problem {
  return new Problem('toestand-staat-dit-niet-toe', { detail })
}

function noAgreement(): Problem {
  const detail =
    'De signaalpartner heeft voor deze sector geen geldende overeenkomst met die gemeente; het signaal blijft waar het is. Wijs de inwoner zelf de weg, of geef de zaak het resultaat geen-inwoner.'
  return new Problem('geen-overeenkomst', { detail })
}
