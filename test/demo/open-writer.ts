import { addMonths, type IsoDate } from '../../src/time.ts'
import type { SignaalInvoer } from '../../src/vroegsignalen/vroegsignaal-schema.ts'
import { buildSignal, drawAmount, type Klant, type Melding } from './build-signal.ts'
import type { Sectorgroep } from './distribution.ts'
import { type Bevolking, type Inwoner, inventResidents, type Woning } from './invent-residents.ts'
import { type DemoPartner, signaalpartners } from './participants.ts'
import type { Chance } from './seeded-chance.ts'

/** The amount to generate. */
export type Omvang = {
  /** The day on which the month is delivered. */
  readonly datum: IsoDate
  /** Homes with an admissible signal in the month. */
  readonly huishoudens: number
  /** The earlier deliveries, as months before `datum`: oldest first, at most six months. */
  readonly eerder: readonly number[]
  /** Homes per earlier month that get no signal after it. */
  readonly eenmalig: number
  readonly afwijzingenPerCriterium: number
}

/** A signal as its partner sends it, and the criteria that must refuse it. Admissible signals have none. */
export type Aanlevering = {
  readonly partner: string
  readonly gemeentecode: string
  readonly signaal: SignaalInvoer
  readonly criteria: readonly string[]
}
/** The signals delivered on one day. */
export type Maand = { readonly datum: IsoDate; readonly aanleveringen: Aanlevering[] }

/** Writes signals. Keeps the residents, the months, and the partners' numbering. */
export type Writer = {
  readonly chance: Chance
  readonly bevolking: Bevolking
  readonly earlier: readonly Maand[]
  readonly month: Maand
  klant(woning: Woning, groep: Sectorgroep, inwoner: Inwoner, partner?: DemoPartner): Klant
  write(maand: Maand, klant: Klant, melding: Partial<Melding>): Aanlevering
}

/** Opens a writer with empty months. */
export function openWriter(chance: Chance, { datum, eerder }: Omvang): Writer {
  let customers = 0
  let references = 0
  return {
    chance,
    bevolking: inventResidents(chance, datum),
    earlier: eerder.map((months) => ({ datum: addMonths(datum, -months), aanleveringen: [] })),
    month: { datum, aanleveringen: [] },
    klant: (woning, groep, inwoner, partner = chance.pick(partnersFor(groep, woning.gemeentecode))) => ({
      partner,
      sector: chance.pick(partner.sectoren),
      inwoner,
      woning,
      klantnummer: `KLANT-${String(++customers).padStart(7, '0')}`
    }),
    write: (maand, klant, melding) => {
      const { partner, woning } = klant
      const referentie = `${partner.code}-${maand.datum.slice(0, 7)}-${String(++references).padStart(7, '0')}`
      const bedragInCenten = melding.bedragInCenten ?? drawAmount(chance, partner)
      const all = { signaaldatum: maand.datum, ...melding, referentie, bedragInCenten }
      const signaal = buildSignal(chance, klant, all)
      const written = { partner: partner.code, gemeentecode: woning.gemeentecode, signaal, criteria: [] }
      maand.aanleveringen.push(written)
      return written
    }
  }
}

function partnersFor(groep: Sectorgroep, gemeentecode: string): DemoPartner[] {
  return signaalpartners.filter((one) => one.groep === groep && one.gemeentecodes.includes(gemeentecode))
}
