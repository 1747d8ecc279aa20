import type { KeyPool } from '../database/open-key-pool.ts'

/** A data key encrypted with the KEK. */
export type WrappedDataKey = { dag: string; id: string; gewikkeld: Buffer }

/** Stores `gewikkeld` under `doel` unless there is one already; returns the one that is stored. */
export async function keepStandingKey(
  pool: KeyPool,
  doel: string,
  gewikkeld: Buffer,
  now: Date
): Promise<Buffer> {
  await pool.query(
    'insert into sleutel (doel, gewikkeld, aangemaakt_op) values ($1, $2, $3) on conflict do nothing',
    [doel, gewikkeld, now]
  )
  return (await findStandingKey(pool, doel))!
}

/** The wrapped standing keys by purpose, and when each was made. */
export async function listStandingKeys(
  pool: KeyPool
): Promise<Map<string, { gewikkeld: Buffer; aangemaaktOp: Date }>> {
  const { rows } = await pool.query('select doel, gewikkeld, aangemaakt_op as "aangemaaktOp" from sleutel')
  return new Map(rows.map(({ doel, ...key }) => [doel, key]))
}

/** The wrapped standing key for a purpose. */
export async function findStandingKey(pool: KeyPool, doel: string): Promise<Buffer | undefined> {
  const { rows } = await pool.query('select gewikkeld from sleutel where doel = $1', [doel])
  return rows[0]?.gewikkeld
}

/** Stores a data key for its day unless the day has one; returns the one that is stored. */
export async function keepDataKey(pool: KeyPool, key: WrappedDataKey): Promise<WrappedDataKey> {
  await pool.query('insert into dagsleutel (dag, id, gewikkeld) values ($1, $2, $3) on conflict do nothing', [
    key.dag,
    key.id,
    key.gewikkeld
  ])
  const [standing] = await findDataKeys(pool, [key.dag])
  return standing!
}

/** The wrapped data keys of these days, as far as they exist. */
export async function findDataKeys(pool: KeyPool, dagen: readonly string[]): Promise<WrappedDataKey[]> {
  const { rows } = await pool.query('select dag, id, gewikkeld from dagsleutel where dag = any($1::date[])', [
    dagen
  ])
  return rows
}

/**
 * Destroys the data keys of all days up to and including `dag`, and records that in the same transaction. The early
 * destructions of those days are forgotten: without its key no copy of a signal can be read.
 */
export async function destroyDataKeys(pool: KeyPool, dag: string, now: Date): Promise<void> {
  await pool.query(
    `with weg as (delete from dagsleutel where dag <= $1 returning id, dag),
       vergeten as (delete from vervroegde_vernietiging where sleuteldag <= $1)
     insert into vernietigde_dagsleutel (id, dag, vernietigd_op) select id, dag, $2 from weg`,
    [dag, now]
  )
}

/** The keys of days from `van` to `totEnMet` that were destroyed, and when; in order of day. */
export async function listDestroyedDataKeys(
  pool: KeyPool,
  van: string,
  totEnMet: string
): Promise<{ id: string; dag: string; vernietigdOp: Date }[]> {
  const { rows } = await pool.query(
    `select id, dag, vernietigd_op as "vernietigdOp" from vernietigde_dagsleutel
     where dag between $1 and $2 order by dag`,
    [van, totEnMet]
  )
  return rows
}
