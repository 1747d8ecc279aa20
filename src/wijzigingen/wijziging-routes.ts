import type { FastifyRequest } from 'fastify'
import { requireMatch, resourceText } from '../platform/http/etag.ts'
import { operation } from '../platform/http/operation.ts'
import { notFound } from '../platform/http/problem.ts'
import type { App } from '../platform/http/typebox.ts'
import type { Handeling } from '../toegang/handeling.ts'
import type { Hub } from '../toegang/hub.ts'
import { readVroegsignalen } from '../vroegsignalen/read-vroegsignalen.ts'
import {
  type GetoondSignaal,
  parseVroegsignaal,
  showVroegsignalen
} from '../vroegsignalen/show-vroegsignalen.ts'
import { Vroegsignaal, VroegsignaalPad } from '../vroegsignalen/vroegsignaal-schema.ts'
import {
  findVroegsignaal,
  lockVroegsignaal,
  type TeWijzigenRij
} from '../vroegsignalen/vroegsignaal-store.ts'
import { correctVroegsignaal } from './correct-vroegsignaal.ts'
import { Intrekking, IntrekkingInvoer } from './intrekking-schema.ts'
import { VroegsignaalWijziging } from './wijziging-schema.ts'
import { withdrawAfgerond } from './withdraw-afgerond.ts'
import { withdrawVroegsignaal } from './withdraw-vroegsignaal.ts'

const tag = 'Signalen'
const toegang = { signaalpartner: ['vroegsignalen:aanleveren'] } as const

/** Routes to correct or withdraw a signal. Partners only, for their own. */
export function wijzigingRoutes(app: App, hub: Hub): void {
  patchVroegsignaal(app, hub)
  postIntrekking(app, hub)
}

function patchVroegsignaal(app: App, { write }: Hub): void {
  app.patch(
    '/vroegsignalen/:id',
    operation({
      operationId: 'patchVroegsignaal',
      tag,
      summary: 'Signaal corrigeren',
      description:
        'Verbetert bedrag, data of contactgegevens (JSON Merge Patch). De criteria worden opnieuw getoetst; voldoet het signaal niet meer, dan verandert er niets. Blijkt een bezwaar, of wordt een betalingsregeling nagekomen, trek het signaal dan in. De vernietigingsdatum blijft.',
      toegang,
      takes: ['idempotency-key', 'if-match'],
      problems: ['geen-overeenkomst', 'niet-gevonden', 'signaal-niet-toelaatbaar'],
      headersOut: ['ETag', 'Idempotency-Replayed'],
      example: { achterstand: { bedragInCenten: 60_000 } },
      schema: { params: VroegsignaalPad, body: VroegsignaalWijziging, response: { 200: Vroegsignaal } }
    }),
    async (request, reply) =>
      write(
        request,
        reply,
        async (handeling) => {
          const row = await lockMatching(handeling, request, request.params.id)
          await correctVroegsignaal(handeling, row, request.body)
          return { status: 200, id: row.id, gemeentecode: row.gemeentecode }
        },
        async (handeling, { id }) => {
          const { tekst } = await showCorrected(handeling, id)
          return resourceText(handeling.keys, reply, tekst)
        }
      )
  )
}

function postIntrekking(app: App, { write, destroyNow }: Hub): void {
  app.post(
    '/vroegsignalen/:id/intrekkingen',
    operation({
      operationId: 'postIntrekking',
      tag,
      summary: 'Signaal intrekken',
      description:
        'Trekt een signaal in: het verdwijnt meteen uit elke lijst en elke telling, en de persoonsgegevens worden meteen vernietigd. Heeft de gemeente er een open zaak van, dan worden zij vernietigd als die eindigt; bij `foutief` en `bezwaar` ook dan meteen, en het meldbewijs geldt niet meer. Het kan ook als het signaal voor u is afgerond, zo lang er een meldbewijs van is.',
      toegang,
      takes: ['idempotency-key'],
      problems: ['niet-gevonden'],
      headersOut: ['Idempotency-Replayed'],
      schema: { params: VroegsignaalPad, body: IntrekkingInvoer, response: { 201: Intrekking } }
    }),
    async (request, reply) => {
      const { id } = request.params
      const { reden } = request.body
      const { gemeentecode } = await write(
        request,
        reply,
        async (handeling) => {
          const row = await lockVroegsignaal(handeling.tx, id)
          const { gemeentecode } = row ?? (await withdrawAfgerond(handeling, id, reden))
          if (row !== undefined) await withdrawVroegsignaal(handeling, row, reden)
          return { status: 201, id: `intrekking|${id}`, gemeentecode }
        },
        (_, effect) => effect
      )
      // Also for a repeat: the first request may have been cut off between its commit and this.
      await destroyNow(gemeentecode!, [id])
      reply.code(201)
      return { vroegsignaalId: id, reden, status: 'ingetrokken' as const }
    }
  )
}

async function lockMatching(
  handeling: Handeling,
  request: FastifyRequest,
  id: string
): Promise<TeWijzigenRij> {
  const row = await lockVroegsignaal(handeling.tx, id)
  const known = row && (await findVroegsignaal(handeling.tx, id))
  const [current] = known === undefined ? [] : await showVroegsignalen(handeling, [known])
  if (row === undefined || current === undefined) throw notFound()
  requireMatch(handeling.keys, request, parseVroegsignaal(current))
  return row
}

// A repeat corrects nothing, so it is logged as reading; a correction has its log line already.
async function showCorrected(handeling: Handeling, id: string): Promise<GetoondSignaal> {
  const row = await findVroegsignaal(handeling.tx, id)
  const show = handeling.logged.has(id) ? showVroegsignalen : readVroegsignalen
  const [shown] = row === undefined ? [] : await show(handeling, [row])
  if (shown === undefined) throw notFound()
  return shown
}
