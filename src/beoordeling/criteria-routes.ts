import { operation } from '../platform/http/operation.ts'
import type { App } from '../platform/http/typebox.ts'
import { todayIn } from '../time.ts'
import type { Hub } from '../toegang/hub.ts'
import { criteriaOn } from './assess-signal.ts'
import { Criteria, CriteriaQuery } from './criteria-schema.ts'
import type { Criterium } from './criterium.ts'

/** Route to read the criteria as the hub applies them. Open to everyone. */
export function criteriaRoutes(app: App, hub: Hub): void {
  getCriteria(app, hub)
}

function getCriteria(app: App, { clock }: Hub): void {
  app.get(
    '/criteria',
    operation({
      operationId: 'getCriteria',
      tag: 'Criteria',
      summary: 'Criteria opvragen',
      description:
        'Alle regels waaraan een signaal met deze signaaldatum wordt getoetst, met hun grondslag. Zonder token.',
      toegang: 'open',
      extensions: { 'x-volledig': true },
      schema: { querystring: CriteriaQuery, response: { 200: Criteria } }
    }),
    async (request) => ({
      resultaten: criteriaOn(request.query.datum ?? todayIn(clock())).map(show)
    })
  )
}

function show({ criterium, tekst, grondslag, ernst, sectoren, soorten, ingangsdatum, einddatum }: Criterium) {
  return {
    criterium,
    tekst,
    grondslag,
    ernst,
    sectoren: [...sectoren],
    soorten: [...soorten],
    ingangsdatum,
    ...(einddatum !== undefined && { einddatum })
  }
}
