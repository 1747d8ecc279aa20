import { bewaartermijnen } from '../../begrippen/bewaartermijnen.ts'
import { addMonths, type IsoDate } from '../../time.ts'
import { bodyFault, invalid, type Problem } from './problem.ts'

const { maanden, voluit } = bewaartermijnen.vroegsignaal

/** Refuses a day that has yet to come, in a field of the body that says when something was done. */
export function requirePastDay(day: IsoDate, today: IsoDate, location: string): void {
  if (day <= today) return
  throw badDay(location, 'maximum', 'Deze dag moet vandaag of eerder zijn (Europe/Amsterdam).')
}

/** The same for what is done about a signal: nothing is, from before the oldest that can still live. */
export function requireRecentDay(day: IsoDate, today: IsoDate, location: string): void {
  requirePastDay(day, today, location)
  if (day >= addMonths(today, -maanden)) return
  const detail = `Deze dag is te lang geleden: geen signaal wordt langer dan ${voluit} bewaard.`
  throw badDay(location, 'minimum', detail)
}

function badDay(location: string, code: string, detail: string): Problem {
  return invalid([bodyFault(location, code, detail)])
}
