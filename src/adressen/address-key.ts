import type { Adres } from '../begrippen/vroegsignaal.ts'

/**
 * Two addresses are the same when this text is equal: postcode, number, letter and addition, without case. Spaces and
 * hyphens at the ends of the addition do not count; inside it they are equal. 1-1 and 11 stay two homes, because a
 * wrong match is worse than none.
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
