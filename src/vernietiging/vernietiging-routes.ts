import { operation } from '../platform/http/operation.ts'
import { limitOf } from '../platform/http/page.ts'
import { notFound } from '../platform/http/problem.ts'
import type { App } from '../platform/http/typebox.ts'
import { pageQuery, Query } from '../platform/http/wire-schema.ts'
import type { Hub } from '../toegang/hub.ts'
import { Vernietiging, Vernietigingen, VernietigingPad } from './vernietiging-schema.ts'
import { findVernietiging, listVernietigingen, type VernietigingRij } from './vernietiging-store.ts'

const tag = 'Vernietiging'
const toegang = { gemeente: ['verantwoording:lezen'], beheer: ['beheer'] } as const

/** The proof of what was destroyed. */
export function vernietigingRoutes(app: App, hub: Hub): void {
  getVernietigingen(app, hub)
  getVernietiging(app, hub)
}

function getVernietigingen(app: App, { read, pager }: Hub): void {
  app.get(
    '/vernietigingen',
    operation({
      operationId: 'getVernietigingen',
      tag,
      summary: 'Vernietigingen opvragen',
      description:
        'De uitgevoerde vernietigingen met hun bewijs, nieuwste eerst. Een gemeente ziet alleen de eigen.',
      toegang,
      headersOut: ['Link'],
      schema: { querystring: Query(pageQuery), response: { 200: Vernietigingen } }
    }),
    async (request, reply) => {
      const before = pager.after<string>(request)
      const rows = await read(request, ({ tx }) => listVernietigingen(tx, before, limitOf(request) + 1))
      return { resultaten: pager.page(request, reply, rows, ({ id }) => id).map(show) }
    }
  )
}

function getVernietiging(app: App, { read }: Hub): void {
  app.get(
    '/vernietigingen/:id',
    operation({
      operationId: 'getVernietiging',
      tag,
      summary: 'Vernietiging opvragen',
      description: 'Eén vernietiging met haar ondertekende bewijs. Zij verandert nooit.',
      toegang,
      problems: [404],
      extensions: { 'x-onveranderlijk': true },
      schema: { params: VernietigingPad, response: { 200: Vernietiging } }
    }),
    async (request) => {
      const found = await read(request, ({ tx }) => findVernietiging(tx, request.params.id))
      if (found === undefined) throw notFound()
      return show(found)
    }
  )
}

function show({ volgnummer: _, uitgevoerdOp, ...vernietiging }: VernietigingRij): Vernietiging {
  return { ...vernietiging, uitgevoerdOp: uitgevoerdOp.toISOString() }
}
