import { randomUUIDv7 } from 'node:crypto'
import type { Verwerkingsactiviteit } from '../begrippen/verwerkingsactiviteit.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import type { Handeling } from '../toegang/handeling.ts'
import { addVerwerkingen } from './verwerking-store.ts'

type Line = {
  readonly gemeentecode: string
  /** The signal, household or case that was looked at or changed. */
  readonly objectId: string
  readonly betrokkenePseudoniem: Buffer
  /** The signals that this line accounts for. */
  readonly vroegsignaalIds: readonly string[]
}

type Signal = { readonly gemeentecode: string; readonly id: string; readonly persoonIndex: Buffer }

/** A row about a signal, with the pseudonym of its person. */
type OfSignal = {
  readonly gemeentecode: string
  readonly vroegsignaalId: string
  readonly betrokkenePseudoniem: Buffer
}

type Household = {
  readonly gemeentecode: string
  readonly id: string
  readonly adresIndex: Buffer
  readonly vroegsignaalIds: readonly string[]
}

/** Logs an activity for each of these signals. */
export async function logVroegsignalen(
  handeling: Handeling,
  activiteit: Verwerkingsactiviteit,
  signals: readonly Signal[]
): Promise<void> {
  const lines = signals.map(({ gemeentecode, id, persoonIndex }) => ({
    gemeentecode,
    objectId: id,
    betrokkenePseudoniem: pseudonymOf(handeling.keys, persoonIndex),
    vroegsignaalIds: [id]
  }))
  await logProcessing(handeling, activiteit, lines)
}

/** Logs an activity for the signal of each of these rows. */
export async function logVroegsignalenOf(
  handeling: Handeling,
  activiteit: Verwerkingsactiviteit,
  rows: readonly OfSignal[]
): Promise<void> {
  const lines = rows.map(({ gemeentecode, vroegsignaalId, betrokkenePseudoniem }) => ({
    gemeentecode,
    objectId: vroegsignaalId,
    betrokkenePseudoniem,
    vroegsignaalIds: [vroegsignaalId]
  }))
  await logProcessing(handeling, activiteit, lines)
}

/** Logs an activity for each of these households or cases, under a pseudonym of the address. */
export async function logHuishoudens(
  handeling: Handeling,
  activiteit: Verwerkingsactiviteit,
  households: readonly Household[]
): Promise<void> {
  const lines = households.map(({ gemeentecode, id, adresIndex, vroegsignaalIds }) => ({
    gemeentecode,
    objectId: id,
    betrokkenePseudoniem: handeling.keys.hash('pseudoniem', `adres|${adresIndex.toString('hex')}`),
    vroegsignaalIds
  }))
  await logProcessing(handeling, activiteit, lines)
}

/** The pseudonym of a signal's person in the processing log. */
export function pseudonymOf(keys: KeyRing, persoonIndex: Buffer): Buffer {
  return keys.hash('pseudoniem', persoonIndex.toString('hex'))
}

/** Records that these signals are in the processing log already, as signals are from the moment they are taken in. */
export function noteLogged({ logged }: Handeling, ids: Iterable<string>): void {
  for (const id of ids) logged.add(id)
}

// In the transaction of the processing itself, so that neither happens without the other.
async function logProcessing(
  handeling: Handeling,
  activiteit: Verwerkingsactiviteit,
  lines: readonly Line[]
): Promise<void> {
  const { tx, caller, traceId, gebruiker = null, now } = handeling
  const rows = lines.map(({ gemeentecode, objectId, betrokkenePseudoniem }) => ({
    gemeentecode,
    id: randomUUIDv7(),
    traceId,
    activiteit,
    clientId: caller.id,
    signaalpartnerId: caller.signaalpartnerId ?? null,
    betrokkenePseudoniem,
    objectId,
    op: now,
    gebruiker
  }))
  await addVerwerkingen(tx, rows)
  for (const { vroegsignaalIds } of lines) noteLogged(handeling, vroegsignaalIds)
}
