type Parts = { readonly huisletter?: string | undefined; readonly huisnummertoevoeging?: string | undefined }

/**
 * House letter and addition as the one text in which addresses are compared: upper case, without spaces, hyphens,
 * slashes and leading zeros of a number. Whichever field a letter came in, `A` is `A`, and `A` with `2` is `A2`. Empty
 * when there is neither.
 */
export function aanduidingOf({ huisletter = '', huisnummertoevoeging = '' }: Parts): string {
  const joined = `${huisletter}${huisnummertoevoeging}`
  if (joined === '') return ''
  return joined
    .toUpperCase()
    .replace(/(?<!\d)0+(?=\d)/g, '')
    .replace(/[\s/-]+/g, '')
}
