import { createHash } from 'node:crypto'
import { bewaartermijnen } from '../../begrippen/bewaartermijnen.ts'
import { eindresultaten } from '../../begrippen/eindresultaat.ts'
import { terugkoppelcodes } from '../../begrippen/terugkoppelcode.ts'
import { criteriumOn } from '../../beoordeling/assess-signal.ts'
import type { IsoDate } from '../../time.ts'
import type { Inzage } from './inzage-schema.ts'

/** To whom the letter is, as the request or else the newest signal names it, and from whom. */
export type Briefhoofd = { readonly gemeente: string; readonly inwoner: string }

type Signaal = Inzage['vroegsignalen'][number]

const style = `
:root { color-scheme: light }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.45 Georgia, 'Times New Roman', serif; color: #000; background: #fff }
h1 { font-size: 1.4rem } h2 { font-size: 1.15rem; margin-top: 2rem } h3 { font-size: 1rem; margin-bottom: .3rem }
table { width: 100%; border-collapse: collapse; margin: .4rem 0 1rem }
th, td { text-align: left; vertical-align: top; padding: .2rem .6rem .2rem 0; border-bottom: 1px solid #bbb; overflow-wrap: anywhere }
th[scope=row] { width: 38%; font-weight: normal; color: #333 }
small { color: #333 }
@page { size: A4; margin: 20mm 18mm }
@media print {
  body { max-width: none; margin: 0; padding: 0; font-size: 10.5pt }
  h2, h3 { break-after: avoid } tr, section.signaal > table:first-of-type { break-inside: avoid } thead { display: table-header-group }
}`

/** The policy for the letter: nothing is loaded or run, and its own style is the only one. */
export const briefbeleid = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** Writes what is held of a resident as a letter in plain Dutch, in HTML that prints. */
export function writeInzagebrief(inzage: Inzage, { gemeente, inwoner }: Briefhoofd): string {
  const parts = [
    ...intro(inzage, gemeente),
    ...inzage.vroegsignalen.map(signaalsectie),
    section('Hoe de signalen zijn gecombineerd', inzage.huishoudens.map(huishouden)),
    section('Wat de gemeente deed', inzage.zaken.map(zaak)),
    section('Wat de organisaties van ons hoorden', [terugkoppelingen(inzage)]),
    section('Waar de gemeente een signaal betwistte', [betwistingen(inzage)]),
    section('Uw bezwaren', [bezwaren(inzage)]),
    section('Wie uw gegevens zag of wijzigde', [verwerkingen(inzage)]),
    rechten()
  ]
  return `<!doctype html>
<html lang="nl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Overzicht van uw gegevens</title>
<style>${style}</style>
</head>
<body>
<p>${text(gemeente)}<br>${dateOf(inzage.opgesteldOp)}</p>
<p>Aan: ${text(inwoner)}</p>
<h1>Overzicht van uw gegevens bij vroegsignalering</h1>
${parts.join('\n')}
</body>
</html>
`
}

function intro({ vroegsignalen, aantalOnzeker }: Inzage, gemeente: string): string[] {
  const held =
    vroegsignalen.length === 0
      ? 'Wij houden op dit moment geen signalen over u.'
      : `Wij houden op dit moment ${vroegsignalen.length === 1 ? 'één signaal' : `${vroegsignalen.length} signalen`} over u. Hieronder staat alles wat daarvan wordt bewaard.`
  const unsure =
    aantalOnzeker === 0
      ? ''
      : `<p>Op uw adres ${aantalOnzeker === 1 ? 'is nog één signaal' : `zijn nog ${aantalOnzeker} signalen`} waarvan niet vaststaat of het over u of over een ander gaat. Dat tonen wij niet. Met uw geboortedatum of voorletters kunnen wij verder zoeken.</p>`
  return [
    `<p>U vroeg welke gegevens ${text(gemeente)} over u heeft (artikel 15 van de Algemene verordening gegevensbescherming). Een verhuurder, een leverancier van energie of water of een zorgverzekeraar geeft een signaal als iemand achter is met betalen. De gemeente moet dan hulp aanbieden (Wet gemeentelijke schuldhulpverlening, artikelen 3 en 4). Alleen daarvoor gebruiken wij uw gegevens, en uiterlijk ${bewaartermijnen.vroegsignaal.voluit} na ontvangst worden zij vernietigd.</p>`,
    `<p>${held}</p>${unsure}`
  ]
}

function signaalsectie(signaal: Signaal, index: number): string {
  const { betrokkene, adres, achterstand, socialeIncasso: incasso } = signaal
  const contact = (incasso.persoonlijkContact ?? []).map(
    ({ datum, kanaal }) => `${dateOf(datum)} (${kanaal})`
  )
  const rows: [string, string | undefined][] = [
    ['Van wie', signaal.signaalpartner.naam],
    ['Kenmerk van die organisatie', signaal.referentie],
    ['Klantnummer', signaal.klantnummer],
    ['Soort', `${signaal.soort}, ${signaal.sector}`],
    ['Datum van het signaal', dateOf(signaal.signaaldatum)],
    ['Ontvangen', instantOf(signaal.ontvangenOp)],
    ['Naam', nameOf(betrokkene.naam)],
    ['Geboortedatum', betrokkene.geboortedatum && dateOf(betrokkene.geboortedatum)],
    ['Burgerservicenummer', betrokkene.burgerservicenummer],
    ['Telefoonnummer', betrokkene.telefoonnummer],
    ['E-mailadres', betrokkene.emailadres],
    ['Adres', adresOf(adres)],
    ['Achterstand', euros(achterstand.bedragInCenten)],
    ['Ontstaan op', dateOf(achterstand.ontstaansdatum)],
    ['Onbetaalde termijnen', achterstand.aantalTermijnen?.toString()],
    ['Betalingsregeling', signaal.betalingsregeling],
    ['Gepland op', signaal.geplandeDatum && dateOf(signaal.geplandeDatum)],
    ['Contact gezocht', contact.join(', ') || undefined],
    ['Herinneringen', (incasso.herinneringen ?? []).map(dateOf).join(', ') || undefined],
    [
      'Gewezen op schuldhulpverlening',
      incasso.gewezenOpSchuldhulpverlening && dateOf(incasso.gewezenOpSchuldhulpverlening)
    ],
    ['Aangeboden gegevens te delen', incasso.aanbodGegevensdeling && dateOf(incasso.aanbodGegevensdeling)],
    ['Uw reactie daarop', incasso.reactie],
    ['Stand', signaal.status],
    ['Wordt uiterlijk vernietigd op', dateOf(signaal.vernietigingsdatum)]
  ]
  return `<section class="signaal"><h2>Signaal ${index + 1}: ${text(signaal.signaalpartner.naam)}</h2>
${facts(rows)}
<h3>Hoe het signaal is beoordeeld</h3>
${table(
  ['Eis', 'Uitkomst', 'Grondslag'],
  (signaal.beoordeling?.criteria ?? []).map(({ criterium, uitkomst, grondslag }) => [
    criteriumOn(criterium, signaal.sector, signaal.signaaldatum)[0]?.tekst ?? criterium,
    uitkomst.replaceAll('-', ' '),
    grondslag
  ])
)}</section>`
}

function huishouden(one: Inzage['huishoudens'][number]): string {
  const { vroegsignaalIds, matchsoorten, totaalbedragInCenten, adresindicatie, crisis, jongere } = one
  const isAlone = matchsoorten !== undefined
  return facts([
    ['Uw signalen op dit adres', String(vroegsignaalIds.length)],
    ['Soort combinatie', matchsoorten?.join(', ')],
    ['Totale achterstand', totaalbedragInCenten === undefined ? undefined : euros(totaalbedragInCenten)],
    ['Bedreigende situatie', isAlone ? yesNo(crisis) : undefined],
    ['Jongere', isAlone ? yesNo(jongere) : undefined],
    [
      'Adres mogelijk onjuist',
      adresindicatie && `${dateOf(adresindicatie.datum)}, volgens ${adresindicatie.bron}`
    ],
    [
      'Anderen op het adres',
      isAlone ? undefined : 'Ook over anderen is een signaal gegeven; dat tonen wij niet.'
    ]
  ])
}

function zaak(one: Inzage['zaken'][number]): string {
  const { resultaat, resultaatdatum, contactpogingen } = one
  const end = resultaat && `${eindresultaten[resultaat].ddas}, ${dateOf(resultaatdatum!)}`
  return `${facts([
    ['Opgepakt op', dateOf(one.datumOpgepakt)],
    ['Resultaat', end]
  ])}${table(
    ['Contactpoging', 'Hoe', 'Contact met iemand op het adres', 'Bijzonderheden'],
    contactpogingen.map(({ datum, dagdeel, soort, bereikt, wenstGeenContact, toestemmingsdatum }) => [
      [dateOf(datum), dagdeel].filter(Boolean).join(', '),
      soort,
      yesNo(bereikt),
      [
        wenstGeenContact && 'wenst geen contact',
        toestemmingsdatum && `toestemming op ${dateOf(toestemmingsdatum)}`
      ]
        .filter(Boolean)
        .join('; ')
    ])
  )}`
}

function terugkoppelingen({ terugkoppelingen: all }: Inzage): string {
  return table(
    ['Wanneer', 'Aan wie', 'Wat'],
    all.map(({ op, signaalpartner, code, incassopauzeTotEnMet }) => [
      instantOf(op),
      signaalpartner.naam,
      `${code}: ${explained(code)}${incassopauzeTotEnMet ? ` (incasso rust tot en met ${dateOf(incassopauzeTotEnMet)})` : ''}`
    ])
  )
}

function explained(code: keyof typeof terugkoppelcodes): string {
  return terugkoppelcodes[code].uitleg.replaceAll('`', '')
}

function betwistingen({ betwistingen: all }: Inzage): string {
  return table(
    ['Wanneer', 'Waarom', 'Antwoord'],
    all.map(({ ingediendOp, reden, toelichting, reactie, toelichtingReactie }) => [
      instantOf(ingediendOp),
      [reden, toelichting].filter(Boolean).join(': '),
      [reactie, toelichtingReactie].filter(Boolean).join(': ')
    ])
  )
}

function bezwaren({ bezwaren: all }: Inzage): string {
  return table(
    ['Geldt tot en met', 'Tegen'],
    all.map(({ einddatum, signaalpartnerId }) => [
      dateOf(einddatum),
      signaalpartnerId === undefined ? 'signalen van alle organisaties' : 'signalen van één organisatie'
    ])
  )
}

function verwerkingen({ verwerkingen: all }: Inzage): string {
  return table(
    ['Wanneer', 'Wie', 'Wat'],
    all.map(({ eersteOp, laatsteOp, door, activiteit, aantal }) => [
      eersteOp === laatsteOp ? instantOf(eersteOp) : `${instantOf(eersteOp)} – ${instantOf(laatsteOp)}`,
      door.gebruiker === undefined ? door.naam : `${door.naam}, medewerker ${door.gebruiker}`,
      `${activiteit.replaceAll('-', ' ')}${aantal > 1 ? ` (${aantal} keer)` : ''}`
    ])
  )
}

function rechten(): string {
  return `<section><h2>Uw rechten</h2>
<p>Klopt er iets niet, dan kunt u ons vragen dat te verbeteren (artikel 16). U kunt ons ook vragen uw gegevens te wissen (artikel 17), het gebruik te beperken (artikel 18), en u kunt bezwaar maken tegen signalen (artikel 21). Bent u het niet met ons eens, dan kunt u een klacht indienen bij de Autoriteit Persoonsgegevens, autoriteitpersoonsgegevens.nl.</p></section>`
}

function section(title: string, parts: readonly string[]): string {
  const body = parts.filter((part) => part !== '').join('\n')
  return body === '' ? '' : `<section><h2>${text(title)}</h2>\n${body}</section>`
}

function facts(rows: readonly (readonly [string, string | undefined])[]): string {
  const lines = rows.flatMap(([name, value]) =>
    value === undefined || value === ''
      ? []
      : [`<tr><th scope="row">${text(name)}</th><td>${text(value)}</td></tr>`]
  )
  return `<table><tbody>${lines.join('')}</tbody></table>`
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const head = heads.map((one) => `<th scope="col">${text(one)}</th>`).join('')
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${text(cell)}</td>`).join('')}</tr>`)
  return `<table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table>`
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;'
}

function text(value: string): string {
  return value.replace(/[&<>"']/g, (character) => escapes[character]!)
}

/** A resident's name as it is written on a letter. */
export function nameOf({ voorletters, voorvoegsel, geslachtsnaam }: Signaal['betrokkene']['naam']): string {
  return [voorletters, voorvoegsel, geslachtsnaam].filter(Boolean).join(' ')
}

function adresOf(adres: Signaal['adres']): string {
  const { straat, huisnummer, huisletter = '', huisnummertoevoeging, postcode, woonplaats } = adres
  const number = [`${huisnummer}${huisletter}`, huisnummertoevoeging].filter(Boolean).join('-')
  return `${[straat, number].filter(Boolean).join(' ')}, ${postcode} ${woonplaats}`
}

function yesNo(value: boolean | undefined): string {
  return value ? 'ja' : 'nee'
}

const money = new Intl.NumberFormat('nl-NL', { style: 'currency', currency: 'EUR' })
const day = new Intl.DateTimeFormat('nl-NL', { dateStyle: 'long', timeZone: 'Europe/Amsterdam' })
const moment = new Intl.DateTimeFormat('nl-NL', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'Europe/Amsterdam'
})

function euros(cents: number): string {
  return money.format(cents / 100)
}

function dateOf(date: IsoDate | string): string {
  return day.format(new Date(date))
}

function instantOf(instant: string): string {
  return moment.format(new Date(instant))
}
