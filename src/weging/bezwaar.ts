import type { Bezwaar, Bezwaarhashes } from '../begrippen/bezwaar.ts'
import { firstInitial } from '../personen/first-initial.ts'
import type { Persoon } from '../personen/is-same-person.ts'
import { nameForms } from '../personen/name-forms.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'

/**
 * The hashes of an objection by this person, on an address with these texts of `adresherkenning`. All but that of the
 * BSN are bound to the objection, so that two objections cannot be compared.
 */
export function hashBezwaar(
  keys: KeyRing,
  id: string,
  persoon: Persoon,
  herkenning: readonly string[]
): Bezwaarhashes {
  const hash = hasherOf(keys, id)
  const { naam, geboortedatum, burgerservicenummer } = persoon
  const initial = firstInitial(naam.voorletters)
  return {
    adresIndexen: herkenning.map((text) => hash('adres', text)),
    naamIndexen: [...nameForms(naam)].map((form) => hash('naam', form)),
    geboortedatumIndex: geboortedatum === undefined ? null : hash('geboortedatum', geboortedatum),
    voorletterIndex: initial === undefined ? null : hash('voorletter', initial),
    bsnIndex:
      burgerservicenummer === undefined ? null : keys.hash('index-bsn', burgerservicenummer).toString('hex')
  }
}

/** True when an objection is one by this person, by the rule of `isSamePerson`, on one of these addresses. */
export function isBezwaarVan(
  keys: KeyRing,
  bezwaar: Bezwaar,
  persoon: Persoon,
  herkenning: readonly string[]
): boolean {
  const given = hashBezwaar(keys, bezwaar.id, persoon, herkenning)
  if (differ(bezwaar.geboortedatumIndex, given.geboortedatumIndex)) return false
  if (bezwaar.bsnIndex !== null && given.bsnIndex !== null) return bezwaar.bsnIndex === given.bsnIndex
  if (differ(bezwaar.voorletterIndex, given.voorletterIndex)) return false
  return share(bezwaar.adresIndexen, given.adresIndexen) && share(bezwaar.naamIndexen, given.naamIndexen)
}

function hasherOf(keys: KeyRing, id: string) {
  return (what: string, text: string) =>
    keys.hash('index-persoon', `bezwaar|${id}|${what}|${text}`).toString('hex')
}

function differ(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && a !== b
}

function share(some: readonly string[], others: readonly string[]): boolean {
  return some.some((one) => others.includes(one))
}
