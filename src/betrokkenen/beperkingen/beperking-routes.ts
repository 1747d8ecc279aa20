import { requireMatch, sendResource } from '../../platform/http/etag.ts'
import { operation } from '../../platform/http/operation.ts'
import { limitOf } from '../../platform/http/page.ts'
import { notFound } from '../../platform/http/problem.ts'
import type { App } from '../../platform/http/typebox.ts'
import { noContent, pageQuery, Query } from '../../platform/http/wire-schema.ts'
import { callerOf } from '../../toegang/caller.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import type { Hub } from '../../toegang/hub.ts'
import { verzoekFaults } from '../verzoek-rules.ts'
import { Beperkingsverzoek } from '../verzoek-schema.ts'
import { Beperking, Beperkingen, BeperkingPad } from './beperking-schema.ts'
import { type BeperkingRij, findBeperking, listBeperkingen } from './beperking-store.ts'
import { endBeperking, restrictBetrokkene } from './restrict-betrokkene.ts'

const tag = 'Betrokkenen'
const toegang = { gemeente: ['betrokkenen:beheren'] } as const

/** Routes by which the signals of a resident rest, and are shown again. */
export function beperkingRoutes(app: App, hub: Hub): void {
  postBeperking(app, hub)
  getBeperkingen(app, hub)
  deleteBeperking(app, hub)
}

function postBeperking(app: App, { write, keys }: Hub): void {
  app.post(
    '/beperkingen',
    operation({
      operationId: 'postBeperking',
      tag,
      summary: 'Verwerking beperken',
      description:
        'Laat de signalen over één inwoner rusten, bijvoorbeeld zolang wordt uitgezocht of zij kloppen (AVG art. 18). Zij staan in geen lijst, zoekresultaat, huishouden of `_deltas` meer, ook niet voor de partner, en worden niet eerder of later vernietigd dan hun termijn. Past de vraag op meer dan één persoon, dan volgt 422. Nieuwe signalen blijven mogelijk.',
      isLookUp: true,
      toegang,
      takes: ['idempotency-key'],
      problems: ['niet-gevonden', 'betrokkene-onduidelijk'],
      headersOut: ['ETag', 'Idempotency-Replayed'],
      rules: verzoekFaults,
      example: {
        naam: { geslachtsnaam: 'Voorbeeld' },
        adres: { postcode: '8101AA', huisnummer: 10 }
      },
      schema: { body: Beperkingsverzoek, response: { 201: Beperking } }
    }),
    async (request, reply) => {
      const beperking = await write(
        request,
        reply,
        async (handeling) => ({ status: 201, ...(await restrictBetrokkene(handeling, request.body)) }),
        requireBeperking
      )
      reply.code(201)
      return sendResource(keys(), reply, beperking)
    }
  )
}

function getBeperkingen(app: App, { read, pager }: Hub): void {
  app.get(
    '/beperkingen',
    operation({
      operationId: 'getBeperkingen',
      tag,
      summary: 'Beperkingen opvragen',
      description: 'De beperkingen die gelden, nieuwste eerst. Over wie zij gaan, staat er niet bij.',
      toegang,
      headersOut: ['Link'],
      schema: { querystring: Query(pageQuery), response: { 200: Beperkingen } }
    }),
    async (request, reply) => {
      const { gemeentecodes } = callerOf(request)
      const before = pager.after<string>(request)
      const rows = await read(request, ({ tx }) =>
        listBeperkingen(tx, gemeentecodes, before, limitOf(request) + 1)
      )
      return { resultaten: pager.page(request, reply, rows, ({ id }) => id).map(show) }
    }
  )
}

function deleteBeperking(app: App, { write, keys }: Hub): void {
  app.delete(
    '/beperkingen/:id',
    operation({
      operationId: 'deleteBeperking',
      tag,
      summary: 'Beperking opheffen',
      description:
        'Toont de signalen weer, voor zover hun termijn niet voorbij is en geen andere beperking ze vasthoudt. `If-Match` is de `ETag` uit het antwoord bij het vastleggen, of `*`.',
      toegang,
      takes: ['if-match'],
      problems: ['niet-gevonden'],
      schema: { params: BeperkingPad, response: { 204: noContent('De beperking is opgeheven.') } }
    }),
    async (request, reply) => {
      const { id } = request.params
      await write(
        request,
        reply,
        async (handeling) => {
          requireMatch(keys(), request, await requireBeperking(handeling, { id }))
          return { status: 204, id, ...(await endBeperking(handeling, id)) }
        },
        () => undefined
      )
      return reply.code(204).send() as never
    }
  )
}

async function requireBeperking({ tx }: Handeling, { id }: { id: string }): Promise<Beperking> {
  const row = await findBeperking(tx, id)
  if (row === undefined) throw notFound()
  return show(row)
}

function show({ id, gemeentecode, vroegsignaalIds, vastgelegdOp, einddatum }: BeperkingRij): Beperking {
  return {
    id,
    gemeentecode,
    aantalVroegsignalen: vroegsignaalIds.length,
    vastgelegdOp: vastgelegdOp.toISOString(),
    ...(einddatum !== null && { einddatum })
  }
}
