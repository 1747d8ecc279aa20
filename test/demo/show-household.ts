import { isOnePerson } from '../../src/personen/one-person.ts'
import { euros, printTable } from './print-table.ts'
import type { Huishouden } from './pull-households.ts'

type Signaal = Huishouden['vroegsignalen'][number]

/** The household of one person with the most to show: many sectors, a crisis, more than one match kind. */
export function mostTelling(all: readonly Huishouden[]): Huishouden {
  const weight = ({ sectoren, crisis, matchsoorten }: Huishouden) =>
    sectoren.length * 10 + Number(crisis) * 25 + matchsoorten.length * 5
  const ofOne = all.filter(({ vroegsignalen }) =>
    isOnePerson(vroegsignalen.map(({ betrokkene }) => betrokkene))
  )
  return ofOne.reduce((best, one) => (weight(one) > weight(best) ? one : best))
}

/** Prints one household as its municipality sees it. */
export function showHousehold(huishouden: Huishouden, gemeente: string): void {
  const { adres, matchsoorten, crisis, jongere, reactiedatum, totaalbedragInCenten } = huishouden
  const { aantalSignalen, aantalSignaalpartners, vroegsignalen } = huishouden
  console.log(`
  Gemeente ${gemeente}, huishouden ${huishouden.id}
  ${adres.straat} ${houseNumber(adres)}, ${adres.postcode} ${adres.woonplaats}
  Match: ${matchsoorten.join(' en ')}   Crisis: ${yesOrNo(crisis)}   Jongere: ${yesOrNo(jongere)}
  ${aantalSignalen} signalen van ${aantalSignaalpartners} partners, samen ${euros(totaalbedragInCenten)}; reactiedatum ${reactiedatum}`)
  printTable(
    ['Ontvangen', 'Signaalpartner', 'Signaal', 'Bedrag', 'Betrokkene', 'Telefoon', 'Vernietiging'],
    vroegsignalen.map(signalRow)
  )
  const warnings = vroegsignalen.flatMap(({ signaalpartner, beoordeling }) =>
    beoordeling!.criteria
      .filter(({ uitkomst }) => uitkomst === 'waarschuwing')
      .map(({ criterium }) => `${criterium} (${signaalpartner.naam})`)
  )
  console.log(`  Waarschuwingen: ${warnings.join(', ') || 'geen'}\n`)
}

function signalRow(signaal: Signaal): string[] {
  const { ontvangenOp, signaalpartner, soort, sector, achterstand, betrokkene, vernietigingsdatum } = signaal
  return [
    ontvangenOp.slice(0, 10),
    signaalpartner.naam,
    soort === 'vroegsignaal' ? sector : `${sector}: ${soort}`,
    euros(achterstand.bedragInCenten),
    nameOf(betrokkene),
    betrokkene.telefoonnummer ?? '',
    vernietigingsdatum
  ]
}

function nameOf({ naam }: Signaal['betrokkene']): string {
  return [naam.voorletters, naam.voorvoegsel, naam.geslachtsnaam].filter(Boolean).join(' ')
}

function houseNumber({ huisnummer, huisletter = '', huisnummertoevoeging }: Huishouden['adres']): string {
  return `${huisnummer}${huisletter}${huisnummertoevoeging ? `-${huisnummertoevoeging}` : ''}`
}

function yesOrNo(flag: boolean): string {
  return flag ? 'ja' : 'nee'
}
