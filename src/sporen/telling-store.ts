import { sql } from 'kysely'
import type { Gebeurtenis } from '../begrippen/gebeurtenis.ts'
import type { Sector } from '../begrippen/vroegsignaal.ts'
import { inLockOrder } from '../platform/database/locks.ts'
import { keptPlan } from '../platform/database/name-statements.ts'
import type { Tx } from '../platform/database/open-database.ts'
import type { IsoDate } from '../time.ts'

/** A count to add: an event with a partner's signals in a municipality, and its kind. */
export type Telling = {
  readonly gemeentecode: string
  readonly signaalpartnerId: string
  readonly gebeurtenis: Gebeurtenis
  /** Of a signal at intake; left out for what happened later. */
  readonly sector?: Sector
  readonly kenmerk: string
  readonly aantal: number
}

/** Adds to the counts, which outlive the signals. */
export async function addTellingen(tx: Tx, dag: IsoDate, tellingen: readonly Telling[]): Promise<void> {
  if (tellingen.length === 0) return
  inLockOrder(tx, 'telling')
  // In a fixed order, so that two requests that add to the same counts never deadlock.
  const keyOf = ({ gemeentecode, signaalpartnerId, gebeurtenis, sector, kenmerk }: Telling) =>
    [gemeentecode, signaalpartnerId, gebeurtenis, sector ?? '', kenmerk].join('|')
  const sorted = tellingen.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  const column = (name: keyof Telling) => sorted.map((telling) => telling[name] ?? '')
  await sql`
    ${keptPlan} insert into signaalpartner_telling (gemeentecode, signaalpartner_id, gebeurtenis, sector, kenmerk, aantal, dag)
    select t.*, ${dag}::date from unnest(${column('gemeentecode')}::text[], ${column('signaalpartnerId')}::uuid[],
      ${column('gebeurtenis')}::text[], ${column('sector')}::text[], ${column('kenmerk')}::text[],
      ${column('aantal')}::integer[]) as t
    on conflict (gemeentecode, signaalpartner_id, dag, gebeurtenis, sector, kenmerk) do update
      set aantal = signaalpartner_telling.aantal + excluded.aantal`.execute(tx)
}
