/** What an objection keeps of its person: keyed hashes, in hex. */
export type Bezwaarhashes = {
  /** Of every text in which the address is compared; a signal on the address has one of them. */
  readonly adresIndexen: readonly string[]
  /** Of every form of the surname. */
  readonly naamIndexen: readonly string[]
  readonly geboortedatumIndex: string | null
  readonly voorletterIndex: string | null
  readonly bsnIndex: string | null
}
export type Bezwaar = Bezwaarhashes & { readonly id: string }
