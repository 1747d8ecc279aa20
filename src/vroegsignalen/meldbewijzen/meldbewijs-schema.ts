import Type from 'typebox'
import { ongeldigheidsredenen } from '../../begrippen/ongeldigheidsreden.ts'
import {
  CleanText,
  Day,
  Flag,
  Formed,
  Gemeentecode,
  Group,
  Instant,
  NamedObject,
  OneOf,
  Uuid
} from '../../platform/http/wire-schema.ts'
import { beoordelingVan } from '../vroegsignaal-schema.ts'

const jws = Formed('^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$', 60_000, {
  description:
    'Het bewijs: een compacte JWS (ES256). Te controleren zonder de hub: zoek de `kid` in `/.well-known/jwks.json`, en eis `typ` `meldbewijs+jws` en deze hub als `iss`. De inhoud is `iss` met de velden van `MeldbewijsControle.melding`.',
  examples: ['eyJhbGciOiJFUzI1NiJ9.eyJyZWZlcmVudGllIjoiSFVVUi0yMDI2LTAwMDEyMyJ9.c2ln']
})

export const Meldbewijs = NamedObject('Meldbewijs', { meldbewijs: jws })

export const MeldbewijsInvoer = NamedObject('MeldbewijsInvoer', {
  meldbewijs: CleanText(60_000, {
    description: 'Het bewijs zoals u het kreeg.',
    examples: ['eyJhbGciOiJFUzI1NiJ9.eyJyZWZlcmVudGllIjoiSFVVUi0yMDI2LTAwMDEyMyJ9.c2ln']
  })
})

export const MeldbewijsControle = NamedObject('MeldbewijsControle', {
  geldig: Flag({
    description: 'Of de hub dit bewijs zo heeft afgegeven, en of het nog geldt.',
    examples: [true]
  }),
  reden: Type.Optional(
    OneOf(ongeldigheidsredenen, {
      description:
        'Waarom een bewijs van de hub niet meer geldt: de partner trok het signaal in als foutief of na bezwaar, of de gemeente vond het onterecht. Ontbreekt bij een bewijs dat niet van deze hub is.',
      examples: ['foutief']
    })
  ),
  melding: Type.Optional(
    Group(
      {
        vroegsignaalId: Uuid({ description: 'Kenmerk van het signaal.' }),
        signaalpartner: Group(
          {
            id: Uuid({ description: 'Kenmerk van de signaalpartner.' }),
            naam: CleanText(200, {
              description: 'Naam van de signaalpartner.',
              examples: ['Woningstichting De Linde']
            })
          },
          'Wie het signaal gaf.'
        ),
        gemeente: Group(
          {
            gemeentecode: Gemeentecode(),
            naam: CleanText(200, { description: 'Naam van de gemeente.', examples: ['Raalte'] })
          },
          'Aan welke gemeente.'
        ),
        referentie: CleanText(64, { description: 'Kenmerk van de partner.', examples: ['HUUR-2026-000123'] }),
        signaaldatum: Day({ description: 'Dag waarop het signaal is gegeven.' }),
        ontvangenOp: Instant({ description: 'Wanneer de hub het ontving.' }),
        criteria: beoordelingVan(
          ['voldaan', 'waarschuwing', 'niet-van-toepassing'],
          'Uitkomst van de toetsing van de opgave van de partner aan elk criterium.'
        ).properties.criteria
      },
      'Wat het bewijs zegt; alleen als het geldig is.'
    )
  )
})
