import { Problem } from './problem.ts'

/** Refuses a day that has yet to come, in a field of the body that says when something was done. */
export function requirePastDay(day: string, today: string, location: string): void {
  if (day <= today) return
  const detail = 'Deze dag moet vandaag of eerder zijn (Europe/Amsterdam).'
  throw new Problem('ongeldige-invoer', { errors: [{ in: 'body', location, code: 'maximum', detail }] })
}
