import type { KeyPool } from '../database/open-key-pool.ts'

/** A signal that was destroyed before the day of its data key, and why. */
export type Vervroegd = { readonly id: string; readonly grond: string; readonly sleuteldag: string }

/** Remembers early destructions in the key database; returns the number of the last, also of those it had already. */
export async function addVervroegd(
  pool: KeyPool,
  vervroegd: readonly Vervroegd[],
  now: Date
): Promise<number> {
  const { rows } = await pool.query(
    `with nieuw as (
       insert into vervroegde_vernietiging (vroegsignaal_id, grond, sleuteldag, vernietigd_op)
       select v.*, $4 from unnest($1::uuid[], $2::text[], $3::date[]) as v
       on conflict (vroegsignaal_id) do update set grond = excluded.grond returning volgnummer
     ) select max(volgnummer) as laatste from nieuw`,
    [
      vervroegd.map(({ id }) => id),
      vervroegd.map(({ grond }) => grond),
      vervroegd.map(({ sleuteldag }) => sleuteldag),
      now
    ]
  )
  return rows[0]?.laatste
}

/** At most `limit` early destructions after a number, in order, with the number of each. */
export async function listVervroegd(
  pool: KeyPool,
  after: number,
  limit: number
): Promise<(Vervroegd & { readonly volgnummer: number })[]> {
  const { rows } = await pool.query(
    `select vroegsignaal_id as id, grond, sleuteldag, volgnummer from vervroegde_vernietiging
     where volgnummer > $1 order by volgnummer limit $2`,
    [after, limit]
  )
  return rows
}

/** True when there is an early destruction after a number, from before an instant. */
export async function hasVervroegd(pool: KeyPool, after: number, before: Date): Promise<boolean> {
  const { rows } = await pool.query(
    'select exists (select from vervroegde_vernietiging where volgnummer > $1 and vernietigd_op < $2) as "isEr"',
    [after, before]
  )
  return rows[0]?.isEr
}

/** Numbers early destructions from here on higher than this one, which rows have carried out. */
export async function numberVervroegdFrom(pool: KeyPool, volgnummer: number): Promise<void> {
  await pool.query(
    `select setval(s.naam, $1) from pg_get_serial_sequence('vervroegde_vernietiging', 'volgnummer') as s(naam)
     where $1 > (select coalesce(last_value, 0) from pg_sequences
       where (quote_ident(schemaname) || '.' || quote_ident(sequencename))::regclass = s.naam::regclass)`,
    [volgnummer]
  )
}
