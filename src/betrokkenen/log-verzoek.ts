import { randomUUIDv7 } from 'node:crypto'
import { normaliseAdres } from '../adressen/normalise-adres.ts'
import type { Verwerkingsactiviteit } from '../begrippen/verwerkingsactiviteit.ts'
import { persoonsleutel } from '../personen/persoonsleutel.ts'
import { logVroegsignalenOf, pseudonymOf } from '../sporen/log-processing.ts'
import type { Handeling } from '../toegang/handeling.ts'
import { bareBsn } from './verzoek-rules.ts'
import type { Betrokkenenverzoek } from './verzoek-schema.ts'

/** Logs a request under the pseudonym of whoever it asks for, also where no signal is held to log it by. */
export async function logVerzoek(
  handeling: Handeling,
  activiteit: Verwerkingsactiviteit,
  gemeentecode: string,
  verzoek: Betrokkenenverzoek,
  verzoekId = randomUUIDv7()
): Promise<void> {
  const betrokkenePseudoniem = pseudonymOfAsked(handeling, verzoek)
  await logVroegsignalenOf(handeling, activiteit, [
    { gemeentecode, vroegsignaalId: verzoekId, betrokkenePseudoniem }
  ])
}

function pseudonymOfAsked({ keys }: Handeling, verzoek: Betrokkenenverzoek): Buffer {
  const { burgerservicenummer: bsn, naam, adres } = verzoek
  if (naam === undefined || adres === undefined) return keys.hash('pseudoniem', `bsn|${bareBsn(bsn!)}`)
  return pseudonymOf(keys, keys.hash('index-persoon', persoonsleutel(naam, normaliseAdres(adres))))
}
