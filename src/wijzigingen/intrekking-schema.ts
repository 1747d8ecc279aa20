import { type Intrekkingsreden, intrekkingsredenen } from '../begrippen/intrekkingsreden.ts'
import { NamedObject, OneOf, Uuid } from '../platform/http/wire-schema.ts'

const reden = OneOf(Object.keys(intrekkingsredenen) as Intrekkingsreden[], {
  description:
    'Waarom u het signaal intrekt; bij foutief en bezwaar worden de persoonsgegevens meteen vernietigd.',
  examples: ['betaald']
})

export const IntrekkingInvoer = NamedObject('IntrekkingInvoer', { reden })

export const Intrekking = NamedObject('Intrekking', {
  vroegsignaalId: Uuid({ description: 'Het ingetrokken signaal.' }),
  reden,
  status: OneOf(['ingetrokken'], { description: 'Stand van het signaal.', examples: ['ingetrokken'] })
})
