import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { addDays, type Clock, type IsoDate, todayIn } from '../../time.ts'
import type { KeyPool } from '../database/open-key-pool.ts'
import {
  destroyDataKeys,
  findDataKeys,
  keepDataKey,
  listDestroyedDataKeys,
  type WrappedDataKey
} from './key-store.ts'
import type { KnownKeys } from './known-keys-store.ts'
import { seal, unseal } from './seal.ts'

/** The key of one day of destruction. */
export type DataKey = { readonly dag: IsoDate; readonly id: string; readonly key: KeyObject }

/** Data keys by day; a day without one is absent, for instance because its key was destroyed. */
export type DataKeys = ReadonlyMap<IsoDate, DataKey>

/** One data key per day of destruction. */
export type OpenDataKeys = {
  /**
   * The data keys of these days of destruction; makes those that never existed, so ask only for days to come. Throws
   * DaysLost for a day whose key was lost: rows are sealed with it, and it may yet be brought back.
   */
  dataKeysFor(days: readonly IsoDate[]): Promise<DataKeys>
  /** The data keys of these days, as far as they exist. */
  findDataKeys(days: readonly IsoDate[]): Promise<DataKeys>
  /**
   * Destroys the data keys of every day up to and including `day`: nothing sealed with them can be opened any more. A key
   * ring throws ClockDoubted, and destroys nothing, when its clock cannot be believed.
   */
  destroyDataKeys(day: IsoDate): Promise<void>
  /** The keys of days from `from` to `to` that were destroyed, and when. */
  listDestroyedDataKeys(
    from: IsoDate,
    to: IsoDate
  ): Promise<{ id: string; dag: IsoDate; vernietigdOp: Date }[]>
  /** Resolves when the key database has the data key of every day to come that rows may need; throws DaysLost. */
  requireDays(): Promise<void>
  /** Gives up the data keys that were lost, and with them what is sealed with them; returns their days. */
  giveUpLost(): Promise<readonly IsoDate[]>
}

/** The key database is not the one that the rows were written with, or not as new. */
export class KeysLost extends Error {}

/** It is the right one, but lacks data keys of days to come: the dump it came from is older than the rows. */
export class DaysLost extends KeysLost {}

/** Opens the data keys: those that were asked for stay open until their day. */
export function openDataKeys(pool: KeyPool, kek: KeyObject, clock: Clock, known: KnownKeys): OpenDataKeys {
  const cache = new Map<IsoDate, DataKey>()
  // The days whose key the rows know as the one in the cache.
  const settled = new Set<IsoDate>()
  const forget = (days: Iterable<IsoDate>) => {
    for (const day of days) {
      cache.delete(day)
      settled.delete(day)
    }
  }
  const forgetUpTo = (last: IsoDate) => forget([...cache.keys()].filter((day) => day <= last))
  const keep = (wrapped: WrappedDataKey) => {
    const key = tryUnwrap(kek, wrapped)
    if (key !== undefined) cache.set(key.dag, key)
  }
  const load = async (days: readonly IsoDate[]) => {
    // Another instance may have destroyed a key that is still in this cache.
    forgetUpTo(todayIn(clock()))
    const absent = [...new Set(days)].filter((day) => !cache.has(day))
    // One that cannot be unwrapped is as good as lost, and costs no other day.
    if (absent.length > 0) for (const key of await findDataKeys(pool, absent)) keep(key)
  }
  // The rows know a key before anything is sealed with it.
  const settle = async (days: readonly IsoDate[]) => {
    const ids = await known.listDays(days)
    for (const day of days.filter((one) => !ids.has(one))) {
      if (!cache.has(day)) keep(await keepDataKey(pool, freshDataKey(kek, day)))
      if (!cache.has(day)) throw daysLost([day])
      await known.addDay(day, cache.get(day)!.id)
    }
    const agreed = await known.listDays(days)
    const lost = days.filter((day) => cache.get(day)?.id !== agreed.get(day)).sort()
    if (lost.length > 0) throw daysLost(lost)
    for (const day of days) settled.add(day)
  }
  const listLost = async () => {
    const ids = await known.listDays({ vanaf: addDays(todayIn(clock()), 1) })
    const held = new Map((await findDataKeys(pool, [...ids.keys()])).map(({ dag, id }) => [dag, id]))
    const lost = [...ids].flatMap(([dag, id]) => (held.get(dag) === id ? [] : [dag])).sort()
    // Were it still used here, what is sealed with it now would be lost when this process ends.
    forget(lost)
    return lost
  }
  return {
    findDataKeys: async (days) => {
      await load(days)
      return cache
    },
    dataKeysFor: async (days) => {
      await load(days)
      const open = [...new Set(days)].filter((day) => !settled.has(day))
      if (open.length > 0) await settle(open)
      return cache
    },
    destroyDataKeys: async (day) => {
      await destroyDataKeys(pool, day, clock())
      await known.forgetDays(day)
      forgetUpTo(day)
    },
    listDestroyedDataKeys: (from, to) => listDestroyedDataKeys(pool, from, to),
    requireDays: async () => {
      const lost = await listLost()
      if (lost.length > 0) throw daysLost(lost)
    },
    giveUpLost: async () => {
      const lost = await listLost()
      await known.giveUpDays(lost)
      return lost
    }
  }
}

function daysLost(lost: readonly IsoDate[]): DaysLost {
  return new DaysLost(
    `the key database lacks the data keys of ${lost.length} days, from ${lost[0]} to ${lost.at(-1)}: it is older than ` +
      'the rows. Restore a newer copy of it, or give up what was sealed with them: npm run beheer -- dagsleutels opgeven'
  )
}

function freshDataKey(kek: KeyObject, dag: IsoDate): WrappedDataKey {
  const id = crypto.randomUUID()
  return { dag, id, gewikkeld: seal(kek, randomBytes(32), `${dag}|${id}`) }
}

function tryUnwrap(kek: KeyObject, { dag, id, gewikkeld }: WrappedDataKey): DataKey | undefined {
  try {
    return { dag, id, key: createSecretKey(unseal(kek, gewikkeld, `${dag}|${id}`)) }
  } catch {
    return undefined
  }
}
