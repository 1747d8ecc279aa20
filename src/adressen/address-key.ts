import type { Adres } from '../begrippen/vroegsignaal.ts'

/**
 * The text by which two addresses are one: postcode, number, letter and addition, compared without regard to case
 * or to spaces and hyphens at the ends. Parts stay apart: 1-1 and 11 are two homes, and a wrong match is worse than none.
 */
export function addressKey(
  adres: Pick<Adres, 'postcode' | 'huisnummer' | 'huisletter' | 'huisnummertoevoeging'>
): string {
  const { postcode, huisnummer, huisletter = '', huisnummertoevoeging = '' } = adres
  return [postcode, huisnummer, huisletter, additionKey(huisnummertoevoeging)].join('|').toUpperCase()
}

function additionKey(toevoeging: string): string {
  return toevoeging.replace(/^[ -]+|[ -]+$/g, '').replace(/[ -]+/g, '-')
}
