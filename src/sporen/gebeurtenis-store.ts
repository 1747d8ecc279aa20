import { sql } from 'kysely'
import type { Gebeurtenissoort } from '../begrippen/gebeurtenissoort.ts'
import { dueOn, listed, type Sleutel, type Vervaldag } from '../platform/database/many.ts'
import type { Tx } from '../platform/database/open-database.ts'
import { sendStatement } from '../platform/database/transaction-of.ts'

/** Something that happened in a municipality, told by ids alone. */
export type Gebeurtenis = {
  readonly gemeentecode: string
  readonly soort: Gebeurtenissoort
  readonly vroegsignaalId?: string
  readonly betwistingId?: string
  readonly vernietigingId?: string
}

/**
 * Puts events in the outbox, as far as some subscription wants them; the transaction cannot commit without them. Sent with
 * what follows, so that it costs no round trip.
 */
export function addGebeurtenissen(tx: Tx, gebeurtenissen: readonly Gebeurtenis[]): void {
  if (gebeurtenissen.length === 0) return
  sendStatement(
    tx,
    sql`insert into gebeurtenis (gemeentecode, soort, vroegsignaal_id, betwisting_id, vernietiging_id)
      select * from json_to_recordset(${rowsOf(gebeurtenissen)}::json) as r(gemeentecode text, soort text,
        vroegsignaal_id uuid, betwisting_id uuid, vernietiging_id uuid)
      where exists (select from abonnement_wens w where w.gemeentecode = r.gemeentecode and w.soort = r.soort)`
  )
}

function rowsOf(gebeurtenissen: readonly Gebeurtenis[]): string {
  return JSON.stringify(
    gebeurtenissen.map(({ gemeentecode, soort, vroegsignaalId, betwistingId, vernietigingId }) => ({
      gemeentecode,
      soort,
      vroegsignaal_id: vroegsignaalId,
      betwisting_id: betwistingId,
      vernietiging_id: vernietigingId
    }))
  )
}

/** Forgets what was to be told about a signal that is no longer in its municipality, and what was told. */
export async function forgetGebeurtenissen(tx: Tx, { gemeentecode, id }: Sleutel): Promise<void> {
  await sql`delete from gebeurtenis where vroegsignaal_id = ${id} and gemeentecode = ${gemeentecode}`.execute(
    tx
  )
}

/**
 * Destroys what was to be told about signals that were destroyed, delivered or not. That one was withdrawn is told after
 * it is gone, so of those only the rest.
 */
export async function destroyGebeurtenissenOf(
  tx: Tx,
  gone: readonly (Sleutel & { readonly vernietigingsaanleiding: string })[]
): Promise<void> {
  if (gone.length === 0) return
  const withdrawn = gone.filter(({ vernietigingsaanleiding }) => vernietigingsaanleiding === 'intrekking')
  await sql`delete from gebeurtenis g using ${listed('s', gone)}
    where g.vroegsignaal_id = s.id and g.gemeentecode = s.gemeentecode
      and (g.soort <> 'nl.vroegsignalering.signaal-ingetrokken'
        or s.id <> all (${withdrawn.map(({ id }) => id)}::uuid[]))`.execute(tx)
}

/** Destroys the events of these days, with their deliveries. */
export async function destroyExpiredGebeurtenissen(tx: Tx, due: readonly Vervaldag[]): Promise<void> {
  await sql`delete from gebeurtenis g using ${dueOn('d', due)}
    where g.gemeentecode = d.gemeentecode and g.dag = d.dag`.execute(tx)
}
