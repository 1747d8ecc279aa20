import { lockHuishoudens } from '../platform/database/locks.ts'
import type { Database, Tx } from '../platform/database/open-database.ts'
import { destroyDue, destroyExpired } from '../vroegsignalen/vroegsignaal-store.ts'
import { destroyVroegsignalen, type Notary } from './destroy-vroegsignalen.ts'
import { listAllDue, listDue } from './due-store.ts'
import { coreHandlers, gemeenteHandlers, horizonAt, hubHandlers } from './handlers.ts'
import { type Batch, batchSize, planBatches } from './plan-batches.ts'

export type Sweeper = Notary & {
  readonly database: Database
  /** Hears how many signals were destroyed, once that is committed. */
  readonly onDestroyed?: (vroegsignalen: number) => void
}

/** What a sweep did: how many signals it destroyed, and in how many municipalities anything was due. */
export type Swept = { vroegsignalen: number; gemeenten: number }

const duty = 'vernietiger'
// Nobody waits for a sweep, and several may run at once: one waits for the other rather than fail.
const patient = { duty, statementTimeout: 60_000, lockTimeout: 30_000 } as const
// Several municipalities together must not wait for what keeps one of them.
const hasty = { ...patient, lockTimeout: 500 } as const

/**
 * One sweep (station 8): destroys the data keys of every day that has come, asks in one query what is due and where, and
 * destroys that: signals with all that was derived from them in batches of one transaction each, every batch with its own
 * signed record per municipality. Where nothing is due nothing is done. Killed anywhere it leaves whole batches; run
 * twice or on many instances it does each once. Throws ClockDoubted before anything is destroyed.
 */
export async function sweep(sweeper: Sweeper): Promise<Swept> {
  const { database, keys, clock } = sweeper
  const horizon = horizonAt(clock())
  // Slow or forbidden, the sweep goes on without.
  await database.analyze().catch(() => undefined)
  // Keys first: whatever happens next, backups and free pages hold nothing readable any more.
  await coreHandlers.dagsleutels(keys(), horizon.vandaag)
  const { inGemeenten, inHub } = await database.ask(patient, (tx) => listAllDue(tx, horizon))
  const swept = {
    vroegsignalen: 0,
    gemeenten: new Set(inGemeenten.map(({ gemeentecode }) => gemeentecode)).size
  }
  const left = new Set<string>()
  for (const batch of planBatches(inGemeenten)) {
    await destroyBatch(sweeper, batch, swept).catch(() => {
      for (const gemeentecode of batch.gemeentecodes) left.add(gemeentecode)
    })
  }
  const failures: unknown[] = []
  // What fails in one municipality, a deadlock for instance, keeps no other waiting: each is tried again by itself.
  for (const gemeentecode of left) {
    await sweepGemeente(sweeper, gemeentecode, swept).catch((error: unknown) => failures.push(error))
  }
  for (const handler of inHub) await hubHandlers[handler]((work) => database.as(patient, work), horizon)
  if (failures.length > 0) throw failures[0]
  return swept
}

/**
 * How a destruction on request is carried out at once: destroys those of these signals of a municipality that are due, or,
 * where none are named, what was condemned there before its term. Nothing else that is due: whoever asks would wait for
 * it. What cannot be destroyed this moment is hidden already, and is left to the sweeper that `wake` wakes.
 */
export function destroyerOf(
  sweeper: Sweeper,
  wake: () => void
): (gemeentecode: string, ids?: readonly string[]) => Promise<void> {
  return (gemeentecode, ids) => destroyCondemned(sweeper, gemeentecode, ids).catch(wake)
}

async function destroyCondemned(
  { database, onDestroyed, ...notary }: Sweeper,
  gemeentecode: string,
  ids: readonly string[] | undefined
): Promise<void> {
  const context = { ...patient, gemeentecodes: [gemeentecode] }
  const destroy = (tx: Tx) =>
    ids === undefined
      ? destroyExpired(tx, [{ gemeentecode, dag: null }], batchSize)
      : destroyDue(tx, gemeentecode, ids, batchSize)
  let destroyed: number
  do {
    destroyed = await database.as(context, async (tx) => {
      const [, ofBatch] = await Promise.all([
        lockHuishoudens(tx, gemeentecode),
        destroyVroegsignalen(tx, notary, [gemeentecode], destroy)
      ])
      return ofBatch
    })
    onDestroyed?.(destroyed)
  } while (destroyed === batchSize)
}

/** Destroys what is due in one municipality, and adds it to `swept`; throws ClockDoubted. */
export async function sweepGemeente(sweeper: Sweeper, gemeentecode: string, swept: Swept): Promise<void> {
  await sweeper.keys().requireTime()
  const context = { ...patient, gemeentecodes: [gemeentecode] }
  const due = await sweeper.database.ask(context, (tx) => listDue(tx, horizonAt(sweeper.clock())))
  for (const batch of planBatches(due)) await destroyBatch(sweeper, batch, swept)
}

async function destroyBatch(
  sweeper: Sweeper,
  { handler, gemeentecodes, due }: Batch,
  swept: Swept
): Promise<void> {
  const context = { ...(gemeentecodes.length > 1 ? hasty : patient), gemeentecodes }
  const aantal = due.reduce((total, one) => total + one.aantal, 0)
  let done = 0
  let destroyed: number
  do {
    destroyed = await sweeper.database.as(context, async (tx) => {
      // Sent together; the server carries them out in this order.
      const [, ofBatch] = await Promise.all([
        lockHuishoudens(tx, ...gemeentecodes),
        handler === 'vroegsignalen'
          ? destroyVroegsignalen(tx, sweeper, gemeentecodes, () =>
              coreHandlers.vroegsignalen(tx, due, batchSize)
            )
          : gemeenteHandlers[handler](tx, due)
      ])
      return ofBatch ?? 0
    })
    sweeper.onDestroyed?.(destroyed)
    swept.vroegsignalen += destroyed
    done += destroyed
  } while (destroyed === batchSize && done < aantal)
}
