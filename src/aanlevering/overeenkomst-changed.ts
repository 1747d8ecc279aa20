import { later, type Problem } from '../platform/http/problem.ts'

/** The problem for signals that rest on an agreement that has changed since they were weighed; nothing is taken in. */
export function overeenkomstChanged(): Problem {
  return later(
    1,
    'Een overeenkomst is tijdens de aanlevering gewijzigd; er is niets opgenomen. Lever opnieuw aan.'
  )
}
