/** A calendar day as `YYYY-MM-DD`; days compare as text. */
export type IsoDate = string

/** Returns the current instant. */
export type Clock = () => Date

const msPerDay = 86_400_000

/** The machine's clock, or one that starts at `proefKlok` and runs at normal speed. */
export function systemClock(proefKlok?: Date): Clock {
  if (proefKlok === undefined) return () => new Date()
  const ahead = proefKlok.getTime() - Date.now()
  return () => new Date(Date.now() + ahead)
}

// Making a formatter costs a hundred times as much as using it. The locale sv-SE writes a day as YYYY-MM-DD.
const amsterdam = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Amsterdam',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit'
})

const msPerMinute = 60_000
let lastMinute = { minute: Number.NaN, day: '' }

/** The calendar day in Europe/Amsterdam at an instant. */
export function todayIn(now: Date): IsoDate {
  // Called several times per signal, nearly always within the same minute. Since 1937 days begin on a whole minute.
  const minute = Math.floor(now.getTime() / msPerMinute)
  if (minute !== lastMinute.minute) lastMinute = { minute, day: amsterdam.format(now) }
  return lastMinute.day
}

const dayPattern = /^(?:19|20|21)\d\d-\d\d-\d\d$/

/** True for an existing day of the years 1900 to 2199, written exactly as `YYYY-MM-DD`. */
export function isRealDate(text: string): boolean {
  if (!dayPattern.test(text)) return false
  const [year, month, day] = partsOf(text)
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
}

/** The day `n` days later, or earlier when `n` is negative. */
export function addDays(day: IsoDate, n: number): IsoDate {
  return fromDayNumber(dayNumber(day) + n)
}

/** The same day `n` months later; where that month is shorter, its last day. */
export function addMonths(day: IsoDate, n: number): IsoDate {
  const [year, month, dayOfMonth] = partsOf(day)
  const months = year * 12 + month - 1 + n
  const toYear = Math.floor(months / 12)
  const toMonth = (months % 12) + 1
  return isoDate(toYear, toMonth, Math.min(dayOfMonth, daysInMonth(toYear, toMonth)))
}

/** Whole days from one day to another; negative when `to` is earlier. */
export function daysBetween(from: IsoDate, to: IsoDate): number {
  return dayNumber(to) - dayNumber(from)
}

/** Age in whole years on a day. A birthday on 29 February falls on 1 March in common years. */
export function ageOn(geboortedatum: IsoDate, day: IsoDate): number {
  const years = Number(day.slice(0, 4)) - Number(geboortedatum.slice(0, 4))
  return day.slice(5) < geboortedatum.slice(5) ? years - 1 : years
}

/** The public holidays of a year in order, Good Friday included (Algemene termijnenwet art. 3 lid 1 en 2). */
export function feestdagen(year: number): readonly IsoDate[] {
  const pasen = eerstePaasdag(year)
  const goedeVrijdag = addDays(pasen, -2)
  const tweedePaasdag = addDays(pasen, 1)
  const hemelvaartsdag = addDays(pasen, 39)
  const tweedePinksterdag = addDays(pasen, 50)
  const vast = ['01-01', '05-05', '12-25', '12-26'].map((day) => `${year}-${day}`)
  const days = [...vast, goedeVrijdag, tweedePaasdag, koningsdag(year), hemelvaartsdag, tweedePinksterdag]
  return [...new Set(days)].sort()
}

/**
 * Days that a royal decree equates with a public holiday (Algemene termijnenwet art. 3 lid 3). To be confirmed in the
 * Staatscourant: `bron` is where they were found.
 */
export const gelijkgesteldeDagen: readonly { readonly dag: IsoDate; readonly bron: string }[] = [
  '2026-01-02',
  '2026-05-15',
  '2027-05-07',
  '2028-04-28',
  '2028-05-26'
].map((dag) => ({ dag, bron: 'Besluit gelijkstelling 2026-2028, volgens sterfgeval.nl vraag 70745' }))

function koningsdag(year: number): IsoDate {
  const day = `${year}-04-27`
  return weekday(dayNumber(day)) === 0 ? addDays(day, -1) : day
}

/** Easter Sunday by the Gregorian computus, in Oudin's form. */
function eerstePaasdag(year: number): IsoDate {
  const { floor } = Math
  const century = floor(year / 100)
  const golden = year % 19
  const epact = (century - floor(century / 4) - floor((8 * century + 13) / 25) + 19 * golden + 15) % 30
  const moon = epact - floor(epact / 28) * (1 - floor(29 / (epact + 1)) * floor((21 - golden) / 11))
  const moonWeekday = (year + floor(year / 4) + moon + 2 - century + floor(century / 4)) % 7
  return addDays(`${year}-03-28`, moon - moonWeekday)
}

// Day numbers computed once, because a large delivery counts working days for thousands of signals.
const years = Array.from({ length: 301 }, (_, n) => 1900 + n)
const vrijeDagnummers = new Set(
  [...years.flatMap(feestdagen), ...gelijkgesteldeDagen.map(({ dag }) => dag)].map(dayNumber)
)

/** False on Saturdays, Sundays, public holidays and days equated with them (Algemene termijnenwet art. 3); years 1900 to 2200. */
export function isWorkingDay(day: IsoDate): boolean {
  return isWorkingDayNumber(dayNumber(day))
}

/** The `n`-th working day after a day; the day itself does not count. */
export function addWorkingDays(day: IsoDate, n: number): IsoDate {
  let number = dayNumber(day)
  for (let left = n; left > 0; left -= isWorkingDayNumber(number) ? 1 : 0) number += 1
  return fromDayNumber(number)
}

function isWorkingDayNumber(number: number): boolean {
  const dayOfWeek = weekday(number)
  return dayOfWeek !== 0 && dayOfWeek !== 6 && !vrijeDagnummers.has(number)
}

/** 0 is Sunday. Day number 0, 1 January 1970, was a Thursday. */
function weekday(number: number): number {
  return (((number + 4) % 7) + 7) % 7
}

/** Days since 1 January 1970. */
function dayNumber(day: IsoDate): number {
  return Date.parse(day) / msPerDay
}

function fromDayNumber(number: number): IsoDate {
  return new Date(number * msPerDay).toISOString().slice(0, 10)
}

function partsOf(day: IsoDate): [year: number, month: number, day: number] {
  return [Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8, 10))]
}

function isoDate(year: number, month: number, day: number): IsoDate {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

/** Whole seconds until the next day in Europe/Amsterdam begins, at least one. */
export function secondsToTomorrow(now: Date): number {
  const today = todayIn(now)
  let [before, after] = [now.getTime(), now.getTime() + 26 * 3_600_000]
  while (after - before > 1) {
    const between = Math.floor((before + after) / 2)
    if (todayIn(new Date(between)) === today) before = between
    else after = between
  }
  return Math.max(1, Math.ceil((after - now.getTime()) / 1_000))
}
