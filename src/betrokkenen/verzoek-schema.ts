import Type, { type Static } from 'typebox'
import { Day, Formed, Gemeentecode, NamedObject, Uuid } from '../platform/http/wire-schema.ts'
import { Zoekvraag } from '../vroegsignalen/vroegsignaal-schema.ts'

const { naam, adres, geboortedatum } = Zoekvraag.properties

/** How a request says who the resident is: by BSN, or by name and address; the rule of the route says which. */
const persoon = {
  burgerservicenummer: Type.Optional(
    Formed('^[0-9]([ .-]?[0-9]){7,8}$', 17, {
      description:
        'Burgerservicenummer van de inwoner; punten en spaties mogen, en een voorloopnul die een rekenblad wegliet komt terug. Ook signalen zonder burgerservicenummer worden gevonden, op naam en adres van die met.',
      examples: ['999990019']
    })
  ),
  naam,
  adres,
  geboortedatum,
  gemeentecode: Type.Optional(
    Gemeentecode(
      'In welke gemeente; alleen nodig als u voor meer gemeenten werkt en het adres dat niet zegt.'
    )
  )
}

/** A request about what is held of one resident. */
export const Betrokkenenverzoek = NamedObject(
  'Betrokkenenverzoek',
  persoon,
  'Een verzoek van een inwoner: wie het is, met een burgerservicenummer, of met naam en adres.'
)
export type Betrokkenenverzoek = Static<typeof Betrokkenenverzoek>

/** A request that says against whose signals a resident objects. */
export const Bezwaarverzoek = NamedObject(
  'Bezwaarverzoek',
  {
    ...persoon,
    signaalpartnerId: Type.Optional(
      Uuid({
        description:
          'De partner tegen wiens signalen het bezwaar is; weglaten voor alle. Een partner hoeft zichzelf niet te noemen.'
      })
    )
  },
  'Een bezwaar van een inwoner: wie het is, en tegen wiens signalen.'
)
export type Bezwaarverzoek = Static<typeof Bezwaarverzoek>

/** A request that may say until when the signals of a resident rest. */
export const Beperkingsverzoek = NamedObject(
  'Beperkingsverzoek',
  {
    ...persoon,
    einddatum: Type.Optional(
      Day({
        description: 'Tot en met wanneer; weglaten om te beperken tot u het opheft.',
        examples: ['2026-12-31']
      })
    )
  },
  'Een verzoek van een inwoner om zijn signalen te laten rusten.'
)
export type Beperkingsverzoek = Static<typeof Beperkingsverzoek>
