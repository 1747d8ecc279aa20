import type { Contactsoort, Dagdeel } from '../begrippen/contactsoort.ts'
import { logHuishoudens } from '../sporen/log-processing.ts'
import type { IsoDate } from '../time.ts'
import type { Handeling } from '../toegang/handeling.ts'
import { holdVroegsignalen } from '../vroegsignalen/hold-vroegsignalen.ts'
import { addContactpoging } from './contactpoging-store.ts'
import { refuseClosed } from './open-zaak.ts'
import { giveTerugkoppeling } from './terugkoppelingen/give-terugkoppeling.ts'
import { isAboutOnePerson } from './weigh-resultaat.ts'
import type { ZaakRij } from './zaak-store.ts'

/** One attempt to reach the residents. */
export type Poging = {
  readonly soort: Contactsoort
  readonly datum: IsoDate
  readonly dagdeel?: Dagdeel
  readonly bereikt: boolean
  readonly wenstGeenContact?: boolean
  readonly toestemmingsdatum?: IsoDate
}

/**
 * Records a contact attempt in an open case. That the resident wants no contact is told to the partners of its signals
 * only with the resident's written consent, and never where they are about more than one person: it is not known whose
 * wish it is.
 * Throws toestand-staat-dit-niet-toe when the case is closed.
 */
export async function recordContactpoging(
  handeling: Handeling,
  zaak: ZaakRij,
  id: string,
  { soort, datum, dagdeel, bereikt, wenstGeenContact, toestemmingsdatum }: Poging
): Promise<void> {
  refuseClosed(zaak)
  await addContactpoging(handeling.tx, {
    gemeentecode: zaak.gemeentecode,
    zaakId: zaak.id,
    id,
    soort,
    datum,
    dagdeel: dagdeel ?? null,
    bereikt,
    wenstGeenContact: wenstGeenContact ?? false,
    toestemmingsdatum: toestemmingsdatum ?? null
  })
  await logHuishoudens(handeling, 'contactpoging-vastleggen', [zaak])
  if (!wenstGeenContact || toestemmingsdatum === undefined) return
  const signals = await holdVroegsignalen(handeling, [zaak.gemeentecode], zaak.vroegsignaalIds)
  if (isAboutOnePerson(signals)) await giveTerugkoppeling(handeling, signals, 'wenst-geen-contact', datum)
}
