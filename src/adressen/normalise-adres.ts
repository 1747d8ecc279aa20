type AddressText = {
  readonly postcode: string
  readonly huisletter?: string
  readonly huisnummertoevoeging?: string
}

/** Writes an address as it is stored and compared: postcode `1234AB`, letter and addition in upper case. */
export function normaliseAdres<Address extends AddressText>(adres: Address): Address {
  const { postcode, huisletter, huisnummertoevoeging } = adres
  return {
    ...adres,
    postcode: postcode.replace(/[ -]/g, '').toUpperCase(),
    ...(huisletter !== undefined && { huisletter: huisletter.toUpperCase() }),
    ...(huisnummertoevoeging !== undefined && { huisnummertoevoeging: huisnummertoevoeging.toUpperCase() })
  }
}
