import { adresherkenning } from '../../src/adressen/adresherkenning.ts'
import { nummertekst } from '../../src/adressen/adressleutel.ts'
import type { Adresplaats } from '../../src/adressen/resolve-adres.ts'
import type { Registeradres } from '../../src/begrippen/adresregister.ts'
import type { Persoon } from '../../src/personen/is-same-person.ts'
import { hashBezwaar } from '../../src/weging/bezwaar.ts'
import type { TestHub } from './test-hub.ts'

type Objection = {
  readonly persoon: Persoon
  /** Left out for an objection that is known by BSN alone. */
  readonly adres?: Adresplaats
  /** What the register held when the objection came. */
  readonly register?: readonly Registeradres[]
  readonly gemeentecode?: string
  /** Left out for an objection to the signals of every partner. */
  readonly signaalpartnerId?: string
  readonly einddatum: string
}

/** Registers the objection of a person. */
export async function objectTo(hub: TestHub, objection: Objection): Promise<void> {
  const { persoon, adres, register = [], gemeentecode = '0177', signaalpartnerId, einddatum } = objection
  const id = crypto.randomUUID()
  const sleutels = adres === undefined ? [] : adresherkenning(adres, register)
  const hashes = hashBezwaar(hub.keys, id, persoon, sleutels)
  const bytes = (hex: string | null) => hex && Buffer.from(hex, 'hex')
  await hub.admin(
    `insert into bezwaar (gemeentecode, id, signaalpartner_id, huisnummer_index, adres_indexen, naam_indexen,
      bsn_index, geboortedatum_index, voorletter_index, einddatum)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      gemeentecode,
      id,
      signaalpartnerId,
      adres && hub.keys.hash('index-adres', nummertekst(adres)),
      hashes.adresIndexen.map(bytes),
      hashes.naamIndexen.map(bytes),
      bytes(hashes.bsnIndex),
      bytes(hashes.geboortedatumIndex),
      bytes(hashes.voorletterIndex),
      einddatum
    ]
  )
}
