import { Problem } from './problem.ts'

/** Refuses a day that has yet to come, or lies before `earliest`, in a field of the body that says when something was done. */
export function requirePastDay(day: string, today: string, location: string, earliest = ''): void {
  if (day <= today && day >= earliest) return
  const [code, detail] =
    day > today
      ? ['maximum', 'Deze dag moet vandaag of eerder zijn (Europe/Amsterdam).']
      : ['minimum', 'Deze dag is te lang geleden: geen signaal wordt langer dan zes maanden bewaard.']
  throw new Problem('ongeldige-invoer', { errors: [{ in: 'body', location, code, detail }] })
}
