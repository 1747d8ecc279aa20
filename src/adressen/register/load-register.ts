import { randomUUIDv7 } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Registerkant } from '../../begrippen/adresregister.ts'
import { isLockTimeout } from '../../platform/database/database-errors.ts'
import { conflict, later } from '../../platform/http/problem.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import { type FindGemeente, gemeentenByNaam } from './gemeentenamen.ts'
import type { Registerdeel } from './read-register.ts'
import {
  abortRegisterlevering,
  activateRegisterkant,
  addRegisterregels,
  beginRegisterlevering,
  emptyRegisterkant,
  fillRegisterpostcodes,
  reportVoortgang,
  type Voortgang
} from './register-store.ts'

/** A load under way, and the names by which its file may call municipalities. */
export type BegonnenLevering = {
  readonly id: string
  readonly kant: Registerkant
  readonly findGemeente: FindGemeente
}

/** Runs work in a transaction of its own for the one who loads. */
export type Transact = <Result>(work: (handeling: Handeling) => Promise<Result>) => Promise<Result>

/** How long a load rests after each part, as a share of the time that the part took, so that the intake goes on. */
const restShare = 1
/** How often a load waits two seconds for the last readers of the side that it empties. */
const longestWait = 60

/** Begins a load; undefined while another one runs. */
export async function beginLevering(
  { tx, now }: Handeling,
  gemeenten: readonly { gemeentecode: string; naam: string }[]
): Promise<BegonnenLevering | undefined> {
  const id = randomUUIDv7()
  const kant = await beginRegisterlevering(tx, id, now)
  return kant && { id, kant, findGemeente: gemeentenByNaam(gemeenten) }
}

/**
 * Loads the side of the register that is not in use, in short transactions, and takes it into use in the last one, in
 * which `seal` runs too. A load that fails leaves the register in use as it was.
 * Throws toestand-staat-dit-niet-toe when another load took over, tijdelijk-niet-beschikbaar when others go on reading
 * the side.
 */
export async function loadRegister(
  transact: Transact,
  levering: BegonnenLevering,
  parts: AsyncIterable<Registerdeel>,
  seal: (handeling: Handeling) => Promise<void>
): Promise<void> {
  try {
    await empty(transact, levering)
    const aantalAdressen = await fill(transact, levering, parts)
    await asLoader(transact, levering, ({ tx }) => fillRegisterpostcodes(tx, levering.kant))
    await asLoader(transact, levering, async (handeling) => {
      await activateRegisterkant(handeling.tx, { ...levering, aantalAdressen }, handeling.now)
      await seal(handeling)
    })
  } catch (cause) {
    // Best effort: who does not hear it takes over after a minute.
    await transact(({ tx, now }) => abortRegisterlevering(tx, levering.id, now)).catch(() => undefined)
    throw cause
  }
}

async function fill(
  transact: Transact,
  levering: BegonnenLevering,
  parts: AsyncIterable<Registerdeel>
): Promise<number> {
  let added = 0
  for await (const { adressen, ...voortgang } of parts) {
    const began = performance.now()
    const add = ({ tx }: Handeling) => addRegisterregels(tx, levering.kant, adressen)
    added += await asLoader(transact, levering, add, {
      ...voortgang,
      onbekendeGemeenten: [...voortgang.onbekendeGemeenten]
    })
    await sleep((performance.now() - began) * restShare)
  }
  return added
}

// The side was in use until the previous load, and a long transaction may still read it.
async function empty(transact: Transact, levering: BegonnenLevering): Promise<void> {
  for (let waits = 0; waits < longestWait; waits += 1) {
    try {
      return await asLoader(transact, levering, ({ tx }) => emptyRegisterkant(tx, levering.kant))
    } catch (cause) {
      if (!isLockTimeout(cause)) throw cause
      await asLoader(transact, levering, async () => undefined)
    }
  }
  throw later(60, 'Het vorige adresregister wordt nog gelezen; probeer het over een minuut weer.')
}

// Each transaction begins with a sign of life, which also waits for whoever is taking over.
async function asLoader<Result>(
  transact: Transact,
  { id }: BegonnenLevering,
  work: (handeling: Handeling) => Promise<Result>,
  voortgang?: Voortgang
): Promise<Result> {
  return transact(async (handeling) => {
    if (await reportVoortgang(handeling.tx, id, handeling.now, voortgang)) return work(handeling)
    throw conflict('Een andere levering heeft het laden overgenomen, omdat deze te lang stilstond.')
  })
}
