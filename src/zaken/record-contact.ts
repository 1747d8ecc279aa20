import type { Contactsoort, Dagdeel } from '../begrippen/contactsoort.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import type { Tx } from '../platform/database/open-database.ts'
import { logHouseholds } from '../sporen/log-household.ts'
import type { IsoDate } from '../time.ts'
import type { Inzage } from '../toegang/caller.ts'
import { addContact } from './contactpoging-store.ts'
import { holdSignals } from './hold-signals.ts'
import { refuseClosed } from './open-case.ts'
import { giveFeedback } from './terugkoppelingen/give-feedback.ts'
import type { ZaakRij } from './zaak-store.ts'

/** One attempt to get into contact. */
export type Poging = {
  readonly soort: Contactsoort
  readonly datum: IsoDate
  readonly dagdeel?: Dagdeel
  readonly bereikt: boolean
  readonly wenstGeenContact?: true
  readonly toestemmingsdatum?: IsoDate
}

/**
 * Records a contact attempt in an open case. That the residents want no contact goes back to the partners of its
 * signals. Throws toestand-staat-dit-niet-toe when the case is closed.
 */
export async function recordContact(
  tx: Tx,
  keys: KeyRing,
  inzage: Inzage,
  zaak: ZaakRij,
  id: string,
  { soort, datum, dagdeel, bereikt, wenstGeenContact, toestemmingsdatum }: Poging
): Promise<void> {
  refuseClosed(zaak)
  await addContact(tx, {
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
  await logHouseholds(tx, keys, inzage, 'contactpoging-vastleggen', [zaak])
  if (!wenstGeenContact) return
  const signals = await holdSignals(tx, keys, [zaak.gemeentecode], zaak.vroegsignaalIds)
  await giveFeedback(tx, keys, signals, 'wenst-geen-contact', { now: inzage.now, dag: datum })
}
