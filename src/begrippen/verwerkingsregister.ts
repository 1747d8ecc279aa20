import { bewaartermijnen } from './bewaartermijnen.ts'
import type { Verwerkingsactiviteit } from './verwerkingsactiviteit.ts'

/** An entry of the register of processing activities (AVG art. 30), in the words that residents and officers read. */
export type Registerregel = {
  readonly naam: string
  readonly doel: string
  readonly grondslag: string
  readonly betrokkenen: string
  readonly gegevens: string
  readonly bron: string
  readonly ontvangers: string
  readonly bewaartermijn: string
}

const taak = 'AVG art. 6 lid 1, onder c en e; Wgs art. 3 lid 1, onder b, en art. 4; Bgs art. 2 en 3'
const recht = 'AVG art. 6 lid 1, onder c'
const inwoner = 'De inwoner over wie een signaal is gegeven.'
const adresgenoten = 'De inwoners over wie op dit adres een signaal is gegeven.'
const partner = 'De signaalpartner.'
const gemeente = 'De gemeente van het adres, of wie voor haar werkt.'
const signaalgegevens =
  'Naam, adres, contactgegevens en, bij zorgverzekeraars, het burgerservicenummer; hoogte en duur van de achterstand en wat de partner deed.'
const termijn = `Hoogstens ${bewaartermijnen.vroegsignaal.voluit} na ontvangst van het signaal, of de kortere termijn van de gemeente; bij intrekking, wissing of bezwaar meteen vernietigd.`
const metDeZaak = `Met het laatste signaal van de zaak: hoogstens ${bewaartermijnen.vroegsignaal.voluit}.`

type Soort = Omit<Registerregel, 'naam' | 'doel'>

const vanPartner: Soort = {
  grondslag: taak,
  betrokkenen: inwoner,
  gegevens: signaalgegevens,
  bron: partner,
  ontvangers: gemeente,
  bewaartermijn: termijn
}
const vanGemeente: Soort = {
  grondslag: taak,
  betrokkenen: adresgenoten,
  gegevens: signaalgegevens,
  bron: 'De signalen van de partners op dit adres.',
  ontvangers: gemeente,
  bewaartermijn: termijn
}
const inZaak: Soort = {
  ...vanGemeente,
  gegevens: 'Wie het huishouden begeleidt, pogingen tot contact en het eindresultaat.',
  bron: 'De gemeente.',
  bewaartermijn: metDeZaak
}
const terug: Soort = {
  ...vanPartner,
  gegevens: 'Of het signaal is opgepakt, en de uitkomst voor zover de partner die mag weten.',
  bron: 'De gemeente.',
  ontvangers: partner
}
const opVerzoek: Soort = {
  grondslag: recht,
  betrokkenen: 'De inwoner die een recht uitoefent.',
  gegevens: signaalgegevens,
  bron: 'De inwoner, via de gemeente of de partner.',
  ontvangers: gemeente,
  bewaartermijn: 'Van het verzoek zelf blijft alleen deze regel in het logboek.'
}

/** What the register says of each activity; the processing log names one in each line. */
export const verwerkingsregister: Readonly<Record<Verwerkingsactiviteit, Registerregel>> = {
  'vroegsignaal-aannemen': {
    ...vanPartner,
    naam: 'Signaal aannemen',
    doel: 'Een signaal van betalingsachterstanden toetsen en opnemen, zodat de gemeente hulp kan aanbieden.'
  },
  'vroegsignaal-inzien': {
    ...vanPartner,
    naam: 'Signaal inzien',
    doel: 'De gemeente leest een signaal om hulp aan te bieden, of de partner zijn eigen signaal om het bij te houden.',
    ontvangers: `${gemeente} De partner voor zijn eigen signalen.`
  },
  'vroegsignaal-corrigeren': {
    ...vanPartner,
    naam: 'Signaal verbeteren',
    doel: 'Gegevens die niet kloppen, verbeteren (AVG art. 5 lid 1, onder d).'
  },
  'vroegsignaal-intrekken': {
    ...vanPartner,
    naam: 'Signaal intrekken',
    doel: 'Een signaal waarvoor geen doel meer is, uit elke lijst nemen en vernietigen.'
  },
  'vroegsignaal-doorzenden': {
    ...vanGemeente,
    naam: 'Signaal doorzenden',
    doel: 'Het signaal brengen bij de gemeente waar de inwoner nu woont.'
  },
  'vroegsignaal-betwisten': {
    ...vanGemeente,
    naam: 'Signaal betwisten',
    doel: 'Een onzorgvuldig signaal bij de partner aan de orde stellen.',
    ontvangers: partner
  },
  'betwisting-inzien': {
    ...terug,
    naam: 'Betwisting inzien',
    doel: 'De partner of de gemeente leest waarom een signaal is betwist en wat daarop is geantwoord.',
    gegevens: 'De reden van de betwisting, de toelichting en het antwoord.'
  },
  'betwisting-beantwoorden': {
    ...terug,
    naam: 'Betwisting beantwoorden',
    doel: 'De partner antwoordt op een betwisting: hij onderbouwt het signaal of trekt het in.',
    bron: partner,
    ontvangers: gemeente
  },
  'terugkoppeling-inzien': {
    ...terug,
    naam: 'Terugkoppeling inzien',
    doel: 'De partner leest wat er van zijn signaal is geworden, zodat hij de incasso kan opschorten of hervatten (Bgs art. 17).'
  },
  'huishouden-inzien': {
    ...vanGemeente,
    naam: 'Huishouden inzien',
    doel: 'De gemeente leest de signalen op een adres in samenhang, om te bepalen wie het eerst hulp nodig heeft.'
  },
  'adres-aanduiden': {
    ...vanGemeente,
    naam: 'Adres aanduiden',
    doel: 'Vastleggen dat een adres niet klopt of opvalt, zodat er niet voor niets wordt aangebeld.'
  },
  'adres-herleiden': {
    ...vanGemeente,
    naam: 'Adres herleiden',
    doel: 'Na een nieuw adresregister opnieuw bepalen welke signalen op één adres horen.',
    ontvangers: 'Niemand: de hub doet dit zelf.'
  },
  'gemeente-herindelen': {
    ...vanGemeente,
    naam: 'Gemeente herindelen',
    doel: 'Bij een herindeling gaan de signalen, zaken en rechten van inwoners over naar de gemeente waarin de oude opgaat (Wet algemene regels herindeling).',
    ontvangers: 'De gemeente waarin de oude is opgegaan.'
  },
  'zaak-openen': {
    ...inZaak,
    naam: 'Zaak openen',
    doel: 'Een huishouden oppakken om hulp aan te bieden (Wgs art. 4 lid 1).'
  },
  'zaak-uitbreiden': {
    ...inZaak,
    naam: 'Zaak uitbreiden',
    doel: 'Een nieuw signaal op het adres bij de lopende zaak betrekken.'
  },
  'zaak-inzien': {
    ...inZaak,
    naam: 'Zaak inzien',
    doel: 'De gemeente leest hoe het met een huishouden staat.'
  },
  'zaak-afsluiten': {
    ...inZaak,
    naam: 'Zaak afsluiten',
    doel: 'Vastleggen waarop het aanbod van hulp is uitgelopen.'
  },
  'zaak-heropenen': {
    ...inZaak,
    naam: 'Zaak heropenen',
    doel: 'Een onjuist eindresultaat terugnemen.'
  },
  'contactpoging-vastleggen': {
    ...inZaak,
    naam: 'Contactpoging vastleggen',
    doel: 'Bijhouden hoe en wanneer is geprobeerd de inwoner te bereiken.'
  },
  'inzage-verlenen': {
    ...opVerzoek,
    naam: 'Inzage verlenen',
    doel: 'De inwoner laten weten wat er over hem is vastgelegd en wie het zag (AVG art. 15).',
    ontvangers: 'De inwoner.'
  },
  'wissing-uitvoeren': {
    ...opVerzoek,
    naam: 'Wissing uitvoeren',
    doel: 'De gegevens van de inwoner vernietigen (AVG art. 17).'
  },
  'bezwaar-vastleggen': {
    ...opVerzoek,
    naam: 'Bezwaar vastleggen',
    doel: 'Signalen over de inwoner vernietigen en nieuwe weigeren (AVG art. 21).',
    bewaartermijn: `Alleen onomkeerbare kenmerken, ${bewaartermijnen.bezwaar.maanden} maanden of tot het bezwaar wordt ingetrokken.`
  },
  'bezwaar-intrekken': {
    ...opVerzoek,
    naam: 'Bezwaar intrekken',
    doel: 'Signalen over de inwoner weer aannemen.',
    gegevens: 'De onomkeerbare kenmerken van het bezwaar, die hiermee verdwijnen.'
  },
  'rectificatie-uitvoeren': {
    ...opVerzoek,
    naam: 'Gegevens rectificeren',
    doel: 'Gegevens van de inwoner die niet kloppen, verbeteren (AVG art. 16).',
    ontvangers: `${gemeente} De partner die het signaal gaf (AVG art. 19).`,
    bewaartermijn: termijn
  },
  'beperking-vastleggen': {
    ...opVerzoek,
    naam: 'Verwerking beperken',
    doel: 'Signalen over de inwoner laten rusten tot is uitgezocht of zij kloppen (AVG art. 18).',
    bewaartermijn: termijn
  },
  'beperking-opheffen': {
    ...opVerzoek,
    naam: 'Beperking opheffen',
    doel: 'Signalen over de inwoner weer tonen.',
    bewaartermijn: termijn
  },
  'ddas-leveren': {
    naam: 'DDAS-gegevens leveren',
    doel: 'Het CBS gegevens over vroegsignalering geven voor de statistiek (AVG art. 5 lid 1, onder b, en art. 89).',
    grondslag: `${recht}; Wet op het CBS art. 33 lid 1 en 4, en art. 34 voor het burgerservicenummer`,
    betrokkenen: inwoner,
    gegevens:
      'Burgerservicenummer, of anders adres en geboortedatum; soort, bedrag, datums en status van het signaal; pogingen tot contact en eindresultaat. Geen naam en geen contactgegevens.',
    bron: 'De signaalpartner en de gemeente.',
    ontvangers: 'Het CBS, dat de gegevens alleen voor statistiek gebruikt (Wet op het CBS art. 37).',
    bewaartermijn: termijn
  }
}
