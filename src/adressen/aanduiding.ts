type Parts = { readonly huisletter?: string | undefined; readonly huisnummertoevoeging?: string | undefined }

/**
 * House letter and addition as the one text in which addresses are compared: upper case, without spaces, hyphens,
 * slashes and leading zeros. Whichever field a letter came in, `A` is `A`, and `A` with `2` is `A2`. Empty when there is
 * neither.
 */
export function aanduidingOf({ huisletter = '', huisnummertoevoeging = '' }: Parts): string {
  const joined = `${huisletter}${huisnummertoevoeging}`
  if (joined === '') return ''
  return joined
    .toUpperCase()
    .replace(/[\s/-]+/g, '')
    .replace(/^0+(?=.)/, '')
}
