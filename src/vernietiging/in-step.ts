import { KeysLost } from '../platform/crypto/data-keys.ts'
import { ClockDoubted } from '../platform/crypto/timekeeping.ts'
import { type Sweeper, sweepGemeente } from './sweep.ts'
import { condemnAgain, raiseStand, readStand } from './vervroegd-stand-store.ts'

// Rows and keys are two databases with backups of their own. They are in step when the key database has every key that the
// rows need, and the rows hold nothing that the key database knows to be destroyed.

const duty = 'sleutelbewaarder'
const atOnce = 1_000
// As long as the transaction that destroys something early may take.
const grace = 60_000

/** Resolves when rows and keys are in step, after destroying again what a dump brought back; throws KeysLost. */
export async function bringInStep(sweeper: Sweeper): Promise<void> {
  await sweeper.keys().requireAll()
  await repeatVervroegd(sweeper)
}

/**
 * Destroys again what was destroyed early and came back with a restored dump of the rows; returns how many signals. When
 * there is nothing of the kind, that costs two look-ups.
 */
export async function repeatVervroegd(sweeper: Sweeper): Promise<number> {
  const { database, keys } = sweeper
  const { vervroegd } = keys()
  const swept = { vroegsignalen: 0, gemeenten: 0 }
  let stand = await database.ask({ duty }, readStand)
  // When the dump of the keys is the older one, new numbers would stay below what the rows have carried out.
  await vervroegd.numberFrom(stand)
  for (;;) {
    const some = await vervroegd.list(stand, atOnce)
    if (some.length === 0) return swept.vroegsignalen
    const patient = { duty, statementTimeout: 60_000, lockTimeout: 30_000 } as const
    const gemeentecodes = await database.ask(patient, (tx) => condemnAgain(tx, some))
    for (const gemeentecode of gemeentecodes) await sweepGemeente(sweeper, gemeentecode, swept)
    stand = some.at(-1)!.volgnummer
    await database.ask({ duty }, (tx) => raiseStand(tx, stand))
  }
}

/**
 * Why rows and keys of a hub in use, under which one may have been restored, are not in step, or its clock cannot be
 * believed; undefined = they are, and it can.
 */
export async function whyOutOfStep(sweeper: Sweeper): Promise<string | undefined> {
  try {
    await sweeper.keys().requireTime()
    await sweeper.keys().requireAll()
  } catch (error) {
    if (error instanceof KeysLost || error instanceof ClockDoubted) return error.message
    throw error
  }
  const isBehind = await holdsDestroyed(sweeper)
  return isBehind
    ? 'the rows hold what was destroyed: they are from an older dump, until the next sweep'
    : undefined
}

async function holdsDestroyed({ database, keys, clock }: Sweeper): Promise<boolean> {
  const stand = await database.ask({ duty }, readStand)
  return keys().vervroegd.has(stand, new Date(clock().getTime() - grace))
}
