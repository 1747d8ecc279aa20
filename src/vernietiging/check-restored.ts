import { listGemeentecodes } from '../organisaties/gemeenten/gemeente-store.ts'
import { openInhoud } from '../vroegsignalen/vroegsignaal-inhoud.ts'
import { listAllDue } from './due-store.ts'
import { horizonAt } from './handlers.ts'
import { repeatVervroegd } from './in-step.ts'
import { listSealed } from './restored-store.ts'
import { type Sweeper, sweep } from './sweep.ts'

/** What was found in restored rows, beside the key database in use. */
export type Herstelverslag = {
  /** Signals that the dump brought back although they had been destroyed early, and that are destroyed again. */
  readonly herhaald: number
  /** Signals whose term had ended since the dump, and that are destroyed. */
  readonly verlopen: number
  readonly leesbaar: number
  /** Signals that are left and cannot be opened. */
  readonly onleesbaar: number
  /** What is due and still there; nothing but what another transaction holds. */
  readonly achtergebleven: number
}

const atOnce = 1_000

/**
 * Does with restored rows what a hub does before it serves, and opens every signal that is left. Throws KeysLost or DaysLost
 * when the keys are not those of the rows, or older.
 */
export async function checkRestored(sweeper: Sweeper): Promise<Herstelverslag> {
  await sweeper.keys().requireAll()
  const { vroegsignalen: verlopen } = await sweep(sweeper)
  const herhaald = await repeatVervroegd(sweeper)
  const counts = { leesbaar: 0, onleesbaar: 0 }
  for (const gemeentecode of await sweeper.database.ask({ duty: 'vernietiger' }, listGemeentecodes)) {
    await countReadable(sweeper, gemeentecode, counts)
  }
  const { inGemeenten } = await sweeper.database.ask({ duty: 'vernietiger' }, (tx) =>
    listAllDue(tx, horizonAt(sweeper.clock()))
  )
  return { herhaald, verlopen, ...counts, achtergebleven: inGemeenten.length }
}

async function countReadable(
  { database, keys }: Sweeper,
  gemeentecode: string,
  counts: { leesbaar: number; onleesbaar: number }
): Promise<void> {
  const context = { duty: 'herleider', gemeentecodes: [gemeentecode] } as const
  for (let after: string | undefined; ; ) {
    const rows = await database.ask(context, (tx) => listSealed(tx, gemeentecode, after, atOnce))
    const opening = { keys: keys(), opened: new Set<string>(), unreadable: new Set<string>() }
    await openInhoud(opening, rows)
    counts.leesbaar += opening.opened.size
    counts.onleesbaar += opening.unreadable.size
    if (rows.length < atOnce) return
    after = rows.at(-1)!.id
  }
}
