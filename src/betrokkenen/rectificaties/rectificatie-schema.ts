import Type, { type Static } from 'typebox'
import { NamedObject, Uuid } from '../../platform/http/wire-schema.ts'
import { Adres, Betrokkene } from '../../vroegsignalen/vroegsignaal-schema.ts'

const { naam, geboortedatum, burgerservicenummer, telefoonnummer, emailadres } = Betrokkene.properties

/** What is rectified of a signal. */
export const Rectificatieverzoek = NamedObject(
  'Rectificatieverzoek',
  {
    vroegsignaalId: Uuid({ description: 'Het signaal waarin iets niet klopt.' }),
    betrokkene: Type.Optional(
      NamedObject(
        'RectificatieBetrokkene',
        { naam: Type.Optional(naam), geboortedatum, burgerservicenummer, telefoonnummer, emailadres },
        'Wat er over de inwoner niet klopt; wat u weglaat, blijft zoals het is. Een naam vervangt de hele naam.'
      )
    ),
    adres: Type.Optional(Adres)
  },
  'Een verzoek van een inwoner om te verbeteren wie het is, of op welk adres de achterstand is ontstaan.'
)
export type Rectificatieverzoek = Static<typeof Rectificatieverzoek>
