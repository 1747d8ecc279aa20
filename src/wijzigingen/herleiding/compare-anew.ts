import { setImmediate as yieldToOthers } from 'node:timers/promises'
import { findRegisteradressen } from '../../adressen/adresregister-store.ts'
import { openResolver } from '../../adressen/open-resolver.ts'
import type { Adresuitkomst } from '../../adressen/resolve-adres.ts'
import type { Tx } from '../../platform/database/open-database.ts'
import { signaalIn, writeAdres } from '../../vroegsignalen/vroegsignaal-inhoud.ts'
import type { Herleider } from './herleider.ts'
import {
  listDueOf,
  listSignalsOnAdressen,
  piecesById,
  readSignals,
  type TeHerleiden
} from './herleiding-store.ts'
import { openReadable } from './open-readable.ts'

/** What becomes of the address of a signal, without its content, so that any number fits in memory. */
export type Herleid = {
  readonly id: string
  /** Its address before and after, as keyed hashes in hex. */
  readonly van: string
  readonly naar: string
  readonly bekend: boolean | null
  /** What the register gives now, null for nothing; absent where its content stays as it is. */
  readonly nummeraanduiding?: string | null
  readonly isIngetrokken: boolean
  readonly isChanged: boolean
}

/** What became of signals under one version of the register. */
export type Vergelijking = { readonly versie: number; readonly herleid: readonly Herleid[] }

/**
 * Compares all signals on these addresses anew, and those on every address with signals yet to be compared that one of
 * them comes to: of addresses that change places, none is taken for the other. Writes and locks nothing. Returns
 * undefined when another register came meanwhile.
 */
export async function compareAnew(
  tx: Tx,
  herleider: Herleider,
  gemeentecode: string,
  adressen: readonly Buffer[]
): Promise<Vergelijking | undefined> {
  const seen = new Set<string>()
  const pieces: Vergelijking[] = []
  for (let due = adressen; due.length > 0; ) {
    for (const adres of due) seen.add(adres.toString('hex'))
    const ids = await listSignalsOnAdressen(tx, gemeentecode, due)
    const reached = await compareSignals(tx, herleider, gemeentecode, ids)
    pieces.push(...reached)
    due = await listDueOf(tx, gemeentecode, destinationsOf(reached, seen))
  }
  const versies = new Set(pieces.map(({ versie }) => versie))
  if (versies.size !== 1) return undefined
  return { versie: pieces[0]!.versie, herleid: pieces.flatMap(({ herleid }) => herleid) }
}

function destinationsOf(pieces: readonly Vergelijking[], seen: ReadonlySet<string>): Buffer[] {
  const naar = new Set(pieces.flatMap(({ herleid }) => herleid.map((one) => one.naar)))
  return [...naar].filter((adres) => !seen.has(adres)).map((adres) => Buffer.from(adres, 'hex'))
}

async function compareSignals(
  tx: Tx,
  herleider: Herleider,
  gemeentecode: string,
  ids: readonly string[]
): Promise<Vergelijking[]> {
  const pieces: Vergelijking[] = []
  for (const piece of piecesById(ids)) {
    pieces.push(await comparePiece(tx, herleider, await readSignals(tx, gemeentecode, piece)))
    await yieldToOthers()
  }
  return pieces
}

// A signal whose content is gone, or cannot be opened, has no address to compare, and keeps the hash that it has.
async function comparePiece(
  tx: Tx,
  herleider: Herleider,
  rows: readonly TeHerleiden[]
): Promise<Vergelijking> {
  const contents = await openReadable(herleider, rows)
  const signals = contents.map((inhoud) => inhoud && signaalIn(inhoud))
  const register = await findRegisteradressen(
    tx,
    signals.flatMap((signaal) => signaal?.adres ?? [])
  )
  const resolve = openResolver(register)
  const keys = herleider.keys()
  const herleid = rows.map((row, index): Herleid => {
    const signaal = signals[index]
    if (signaal === undefined) return keptOf(row)
    const { sleutel, ...uitkomst } = resolve(signaal.adres)
    const naar = keys.hash('index-adres', sleutel).toString('hex')
    const isResealed = writeAdres(signaal.adres, uitkomst) !== contents[index]!.adres
    return outcomeOf(keptOf(row), isResealed, { ...uitkomst, naar })
  })
  return { versie: register.versie, herleid }
}

function keptOf({ id, adresIndex, adresBekend: bekend, status }: TeHerleiden): Herleid {
  const adres = adresIndex.toString('hex')
  const isIngetrokken = status === 'ingetrokken'
  return { id, van: adres, naar: adres, bekend, isIngetrokken, isChanged: false }
}

function outcomeOf(
  before: Herleid,
  isResealed: boolean,
  { naar, nummeraanduiding, ...uitkomst }: Adresuitkomst & { readonly naar: string }
): Herleid {
  const bekend = uitkomst.bekend ?? null
  const isChanged = isResealed || bekend !== before.bekend || naar !== before.van
  const given = isResealed && { nummeraanduiding: nummeraanduiding ?? null }
  return { ...before, naar, bekend, isChanged, ...given }
}
