import { randomUUIDv7 } from 'node:crypto'
import {
  type Betwistingsreactie,
  type Betwistingsreden,
  betwistingsredenen
} from '../../begrippen/betwistingsreden.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { seal, unseal } from '../../platform/crypto/seal.ts'
import type { Tx } from '../../platform/database/open-database.ts'
import { Problem } from '../../platform/http/problem.ts'
import { addCounts } from '../../sporen/telling-store.ts'
import { logProcessing } from '../../sporen/verwerking-store.ts'
import { todayIn } from '../../time.ts'
import type { Inzage } from '../../toegang/caller.ts'
import { pseudonymOf } from '../../vroegsignalen/signal-indexes.ts'
import { lockSignal } from '../../vroegsignalen/vroegsignaal-store.ts'
import { withdrawSignal } from '../../wijzigingen/withdraw-signal.ts'
import { holdSignals } from '../hold-signals.ts'
import { giveFeedback } from '../terugkoppelingen/give-feedback.ts'
import {
  addContest,
  answerContest,
  type BetwistingRij,
  findContest,
  lockContest
} from './betwisting-store.ts'

/** What both sides wrote; sealed, for people write names in such fields. */
export type Toelichtingen = { readonly toelichting?: string; readonly toelichtingReactie?: string }

/**
 * Contests a careless signal (AP criteria); its partner hears `betwist`. Throws niet-gevonden, and
 * toestand-staat-dit-niet-toe when a contest of it waits for an answer or it is over for its partner.
 */
export async function contestSignal(
  tx: Tx,
  keys: KeyRing,
  { caller, traceId, now }: Inzage,
  vroegsignaalId: string,
  { reden, toelichting }: { reden: Betwistingsreden; toelichting?: string }
): Promise<{ id: string; gemeentecode: string }> {
  const [signal] = await holdSignals(tx, keys, caller.gemeentecodes, [vroegsignaalId])
  if (signal === undefined) throw new Problem('niet-gevonden')
  const { gemeentecode, signaalpartnerId, sleuteldag, vernietigingsdatum, persoonIndex, afgerond } =
    signal.row
  if (afgerond) throw conflict('Het signaal is afgerond, en dat is de partner gezegd.')
  const id = randomUUIDv7()
  const inhoud = await sealTexts(keys, { id, sleuteldag }, toelichting === undefined ? {} : { toelichting })
  const betwisting = {
    gemeentecode,
    id,
    vroegsignaalId,
    signaalpartnerId,
    reden,
    betrokkenePseudoniem: pseudonymOf(keys, persoonIndex),
    sleuteldag,
    vernietigingsdatum,
    inhoud
  }
  if (!(await addContest(tx, { ...betwisting, ingediendOp: now, reactie: null, beantwoordOp: null }))) {
    throw conflict('Dit signaal is al betwist; de partner moet nog antwoorden.')
  }
  await giveFeedback(tx, keys, [signal], 'betwist', { now, dag: todayIn(now) })
  const telling = { gemeentecode, signaalpartnerId, gebeurtenis: 'betwisting', kenmerk: reden } as const
  await addCounts(tx, todayIn(now), [{ ...telling, aantal: 1 }])
  await logProcessing(tx, [
    {
      gemeentecode,
      traceId,
      activiteit: 'vroegsignaal-betwisten',
      clientId: caller.id,
      betrokkenePseudoniem: pseudonymOf(keys, persoonIndex),
      objectId: vroegsignaalId,
      op: now
    }
  ])
  return { id, gemeentecode }
}

/**
 * Answers a contest of the partner's own signal; `ingetrokken` withdraws the signal, as what the reason makes of it.
 * Returns the contest as it was. Throws niet-gevonden, and toestand-staat-dit-niet-toe when it was answered before.
 */
export async function respondToContest(
  tx: Tx,
  keys: KeyRing,
  { caller, traceId, now }: Inzage,
  id: string,
  { reactie, toelichting }: { reactie: Betwistingsreactie; toelichting?: string }
): Promise<BetwistingRij> {
  // The signal before the contest, for so does whoever ends a case or sends a signal on.
  const known = await findContest(tx, id)
  const row = known && (await lockSignal(tx, known.vroegsignaalId))
  const betwisting = row && (await lockContest(tx, id))
  if (row === undefined || betwisting === undefined) throw new Problem('niet-gevonden')
  if (betwisting.reactie !== null) throw conflict('Deze betwisting is al beantwoord.')
  const { gemeentecode, signaalpartnerId, reden, vroegsignaalId } = betwisting
  const written = await openTexts(keys, betwisting)
  const texts = toelichting === undefined ? written : { ...written, toelichtingReactie: toelichting }
  const inhoud = await sealTexts(keys, betwisting, texts)
  await answerContest(tx, betwisting, { reactie, beantwoordOp: now, inhoud })
  const gebeurtenis = `betwisting-${reactie}` as const
  await addCounts(tx, todayIn(now), [
    { gemeentecode, signaalpartnerId, gebeurtenis, kenmerk: reden, aantal: 1 }
  ])
  await logProcessing(tx, [
    {
      gemeentecode,
      traceId,
      activiteit: 'betwisting-beantwoorden',
      clientId: caller.id,
      signaalpartnerId,
      betrokkenePseudoniem: pseudonymOf(keys, row.persoonIndex),
      objectId: vroegsignaalId,
      op: now
    }
  ])
  // It may have been withdrawn already; then the answer only says so.
  if (reactie === 'gehandhaafd' || row.status === 'ingetrokken') return betwisting
  const herkomst = { signaalpartnerId, clientId: caller.id, traceId, now }
  await withdrawSignal(tx, keys, herkomst, row, betwistingsredenen[reden])
  return betwisting
}

/** Opens what both sides wrote in contests for one of them, and writes in the same transaction that it did. */
export async function readTexts(
  tx: Tx,
  keys: KeyRing,
  { caller, traceId, now }: Inzage,
  rows: readonly BetwistingRij[]
): Promise<Toelichtingen[]> {
  await logProcessing(
    tx,
    rows.map(({ gemeentecode, vroegsignaalId, betrokkenePseudoniem }) => ({
      gemeentecode,
      traceId,
      activiteit: 'betwisting-inzien',
      clientId: caller.id,
      signaalpartnerId: caller.signaalpartnerId,
      betrokkenePseudoniem,
      objectId: vroegsignaalId,
      op: now
    }))
  )
  return Promise.all(rows.map((row) => openTexts(keys, row)))
}

async function openTexts(
  keys: KeyRing,
  { id, sleuteldag, inhoud }: Pick<BetwistingRij, 'id' | 'sleuteldag' | 'inhoud'>
): Promise<Toelichtingen> {
  const key = (await keys.findDataKeys([sleuteldag])).get(sleuteldag)
  return key === undefined ? {} : JSON.parse(unseal(key, inhoud, contextOf(id)).toString())
}

async function sealTexts(
  keys: KeyRing,
  { id, sleuteldag }: { id: string; sleuteldag: string },
  texts: Toelichtingen
): Promise<Buffer> {
  const key = (await keys.findDataKeys([sleuteldag])).get(sleuteldag)!
  return seal(key, Buffer.from(JSON.stringify(texts)), contextOf(id))
}

function contextOf(id: string): string {
  return `betwisting|${id}`
}

function conflict(detail: string): Problem {
  return new Problem('toestand-staat-dit-niet-toe', { detail })
}
