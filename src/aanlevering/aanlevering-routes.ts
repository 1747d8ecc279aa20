import { isRefusal } from '../beoordeling/assess-signal.ts'
import { resourceText } from '../platform/http/etag.ts'
import { operation } from '../platform/http/operation.ts'
import { later, notFound, Problem } from '../platform/http/problem.ts'
import type { App } from '../platform/http/typebox.ts'
import { todayIn } from '../time.ts'
import { signaalpartnerOf } from '../toegang/caller.ts'
import type { Handeling } from '../toegang/handeling.ts'
import { actorOf, type Hub } from '../toegang/hub.ts'
import { identify } from '../toegang/once.ts'
import { signaalFaults } from '../vroegsignalen/check-vroegsignaal.ts'
import { identifyVroegsignaal } from '../vroegsignalen/identify-vroegsignaal.ts'
import { normaliseVroegsignaal } from '../vroegsignalen/normalise-vroegsignaal.ts'
import { readAbsent } from '../vroegsignalen/read-absent.ts'
import { voorbeeldsignaal } from '../vroegsignalen/voorbeeldsignaal.ts'
import { type SignaalInvoer, Vroegsignaal, VroegsignaalInvoer } from '../vroegsignalen/vroegsignaal-schema.ts'
import { afwijzingProblem, referentieFault } from '../weging/afwijzing-problem.ts'
import { weighVroegsignalen } from '../weging/weigh-vroegsignalen.ts'
import { Proefbeoordeling } from './aanlevering-schema.ts'
import { countSingle } from './count-intake.ts'
import { logTrial } from './log-trial.ts'
import type { Ontvangst } from './ontvangst.ts'
import { openSingles } from './receive-singles.ts'

const tag = 'Signalen'
const toegang = { signaalpartner: ['vroegsignalen:aanleveren'] } as const

/** Routes to send one signal, and to have one assessed without keeping it. Partners only. */
export function aanleveringRoutes(app: App, hub: Hub): void {
  postVroegsignaal(app, hub)
  postProefbeoordeling(app, hub)
}

function postVroegsignaal(app: App, hub: Hub): void {
  const takeIn = openSingles(hub)
  app.post(
    '/vroegsignalen',
    operation({
      operationId: 'postVroegsignaal',
      tag,
      summary: 'Signaal aanleveren',
      description:
        'Neemt één signaal op als het aan alle criteria van de signaaldatum voldoet. Dezelfde referentie met dezelfde inhoud geeft 200 met het signaal zoals het staat, tot het is ingetrokken of afgerond. Van een afgewezen signaal blijft alleen een telling over.',
      isIntake: true,
      toegang,
      takes: ['idempotency-key'],
      problems: ['geen-overeenkomst', 'niet-gevonden', 'referentie-bestaat', 'signaal-niet-toelaatbaar'],
      headersOut: ['ETag', 'Location', 'Idempotency-Replayed'],
      example: voorbeeldsignaal,
      reads: readAbsent,
      rules: signaalFaults,
      schema: { body: VroegsignaalInvoer, response: { 200: Vroegsignaal, 201: Vroegsignaal } }
    }),
    async (request, reply) => {
      const answer = await takeIn({
        ...actorOf(request),
        signaal: normaliseVroegsignaal(request.body),
        identified: identify(hub.keys(), request)
      })
      countSingle(hub.metrics.counts, answer)
      if ('refused' in answer) throw refusal(answer.refused, hub.wakeSweeper)
      const { status, isReplayed, vroegsignaal } = answer
      if (vroegsignaal === undefined) throw notFound()
      if (isReplayed) reply.header('idempotency-replayed', 'true')
      reply.code(status === 201 ? 201 : 200).header('location', `/v1/vroegsignalen/${vroegsignaal.id}`)
      return resourceText(hub.keys(), reply, vroegsignaal.tekst)
    }
  )
}

function postProefbeoordeling(app: App, { read }: Hub): void {
  app.post(
    '/proefbeoordelingen',
    operation({
      operationId: 'postProefbeoordeling',
      tag,
      summary: 'Signaal vooraf laten beoordelen',
      description:
        'Beoordeelt een signaal op alle criteria zonder het op te nemen; het wordt niet bewaard en niet geteld. Een geregistreerd bezwaar van de betrokkene telt hier alleen bij een klant over wie u al eerder een signaal gaf; dan staat de proef in het logboek van verwerkingen. Een proef telt mee als zoekvraag: daarvan mag een client er een vast aantal per dag. Voor een heel bestand is er de proefaanlevering.',
      isIntake: true,
      isLookUp: true,
      toegang,
      takes: ['idempotency-key'],
      isRemembered: false,
      example: voorbeeldsignaal,
      reads: readAbsent,
      rules: signaalFaults,
      schema: { body: VroegsignaalInvoer, response: { 200: Proefbeoordeling } }
    }),
    async (request) => read(request, (handeling) => tryOut(handeling, request.body))
  )
}

async function tryOut(handeling: Handeling, invoer: SignaalInvoer) {
  const { keys, caller, now } = handeling
  const vandaag = todayIn(now)
  const { signals } = await weighVroegsignalen(
    handeling,
    { vandaag, ontvangstdatum: vandaag, isTrial: true },
    [identifyVroegsignaal(keys, signaalpartnerOf(caller), normaliseVroegsignaal(invoer))]
  )
  await logTrial(handeling, signals)
  const { bevindingen } = signals[0]!
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

function refusal(ontvangst: Ontvangst, wakeSweeper: () => void): Problem {
  if (ontvangst.uitkomst === 'referentie-bestaat') {
    return new Problem('referentie-bestaat', { errors: [referentieFault()] })
  }
  if (ontvangst.uitkomst === 'afgewezen') return afwijzingProblem(ontvangst.bevindingen)
  wakeSweeper()
  return later(
    5,
    'Deze referentie hoort bij een signaal dat op dit moment wordt vernietigd; probeer het zo weer.'
  )
}
