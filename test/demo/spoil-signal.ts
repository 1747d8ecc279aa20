import type { SocialeIncasso } from '../../src/begrippen/vroegsignaal.ts'
import { addDays } from '../../src/time.ts'
import type { SignaalInvoer } from '../../src/vroegsignalen/vroegsignaal-schema.ts'
import type { Sectorgroep } from './distribution.ts'
import { drempel, gemeenten, postcodesOf } from './participants.ts'

/** A way to make an admissible signal fail one criterium. */
export type Bederf = {
  /** This way only works for signals of this group or municipality. */
  readonly groep?: Sectorgroep
  readonly gemeentecode?: string
  /** The sender has no agreement with the municipality. */
  readonly zonderOvereenkomst?: true
  /** The number of days by which the signal and all its dates are older. */
  readonly dagenOuder?: number
  readonly bederf?: (signaal: SignaalInvoer, gemeentecode: string) => SignaalInvoer
  /** Criteria that always fail along with it. */
  readonly ook?: readonly string[]
}

/** One way for each criterium that refuses signals. The keys are the criteria. */
export const bederfPerCriterium: Readonly<Record<string, Bederf>> = {
  'overeenkomst-actief': { groep: 'huur', zonderOvereenkomst: true },
  'natuurlijk-persoon': {
    bederf: (signaal) => ({ ...signaal, betrokkene: { ...signaal.betrokkene, soort: 'rechtspersoon' } })
  },
  meerderjarig: {
    bederf: (signaal) => ({
      ...signaal,
      betrokkene: { ...signaal.betrokkene, geboortedatum: addDays(signaal.signaaldatum, -17 * 365) }
    })
  },
  'bsn-alleen-zorgverzekeraar': { groep: 'huur', bederf: (signaal) => withBsn(signaal, '999990019') },
  'bsn-elfproef': { groep: 'zorg', bederf: (signaal) => withBsn(signaal, '999990018') },
  'adres-in-gemeente': {
    bederf: (signaal, gemeentecode) => {
      const elsewhere = gemeenten.find((gemeente) => gemeente.gemeentecode !== gemeentecode)!
      const postcode = postcodesOf(elsewhere)[0]!
      return { ...signaal, gemeentecode, adres: { ...signaal.adres, postcode } }
    }
  },
  'persoonlijk-contact': { bederf: (signaal) => without(signaal, 'persoonlijkContact') },
  'gewezen-op-schuldhulpverlening': {
    bederf: (signaal) => without(signaal, 'gewezenOpSchuldhulpverlening')
  },
  'schriftelijke-herinnering': {
    bederf: (signaal) => without(signaal, 'herinneringen'),
    // The offer must be in a reminder, and there is none.
    ook: ['aanbod-gegevensdeling']
  },
  'aanbod-gegevensdeling': { bederf: (signaal) => without(signaal, 'aanbodGegevensdeling') },
  'geen-bezwaar': {
    bederf: (signaal) => ({ ...signaal, socialeIncasso: { ...signaal.socialeIncasso, reactie: 'bezwaar' } })
  },
  'geen-nagekomen-regeling': {
    bederf: (signaal) => ({ ...signaal, betalingsregeling: 'wordt-nagekomen' })
  },
  drempelbedrag: {
    groep: 'water',
    gemeentecode: drempel.gemeentecode,
    bederf: (signaal) => withAmount(signaal, drempel.bedragInCenten - 1)
  },
  'achterstand-termijn': {
    bederf: (signaal) => {
      const { achterstand, socialeIncasso, signaaldatum } = signaal
      const done = addDays(signaaldatum, -20)
      return {
        ...signaal,
        achterstand: { ...achterstand, ontstaansdatum: addDays(signaaldatum, -29) },
        // Only what is done after the arrears arose is evidence.
        socialeIncasso: {
          ...socialeIncasso,
          persoonlijkContact: [{ datum: done, kanaal: 'telefoon' }],
          herinneringen: [done],
          gewezenOpSchuldhulpverlening: done,
          aanbodGegevensdeling: done
        }
      }
    }
  },
  'signaaldatum-actueel': { dagenOuder: 45 },
  'soort-past-bij-sector': { groep: 'huur', bederf: (signaal) => asShutOff(signaal) }
}

function without(signaal: SignaalInvoer, field: keyof SocialeIncasso): SignaalInvoer {
  const { [field]: _, ...socialeIncasso } = signaal.socialeIncasso ?? {}
  return { ...signaal, socialeIncasso }
}

function withBsn(signaal: SignaalInvoer, burgerservicenummer: string): SignaalInvoer {
  return { ...signaal, betrokkene: { ...signaal.betrokkene, burgerservicenummer } }
}

function withAmount(signaal: SignaalInvoer, bedragInCenten: number): SignaalInvoer {
  return { ...signaal, achterstand: { ...signaal.achterstand, bedragInCenten } }
}

function asShutOff(signaal: SignaalInvoer): SignaalInvoer {
  return { ...signaal, soort: 'afsluitsignaal', geplandeDatum: addDays(signaal.signaaldatum, 40) }
}
