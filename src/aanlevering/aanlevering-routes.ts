import { assessSignal, isRefusal } from '../beoordeling/assess-signal.ts'
import { sendResource } from '../platform/http/etag.ts'
import { identify } from '../platform/http/once.ts'
import { operation } from '../platform/http/operation.ts'
import { Problem } from '../platform/http/problem.ts'
import { traceIdOf } from '../platform/http/trace.ts'
import type { App } from '../platform/http/typebox.ts'
import { todayIn } from '../time.ts'
import { callerOf, contextOf, signaalpartnerOf } from '../toegang/caller.ts'
import type { Hub } from '../toegang/hub.ts'
import { plannedDateFaults } from '../vroegsignalen/check-signal.ts'
import { normaliseSignal, type SignaalInvoer } from '../vroegsignalen/normalise-signal.ts'
import { showOwnSignals } from '../vroegsignalen/show-signals.ts'
import { indexesOf } from '../vroegsignalen/signal-indexes.ts'
import { voorbeeldsignaal } from '../vroegsignalen/voorbeeldsignaal.ts'
import { Vroegsignaal, VroegsignaalInvoer } from '../vroegsignalen/vroegsignaal-schema.ts'
import { gatherOmstandigheden } from '../weging/gather-omstandigheden.ts'
import { referenceFault, refusalProblem } from '../weging/refusal-faults.ts'
import { Proefbeoordeling } from './aanlevering-schema.ts'
import type { Ontvangst } from './receive-signals.ts'
import { openSingles } from './receive-singles.ts'

const tag = 'Signalen'

/** The door: one signal, or a trial of one. Partners only. */
export function aanleveringRoutes(app: App, hub: Hub, wakeSweeper: () => void): void {
  const { database, keys, clock } = hub
  const takeIn = openSingles(hub)
  app.post(
    '/vroegsignalen',
    operation({
      operationId: 'postVroegsignaal',
      tag,
      summary: 'Signaal aanleveren',
      description:
        'Neemt één signaal op als het aan alle criteria van de signaaldatum voldoet. Dezelfde referentie met dezelfde inhoud geeft 200 met het signaal zoals het staat, tot het is ingetrokken of afgerond. Van een afgewezen signaal blijft alleen een telling over.',
      toegang: { signaalpartner: ['vroegsignalen:aanleveren'] },
      takes: ['idempotency-key'],
      problems: [404, 409, 422],
      headersOut: ['ETag', 'Location', 'Idempotency-Replayed'],
      example: voorbeeldsignaal,
      rules: plannedDateFaults,
      schema: { body: VroegsignaalInvoer, response: { 200: Vroegsignaal, 201: Vroegsignaal } }
    }),
    async (request, reply) => {
      const received = await takeIn({
        caller: callerOf(request),
        traceId: traceIdOf(request.headers),
        signaal: normaliseSignal(request.body as SignaalInvoer),
        identified: identify(keys(), request)
      })
      if ('refused' in received) throw refusal(received.refused, wakeSweeper)
      const [vroegsignaal] = received.row ? await showOwnSignals(keys(), [received.row]) : []
      if (vroegsignaal === undefined) throw new Problem('niet-gevonden')
      if (received.isReplayed) reply.header('idempotency-replayed', 'true')
      reply
        .code(received.status === 201 ? 201 : 200)
        .header('location', `/v1/vroegsignalen/${vroegsignaal.id}`)
      return sendResource(keys(), reply, vroegsignaal)
    }
  )

  app.post(
    '/proefbeoordelingen',
    operation({
      operationId: 'postProefbeoordeling',
      tag,
      summary: 'Signaal vooraf laten beoordelen',
      description:
        'Beoordeelt een signaal op alle criteria zonder het op te nemen; er wordt niets bewaard, ook geen telling.',
      toegang: { signaalpartner: ['vroegsignalen:aanleveren'] },
      takes: ['idempotency-key'],
      example: voorbeeldsignaal,
      rules: plannedDateFaults,
      schema: { body: VroegsignaalInvoer, response: { 200: Proefbeoordeling } }
    }),
    async (request) => {
      const caller = callerOf(request)
      const signaal = normaliseSignal(request.body as SignaalInvoer)
      const given = [{ signaal, indexes: indexesOf(keys(), signaal) }]
      const signaalpartnerId = signaalpartnerOf(caller)
      const vandaag = todayIn(clock())
      const weging = { signaalpartnerId, vandaag, ontvangstdatum: vandaag }
      const { weighable } = await database.as(contextOf(caller), (tx) =>
        gatherOmstandigheden(tx, weging, given)
      )
      const [weighed] = weighable
      const bevindingen = assessSignal(weighed!.signaal, weighed!.omstandigheden)
      return {
        toelaatbaar: !bevindingen.some(isRefusal),
        beoordeling: {
          criteria: bevindingen.map(({ criterium: { criterium, grondslag }, uitkomst }) => ({
            criterium,
            uitkomst,
            grondslag
          }))
        }
      }
    }
  )
}

function refusal(ontvangst: Ontvangst, wakeSweeper: () => void): Problem {
  if (ontvangst.uitkomst === 'referentie-bestaat') {
    return new Problem('referentie-bestaat', { errors: [referenceFault()] })
  }
  if (ontvangst.uitkomst === 'afgewezen') {
    return refusalProblem(ontvangst.bevindingen)
  }
  wakeSweeper()
  return new Problem('tijdelijk-niet-beschikbaar', {
    detail: 'Deze referentie hoort bij een signaal dat op dit moment wordt vernietigd; probeer het zo weer.',
    headers: { 'retry-after': '5' }
  })
}
