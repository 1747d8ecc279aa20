import type { FastifyRequest } from 'fastify'
import { requireMatch } from '../platform/http/etag.ts'
import { operation } from '../platform/http/operation.ts'
import { requirePastDay } from '../platform/http/past-day.ts'
import { Problem } from '../platform/http/problem.ts'
import type { App } from '../platform/http/typebox.ts'
import { noContent } from '../platform/http/wire-schema.ts'
import { logHouseholds } from '../sporen/log-household.ts'
import { markAddresses } from '../sporen/markering-store.ts'
import { todayIn } from '../time.ts'
import { callerOf, contextOf, inzageOf } from '../toegang/caller.ts'
import type { Hub } from '../toegang/hub.ts'
import { Adresindicatie, HuishoudenPad } from './huishouden-schema.ts'
import { findHousehold, markAddressInDoubt } from './huishouden-store.ts'
import { readHouseholds } from './read-households.ts'
import { readMatched } from './read-matched.ts'

const tag = 'Huishoudens'
const toegang = { gemeente: ['zaken:schrijven'] } as const

/** The municipality says of a household that its address may be wrong, or takes that back. */
export function adresindicatieRoutes(app: App, hub: Hub): void {
  const { keys, clock } = hub

  const indicate = (request: FastifyRequest, id: string, indicatie: Adresindicatie | null) => {
    const caller = callerOf(request)
    const inzage = inzageOf(request, clock)
    return readMatched(hub, contextOf(caller), caller.gemeentecodes, async (tx) => {
      const row = await findHousehold(tx, caller.gemeentecodes, id)
      const [current] = await readHouseholds(tx, keys(), inzage, row === undefined ? [] : [row])
      if (row === undefined || current === undefined) throw new Problem('niet-gevonden')
      requireMatch(keys(), request, current)
      await markAddressInDoubt(tx, row.gemeentecode, id, indicatie)
      await markAddresses(tx, [row])
      await logHouseholds(tx, keys(), inzage, 'adres-aanduiden', [row])
    })
  }

  app.put(
    '/huishoudens/:id/adresindicatie',
    operation({
      operationId: 'putAdresindicatie',
      tag,
      summary: 'Adres aanduiden als mogelijk onjuist',
      description:
        'Legt vast dat het adres onjuist kan zijn. De aanduiding staat bij het huishouden en vervalt ermee. `If-Match` is de `ETag` van het huishouden.',
      toegang,
      takes: ['if-match'],
      problems: [404, 412, 428],
      schema: { params: HuishoudenPad, body: Adresindicatie, response: { 200: Adresindicatie } }
    }),
    async (request) => {
      requirePastDay(request.body.datum, todayIn(clock()), '/datum')
      await indicate(request, request.params.id, request.body)
      return request.body
    }
  )

  app.delete(
    '/huishoudens/:id/adresindicatie',
    operation({
      operationId: 'deleteAdresindicatie',
      tag,
      summary: 'Aanduiding bij het adres verwijderen',
      description:
        'Neemt de aanduiding terug; zonder aanduiding verandert er niets. `If-Match` is de `ETag` van het huishouden.',
      toegang,
      takes: ['if-match'],
      problems: [404, 412, 428],
      schema: { params: HuishoudenPad, response: { 204: noContent('De aanduiding is verwijderd.') } }
    }),
    async (request, reply) => {
      await indicate(request, request.params.id, null)
      return reply.code(204).send() as never
    }
  )
}
