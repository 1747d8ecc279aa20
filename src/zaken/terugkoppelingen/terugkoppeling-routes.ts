import { operation } from '../../platform/http/operation.ts'
import { limitOf } from '../../platform/http/page.ts'
import type { App } from '../../platform/http/typebox.ts'
import { pageQuery, Query } from '../../platform/http/wire-schema.ts'
import type { Hub } from '../../toegang/hub.ts'
import { readTerugkoppelingen } from './read-terugkoppelingen.ts'
import { Terugkoppelingen } from './terugkoppeling-schema.ts'
import { listTerugkoppelingen } from './terugkoppeling-store.ts'

/** Route of the feed with everything that a partner may hear about its own signals. Partners only. */
export function terugkoppelingRoutes(app: App, hub: Hub): void {
  getTerugkoppelingen(app, hub)
}

function getTerugkoppelingen(app: App, { read, pager }: Hub): void {
  app.get(
    '/terugkoppelingen',
    operation({
      operationId: 'getTerugkoppelingen',
      tag: 'Terugkoppelingen',
      summary: 'Terugkoppelingen opvragen',
      description:
        'Wat gemeenten over uw signalen laten weten, oudste eerst; er komt nooit iets vóór wat u al hebt gelezen. Volg `Link: rel="next"` tot die ontbreekt. De laatste bladzijde geeft `Link: rel="current"`: vraag die later op voor wat er sindsdien is bijgekomen.',
      toegang: { signaalpartner: ['terugkoppelingen:lezen'] },
      headersOut: ['Link'],
      schema: { querystring: Query(pageQuery), response: { 200: Terugkoppelingen } }
    }),
    async (request, reply) => {
      const after = pager.after<number>(request) ?? 0
      return read(request, async (handeling) => {
        const rows = await listTerugkoppelingen(handeling.tx, after, limitOf(request) + 1)
        const page = pager.page(request, reply, rows, ({ volgnummer }) => volgnummer)
        if (page.length === rows.length) pager.resume(request, reply, rows.at(-1)?.volgnummer ?? after)
        return { resultaten: await readTerugkoppelingen(handeling, page) }
      })
    }
  )
}
