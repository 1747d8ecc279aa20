import type { KeyPool } from '../database/open-key-pool.ts'

/** What the key database knows of the time. */
export type Kloken = {
  /** Its own clock. */
  readonly server: Date
  /** Until when the hub ran, by the hub's clock; null before its first run. */
  readonly gelopenTot: Date | null
}

/** Reads the clock of the key database and until when the hub ran. */
export async function readKloken(pool: KeyPool): Promise<Kloken> {
  const { rows } = await pool.query(
    'select clock_timestamp() as server, (select gelopen_tot from klok) as "gelopenTot"'
  )
  return rows[0]
}

/** Remembers that the hub ran until this instant, unless it ran longer. */
export async function raiseKlok(pool: KeyPool, gelopenTot: Date): Promise<void> {
  await pool.query(
    `insert into klok (gelopen_tot) values ($1)
     on conflict (enige) do update set gelopen_tot = greatest(klok.gelopen_tot, excluded.gelopen_tot)`,
    [gelopenTot]
  )
}

/** Sets until when the hub ran, also back. */
export async function setKlok(pool: KeyPool, gelopenTot: Date): Promise<void> {
  await pool.query(
    `insert into klok (gelopen_tot) values ($1)
     on conflict (enige) do update set gelopen_tot = excluded.gelopen_tot`,
    [gelopenTot]
  )
}
