import type { AangeleverdSignaal, Adres, SocialeIncasso } from '../begrippen/vroegsignaal.ts'

/** A signal as the wire brings it: the same, but socialeIncasso may be absent altogether. */
export type SignaalInvoer = Omit<AangeleverdSignaal, 'socialeIncasso'> & { socialeIncasso?: SocialeIncasso }

/**
 * One way of writing for what means the same: postcode `1234AB`, letter and addition upper case.
 * Fields come out in a fixed order, so that equal content is equal text.
 */
export function normaliseSignal(invoer: SignaalInvoer): AangeleverdSignaal {
  const { betrokkene, achterstand, socialeIncasso = {} } = invoer
  return defined({
    referentie: invoer.referentie,
    soort: invoer.soort,
    sector: invoer.sector,
    signaaldatum: invoer.signaaldatum,
    gemeentecode: invoer.gemeentecode,
    klantnummer: invoer.klantnummer,
    betrokkene: defined({
      soort: betrokkene.soort,
      naam: defined({
        voorletters: betrokkene.naam.voorletters,
        voorvoegsel: betrokkene.naam.voorvoegsel,
        geslachtsnaam: betrokkene.naam.geslachtsnaam
      }),
      geboortedatum: betrokkene.geboortedatum,
      burgerservicenummer: betrokkene.burgerservicenummer,
      telefoonnummer: betrokkene.telefoonnummer,
      emailadres: betrokkene.emailadres
    }),
    adres: normaliseAddress(invoer.adres),
    achterstand: defined({
      bedragInCenten: achterstand.bedragInCenten,
      ontstaansdatum: achterstand.ontstaansdatum,
      aantalTermijnen: achterstand.aantalTermijnen
    }),
    socialeIncasso: defined({
      persoonlijkContact: socialeIncasso.persoonlijkContact?.map(({ datum, kanaal }) => ({ datum, kanaal })),
      herinneringen: socialeIncasso.herinneringen,
      gewezenOpSchuldhulpverlening: socialeIncasso.gewezenOpSchuldhulpverlening,
      aanbodGegevensdeling: socialeIncasso.aanbodGegevensdeling,
      reactie: socialeIncasso.reactie
    }),
    betalingsregeling: invoer.betalingsregeling,
    geplandeDatum: invoer.geplandeDatum,
    warmeOverdracht: invoer.warmeOverdracht
  })
}

/** An address in the form in which it is stored and compared. */
export function normaliseAddress<Given extends Partial<Adres> & Pick<Adres, 'postcode' | 'huisnummer'>>(
  adres: Given
): Given {
  return defined({
    straat: adres.straat,
    huisnummer: adres.huisnummer,
    huisletter: adres.huisletter?.toUpperCase(),
    huisnummertoevoeging: adres.huisnummertoevoeging?.toUpperCase(),
    postcode: adres.postcode.replace(' ', '').toUpperCase(),
    woonplaats: adres.woonplaats,
    nummeraanduidingIdentificatie: adres.nummeraanduidingIdentificatie
  }) as Given
}

type Loose<Value> = { [Key in keyof Value]: Value[Key] | undefined }

// Put together anew, for an object that a field was taken out of is slow from then on.
function defined<Value extends object>(value: Loose<Value>): Value {
  const kept: Partial<Value> = {}
  for (const key of Object.keys(value) as (keyof Value)[]) {
    if (value[key] !== undefined) kept[key] = value[key]
  }
  return kept as Value
}
