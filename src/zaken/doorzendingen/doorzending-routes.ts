import { operation } from '../../platform/http/operation.ts'
import type { App } from '../../platform/http/typebox.ts'
import type { Hub } from '../../toegang/hub.ts'
import { Doorzending, DoorzendingInvoer, DoorzendingPad } from './doorzending-schema.ts'
import { forwardVroegsignaal } from './forward-vroegsignaal.ts'

/** Route to send a signal on to the municipality where the resident lives. Municipalities only. */
export function doorzendingRoutes(app: App, hub: Hub): void {
  postDoorzending(app, hub)
}

function postDoorzending(app: App, { write, destroyNow }: Hub): void {
  app.post(
    '/vroegsignalen/:id/doorzendingen',
    operation({
      operationId: 'postDoorzending',
      tag: 'Zaken',
      summary: 'Signaal doorzenden',
      description:
        'De inwoner woont elders. Heeft de partner daar een geldende overeenkomst voor de sector, dan verhuist het signaal: hier vervalt het, daar komt het bij met dezelfde datums, bewijzen en bewaartermijn, en de partner hoort `geen-inwoner`, voorafgegaan door `opgepakt` als hij dat nog niet hoorde. De ontvangende gemeente ziet een gewoon wachtend signaal op het oude adres. Voor de partner is het signaal voorbij, net als na een zaak met het resultaat `geen-inwoner`: hij ziet niet dat of waarheen het ging, en hoort er niets meer over. Heeft de inwoner daar bezwaar gemaakt, dan wordt het bij aankomst vernietigd. Een zaak die alleen over dit signaal ging, verdwijnt mee; met een ander resultaat dan geen-inwoner volgt 409. Heeft de partner daar geen overeenkomst, dan volgt 403 en verandert er niets.',
      toegang: { gemeente: ['zaken:schrijven'] },
      takes: ['idempotency-key'],
      problems: ['geen-overeenkomst', 'niet-gevonden'],
      headersOut: ['Idempotency-Replayed'],
      example: { gemeentecode: '0193' },
      schema: { params: DoorzendingPad, body: DoorzendingInvoer, response: { 201: Doorzending } }
    }),
    async (request, reply) => {
      const { id } = request.params
      const { gemeentecode } = request.body
      const doorzending = await write(
        request,
        reply,
        async (handeling) => {
          await forwardVroegsignaal(handeling, id, gemeentecode)
          return { status: 201, id: `doorzending|${id}` }
        },
        () => ({ vroegsignaalId: id, gemeentecode })
      )
      // Asked of every one, so that it takes no longer where there was something to destroy.
      await destroyNow(gemeentecode, [id])
      reply.code(201)
      return doorzending
    }
  )
}
