import Type from 'typebox'
import { Gemeentecode, Record, Uuid } from '../../platform/http/wire-schema.ts'

const gemeentecode = Gemeentecode('CBS-code van de gemeente waar de inwoner nu woont.')

export const DoorzendingPad = Type.Object({ id: Uuid({ description: 'Kenmerk van het signaal.' }) })

export const DoorzendingInvoer = Record('DoorzendingInvoer', { gemeentecode })

export const Doorzending = Record('Doorzending', {
  vroegsignaalId: Uuid({ description: 'Het doorgezonden signaal; u ziet het niet meer.' }),
  gemeentecode
})
