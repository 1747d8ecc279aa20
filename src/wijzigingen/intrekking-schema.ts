import { type Intrekkingsreden, intrekkingsredenen } from '../begrippen/intrekkingsreden.ts'
import { NamedObject, OneOf, Uuid } from '../platform/http/wire-schema.ts'

const reden = OneOf(Object.keys(intrekkingsredenen) as Intrekkingsreden[], {
  description:
    'Waarom u het signaal intrekt. De persoonsgegevens worden meteen vernietigd, of bij een open zaak als die eindigt; bij foutief en bezwaar altijd meteen, en het meldbewijs geldt niet meer.',
  examples: ['betaald']
})

export const IntrekkingInvoer = NamedObject('IntrekkingInvoer', { reden })

export const Intrekking = NamedObject('Intrekking', {
  vroegsignaalId: Uuid({ description: 'Het ingetrokken signaal.' }),
  reden,
  status: OneOf(['ingetrokken'], { description: 'Stand van het signaal.', examples: ['ingetrokken'] })
})
