import type { FastifyRequest } from 'fastify'
import { intrekkingsredenen } from '../begrippen/intrekkingsreden.ts'
import { requireMatch, sendResource } from '../platform/http/etag.ts'
import { once } from '../platform/http/once.ts'
import { operation } from '../platform/http/operation.ts'
import { Problem } from '../platform/http/problem.ts'
import { traceIdOf } from '../platform/http/trace.ts'
import type { App } from '../platform/http/typebox.ts'
import { callerOf, contextOf, signaalpartnerOf } from '../toegang/caller.ts'
import type { Hub } from '../toegang/hub.ts'
import { showOwnSignals } from '../vroegsignalen/show-signals.ts'
import { Vroegsignaal, VroegsignaalPad } from '../vroegsignalen/vroegsignaal-schema.ts'
import { findSignal, lockSignal } from '../vroegsignalen/vroegsignaal-store.ts'
import { correctSignal } from './correct-signal.ts'
import { Intrekking, IntrekkingInvoer } from './intrekking-schema.ts'
import { VroegsignaalWijziging } from './wijziging-schema.ts'
import { withdrawSignal } from './withdraw-signal.ts'

const tag = 'Signalen'
const toegang = { signaalpartner: ['vroegsignalen:aanleveren'] } as const

/** What a partner does with its own signal afterwards: correct it, or withdraw it. */
export function wijzigingRoutes(
  app: App,
  { database, keys, clock }: Hub,
  destroyNow: (gemeentecode: string) => Promise<void>
): void {
  const herkomstOf = (request: FastifyRequest) => {
    const caller = callerOf(request)
    return {
      signaalpartnerId: signaalpartnerOf(caller),
      clientId: caller.id,
      traceId: traceIdOf(request.headers),
      now: clock()
    }
  }

  app.patch(
    '/vroegsignalen/:id',
    operation({
      operationId: 'patchVroegsignaal',
      tag,
      summary: 'Signaal corrigeren',
      description:
        'Verbetert bedrag, data of contactgegevens (JSON Merge Patch). De criteria worden opnieuw getoetst; voldoet het signaal niet meer, dan verandert er niets. De vernietigingsdatum blijft.',
      toegang,
      takes: ['idempotency-key', 'if-match'],
      problems: [404, 409, 412, 422, 428],
      headersOut: ['ETag', 'Idempotency-Replayed'],
      schema: { params: VroegsignaalPad, body: VroegsignaalWijziging, response: { 200: Vroegsignaal } }
    }),
    async (request, reply) => {
      const { id } = request.params
      const now = clock()
      const corrected = await database.as(contextOf(callerOf(request)), async (tx) => {
        await once(tx, { request, reply, keys: keys(), now }, async () => {
          const row = await lockSignal(tx, id)
          const [current] =
            row === undefined ? [] : await showOwnSignals(keys(), [(await findSignal(tx, id))!])
          if (row === undefined || current === undefined) throw new Problem('niet-gevonden')
          requireMatch(keys(), request, current)
          await correctSignal(tx, keys(), herkomstOf(request), row, request.body)
          return { status: 200, id, gemeentecode: row.gemeentecode }
        })
        return findSignal(tx, id)
      })
      const [shown] = corrected === undefined ? [] : await showOwnSignals(keys(), [corrected])
      if (shown === undefined) throw new Problem('niet-gevonden')
      return sendResource(keys(), reply, shown)
    }
  )

  app.post(
    '/vroegsignalen/:id/intrekkingen',
    operation({
      operationId: 'postIntrekking',
      tag,
      summary: 'Signaal intrekken',
      description:
        'Trekt een signaal in: het verdwijnt meteen uit elke lijst. Bij `foutief` en `bezwaar` worden de persoonsgegevens meteen vernietigd.',
      toegang,
      takes: ['idempotency-key'],
      problems: [404, 409, 422],
      headersOut: ['Idempotency-Replayed'],
      schema: { params: VroegsignaalPad, body: IntrekkingInvoer, response: { 201: Intrekking } }
    }),
    async (request, reply) => {
      const { id } = request.params
      const { reden } = request.body
      const now = clock()
      const effect = await database.as(contextOf(callerOf(request)), (tx) =>
        once(tx, { request, reply, keys: keys(), now }, async () => {
          const row = await lockSignal(tx, id)
          if (row === undefined) throw new Problem('niet-gevonden')
          await withdrawSignal(tx, keys(), herkomstOf(request), row, reden)
          return { status: 201, id: `intrekking|${id}`, gemeentecode: row.gemeentecode }
        })
      )
      // Also at a repeat: the first time may have ended between the commit and this.
      if (intrekkingsredenen[reden].isDestroyed) await destroyNow(effect.gemeentecode!)
      reply.code(201)
      return { vroegsignaalId: id, reden, status: 'ingetrokken' as const }
    }
  )
}
