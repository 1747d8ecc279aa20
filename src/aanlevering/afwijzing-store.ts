import { sql } from 'kysely'
import type { Tx } from '../platform/database/open-database.ts'
import type { IsoDate } from '../time.ts'

/** A count to add: how often which criterium refused, for which municipality ('' when none could be named). */
export type Afwijzing = { readonly gemeentecode: string; readonly criterium: string; readonly aantal: number }

/** Adds refusals to the counts; a count is all that a refused signal leaves behind. */
export async function countRefusals(
  tx: Tx,
  signaalpartnerId: string,
  dag: IsoDate,
  afwijzingen: readonly Afwijzing[]
): Promise<void> {
  if (afwijzingen.length === 0) return
  // In one fixed order, so that two requests that count the same cells never wait for each other in a circle.
  const keyOf = ({ gemeentecode, criterium }: Afwijzing) => `${gemeentecode}|${criterium}`
  const rows = afwijzingen.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
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
