import { sql } from 'kysely'
import { inLockOrder } from '../platform/database/locks.ts'
import type { Tx } from '../platform/database/open-database.ts'
import type { IsoDate } from '../time.ts'

/** A count to add: how often which criterium refused, for which municipality ('' when none could be named). */
export type Afwijzing = { readonly gemeentecode: string; readonly criterium: string; readonly aantal: number }

/** Adds refusals to the counts; a count is all that a refused signal leaves behind. */
export async function addAfwijzingen(
  tx: Tx,
  signaalpartnerId: string,
  dag: IsoDate,
  afwijzingen: readonly Afwijzing[]
): Promise<void> {
  if (afwijzingen.length === 0) return
  inLockOrder(tx, 'telling')
  // In one fixed order, so that two requests that count the same cells never wait for each other in a circle.
  const keyOf = ({ gemeentecode, criterium }: Afwijzing) => `${gemeentecode}|${criterium}`
  const sorted = afwijzingen.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  const column = (name: keyof Afwijzing) => sorted.map((afwijzing) => afwijzing[name])
  await sql`
    insert into afwijzing_telling (gemeentecode, criterium, aantal, signaalpartner_id, dag)
    select t.*, ${signaalpartnerId}::uuid, ${dag}::date from unnest(${column('gemeentecode')}::text[],
      ${column('criterium')}::text[], ${column('aantal')}::integer[]) as t
    on conflict (gemeentecode, signaalpartner_id, dag, criterium) do update
      set aantal = afwijzing_telling.aantal + excluded.aantal`.execute(tx)
}
