import { randomUUIDv7 } from 'node:crypto'
import type { Verwerkingsactiviteit } from '../begrippen/verwerkingsactiviteit.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import type { Handeling } from '../toegang/handeling.ts'
import { addVerwerkingsbladen } from './verwerking-store.ts'

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
    betrokkenePseudoniem: pseudonymOfAdres(handeling.keys, adresIndex),
    vroegsignaalIds
  }))
  await logProcessing(handeling, activiteit, lines)
}

// A municipality's system reads the same households again and again.
const pseudonyms = new WeakMap<KeyRing, Map<string, Buffer>>()
const maxPseudonyms = 20_000

/** The pseudonym of an address in the processing log, which names households and cases. */
export function pseudonymOfAdres(keys: KeyRing, adresIndex: Buffer): Buffer {
  const adres = adresIndex.toString('latin1')
  const known = pseudonyms.get(keys) ?? new Map<string, Buffer>()
  const found = known.get(adres)
  if (found !== undefined) return found
  if (known.size >= maxPseudonyms) known.clear()
  const pseudonym = keys.hash('pseudoniem', `adres|${adresIndex.toString('hex')}`)
  known.set(adres, pseudonym)
  pseudonyms.set(keys, known)
  return pseudonym
}

/** The pseudonym of a signal's person in the processing log. */
export function pseudonymOf(keys: KeyRing, persoonIndex: Buffer): Buffer {
  return keys.hash('pseudoniem', persoonIndex.toString('hex'))
}

/** Records that these signals are in the processing log already, as signals are from the moment they are taken in. */
export function noteLogged({ logged }: Pick<Handeling, 'logged'>, ids: Iterable<string>): void {
  for (const id of ids) logged.add(id)
}

// In the transaction of the processing itself, so that neither happens without the other.
async function logProcessing(
  handeling: Handeling,
  activiteit: Verwerkingsactiviteit,
  lines: readonly Line[]
): Promise<void> {
  const { tx, caller, traceId, gebruiker = null, now } = handeling
  const bladen = [...Map.groupBy(lines, ({ gemeentecode }) => gemeentecode)].map(([gemeentecode, ofOne]) => ({
    gemeentecode,
    id: randomUUIDv7(),
    traceId,
    activiteit,
    clientId: caller.id,
    signaalpartnerId: caller.signaalpartnerId ?? null,
    betrokkenePseudoniemen: ofOne.map(({ betrokkenePseudoniem }) => betrokkenePseudoniem),
    objectIds: ofOne.map(({ objectId }) => objectId),
    op: now,
    gebruiker
  }))
  addVerwerkingsbladen(tx, bladen)
  for (const { vroegsignaalIds } of lines) noteLogged(handeling, vroegsignaalIds)
}
