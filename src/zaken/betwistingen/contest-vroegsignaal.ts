import { randomUUIDv7 } from 'node:crypto'
import {
  type Betwistingsreactie,
  type Betwistingsreden,
  betwistingsredenen
} from '../../begrippen/betwistingsreden.ts'
import type { Gebeurtenis } from '../../begrippen/gebeurtenis.ts'
import type { Tx } from '../../platform/database/open-database.ts'
import { conflict, notFound } from '../../platform/http/problem.ts'
import { addGebeurtenissen } from '../../sporen/gebeurtenis-store.ts'
import { logVroegsignalen, pseudonymOf } from '../../sporen/log-processing.ts'
import { addTellingen } from '../../sporen/telling-store.ts'
import { todayIn } from '../../time.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import { holdVroegsignalen } from '../../vroegsignalen/hold-vroegsignalen.ts'
import {
  type BehandeldeRij,
  lockVroegsignaal,
  type TeWijzigenRij
} from '../../vroegsignalen/vroegsignaal-store.ts'
import { withdrawVroegsignaal } from '../../wijzigingen/withdraw-vroegsignaal.ts'
import { giveTerugkoppeling } from '../terugkoppelingen/give-terugkoppeling.ts'
import {
  addBetwisting,
  type BetwistingRij,
  findBetwisting,
  lockBetwisting,
  saveReactie
} from './betwisting-store.ts'
import { openToelichtingen, sealToelichtingen, type Toelichtingen } from './toelichtingen.ts'

/**
 * Contests a careless signal (AP criteria); its partner hears `betwist`. Throws niet-gevonden, and
 * toestand-staat-dit-niet-toe when an earlier contest still waits for an answer or the signal is over for its partner.
 */
export async function contestVroegsignaal(
  handeling: Handeling,
  vroegsignaalId: string,
  { reden, toelichting }: { reden: Betwistingsreden; toelichting?: string }
): Promise<{ id: string; gemeentecode: string }> {
  const { tx, caller, now } = handeling
  const [signal] = await holdVroegsignalen(handeling, caller.gemeentecodes, [vroegsignaalId])
  if (signal === undefined) throw notFound()
  if (signal.row.afgerond) throw conflict('Het signaal is afgerond, en dat is de partner gezegd.')
  const texts = toelichting === undefined ? {} : { toelichting }
  const betwisting = await newContest(handeling, signal.row, reden, texts)
  if (!(await addBetwisting(tx, betwisting))) {
    throw conflict('Dit signaal is al betwist; de partner moet nog antwoorden.')
  }
  await giveTerugkoppeling(handeling, [signal], 'betwist', todayIn(now))
  const { gemeentecode, id: betwistingId } = betwisting
  addGebeurtenissen(tx, [
    { gemeentecode, soort: 'nl.vroegsignalering.signaal-betwist', vroegsignaalId, betwistingId }
  ])
  await countContest(handeling, 'betwisting', betwisting)
  await logVroegsignalen(handeling, 'vroegsignaal-betwisten', [signal.row])
  return { id: betwistingId, gemeentecode }
}

/**
 * Answers a contest of the partner's own signal; `ingetrokken` also withdraws the signal, for a reason that follows
 * from that of the contest. Returns the contest as it was before. Throws niet-gevonden, and toestand-staat-dit-niet-toe
 * when it was answered already.
 */
export async function respondToBetwisting(
  handeling: Handeling,
  id: string,
  { reactie, toelichting }: { reactie: Betwistingsreactie; toelichting?: string }
): Promise<BetwistingRij> {
  const { tx, keys, now } = handeling
  const { row, betwisting } = await holdContested(tx, id)
  if (betwisting.reactie !== null) throw conflict('Deze betwisting is al beantwoord.')
  const [written] = await openToelichtingen(handeling, [betwisting])
  const texts = toelichting === undefined ? written! : { ...written, toelichtingReactie: toelichting }
  const inhoud = await sealToelichtingen(keys, betwisting, texts)
  await saveReactie(tx, betwisting, { reactie, beantwoordOp: now, inhoud })
  await countContest(handeling, `betwisting-${reactie}`, betwisting)
  await logVroegsignalen(handeling, 'betwisting-beantwoorden', [row])
  // The signal may have been withdrawn already; then only the answer is saved.
  if (reactie === 'ingetrokken' && row.status !== 'ingetrokken') {
    await withdrawVroegsignaal(handeling, row, betwistingsredenen[betwisting.reden])
  }
  return betwisting
}

// Lock order: signal before contest, everywhere.
async function holdContested(tx: Tx, id: string): Promise<{ row: TeWijzigenRij; betwisting: BetwistingRij }> {
  const known = await findBetwisting(tx, id)
  const row = known && (await lockVroegsignaal(tx, known.vroegsignaalId))
  const betwisting = row && (await lockBetwisting(tx, id))
  if (row === undefined || betwisting === undefined) throw notFound()
  return { row, betwisting }
}

async function newContest(
  { keys, now }: Handeling,
  row: BehandeldeRij,
  reden: Betwistingsreden,
  texts: Toelichtingen
): Promise<BetwistingRij> {
  const { gemeentecode, signaalpartnerId, sleuteldag, vernietigingsdatum, persoonIndex } = row
  const id = randomUUIDv7()
  return {
    gemeentecode,
    id,
    vroegsignaalId: row.id,
    signaalpartnerId,
    reden,
    reactie: null,
    betrokkenePseudoniem: pseudonymOf(keys, persoonIndex),
    ingediendOp: now,
    beantwoordOp: null,
    sleuteldag,
    vernietigingsdatum,
    inhoud: await sealToelichtingen(keys, { gemeentecode, id, sleuteldag }, texts)
  }
}

async function countContest(
  { tx, now }: Handeling,
  gebeurtenis: Gebeurtenis,
  { gemeentecode, signaalpartnerId, reden }: BetwistingRij
): Promise<void> {
  await addTellingen(tx, todayIn(now), [
    { gemeentecode, signaalpartnerId, gebeurtenis, kenmerk: reden, aantal: 1 }
  ])
}
