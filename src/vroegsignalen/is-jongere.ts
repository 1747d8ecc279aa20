import type { Instellingen } from '../begrippen/tables.ts'
import type { AangeleverdSignaal } from '../begrippen/vroegsignaal.ts'
import { ageOn, type IsoDate } from '../time.ts'

/** True when the resident was young, as the municipality has it, on the day the signal was received. */
export function isJongere(
  { betrokkene: { geboortedatum } }: Pick<AangeleverdSignaal, 'betrokkene'>,
  received: IsoDate,
  { jongereTotEnMetLeeftijd }: Instellingen
): boolean {
  return geboortedatum !== undefined && ageOn(geboortedatum, received) <= jongereTotEnMetLeeftijd
}
