import { adresherkenning } from '../../adressen/adresherkenning.ts'
import { findRegisteradressen } from '../../adressen/adresregister-store.ts'
import { nummertekst } from '../../adressen/adressleutel.ts'
import { normaliseAdres } from '../../adressen/normalise-adres.ts'
import type { Adresplaats } from '../../adressen/resolve-adres.ts'
import type { Persoon } from '../../personen/is-same-person.ts'
import { underDuty } from '../../platform/database/under-duty.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import { isBezwaarVan } from '../../weging/bezwaar.ts'
import { huisnummerIndexOf } from '../../weging/gather-omstandigheden.ts'
import { bareBsn } from '../verzoek-rules.ts'
import type { Betrokkenenverzoek } from '../verzoek-schema.ts'
import { type GehoudenBezwaar, listBezwarenOp } from './bezwaar-store.ts'

/** A resident as one request or signal names it; the address is absent for one that is asked by BSN. */
export type Vermelding = { readonly persoon: Persoon; readonly adres?: Adresplaats }

/** A resident as a request names it. By BSN alone there is no name: this one is nobody's. */
export function vermeldingOf(verzoek: Betrokkenenverzoek): Vermelding {
  const { naam = { geslachtsnaam: '' }, adres, geboortedatum, burgerservicenummer: bsn } = verzoek
  return {
    persoon: {
      naam,
      ...(geboortedatum !== undefined && { geboortedatum }),
      ...(bsn !== undefined && { burgerservicenummer: bareBsn(bsn) })
    },
    ...(adres !== undefined && { adres: normaliseAdres(adres) })
  }
}

/** The objections of a resident in these municipalities, as far as they can be recognised by how it is named here. */
export async function findBezwaren(
  { tx, keys }: Handeling,
  gemeentecodes: readonly string[],
  vermeldingen: readonly Vermelding[]
): Promise<GehoudenBezwaar[]> {
  const adressen = vermeldingen.flatMap(({ adres }) => adres ?? [])
  const bsns = vermeldingen.flatMap(({ persoon }) => persoon.burgerservicenummer ?? [])
  const found = await underDuty(tx, 'afhandelaar', () =>
    listBezwarenOp(tx, gemeentecodes, {
      huisnummers: adressen.map((adres) => huisnummerIndexOf(keys, adres)),
      bsns: bsns.map((bsn) => keys.hash('index-bsn', bsn))
    })
  )
  if (found.length === 0) return []
  const register = await findRegisteradressen(tx, adressen)
  const recognised = vermeldingen.map(({ persoon, adres }) => {
    const opNummer = register.adressen.filter((one) => adres && nummertekst(one) === nummertekst(adres))
    return { persoon, herkenning: adres === undefined ? [] : adresherkenning(adres, opNummer) }
  })
  return found.filter((bezwaar) =>
    recognised.some(({ persoon, herkenning }) => isBezwaarVan(keys, bezwaar, persoon, herkenning))
  )
}
