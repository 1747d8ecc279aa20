import type { FastifyReply, FastifyRequest } from 'fastify'
import { requireMatch } from '../platform/http/etag.ts'
import { operation } from '../platform/http/operation.ts'
import { requirePastDay } from '../platform/http/past-day.ts'
import { notFound } from '../platform/http/problem.ts'
import type { App } from '../platform/http/typebox.ts'
import { noContent } from '../platform/http/wire-schema.ts'
import { logHuishoudens } from '../sporen/log-processing.ts'
import { markAdressen } from '../sporen/markering-store.ts'
import { todayIn } from '../time.ts'
import { callerOf } from '../toegang/caller.ts'
import type { Handeling } from '../toegang/handeling.ts'
import type { Hub } from '../toegang/hub.ts'
import { Adresindicatie, HuishoudenPad } from './huishouden-schema.ts'
import { readHuishouden, saveAdresindicatie } from './huishouden-store.ts'
import { matched, upToDate } from './matched.ts'
import { parseHuishouden, readHuishoudens } from './read-huishoudens.ts'

const tag = 'Huishoudens'
const toegang = { gemeente: ['zaken:schrijven'] } as const

/** Routes to mark that a household's address may be wrong, and to remove the mark. Municipalities only. */
export function adresindicatieRoutes(app: App, hub: Hub): void {
  putAdresindicatie(app, hub)
  deleteAdresindicatie(app, hub)
}

function putAdresindicatie(app: App, hub: Hub): void {
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
      problems: ['niet-gevonden'],
      example: { bron: 'laa', datum: '2026-11-26' },
      schema: { params: HuishoudenPad, body: Adresindicatie, response: { 200: Adresindicatie } }
    }),
    async (request, reply) => {
      requirePastDay(request.body.datum, todayIn(hub.clock()), '/datum')
      await indicate(hub, request, reply, request.params.id, request.body)
      return request.body
    }
  )
}

function deleteAdresindicatie(app: App, hub: Hub): void {
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
      problems: ['niet-gevonden'],
      schema: { params: HuishoudenPad, response: { 204: noContent('De aanduiding is verwijderd.') } }
    }),
    async (request, reply) => {
      await indicate(hub, request, reply, request.params.id, null)
      return reply.code(204).send() as never
    }
  )
}

async function indicate(
  hub: Hub,
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
  indicatie: Adresindicatie | null
): Promise<void> {
  const { gemeentecodes } = callerOf(request)
  const change = async (handeling: Handeling, isChecking: boolean) => {
    const { tx, keys } = handeling
    const [row] = upToDate(await readHuishouden(tx, gemeentecodes, id), isChecking)
    const [current] = row === undefined ? [] : await readHuishoudens(handeling, [row])
    if (row === undefined || current === undefined) throw notFound()
    requireMatch(keys, request, parseHuishouden(current))
    await saveAdresindicatie(tx, row.gemeentecode, id, indicatie)
    await markAdressen(tx, [row])
    await logHuishoudens(handeling, 'adres-aanduiden', [row])
    return { status: 200, id }
  }
  await matched(hub, gemeentecodes, (isChecking) =>
    hub.write(
      request,
      reply,
      (handeling) => change(handeling, isChecking),
      () => undefined
    )
  )
}
