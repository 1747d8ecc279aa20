import { addWorkingDays, type IsoDate } from '../time.ts'

const crisisWorkingDays = 3

/** The day by which a crisis is answered: three working days after receipt, never after the planned day (Wgs art. 4 lid 2). */
export function crisisReactiedatum(ontvangstdatum: IsoDate, geplandeDatum: IsoDate): IsoDate {
  const inTime = addWorkingDays(ontvangstdatum, crisisWorkingDays)
  return inTime < geplandeDatum ? inTime : geplandeDatum
}
