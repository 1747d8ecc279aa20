import { operation } from '../platform/http/operation.ts'
import { limitOf } from '../platform/http/page.ts'
import { notFound } from '../platform/http/problem.ts'
import type { App } from '../platform/http/typebox.ts'
import { pageQuery, Query } from '../platform/http/wire-schema.ts'
import type { Handeling } from '../toegang/handeling.ts'
import type { Hub } from '../toegang/hub.ts'
import { AbonnementPad, Bezorging, Bezorgingen, BezorgingPad } from './abonnement-schema.ts'
import { findAbonnement } from './abonnement-store.ts'
import { type BezorgingRij, findBezorging, listBezorgingen } from './bezorging-store.ts'
import { deliverAgain, tryAbonnement } from './deliver-again.ts'

const tag = 'Abonnementen'
const toegang = { gemeente: ['abonnementen:beheren'] } as const

/** Routes of what was delivered to a subscription, and by which something is delivered once more. */
export function bezorgingRoutes(app: App, hub: Hub): void {
  getBezorgingen(app, hub)
  postOpnieuw(app, hub)
  postTest(app, hub)
}

function getBezorgingen(app: App, { read, pager }: Hub): void {
  app.get(
    '/abonnementen/:id/bezorgingen',
    operation({
      operationId: 'getBezorgingen',
      tag,
      summary: 'Bezorgingen opvragen',
      description:
        'Wat er bezorgd is, wacht of is opgegeven, nieuwste eerst, met wat er van de laatste poging kwam.',
      toegang,
      problems: ['niet-gevonden'],
      headersOut: ['Link'],
      schema: { params: AbonnementPad, querystring: Query(pageQuery), response: { 200: Bezorgingen } }
    }),
    async (request, reply) => {
      const { id: abonnementId } = request.params
      const before = pager.after<string>(request)
      const rows = await read(request, async ({ tx }) => {
        if ((await findAbonnement(tx, abonnementId)) === undefined) throw notFound()
        return listBezorgingen(tx, abonnementId, before, limitOf(request) + 1)
      })
      return { resultaten: pager.page(request, reply, rows, ({ id }) => id).map(show) }
    }
  )
}

function postOpnieuw(app: App, { write }: Hub): void {
  app.post(
    '/abonnementen/:id/bezorgingen/:bezorgingId/_opnieuw',
    operation({
      operationId: 'bezorgOpnieuw',
      tag,
      summary: 'Opnieuw bezorgen',
      description:
        'Bezorgt een gebeurtenis nog eens, ook als zij al bezorgd of opgegeven was, met dezelfde `webhook-id`. Een uitgeschakeld abonnement schakelt u eerst weer in (409).',
      toegang,
      takes: ['idempotency-key'],
      problems: ['niet-gevonden'],
      headersOut: ['Idempotency-Replayed'],
      schema: { params: BezorgingPad, response: { 200: Bezorging } }
    }),
    async (request, reply) => {
      const { id, bezorgingId } = request.params
      return write(
        request,
        reply,
        async (handeling) => {
          await deliverAgain(handeling, id, bezorgingId)
          return { status: 200, id: bezorgingId }
        },
        (handeling) => requireBezorging(handeling, id, bezorgingId)
      )
    }
  )
}

function postTest(app: App, { write }: Hub): void {
  app.post(
    '/abonnementen/:id/_test',
    operation({
      operationId: 'testAbonnement',
      tag,
      summary: 'Abonnement uitproberen',
      description:
        'Bezorgt binnen een seconde een bericht van de soort `nl.vroegsignalering.proef`, ook als het abonnement is uitgeschakeld. Er is één poging; wat ervan kwam, staat in de bezorgingen.',
      toegang,
      takes: ['idempotency-key'],
      problems: ['niet-gevonden'],
      headersOut: ['Idempotency-Replayed'],
      schema: { params: AbonnementPad, response: { 201: Bezorging } }
    }),
    async (request, reply) => {
      const { id } = request.params
      const bezorging = await write(
        request,
        reply,
        async (handeling) => ({ status: 201, id: await tryAbonnement(handeling, id) }),
        (handeling, made) => requireBezorging(handeling, id, made.id)
      )
      reply.code(201)
      return bezorging
    }
  )
}

async function requireBezorging({ tx }: Handeling, abonnementId: string, id: string): Promise<Bezorging> {
  const row = await findBezorging(tx, abonnementId, id)
  if (row === undefined) throw notFound()
  return show(row)
}

function show(row: BezorgingRij): Bezorging {
  const { id, gemeentecode, gebeurtenisId, soort, op, status, aantalPogingen } = row
  const { laatstePogingOp, volgendePogingOp, httpStatus, fout } = row
  return {
    id,
    gemeentecode,
    gebeurtenisId,
    soort,
    op: op.toISOString(),
    status,
    aantalPogingen,
    ...(laatstePogingOp !== null && { laatstePogingOp: laatstePogingOp.toISOString() }),
    ...(status === 'wacht' && { volgendePogingOp: volgendePogingOp.toISOString() }),
    ...(httpStatus !== null && { httpStatus }),
    ...(fout !== null && { fout })
  }
}
