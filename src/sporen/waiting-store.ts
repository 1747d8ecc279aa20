import { sql } from 'kysely'
import type { Figure } from '../platform/database/figures.ts'

// More are not counted: that would take longer than it is worth.
const mostCounted = 100_000

/**
 * Opens the figures about what changes left for others to do. `now` gives milliseconds that only go up. A new kind of
 * work that waits, such as messages to be sent, is one more row here.
 */
export function openWaitingFigures(now: () => number): readonly Figure[] {
  return [
    {
      name: 'signaalhub_markeringen_waiting',
      help: `Changed addresses whose household has yet to be matched, counted up to ${mostCounted}.`,
      value: sql`select count(*) from (select from huishouden_markering limit ${mostCounted}) m`
    },
    {
      name: 'signaalhub_oldest_markering_age_seconds',
      help: 'How long this instance has seen the oldest changed address wait: what households and _deltas are behind.',
      value: sql`select min(oudste.volgnummer) from gemarkeerde_gemeenten() g cross join lateral (
        select m.volgnummer from huishouden_markering m where m.gemeentecode = g
        order by m.volgnummer limit 1) oudste`,
      show: openAge(now)
    },
    {
      name: 'signaalhub_bezorgingen_waiting',
      help: `Deliveries of events that are due and not made, counted up to ${mostCounted}.`,
      value: sql`select count(*) from (
        select from bezorging where status = 'wacht' and volgende_poging_op <= hub_nu() limit ${mostCounted}) b`
    },
    {
      name: 'signaalhub_oldest_bezorging_late_seconds',
      help: 'How long ago the oldest delivery of an event that is due should have been made.',
      value: sql`select coalesce(extract(epoch from hub_nu() - min(volgende_poging_op)), 0)::float from bezorging
        where status = 'wacht' and volgende_poging_op <= hub_nu()`
    }
  ]
}

// A mark has a number and no time: a time would be that of its statement, and a delivery commits a minute later.
function openAge(now: () => number): (oldest: number | null) => number {
  let seen: { readonly oldest: number | null; readonly since: number } | undefined
  return (oldest) => {
    if (seen === undefined || seen.oldest !== oldest) seen = { oldest, since: now() }
    return oldest === null ? 0 : (now() - seen.since) / 1000
  }
}
