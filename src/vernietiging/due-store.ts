import { type RawBuilder, sql } from 'kysely'
import type { Vervaldag } from '../platform/database/many.ts'
import type { Tx } from '../platform/database/open-database.ts'
import type { IsoDate } from '../time.ts'
import type { CoreHandler, GemeenteHandler, HubHandler } from './data-map.ts'

/** A handler that destroys what has come to its own day in a municipality. */
export type Dagtaak = Extract<CoreHandler, 'vroegsignalen'> | GemeenteHandler
/** How many rows of a municipality are due on a day, or at once, and what destroys them. */
export type Due = Vervaldag & { readonly handler: Dagtaak; readonly aantal: number }
/** Everything that is due. */
export type AllDue = { readonly inGemeenten: readonly Due[]; readonly inHub: readonly HubHandler[] }

/** What decides what is due. */
export type Horizon = {
  readonly now: Date
  readonly vandaag: IsoDate
  /** What vanished before this day is forgotten. */
  readonly vervallenVoor: IsoDate
  /** What happened before this day is no longer told. */
  readonly gebeurdVoor: IsoDate
  /** What was done to organisations and clients before this day is forgotten. */
  readonly beheerdVoor: IsoDate
}

/** What is due in the municipalities of the transaction, or in all of them when it has none. */
export async function listDue(tx: Tx, horizon: Horizon): Promise<Due[]> {
  const { rows } = await sql<Due>`${inGemeenten(horizon)} order by gemeentecode, dag`.execute(tx)
  return rows
}

/** The same in all municipalities, and what belongs to none or to all of them; in one statement. */
export async function listAllDue(tx: Tx, horizon: Horizon): Promise<AllDue> {
  const { rows } = await sql<Due | { handler: HubHandler; gemeentecode: null }>`
    ${inGemeenten(horizon)} union all ${inHub(horizon)} order by gemeentecode, dag`.execute(tx)
  return {
    inGemeenten: rows.filter((row): row is Due => row.gemeentecode !== null),
    inHub: rows.flatMap((row) => (row.gemeentecode === null ? [row.handler] : []))
  }
}

// One for every handler, so that none can be forgotten here. What is due here and not there costs a transaction that
// does nothing; what is due there and not here stays.
const dueInGemeente: Readonly<Record<Dagtaak, (horizon: Horizon) => RawBuilder<unknown>>> = {
  vroegsignalen: ({ vandaag }) => sql`
    select gemeentecode, vernietigingsdatum as dag, count(*) as aantal from vroegsignaal
    where vernietigingsdatum <= ${vandaag} group by 1, 2
    union all select gemeentecode, null, count(*) from vroegsignaal
    where vernietigingsaanleiding not in ('bewaartermijn', 'geen-hulp') group by 1`,
  verlopenBezwaren: ({ vandaag }) => sql`
    select gemeentecode, einddatum as dag, count(*) as aantal from bezwaar where einddatum < ${vandaag} group by 1, 2`,
  verlopenBeperkingen: ({ vandaag }) => sql`
    select gemeentecode, vervaldatum as dag, count(*) as aantal from beperking where vervaldatum <= ${vandaag} group by 1, 2`,
  verlopenTerugkoppelingen: ({ vandaag }) => sql`
    select gemeentecode, vernietigingsdatum as dag, count(*) as aantal from terugkoppeling
    where vernietigingsdatum <= ${vandaag} group by 1, 2`,
  verlopenGemeldeSignalen: ({ vandaag }) => sql`
    select gemeentecode, vernietigingsdatum as dag, count(*) as aantal from gemeld_signaal
    where vernietigingsdatum <= ${vandaag} group by 1, 2`,
  // Not those that a signal still belongs to: they go with it.
  verlatenHuishoudens: ({ vandaag }) => sql`
    select gemeentecode, eerste_verval as dag, count(*) as aantal from huishouden h
    where eerste_verval <= ${vandaag} and laatste_verval <= ${vandaag} and not exists (
      select from vroegsignaal s where (s.gemeentecode = h.gemeentecode) is true and s.adres_index = h.adres_index)
    group by 1, 2`,
  vervallenHuishoudens: ({ vervallenVoor }) => sql`
    select gemeentecode, vervaldatum as dag, count(*) as aantal from huishouden_vervallen
    where vervaldatum < ${vervallenVoor} group by 1, 2`,
  verlopenGebeurtenissen: ({ gebeurdVoor }) => sql`
    select gemeentecode, dag, count(*) as aantal from gebeurtenis where dag < ${gebeurdVoor} group by 1, 2`
}

const isDueInHub: Readonly<Record<HubHandler, (horizon: Horizon) => RawBuilder<boolean>>> = {
  verlopenAanleveringen: ({ vandaag }) => sql`
    exists (select from aanlevering_deel where vernietigingsdatum <= ${vandaag})
    or exists (select from aanlevering where vernietigingsdatum <= ${vandaag})`,
  verlopenAanmeldingen: ({ vandaag }) => sql`
    exists (select from aanmelding where vernietigingsdatum <= ${vandaag})`,
  verlopenAntwoorden: ({ now }) => sql`exists (select from idempotentie where verloopt_op <= ${now})`,
  verlopenAsserties: ({ now }) => sql`exists (select from gebruikte_assertie where verloopt_op <= ${now})`,
  verlopenDagverbruik: ({ vandaag }) => sql`exists (select from dagverbruik where dag < ${vandaag})`,
  verlopenBeheerhandelingen: ({ beheerdVoor }) => sql`
    exists (select from beheerhandeling where op < ${beheerdVoor}::timestamp at time zone 'Europe/Amsterdam')`,
  verlopenVerwerkingen: () => sql`exists (select from verlopen_verwerkingsbladen(1))`
}

function inGemeenten(horizon: Horizon): RawBuilder<unknown> {
  const looks = Object.entries(dueInGemeente).map(
    ([handler, look]) =>
      sql`select ${sql.lit(handler)} as handler, gemeentecode, dag, aantal from (${look(horizon)}) due`
  )
  return sql.join(looks, sql` union all `)
}

function inHub(horizon: Horizon): RawBuilder<unknown> {
  const looks = Object.entries(isDueInHub).map(
    ([handler, isDue]) => sql`select ${sql.lit(handler)}, null, null, null where ${isDue(horizon)}`
  )
  return sql.join(looks, sql` union all `)
}
