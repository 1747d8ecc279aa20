import Type from 'typebox'
import { Gemeentecode, NamedObject, Uuid } from '../../platform/http/wire-schema.ts'

const gemeentecode = Gemeentecode('CBS-code van de gemeente waar de inwoner nu woont.')

export const DoorzendingPad = Type.Object({ id: Uuid({ description: 'Kenmerk van het signaal.' }) })

export const DoorzendingInvoer = NamedObject('DoorzendingInvoer', { gemeentecode })

export const Doorzending = NamedObject('Doorzending', {
  vroegsignaalId: Uuid({ description: 'Het doorgezonden signaal; u ziet het niet meer.' }),
  gemeentecode
})
