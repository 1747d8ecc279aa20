import { isOneOf } from '../database/many.ts'
import type { Database } from '../database/open-database.ts'

/** What the rows know of the keys that they were written with. */
export type KnownKeys = {
  /** Fingerprints of the standing keys by purpose. */
  listStanding(): Promise<ReadonlyMap<string, Buffer>>
  addStanding(doel: string, vingerafdruk: Buffer): Promise<void>
  /** The ids of the data keys by day: of these days, or of all from `vanaf` on. */
  listDays(which: readonly string[] | { readonly vanaf: string }): Promise<ReadonlyMap<string, string>>
  /** Gives a day its data key, unless it has one already. */
  addDay(dag: string, id: string): Promise<void>
  /** Forgets the data keys of all days up to and including `dag`. */
  forgetDays(dag: string): Promise<void>
  /** Forgets the data keys of these days, so that they may get others. */
  giveUpDays(dagen: readonly string[]): Promise<void>
}

/**
 * Opens what the rows know of their keys. `database` should have connections of its own: a data key is asked for within a
 * transaction, which must not wait for a connection that waits for it.
 */
export function openKnownKeys(database: Database): KnownKeys {
  const context = { duty: 'sleutelbewaarder' } as const
  return {
    listStanding: async () => {
      const rows = await database.ask(context, (tx) => tx.selectFrom('bekendeSleutel').selectAll().execute())
      return new Map(rows.map(({ doel, vingerafdruk }) => [doel, vingerafdruk]))
    },
    addStanding: async (doel, vingerafdruk) => {
      await database.ask(context, (tx) =>
        tx
          .insertInto('bekendeSleutel')
          .values({ doel, vingerafdruk })
          .onConflict((conflict) => conflict.doNothing())
          .execute()
      )
    },
    listDays: async (which) => {
      const rows = await database.ask(context, (tx) =>
        tx
          .selectFrom('bekendeDagsleutel')
          .selectAll()
          .where((where) =>
            'vanaf' in which ? where('dag', '>=', which.vanaf) : isOneOf('dag', 'date', which)
          )
          .execute()
      )
      return new Map(rows.map(({ dag, id }) => [dag, id]))
    },
    addDay: async (dag, id) => {
      await database.ask(context, (tx) =>
        tx
          .insertInto('bekendeDagsleutel')
          .values({ dag, id })
          .onConflict((conflict) => conflict.doNothing())
          .execute()
      )
    },
    forgetDays: async (dag) => {
      await database.ask(context, (tx) =>
        tx.deleteFrom('bekendeDagsleutel').where('dag', '<=', dag).execute()
      )
    },
    giveUpDays: async (dagen) => {
      await database.ask(context, (tx) =>
        tx
          .deleteFrom('bekendeDagsleutel')
          .where(isOneOf('dag', 'date', dagen))
          .execute()
      )
    }
  }
}
