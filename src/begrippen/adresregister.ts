/** Where an address register comes from: postcodes with house numbers (CBS), or addresses with their BAG ids. */
export const registerbronnen = ['cbs', 'bag'] as const
export type Registerbron = (typeof registerbronnen)[number]

/** The two sides that the register is kept on: one in use, one to fill. */
export const registerkanten = ['a', 'b'] as const
export type Registerkant = (typeof registerkanten)[number]

/** An address of the register. An empty text is a value that the register does not give. */
export type Registeradres = {
  readonly postcode: string
  readonly huisnummer: number
  /** Letter and addition as one text, see aanduiding.ts. */
  readonly aanduiding: string
  readonly nummeraanduiding: string
}

/** What the register in use holds on some house numbers. */
export type Registerantwoord = {
  /** Rises with every register that comes into use; 0 before the first. */
  readonly versie: number
  /** Every address on the postcodes and numbers that were asked. */
  readonly adressen: readonly Registeradres[]
  /** The municipalities of those postcodes that the register knows; an empty gemeentecode where it gives none. */
  readonly postcodes: readonly { readonly postcode: string; readonly gemeentecode: string }[]
}
