import { assessSignal } from '../beoordeling/assess-signal.ts'
import type { Bevinding } from '../beoordeling/criterium.ts'
import { callerOf, contextOf, signaalpartnerOf } from '../platform/access/caller.ts'
import { sendResource } from '../platform/http/etag.ts'
import { type Effect, once, type Refused } from '../platform/http/once.ts'
import { operation } from '../platform/http/operation.ts'
import { type Fault, Problem } from '../platform/http/problem.ts'
import { traceIdOf } from '../platform/http/trace.ts'
import type { App } from '../platform/http/typebox.ts'
import type { Hub } from '../platform/hub.ts'
import { todayIn } from '../time.ts'
import { showSignals } from '../vroegsignalen/show-signals.ts'
import { indexesOf } from '../vroegsignalen/signal-indexes.ts'
import { isCrisis } from '../vroegsignalen/vroegsignaal.ts'
import { Vroegsignaal, VroegsignaalInvoer } from '../vroegsignalen/vroegsignaal-schema.ts'
import { findSignal } from '../vroegsignalen/vroegsignaal-store.ts'
import { Proefbeoordeling } from './aanlevering-schema.ts'
import { gatherOmstandigheden } from './gather-omstandigheden.ts'
import { normaliseSignal, type SignaalInvoer } from './normalise-signal.ts'
import { isRefusal, type Ontvangst, receiveSignals } from './receive-signals.ts'

const tag = 'Signalen'

/** The door: one signal, or a trial of one. Partners only. */
export function aanleveringRoutes(app: App, { database, keys, clock }: Hub, wakeSweeper: () => void): void {
  app.post(
    '/vroegsignalen',
    operation({
      operationId: 'postVroegsignaal',
      tag,
      summary: 'Signaal aanleveren',
      description:
        'Neemt één signaal op als het aan alle criteria van de signaaldatum voldoet. Dezelfde referentie met dezelfde inhoud geeft 200 met het signaal zoals het staat. Van een afgewezen signaal blijft alleen een telling over.',
      toegang: { signaalpartner: ['vroegsignalen:aanleveren'] },
      takes: ['idempotency-key'],
      problems: [409, 422],
      headersOut: ['ETag', 'Location', 'Idempotency-Replayed'],
      rules: plannedDateFaults,
      schema: { body: VroegsignaalInvoer, response: { 200: Vroegsignaal, 201: Vroegsignaal } }
    }),
    async (request, reply) => {
      const caller = callerOf(request)
      const now = clock()
      const herkomst = {
        signaalpartnerId: signaalpartnerOf(caller),
        clientId: caller.id,
        traceId: traceIdOf(request.headers),
        now
      }
      const signaal = normaliseSignal(request.body as SignaalInvoer)
      const received = await database.as(contextOf(caller), async (tx) => {
        const effect = await once(tx, { request, reply, keys: keys(), now }, async () => {
          const [ontvangst] = await receiveSignals(tx, keys(), herkomst, [signaal])
          return toEffect(ontvangst!)
        })
        return 'refused' in effect ? effect : { effect, row: await findSignal(tx, effect.id) }
      })
      // Thrown only after the commit, for the count of a refusal must stand.
      if ('refused' in received) throw refusal(received.refused, wakeSweeper)
      const [vroegsignaal] = received.row ? await showSignals(keys(), [received.row]) : []
      if (vroegsignaal === undefined) throw new Problem('niet-gevonden')
      reply
        .code(received.effect.status === 201 ? 201 : 200)
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
      rules: plannedDateFaults,
      schema: { body: VroegsignaalInvoer, response: { 200: Proefbeoordeling } }
    }),
    async (request) => {
      const caller = callerOf(request)
      const signaal = normaliseSignal(request.body as SignaalInvoer)
      const given = [{ signaal, indexes: indexesOf(keys(), signaal) }]
      const [gathered] = await database.as(contextOf(caller), (tx) =>
        gatherOmstandigheden(tx, signaalpartnerOf(caller), todayIn(clock()), given)
      )
      const bevindingen = assessSignal(gathered!.signaal, gathered!.omstandigheden)
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

function toEffect(ontvangst: Ontvangst): Effect | Refused<Ontvangst> {
  if (!('id' in ontvangst)) return { refused: ontvangst }
  const { uitkomst, id, gemeentecode } = ontvangst
  return { status: uitkomst === 'opgenomen' ? 201 : 200, id, gemeentecode }
}

function plannedDateFaults({ soort, geplandeDatum }: SignaalInvoer): Fault[] {
  const fault = (code: string, detail: string): Fault[] => [
    { in: 'body', location: '/geplandeDatum', code, detail }
  ]
  if (isCrisis(soort) && geplandeDatum === undefined)
    return fault('required', 'Verplicht bij een crisissoort.')
  if (!isCrisis(soort) && geplandeDatum !== undefined) {
    return fault('paramsCombination', 'Alleen toegestaan bij een crisissoort.')
  }
  return []
}

function refusal(ontvangst: Ontvangst, wakeSweeper: () => void): Problem {
  if (ontvangst.uitkomst === 'referentie-bestaat') {
    const detail = 'Deze referentie hoort bij een signaal met een andere inhoud; gebruik een nieuwe.'
    return new Problem('referentie-bestaat', {
      errors: [{ in: 'body', location: '/referentie', code: 'unique', detail }]
    })
  }
  if (ontvangst.uitkomst === 'afgewezen') return refusedByCriteria(ontvangst.bevindingen)
  wakeSweeper()
  return new Problem('tijdelijk-niet-beschikbaar', {
    detail: 'Deze referentie hoort bij een signaal dat op dit moment wordt vernietigd; probeer het zo weer.',
    headers: { 'retry-after': '5' }
  })
}

function refusedByCriteria(bevindingen: readonly Bevinding[]): Problem {
  const noAgreement = bevindingen.filter(({ criterium }) => criterium.criterium === 'overeenkomst-actief')
  // Without an agreement the rest of the signal is not this partner's to hear about.
  const named = noAgreement.length > 0 ? noAgreement : bevindingen
  return new Problem(noAgreement.length > 0 ? 'geen-overeenkomst' : 'signaal-niet-toelaatbaar', {
    errors: named.map(({ criterium }) => ({
      in: 'body',
      location: criterium.location,
      code: criterium.criterium,
      detail: `${criterium.tekst} ${criterium.herstel}`,
      grondslag: criterium.grondslag
    }))
  })
}
