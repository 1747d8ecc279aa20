import { sql } from 'kysely'
import type { Sector } from '../begrippen/vroegsignaal.ts'
import { inLockOrder } from '../platform/database/locks.ts'
import { keptPlan } from '../platform/database/name-statements.ts'
import type { Tx } from '../platform/database/open-database.ts'
import type { IsoDate } from '../time.ts'

/** A count to add: how often a criterium refused a partner's signal of a sector for a municipality ('' when there is none). */
export type Afwijzing = {
  readonly gemeentecode: string
  readonly signaalpartnerId: string
  readonly sector: Sector
  readonly criterium: string
  readonly aantal: number
}

/** Adds to the counts of refusals; a refused signal leaves nothing else behind. */
export async function addAfwijzingen(tx: Tx, dag: IsoDate, afwijzingen: readonly Afwijzing[]): Promise<void> {
  if (afwijzingen.length === 0) return
  inLockOrder(tx, 'telling')
  // In a fixed order, so that two requests that add to the same counts never deadlock.
  const keyOf = ({ gemeentecode, signaalpartnerId, sector, criterium }: Afwijzing) =>
    [gemeentecode, signaalpartnerId, sector, criterium].join('|')
  const sorted = afwijzingen.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  const column = (name: keyof Afwijzing) => sorted.map((afwijzing) => afwijzing[name])
  await sql`
    ${keptPlan} insert into afwijzing_telling (gemeentecode, signaalpartner_id, sector, criterium, aantal, dag)
    select t.*, ${dag}::date from unnest(${column('gemeentecode')}::text[],
      ${column('signaalpartnerId')}::uuid[], ${column('sector')}::text[], ${column('criterium')}::text[], ${column('aantal')}::integer[]) as t
    on conflict (gemeentecode, signaalpartner_id, dag, sector, criterium) do update
      set aantal = afwijzing_telling.aantal + excluded.aantal`.execute(tx)
}
