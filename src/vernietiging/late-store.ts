import { type RawBuilder, sql } from 'kysely'
import type { Figure } from '../platform/database/figures.ts'
import type { IsoDate } from '../time.ts'
import type { CoreHandler, GemeenteHandler, HubHandler } from './data-map.ts'

type Handler = Extract<CoreHandler, 'vroegsignalen'> | GemeenteHandler | HubHandler
type Horizon = Readonly<
  Record<'vandaag' | 'vervallenVoor' | 'beheerdVoor' | 'gebeurdVoor', IsoDate> & { now: Date }
>

const mostCounted = 10_000

/** The figures about what should have been destroyed. Expects the duty `waarnemer`, which sees nothing else. */
export function lateFigures(horizon: Horizon): readonly Figure[] {
  const late = Object.entries(dueSince).map(
    ([handler, dag]): Figure => ({
      name: 'signaalhub_oldest_expired_age_seconds',
      help: 'Seconds since the midnight from which the oldest row that still stands should be gone, by what destroys it; 0 when none is due.',
      labels: { handler },
      value: sql`select extract(epoch from ${horizon.now}::timestamptz - dag::timestamp at time zone 'Europe/Amsterdam')
        from (${dag(horizon)}) verlopen(dag)`
    })
  )
  return [
    ...late,
    {
      name: 'signaalhub_vroegsignalen_to_destroy',
      help: `Signals that must be destroyed at once and still stand, counted up to ${mostCounted}.`,
      value: sql`select count(*) from (select from vroegsignaal
        where vernietigingsaanleiding not in ('bewaartermijn', 'geen-hulp') limit ${mostCounted}) direct`
    }
  ]
}

// The day from which the oldest row that a handler destroys is due, one for every handler. What expires at an instant is
// due from the next midnight on.
const dueSince: Readonly<Record<Handler, (horizon: Horizon) => RawBuilder<unknown>>> = {
  vroegsignalen: ({ vandaag }) => sql`
    select min(vernietigingsdatum) from vroegsignaal where vernietigingsdatum <= ${vandaag}`,
  verlopenBezwaren: ({ vandaag }) => sql`select min(einddatum) + 1 from bezwaar where einddatum < ${vandaag}`,
  verlopenBeperkingen: ({ vandaag }) => sql`
    select min(vervaldatum) from beperking where vervaldatum <= ${vandaag}`,
  verlopenTerugkoppelingen: ({ vandaag }) => sql`
    select min(vernietigingsdatum) from terugkoppeling where vernietigingsdatum <= ${vandaag}`,
  verlopenGemeldeSignalen: ({ vandaag }) => sql`
    select min(vernietigingsdatum) from gemeld_signaal where vernietigingsdatum <= ${vandaag}`,
  verlatenHuishoudens: ({ vandaag }) => sql`
    select min(laatste_verval) from huishouden where eerste_verval <= ${vandaag} and laatste_verval <= ${vandaag}`,
  vervallenHuishoudens: ({ vandaag, vervallenVoor }) => sql`
    select min(vervaldatum) + (${vandaag}::date - ${vervallenVoor}::date) + 1 from huishouden_vervallen
    where vervaldatum < ${vervallenVoor}`,
  verlopenGebeurtenissen: ({ vandaag, gebeurdVoor }) => sql`
    select min(dag) + (${vandaag}::date - ${gebeurdVoor}::date) + 1 from gebeurtenis where dag < ${gebeurdVoor}`,
  verlopenAanleveringen: ({ vandaag }) => sql`
    select least((select min(vernietigingsdatum) from aanlevering where vernietigingsdatum <= ${vandaag}),
      (select min(vernietigingsdatum) from aanlevering_deel where vernietigingsdatum <= ${vandaag}))`,
  verlopenAanmeldingen: ({ vandaag }) => sql`
    select min(vernietigingsdatum) from aanmelding where vernietigingsdatum <= ${vandaag}`,
  verlopenAntwoorden: () => sql`
    select ${dayAfter('min(verloopt_op)')} from idempotentie where verloopt_op < hub_middernacht()`,
  verlopenAsserties: () => sql`
    select ${dayAfter('min(verloopt_op)')} from gebruikte_assertie where verloopt_op < hub_middernacht()`,
  verlopenDagverbruik: ({ vandaag }) => sql`select min(dag) + 1 from dagverbruik where dag < ${vandaag}`,
  // Its term is that of its municipality.
  verlopenVerwerkingen: () => sql`
    select min(hub_vandaag() - (${dayOf('verwerkingen_bewaard_vanaf(g.gemeentecode)')} - ${dayOf('oudste.op')}) + 1)
    from gemeente g cross join lateral (
      select b.op from verwerkingsblad b
      where b.gemeentecode = g.gemeentecode and b.op < (select verwerkingen_bewaard_vanaf(g.gemeentecode))
      order by b.op limit 1) oudste`,
  verlopenBeheerhandelingen: ({ vandaag, beheerdVoor }) => sql`
    select ${vandaag}::date - (${beheerdVoor}::date - ${dayOf('min(op)')}) + 1 from beheerhandeling
    where op < ${beheerdVoor}::timestamp at time zone 'Europe/Amsterdam'`
}

function dayOf(instant: string): RawBuilder<unknown> {
  return sql.raw(`(${instant} at time zone 'Europe/Amsterdam')::date`)
}

function dayAfter(instant: string): RawBuilder<unknown> {
  return sql`${dayOf(instant)} + 1`
}
