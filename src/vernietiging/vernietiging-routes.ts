import { operation } from '../platform/http/operation.ts'
import { limitOf } from '../platform/http/page.ts'
import { Problem } from '../platform/http/problem.ts'
import type { App } from '../platform/http/typebox.ts'
import { pageQuery, Query } from '../platform/http/wire-schema.ts'
import { callerOf, contextOf } from '../toegang/caller.ts'
import type { Hub } from '../toegang/hub.ts'
import { Vernietiging, Vernietigingen, VernietigingPad } from './vernietiging-schema.ts'
import { findDestruction, listDestructions, type VernietigingRij } from './vernietiging-store.ts'

const tag = 'Vernietiging'
const toegang = { gemeente: ['verantwoording:lezen'], beheer: ['beheer'] } as const

/** The proof of what was destroyed. */
export function vernietigingRoutes(app: App, { database, pager }: Hub): void {
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
      const rows = await database.as(contextOf(callerOf(request)), (tx) =>
        listDestructions(tx, before, limitOf(request) + 1)
      )
      return { resultaten: pager.page(request, reply, rows, ({ id }) => id).map(show) }
    }
  )

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
      const { id } = request.params
      const found = await database.as(contextOf(callerOf(request)), (tx) => findDestruction(tx, id))
      if (found === undefined) throw new Problem('niet-gevonden')
      return show(found)
    }
  )
}

function show({ volgnummer: _, uitgevoerdOp, ...vernietiging }: VernietigingRij): Vernietiging {
  return { ...vernietiging, uitgevoerdOp: uitgevoerdOp.toISOString() }
}
