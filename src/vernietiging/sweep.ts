import { randomUUIDv7 } from 'node:crypto'
import type { Aanleiding } from '../begrippen/aanleiding.ts'
import { vernietigingsgronden } from '../begrippen/vernietigingsgrond.ts'
import { listGemeentecodes } from '../organisaties/gemeenten/gemeente-store.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import { lockHuishoudens } from '../platform/database/locks.ts'
import type { Database, Tx } from '../platform/database/open-database.ts'
import { markAdressen } from '../sporen/markering-store.ts'
import { type Clock, type IsoDate, todayIn } from '../time.ts'
import type { Vernietigd } from '../vroegsignalen/vroegsignaal-store.ts'
import { hashIds, linkOf, signBewijs } from './bewijs.ts'
import { batchSize, coreHandlers, gemeenteHandlers, hubHandlers, signaalHandlers } from './handlers.ts'
import { addVernietiging, findLastVernietiging } from './vernietiging-store.ts'

export type Sweeper = {
  readonly database: Database
  readonly keys: () => KeyRing
  readonly clock: Clock
  readonly publicUrl: string
}

// Nobody waits for a sweep, and several may run at once: one waits for the other rather than fail.
const limits = { statementTimeout: 60_000, lockTimeout: 30_000 } as const

/**
 * One sweep (station 8): destroys the data keys of every day that has come, and then the signals of those days
 * with all that was derived from them, per municipality in batches of one transaction each, every batch with its own
 * signed record. Killed anywhere it leaves whole batches; run twice or on many instances it does each once.
 * Returns how many signals it destroyed.
 */
export async function sweep(sweeper: Sweeper): Promise<number> {
  const { database, keys, clock } = sweeper
  const now = clock()
  const vandaag = todayIn(now)
  // Keys first: whatever happens next, backups and free pages hold nothing readable any more.
  await coreHandlers.dagsleutels(keys(), vandaag)
  const gemeentecodes = await database.as({ duty: 'vernietiger' }, listGemeentecodes)
  let total = 0
  const failures: unknown[] = []
  for (const gemeentecode of gemeentecodes) {
    // What fails in one municipality, a deadlock for instance, keeps no other waiting; it is tried again soon.
    await sweepGemeente(sweeper, gemeentecode, vandaag).then(
      (destroyed) => {
        total += destroyed
      },
      (error: unknown) => failures.push(error)
    )
  }
  for (const destroy of Object.values(hubHandlers)) {
    await destroy((work) => database.as({ duty: 'vernietiger', ...limits }, work), now)
  }
  if (failures.length > 0) throw failures[0]
  return total
}

/**
 * How a destruction on request is carried out at once: destroys what is due in a municipality. What cannot be destroyed this
 * moment is hidden already, and is left to the sweeper that `wake` wakes.
 */
export function destroyerOf(sweeper: Sweeper, wake: () => void): (gemeentecode: string) => Promise<void> {
  return async (gemeentecode) => {
    await sweepGemeente(sweeper, gemeentecode, todayIn(sweeper.clock())).catch(wake)
  }
}

/** Destroys what is due in one municipality. */
export async function sweepGemeente(
  sweeper: Sweeper,
  gemeentecode: string,
  vandaag: IsoDate
): Promise<number> {
  const context = { duty: 'vernietiger', gemeentecodes: [gemeentecode], ...limits } as const
  let total = 0
  for (;;) {
    const destroyed = await sweeper.database.as(context, (tx) =>
      destroyBatch(tx, sweeper, gemeentecode, vandaag)
    )
    total += destroyed
    if (destroyed < batchSize) break
  }
  await sweeper.database.as(context, async (tx) => {
    for (const destroy of Object.values(gemeenteHandlers)) await destroy(tx, gemeentecode, vandaag)
  })
  return total
}

async function destroyBatch(
  tx: Tx,
  sweeper: Sweeper,
  gemeentecode: string,
  vandaag: IsoDate
): Promise<number> {
  await lockHuishoudens(tx, gemeentecode)
  const gone = await coreHandlers.vroegsignalen(tx, gemeentecode, vandaag, batchSize)
  if (gone.length === 0) return 0
  const adressen = gone.map(({ adresIndex }) => adresIndex)
  const aantalHuishoudens = await coreHandlers.huishoudens(tx, gemeentecode, adressen)
  // What remains on these addresses is counted anew by the matcher.
  await markAdressen(
    tx,
    gone.map(({ adresIndex }) => ({ gemeentecode, adresIndex }))
  )
  for (const destroy of Object.values(signaalHandlers)) await destroy(tx, gemeentecode, gone)
  let uncounted = aantalHuishoudens
  for (const [aanleiding, ofOne] of Map.groupBy(
    gone,
    ({ vernietigingsaanleiding }) => vernietigingsgronden[vernietigingsaanleiding]
  )) {
    // A household goes once, also when its signals went for different reasons.
    await recordDestruction(tx, sweeper, {
      gemeentecode,
      aanleiding,
      gone: ofOne,
      aantalHuishoudens: uncounted
    })
    uncounted = 0
  }
  return gone.length
}

type Batch = {
  readonly gemeentecode: string
  readonly aanleiding: Aanleiding
  readonly gone: readonly Vernietigd[]
  readonly aantalHuishoudens: number
}

// In the transaction of the destruction itself: there is never one without the other. The lock on the
// municipality's households also makes its chain a single line.
async function recordDestruction(tx: Tx, { keys, clock, publicUrl }: Sweeper, batch: Batch): Promise<void> {
  const { gemeentecode, aanleiding, gone, aantalHuishoudens } = batch
  // What goes before its term leaves no day behind: its data key lives on for the others of that day.
  const vandaag = todayIn(clock())
  const days =
    aanleiding === 'bewaartermijn'
      ? gone.map(({ vernietigingsdatum }) => vernietigingsdatum).sort()
      : [vandaag]
  const [van, totEnMet] = [days[0]!, days.at(-1)!]
  const last = await findLastVernietiging(tx, gemeentecode)
  const destroyedKeys =
    aanleiding === 'bewaartermijn' ? await keys().listDestroyedDataKeys(van, totEnMet) : []
  const record = {
    gemeentecode,
    id: randomUUIDv7(),
    volgnummer: (last?.volgnummer ?? 0) + 1,
    uitgevoerdOp: clock(),
    aanleiding,
    aantalVroegsignalen: gone.length,
    aantalHuishoudens
  } as const
  const bewijs = await signBewijs(keys(), {
    iss: publicUrl,
    ...record,
    uitgevoerdOp: record.uitgevoerdOp.toISOString(),
    vernietigingsdatumVan: van,
    vernietigingsdatumTotEnMet: totEnMet,
    idsHash: hashIds(gone.map(({ id }) => id)),
    dagsleutels: destroyedKeys.map(({ id, dag, vernietigdOp }) => ({
      id,
      dag,
      vernietigdOp: vernietigdOp.toISOString()
    })),
    vorige: last === undefined ? null : linkOf(last.bewijs)
  })
  await addVernietiging(tx, { ...record, bewijs })
}
