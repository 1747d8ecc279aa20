import Type, { type Static } from 'typebox'
import { betalingsregelingen } from '../begrippen/vroegsignaal.ts'
import { Cents, Day, Flag, Group, NamedObject, OneOf, Whole } from '../platform/http/wire-schema.ts'
import { SocialeIncasso } from '../vroegsignalen/vroegsignaal-schema.ts'

/** The fields of a signal that a partner may correct. Another person or address is another signal. */
export const VroegsignaalWijziging = NamedObject('VroegsignaalWijziging', {
  signaaldatum: Type.Optional(Day({ description: 'Dag waarop u het signaal gaf.' })),
  betrokkene: Type.Optional(
    Group(
      {
        telefoonnummer: Type.Optional(
          Type.Unsafe<string | null>({
            type: ['string', 'null'],
            pattern: '^\\+?[0-9][0-9 ()/-]{4,24}$',
            maxLength: 25,
            description: 'Telefoonnummer; null verwijdert het.',
            examples: ['+31600000000']
          })
        ),
        emailadres: Type.Optional(
          Type.Unsafe<string | null>({
            type: ['string', 'null'],
            format: 'idn-email',
            maxLength: 254,
            description: 'E-mailadres; null verwijdert het.',
            examples: ['a.voorbeeld@example.nl']
          })
        )
      },
      'Contactgegevens die wijzigen.'
    )
  ),
  achterstand: Type.Optional(
    Group(
      {
        bedragInCenten: Type.Optional(
          Cents({ description: 'Hoogte van de achterstand in eurocenten.', examples: [84500] })
        ),
        ontstaansdatum: Type.Optional(
          Day({ description: 'Dag waarop de achterstand ontstond.', examples: ['2026-09-01'] })
        ),
        aantalTermijnen: Type.Optional(
          Whole(1, 1200, { description: 'Aantal onbetaalde termijnen.', examples: [2] })
        )
      },
      'De achterstand, voor zover zij wijzigt.'
    )
  ),
  socialeIncasso: Type.Optional(SocialeIncasso),
  betalingsregeling: Type.Optional(
    OneOf(betalingsregelingen, { description: 'Of er een betalingsregeling is.', examples: ['geen'] })
  ),
  geplandeDatum: Type.Optional(
    Day({ description: 'Geplande dag van afsluiting, ontruiming of royement.', examples: ['2026-12-20'] })
  ),
  warmeOverdracht: Type.Optional(
    Flag({ description: 'U hebt al contact en vraagt de gemeente het over te nemen.' })
  )
})
export type VroegsignaalWijziging = Static<typeof VroegsignaalWijziging>
