import { once } from '../../platform/http/once.ts'
import { operation } from '../../platform/http/operation.ts'
import type { App } from '../../platform/http/typebox.ts'
import { callerOf, contextOf, inzageOf } from '../../toegang/caller.ts'
import type { Hub } from '../../toegang/hub.ts'
import { Doorzending, DoorzendingInvoer, DoorzendingPad } from './doorzending-schema.ts'
import { forwardSignal } from './forward-signal.ts'

/** A signal about somebody who lives elsewhere goes to the municipality where that is. */
export function doorzendingRoutes(app: App, { database, keys, clock }: Hub): void {
  app.post(
    '/vroegsignalen/:id/doorzendingen',
    operation({
      operationId: 'postDoorzending',
      tag: 'Zaken',
      summary: 'Signaal doorzenden',
      description:
        'De inwoner woont elders. Heeft de partner daar een geldende overeenkomst voor de sector, dan verhuist het signaal: hier vervalt het, daar komt het bij met dezelfde datums, bewijzen en bewaartermijn, en de partner hoort `geen-inwoner`. De ontvangende gemeente ziet een gewoon wachtend signaal op het oude adres; de partner ziet niet waarheen het ging. Een zaak die alleen over dit signaal ging, verdwijnt mee; met een ander resultaat dan geen-inwoner volgt 409. Heeft de partner daar geen overeenkomst, dan volgt 403 en verandert er niets.',
      toegang: { gemeente: ['zaken:schrijven'] },
      takes: ['idempotency-key'],
      problems: [404, 409, 422],
      headersOut: ['Idempotency-Replayed'],
      schema: { params: DoorzendingPad, body: DoorzendingInvoer, response: { 201: Doorzending } }
    }),
    async (request, reply) => {
      const caller = callerOf(request)
      const now = clock()
      const { id } = request.params
      const { gemeentecode } = request.body
      await database.as(contextOf(caller), (tx) =>
        once(tx, { request, reply, keys: keys(), now }, async () => {
          const inzage = inzageOf(request, clock)
          await forwardSignal(tx, keys(), inzage, id, gemeentecode)
          return { status: 201, id: `doorzending|${id}` }
        })
      )
      reply.code(201)
      return { vroegsignaalId: id, gemeentecode }
    }
  )
}
