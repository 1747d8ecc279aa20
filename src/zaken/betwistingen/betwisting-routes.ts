import { operation } from '../../platform/http/operation.ts'
import { limitOf } from '../../platform/http/page.ts'
import { bodyFault, type Fault, notFound } from '../../platform/http/problem.ts'
import type { App } from '../../platform/http/typebox.ts'
import type { Caller } from '../../toegang/caller.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import type { Hub } from '../../toegang/hub.ts'
import {
  Betwisting,
  Betwistingen,
  BetwistingInvoer,
  BetwistingPad,
  BetwistingQuery,
  BetwistSignaalPad,
  Reactie,
  ReactieInvoer
} from './betwisting-schema.ts'
import { type BetwistingRij, findBetwisting, listBetwistingen } from './betwisting-store.ts'
import { contestVroegsignaal, respondToBetwisting } from './contest-vroegsignaal.ts'
import { readToelichtingen } from './toelichtingen.ts'

const tag = 'Betwistingen'

/** Routes of contests: a municipality contests a careless signal, the partner answers, and both read them. */
export function betwistingRoutes(app: App, hub: Hub): void {
  postBetwisting(app, hub)
  getBetwistingen(app, hub)
  postBetwistingreactie(app, hub)
}

function postBetwisting(app: App, { write }: Hub): void {
  app.post(
    '/vroegsignalen/:id/betwistingen',
    operation({
      operationId: 'postBetwisting',
      tag,
      summary: 'Signaal betwisten',
      description:
        'Zegt de partner dat het signaal niet gegeven had mogen worden; hij hoort `betwist` en antwoordt. Van een signaal staat hoogstens één betwisting open.',
      toegang: { gemeente: ['zaken:schrijven'] },
      takes: ['idempotency-key'],
      problems: ['niet-gevonden'],
      headersOut: ['Idempotency-Replayed'],
      schema: { params: BetwistSignaalPad, body: BetwistingInvoer, response: { 201: Betwisting } }
    }),
    async (request, reply) => {
      reply.code(201)
      return write(
        request,
        reply,
        async (handeling) => ({
          status: 201,
          ...(await contestVroegsignaal(handeling, request.params.id, request.body))
        }),
        async (handeling, { id }) => {
          const row = await findBetwisting(handeling.tx, id)
          if (row === undefined) throw notFound()
          const [shown] = await readContests(handeling, [row])
          return shown!
        }
      )
    }
  )
}

function getBetwistingen(app: App, { read, pager }: Hub): void {
  app.get(
    '/betwistingen',
    operation({
      operationId: 'getBetwistingen',
      tag,
      summary: 'Betwistingen opvragen',
      description:
        'De betwistingen van signalen die nog niet zijn vernietigd, nieuwste eerst: een gemeente ziet de eigen, een partner die van zijn signalen.',
      toegang: {
        gemeente: ['zaken:schrijven', 'vroegsignalen:lezen'],
        signaalpartner: ['vroegsignalen:lezen', 'terugkoppelingen:lezen']
      },
      headersOut: ['Link'],
      schema: { querystring: BetwistingQuery, response: { 200: Betwistingen } }
    }),
    async (request, reply) => {
      const { vroegsignaalId, beantwoord } = request.query
      const filter = { vroegsignaalId, isOpen: beantwoord === undefined ? undefined : !beantwoord }
      const before = pager.after<string>(request)
      return read(request, async (handeling) => {
        const rows = await listBetwistingen(handeling.tx, filter, before, limitOf(request) + 1)
        const page = pager.page(request, reply, rows, ({ id }) => id)
        return { resultaten: await readContests(handeling, page) }
      })
    }
  )
}

function postBetwistingreactie(app: App, { write, destroyNow }: Hub): void {
  app.post(
    '/betwistingen/:id/reacties',
    operation({
      operationId: 'postBetwistingreactie',
      tag,
      summary: 'Op een betwisting reageren',
      description:
        'Trekt het signaal in of handhaaft het, eenmaal. `ingetrokken` geldt als intrekking wegens `betaald` (reden al-betaald), `betalingsregeling` (regeling-loopt) of anders `foutief`, met de gevolgen daarvan: ook de betwisting wordt dan met het signaal vernietigd.',
      toegang: { signaalpartner: ['vroegsignalen:aanleveren'] },
      takes: ['idempotency-key'],
      problems: ['niet-gevonden'],
      headersOut: ['Idempotency-Replayed'],
      rules: explanationFaults,
      schema: { params: BetwistingPad, body: ReactieInvoer, response: { 201: Reactie } }
    }),
    async (request, reply) => {
      const { id } = request.params
      const { reactie } = request.body
      const { id: resultaat, gemeentecode } = await write(
        request,
        reply,
        async (handeling) => {
          const { vroegsignaalId, gemeentecode } = await respondToBetwisting(handeling, id, request.body)
          return { status: 201, id: `reactie|${vroegsignaalId}`, gemeentecode }
        },
        (_, effect) => effect
      )
      if (reactie === 'ingetrokken') await destroyNow(gemeentecode!, resultaat.split('|').slice(1))
      reply.code(201)
      return { betwistingId: id, reactie }
    }
  )
}

async function readContests(handeling: Handeling, rows: readonly BetwistingRij[]): Promise<Betwisting[]> {
  const texts = await readToelichtingen(handeling, rows)
  return rows.map((row, index) => ({ ...showRow(handeling.caller, row), ...texts[index] }))
}

function showRow({ rol }: Caller, row: BetwistingRij): Betwisting {
  const { id, vroegsignaalId, gemeentecode, signaalpartnerId, reden, reactie, ingediendOp, beantwoordOp } =
    row
  return {
    id,
    vroegsignaalId,
    // The partner may not learn where a signal moved.
    ...(rol === 'gemeente' && { gemeentecode }),
    signaalpartnerId,
    reden,
    ingediendOp: ingediendOp.toISOString(),
    ...(reactie !== null && { reactie }),
    ...(beantwoordOp !== null && { beantwoordOp: beantwoordOp.toISOString() })
  }
}

function explanationFaults({ reactie, toelichting }: { reactie: string; toelichting?: string }): Fault[] {
  if (reactie !== 'gehandhaafd' || toelichting !== undefined) return []
  const detail =
    'Wie een betwist signaal handhaaft, licht dat toe: waarom is het noodzakelijk (criteria van de AP)?'
  return [bodyFault('/toelichting', 'required', detail)]
}
