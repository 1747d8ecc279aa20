import type { Adres, Sector, SocialeIncasso } from '../../src/begrippen/vroegsignaal.ts'
import { sectorregels } from '../../src/beoordeling/sectorregels.ts'
import { addDays, type IsoDate } from '../../src/time.ts'
import type { SignaalInvoer } from '../../src/vroegsignalen/vroegsignaal-schema.ts'
import { distribution } from './distribution.ts'
import type { Inwoner, Woning } from './invent-residents.ts'
import type { DemoPartner } from './participants.ts'
import type { Chance } from './seeded-chance.ts'

/** A resident as a customer of one partner. */
export type Klant = {
  readonly partner: DemoPartner
  readonly sector: Sector
  readonly inwoner: Inwoner
  readonly woning: Woning
  readonly klantnummer: string
}

/** The part of a signal that is not about the resident. */
export type Melding = {
  readonly referentie: string
  readonly signaaldatum: IsoDate
  readonly bedragInCenten: number
  readonly isCrisis?: boolean
}

/** Builds a body for `POST /v1/vroegsignalen` that meets every criterium, given an agreement in force. */
export function buildSignal(chance: Chance, klant: Klant, melding: Melding): SignaalInvoer {
  const { sector, inwoner, woning, klantnummer } = klant
  const { referentie, signaaldatum, bedragInCenten, isCrisis = false } = melding
  const regel = sectorregels[sector]
  const ontstaansdatum = addDays(signaaldatum, -chance.int(36, 95))
  return {
    referentie,
    soort: isCrisis ? regel.crisissoort : 'vroegsignaal',
    sector,
    signaaldatum,
    ...(!chance.isHit(distribution.zonderGemeentecode) && { gemeentecode: woning.gemeentecode }),
    ...(regel.klantnummerVerwacht && { klantnummer }),
    betrokkene: {
      ...inwoner.betrokkene,
      ...(regel.burgerservicenummerToegestaan && { burgerservicenummer: inwoner.burgerservicenummer })
    },
    adres: chance.isHit(30) ? writtenLoosely(woning.adres) : woning.adres,
    achterstand: { bedragInCenten, ontstaansdatum, aantalTermijnen: chance.int(1, 3) },
    socialeIncasso: collect(chance, ontstaansdatum),
    betalingsregeling: chance.pick(['geen', 'geen', 'geen', 'geweigerd', 'niet-nagekomen']),
    ...(isCrisis && { geplandeDatum: addDays(signaaldatum, chance.int(32, 45)) })
  }
}

/** Draws an amount in cents that is usual for the partner's group of sectors. */
export function drawAmount(chance: Chance, { groep }: DemoPartner): number {
  const [lowest, highest] = distribution.bedragen[groep]
  return chance.int(lowest * 100, highest * 100)
}

// Every step falls within 35 days of the first unpaid bill, so none falls after the day of the signal.
function collect(chance: Chance, ontstaansdatum: IsoDate): SocialeIncasso {
  const herinneringen = [chance.int(10, 14), chance.int(20, 26)].map((days) => addDays(ontstaansdatum, days))
  const kanaal = chance.pick(['telefoon', 'telefoon', 'huisbezoek', 'e-mail', 'sms', 'gesprek'] as const)
  return {
    persoonlijkContact: [{ datum: addDays(ontstaansdatum, chance.int(24, 32)), kanaal }],
    herinneringen,
    gewezenOpSchuldhulpverlening: herinneringen[1]!,
    aanbodGegevensdeling: herinneringen[1]!,
    reactie: chance.pick(['geen', 'geen', 'geen', 'akkoord'])
  }
}

/** The same address, spelled the way another clerk might write it. */
function writtenLoosely(adres: Adres): Adres {
  const { postcode, huisletter } = adres
  return {
    ...adres,
    postcode: `${postcode.slice(0, 4)} ${postcode.slice(4).toLowerCase()}`,
    ...(huisletter && { huisletter: huisletter.toLowerCase() })
  }
}
