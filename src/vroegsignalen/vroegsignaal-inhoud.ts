import type { Tables } from '../begrippen/tables.ts'
import type { AangeleverdSignaal, Adres } from '../begrippen/vroegsignaal.ts'
import {
  type Criteriumuitkomst,
  readBeoordeling,
  type Toelating,
  writeBeoordeling
} from '../beoordeling/beoordelingstekst.ts'
import type { Bevinding } from '../beoordeling/criterium.ts'
import type { DataKey } from '../platform/crypto/data-keys.ts'
import { versionOf } from '../platform/crypto/seal.ts'
import { type Place, sealFor } from '../platform/crypto/seal-row.ts'
import { type Opening, openSealed } from '../sporen/open-sealed.ts'
import type { IsoDate } from '../time.ts'
import { readOlderBeoordeling, readOlderInhoud } from './older-inhoud.ts'

/**
 * The content of a signal, which only its sender and its municipality may read: the JSON that the wire shows, in pieces
 * that are joined without being parsed.
 */
export type Inhoud = {
  /** The address as it is shown. */
  readonly adres: string
  /** The other members as they are shown: an object. */
  readonly overig: string
  /** What the partner sent and is not shown as it was sent: an object. */
  readonly herkomst: string
}

/** What the address register says of an address. */
export type Registergegeven = {
  /** The id that it gives the address, where it gives one. */
  readonly nummeraanduiding?: string | undefined
  /** Whether it holds the address; absent or null where it holds nothing on the postcode. */
  readonly bekend?: boolean | null | undefined
}

type SealedRow = {
  readonly gemeentecode: string
  readonly id: string
  readonly sleuteldag: IsoDate
  readonly adresBekend: boolean | null
  readonly inhoud: Buffer
}

// Version 2 of a seal held the whole signal as one object, with the outcomes by name.
const version = 3

/** Writes the content of a signal. */
export function writeInhoud(signaal: AangeleverdSignaal, register: Registergegeven): Inhoud {
  const { gemeentecode, adres, ...overig } = signaal
  const { nummeraanduidingIdentificatie } = adres
  return {
    adres: writeAdres(adres, register),
    overig: JSON.stringify(overig),
    herkomst: JSON.stringify({ gemeentecode, nummeraanduidingIdentificatie })
  }
}

/** Writes an address as it is shown: with the id that the register gives it. */
export function writeAdres(adres: Adres, { nummeraanduiding, bekend }: Registergegeven): string {
  const { nummeraanduidingIdentificatie: own, ...withoutId } = adres
  // An id that the partner gave and the register does not confirm may be that of another home.
  const shown = nummeraanduiding ?? (bekend === false ? undefined : own)
  return JSON.stringify({ ...withoutId, nummeraanduidingIdentificatie: shown })
}

/** The signal as its partner sent it. */
export function signaalIn({ adres, overig, herkomst }: Inhoud): AangeleverdSignaal {
  const { gemeentecode, nummeraanduidingIdentificatie } = JSON.parse(herkomst)
  const { nummeraanduidingIdentificatie: _, ...withoutId } = JSON.parse(adres)
  return {
    ...JSON.parse(overig),
    ...(gemeentecode !== undefined && { gemeentecode }),
    adres: { ...withoutId, ...(nummeraanduidingIdentificatie && { nummeraanduidingIdentificatie }) }
  }
}

/** The content of a signal whose municipality merged into another one: as if its partner had sent it there. */
export function withOpvolger(inhoud: Inhoud, van: string, naar: string): Inhoud {
  const herkomst = JSON.parse(inhoud.herkomst)
  if (herkomst.gemeentecode !== van) return inhoud
  return { ...inhoud, herkomst: JSON.stringify({ ...herkomst, gemeentecode: naar }) }
}

/** Encrypts the content of a signal for its row, under the data key of its `sleuteldag`. */
export function sealInhoud(
  key: DataKey,
  row: { readonly gemeentecode: string; readonly id: string },
  { adres, overig, herkomst }: Inhoud
): Buffer {
  return sealFor(key, placeOf(row), `${adres}\n${overig}\n${herkomst}`, version)
}

/** Encrypts the outcomes of the criteria for the row of a signal, apart from its content. */
export function sealBeoordeling(
  key: DataKey,
  row: { readonly gemeentecode: string; readonly id: string },
  uitkomsten: readonly Criteriumuitkomst[]
): Buffer {
  return sealFor(key, beoordelingPlaceOf(row), writeBeoordeling(uitkomsten), version)
}

/** The outcomes of the criteria for a signal that was admitted. */
export function uitkomstenOf(bevindingen: readonly Bevinding[]): Criteriumuitkomst[] {
  return bevindingen.map(({ criterium, uitkomst }) => ({
    criterium: criterium.criterium,
    uitkomst: uitkomst as Toelating
  }))
}

/** Decrypts signals, in the order given; undefined and throws as `openSealed`. */
export async function openInhoud(
  handeling: Opening,
  rows: readonly SealedRow[]
): Promise<(Inhoud | undefined)[]> {
  const texts = await openSealed(handeling, rows.map(contentOf))
  return texts.map((text, index) => (text === undefined ? undefined : readInhoud(rows[index]!, text)))
}

/** Decrypts the outcomes of the criteria, in the order given; undefined and throws as `openSealed`. */
export async function openBeoordelingen(
  handeling: Opening,
  rows: readonly (SealedRow & { readonly beoordeling: Buffer | null })[]
): Promise<(readonly Criteriumuitkomst[] | undefined)[]> {
  const texts = await openSealed(
    handeling,
    rows.map((row) => ({
      ...contentOf(row),
      ...(row.beoordeling !== null && { place: beoordelingPlaceOf(row), inhoud: row.beoordeling })
    }))
  )
  return texts.map((text, index) => {
    const { beoordeling, inhoud, id } = rows[index]!
    if (text === undefined) return undefined
    if (beoordeling !== null) return readBeoordeling(text)
    // Such content never held any evidence, so the row lost its own.
    if (versionOf(inhoud) < version) return readOlderBeoordeling(text)
    if (handeling.unreadable === undefined) throw new Error('a signal has lost its evidence')
    handeling.unreadable.add(id)
    return undefined
  })
}

// JSON.stringify writes no line feed, so a text has exactly the lines that were joined.
function readInhoud({ inhoud, adresBekend }: SealedRow, text: string): Inhoud {
  if (versionOf(inhoud) < version) return writeOlder(text, adresBekend)
  const [adres, overig, herkomst] = text.split('\n') as [string, string, string]
  return { adres, overig, herkomst }
}

function writeOlder(text: string, bekend: boolean | null): Inhoud {
  const { signaal, nummeraanduiding } = readOlderInhoud(text)
  return writeInhoud(signaal, { nummeraanduiding, bekend })
}

function contentOf(row: SealedRow) {
  return { place: placeOf(row), dag: row.sleuteldag, inhoud: row.inhoud, vroegsignaalId: row.id }
}

function placeOf({ gemeentecode, id }: { gemeentecode: string; id: string }): Place {
  return { table: 'vroegsignaal' satisfies keyof Tables, tenant: gemeentecode, id }
}

function beoordelingPlaceOf(row: { gemeentecode: string; id: string }): Place {
  return { ...placeOf(row), table: 'vroegsignaal.beoordeling' }
}
