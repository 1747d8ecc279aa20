import { aanvaardeHulp } from '../begrippen/eindresultaat.ts'
import { listGemeentecodes } from '../organisaties/gemeenten/gemeente-store.ts'
import { underDuty } from '../platform/database/under-duty.ts'
import { operation } from '../platform/http/operation.ts'
import type { App } from '../platform/http/typebox.ts'
import { listMonitorcijfers } from '../sporen/monitor-store.ts'
import { todayIn } from '../time.ts'
import type { Hub } from '../toegang/hub.ts'
import { Monitor, MonitorQuery } from './monitor-schema.ts'
import { publishMonitorcijfers, toCsv } from './monitorcijfers.ts'
import { periodOf } from './monitorperiode.ts'
import { listAfwijzingcijfers } from './partnercijfers-store.ts'

const csv = 'text/csv; charset=utf-8; header=present'
// Everything that lives is counted anew, for the operator that of the whole country.
const limits = { statementTimeout: 60_000 }

const monitorForms = {
  description: 'De cijfers.',
  content: {
    'application/json': { schema: Monitor },
    'text/csv': {
      schema: {
        type: 'string',
        maxLength: 10_000_000,
        description:
          'Dezelfde cijfers als CSV: een kopregel, dan één aantal per regel (maand, sector, maat, kenmerk, aantal); leeg waar JSON null heeft. Puntkomma’s, alles tussen aanhalingstekens.'
      }
    }
  }
}

/** Routes on the figures of the national monitor. */
export function monitorRoutes(app: App, { readFigures, clock }: Hub): void {
  app.get(
    '/monitor',
    operation({
      operationId: 'getMonitor',
      tag: 'Verantwoording',
      summary: 'Cijfers van de landelijke monitor',
      description:
        'Per maand en sector: opgenomen en afgewezen signalen, huishoudens naar matchsoort, opgepakt, bereikt, hulp aanvaard. De cijfers overleven de vernietiging. Een aantal onder de vijf is null, en een ander aantal ook waar het eerste anders uit te rekenen is. Een signaal dat komt als zijn voorganger al is vernietigd, telt niet als opeenvolgend. Met `Accept: text/csv` als CSV.',
      toegang: { gemeente: ['verantwoording:lezen'], beheer: ['beheer'] },
      problems: ['niet-gevonden'],
      produces: ['application/json', 'text/csv', 'application/problem+json'],
      schema: { querystring: MonitorQuery, response: { 200: monitorForms as never } }
    }),
    async (request, reply) => {
      const { gemeentecode } = request.query
      const monitor = await readFigures(
        request,
        async (handeling) => {
          const { tx, now } = handeling
          const { periode, van, totEnMet } = await periodOf(handeling, request.query, todayIn(clock()))
          const afwijzingen = await listAfwijzingcijfers(tx, periode)
          const gemeentecodes = periode.gemeentecodes ?? (await listGemeentecodes(tx))
          const cijfers = await underDuty(
            tx,
            'teller',
            () => listMonitorcijfers(tx, gemeentecodes, periode, aanvaardeHulp),
            gemeentecodes
          )
          const regels = await publishMonitorcijfers(cijfers, afwijzingen)
          return {
            van,
            totEnMet,
            ...(gemeentecode && { gemeentecode }),
            opgemaaktOp: now.toISOString(),
            cijfers: regels
          }
        },
        limits
      )
      if (request.accepts().type(['application/json', 'text/csv']) !== 'text/csv') return monitor as never
      reply.type(csv).serializer(String)
      return toCsv(monitor.cijfers) as never
    }
  )
}
