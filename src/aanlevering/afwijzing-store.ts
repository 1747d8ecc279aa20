import { sql } from 'kysely'
import type { Tx } from '../platform/database/open-database.ts'
import type { IsoDate } from '../time.ts'

/** Refusals to add up: how often which criterium, for which municipality ('' when none could be named). */
export type Afwijzing = { readonly gemeentecode: string; readonly criterium: string }

/** Counts refusals; the count is all that a refused signal leaves behind. */
export async function countRefusals(
  tx: Tx,
  signaalpartnerId: string,
  dag: IsoDate,
  afwijzingen: readonly Afwijzing[]
): Promise<void> {
  if (afwijzingen.length === 0) return
  const perKey = Map.groupBy(afwijzingen, ({ gemeentecode, criterium }) => `${gemeentecode}|${criterium}`)
  // In one fixed order, so that two requests that count the same cells never wait for each other in a circle.
  const rows = [...perKey.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => ({ ...group[0]!, aantal: group.length }))
  await tx
    .insertInto('afwijzingTelling')
    .values(rows.map((row) => ({ ...row, signaalpartnerId, dag })))
    .onConflict((conflict) =>
      conflict.columns(['gemeentecode', 'signaalpartnerId', 'dag', 'criterium']).doUpdateSet({
        aantal: sql`afwijzing_telling.aantal + excluded.aantal`
      })
    )
    .execute()
}
