import { type Verwerkingsactiviteit, verwerkingsactiviteiten } from '../begrippen/verwerkingsactiviteit.ts'
import { verwerkingsregister } from '../begrippen/verwerkingsregister.ts'
import { operation } from '../platform/http/operation.ts'
import { notFound } from '../platform/http/problem.ts'
import type { App } from '../platform/http/typebox.ts'
import type { Hub } from '../toegang/hub.ts'
import {
  activiteitUrl,
  Verwerkingsactiviteiten,
  VerwerkingsactiviteitPad,
  Verwerkingsregel
} from './verwerking-schema.ts'

const tag = 'Verantwoording'

/** The register of processing activities, for everybody. */
export function verwerkingsregisterRoutes(app: App, hub: Hub): void {
  getVerwerkingsactiviteiten(app, hub)
  getVerwerkingsactiviteit(app, hub)
}

function getVerwerkingsactiviteiten(app: App, { publicUrl }: Hub): void {
  app.get(
    '/verwerkingsactiviteiten',
    operation({
      operationId: 'getVerwerkingsactiviteiten',
      tag,
      summary: 'Register van verwerkingsactiviteiten',
      description:
        'Wat de hub met persoonsgegevens doet: doel, grondslag, gegevens, ontvangers en bewaartermijn van elke activiteit (AVG art. 30). Elke regel van het logboek wijst naar een ervan. Zonder token.',
      toegang: 'open',
      extensions: { 'x-volledig': true },
      schema: { response: { 200: Verwerkingsactiviteiten } }
    }),
    async () => ({ resultaten: verwerkingsactiviteiten.map((id) => show(publicUrl, id)) })
  )
}

function getVerwerkingsactiviteit(app: App, { publicUrl }: Hub): void {
  app.get(
    '/verwerkingsactiviteiten/:id',
    operation({
      operationId: 'getVerwerkingsactiviteit',
      tag,
      summary: 'Verwerkingsactiviteit opvragen',
      description: 'Eén activiteit van het register. Zonder token.',
      toegang: 'open',
      problems: ['niet-gevonden'],
      extensions: { 'x-onveranderlijk': true },
      schema: { params: VerwerkingsactiviteitPad, response: { 200: Verwerkingsregel } }
    }),
    async (request) => {
      const id = verwerkingsactiviteiten.find((one) => one === request.params.id)
      if (id === undefined) throw notFound()
      return show(publicUrl, id)
    }
  )
}

function show(publicUrl: string, id: Verwerkingsactiviteit) {
  return { id, url: activiteitUrl(publicUrl, id), ...verwerkingsregister[id] }
}
