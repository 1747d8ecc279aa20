import Type, { type Static } from 'typebox'
import { contactsoorten, dagdelen } from '../begrippen/contactsoort.ts'
import { eindresultaatlijst, gevolgVan } from '../begrippen/eindresultaat.ts'
import {
  Collection,
  Day,
  Flag,
  Gemeentecode,
  List,
  NamedObject,
  OneOf,
  pageQuery,
  Query,
  Uuid
} from '../platform/http/wire-schema.ts'

const consequences = eindresultaatlijst.map((resultaat) => {
  const { ddas, terugkoppeling, status } = gevolgVan(resultaat)
  return `\`${resultaat}\` (DDAS: ${ddas}): ${terugkoppeling}, ${status}`
})
const listOf = (eigenschap: 'isPersoonsfeit' | 'isNaContact') =>
  eindresultaatlijst
    .filter((one) => gevolgVan(one)[eigenschap])
    .map((one) => `\`${one}\``)
    .join(', ')
const resultaat = OneOf(eindresultaatlijst, {
  description: `Waarmee de zaak eindigt, met wat de partners dan horen en welke status de signalen krijgen. ${consequences.join('; ')}. Bij \`geen-hulp-gewenst\` worden de gegevens vernietigd na \`geenHulpVernietigenNaDagen\`, bij \`onterecht-signaal\` meteen, anders op hun eigen vernietigingsdatum. Een feit over één persoon, dat \`betreft\` vraagt als de zaak over meer personen gaat: ${listOf('isPersoonsfeit')}. Alleen als een inwoner is bereikt (een contactpoging met \`bereikt\`): ${listOf('isNaContact')}.`,
  examples: ['geen-contact']
})

const huishoudenId = Uuid({
  description: 'Het huishouden waarover de zaak gaat.',
  examples: ['3f9c1f6e-7a54-4d0e-9b7e-0d8a3f2b6c11']
})
const signalen = (description: string) =>
  List(Uuid({ description: 'Kenmerk van een signaal.' }), 1000, {
    description,
    minItems: 1,
    uniqueItems: true
  })
const opgepakt = Day({ description: 'Dag waarop de gemeente de zaak oppakte.', examples: ['2026-11-26'] })

export const ZaakInvoer = NamedObject('VroegsignaalzaakInvoer', {
  huishoudenId,
  vroegsignaalIds: Type.Optional(
    signalen('De signalen die worden opgepakt; weggelaten alle die nog wachten.')
  ),
  datumOpgepakt: Type.Optional(opgepakt)
})

export const ZaakUitbreiding = NamedObject('VroegsignaalzaakUitbreiding', {
  vroegsignaalIds: signalen('De later gekomen signalen die in de zaak worden opgenomen.')
})

export const Zaak = NamedObject(
  'Vroegsignaalzaak',
  {
    id: Uuid({
      description: 'Kenmerk van de zaak.',
      examples: ['a1f4c2d8-0b7e-4c55-9d1a-6f2b8e3c7d90']
    }),
    gemeentecode: Gemeentecode(),
    huishoudenId,
    vroegsignaalIds: List(Uuid({ description: 'Kenmerk van een signaal.' }), 100_000, {
      description: 'De lopende signalen waarover de zaak gaat.'
    }),
    datumOpgepakt: opgepakt,
    resultaat: Type.Optional(resultaat),
    resultaatdatum: Type.Optional(
      Day({ description: 'Dag van het resultaat; u geeft hem op als `datum`.', examples: ['2026-12-10'] })
    ),
    betreft: Type.Optional(
      List(Uuid({ description: 'Kenmerk van een signaal.' }), 100_000, {
        description: 'De lopende signalen waarover het resultaat gaat; alleen als dat niet alle zijn.'
      })
    )
  },
  'Wat een gemeente doet met de signalen van één huishouden. Zonder resultaat is de zaak open.'
)
export type Zaak = Static<typeof Zaak>
export const Zaken = Collection('Vroegsignaalzaken', Zaak)

export const ZaakPad = Type.Object({ id: Uuid({ description: 'Kenmerk van de zaak.' }) })

export const ZaakQuery = Query({
  ...pageQuery,
  huishoudenId: Type.Optional(huishoudenId),
  afgesloten: Type.Optional(
    Flag({ description: 'true: alleen zaken met een resultaat; false: alleen open zaken.' })
  ),
  gemeentecode: Type.Optional(Gemeentecode('Alleen deze gemeente; voor uitvoerders van meer gemeenten.'))
})

export const Zaakresultaat = NamedObject('Zaakresultaat', {
  resultaat,
  datum: Day({
    description: 'Dag van het resultaat; de zaak toont hem als `resultaatdatum`.',
    examples: ['2026-12-10']
  }),
  betreft: Type.Optional(
    signalen(
      'De signalen waarover het resultaat gaat; weggelaten alle. Verplicht als het resultaat een feit over één persoon is en de signalen in de zaak over meer personen gaan. Bij zo’n feit tellen de andere signalen over dezelfde persoon mee, tenzij zij ook van een ander kunnen zijn. Van de overige signalen horen de partners `afgerond`.'
    )
  )
})

const contactpoging = {
  soort: OneOf(contactsoorten, { description: 'Hoe contact is gezocht, naar DDAS.', examples: ['telefoon'] }),
  datum: Day({ description: 'Dag van de poging.', examples: ['2026-11-27'] }),
  dagdeel: Type.Optional(
    OneOf(dagdelen, {
      description: 'Ochtend: vóór 12:00; middag: tot 18:00; avond: vanaf 18:00.',
      examples: ['middag']
    })
  ),
  bereikt: Flag({ description: 'Of er werkelijk contact was.', examples: [true] }),
  wenstGeenContact: Type.Optional(
    Flag({
      description:
        'Of de inwoner heeft gezegd niet benaderd te willen worden; weggelaten is dat niet zo. De partners horen het alleen met `toestemmingsdatum`, en niet als de signalen in de zaak over meer dan één persoon gaan.',
      examples: [false]
    })
  ),
  toestemmingsdatum: Type.Optional(
    Day({
      description:
        'Dag waarop de inwoner schriftelijk instemde met het vervolg; met `wenstGeenContact`: ermee instemde dat de partners dat horen.',
      examples: ['2026-11-27']
    })
  )
}

export const ContactpogingInvoer = NamedObject('ContactpogingInvoer', contactpoging)
export const Contactpoging = NamedObject('Contactpoging', {
  id: Uuid({ description: 'Kenmerk van de contactpoging.' }),
  ...contactpoging
})
export type Contactpoging = Static<typeof Contactpoging>
export const Contactpogingen = Collection('Contactpogingen', Contactpoging)
