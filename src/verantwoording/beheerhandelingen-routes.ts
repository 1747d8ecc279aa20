import { operation } from '../platform/http/operation.ts'
import { limitOf } from '../platform/http/page.ts'
import type { App } from '../platform/http/typebox.ts'
import type { Hub } from '../toegang/hub.ts'
import {
  type Beheerhandeling,
  Beheerhandelingen,
  BeheerhandelingenQuery
} from './beheerhandelingen-schema.ts'
import { type BeheerhandelingRij, listBeheerhandelingen } from './beheerhandelingen-store.ts'
import { namesOfClients } from './read-verwerkingen.ts'

// In the place of a client, for what was done by a command on the server.
const opdracht = 'opdracht'

/** Who changed which organisation or client, for the operator. */
export function beheerhandelingenRoutes(app: App, { read, pager }: Hub): void {
  app.get(
    '/beheerhandelingen',
    operation({
      operationId: 'getBeheerhandelingen',
      tag: 'Verantwoording',
      summary: 'Wie wat beheerde',
      description:
        'Wie gemeenten, signaalpartners, overeenkomsten, clients en geheimen toevoegde, wijzigde of introk, nieuwste eerst. Een regel staat er zodra de wijziging is gelukt, verandert nooit, en wordt na vijf jaar vernietigd.',
      toegang: { beheer: ['beheer'] },
      headersOut: ['Link'],
      schema: { querystring: BeheerhandelingenQuery, response: { 200: Beheerhandelingen } }
    }),
    async (request, reply) => {
      const { cursor: _, limit: __, ...filter } = request.query
      const after = pager.after<string>(request)
      return read(request, async (handeling) => {
        const rows = await listBeheerhandelingen(handeling.tx, filter, after, limitOf(request) + 1)
        const page = pager.page(request, reply, rows, ({ id }) => id)
        const names = await namesOfClients(handeling, page)
        return {
          resultaten: page.map((row) =>
            show(row, row.clientId === null ? opdracht : names.get(row.clientId)!)
          )
        }
      })
    }
  )
}

function show(
  { id, op, gebruiker, handeling, objectIds, velden, traceId }: BeheerhandelingRij,
  clientId: string
): Beheerhandeling {
  return {
    id,
    tijdstip: op.toISOString(),
    clientId,
    ...(gebruiker !== null && { gebruiker }),
    handeling,
    objectIds,
    velden,
    traceId
  }
}
