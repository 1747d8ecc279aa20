import { betwistingsredenen } from '../../begrippen/betwistingsreden.ts'
import { intrekkingsredenen } from '../../begrippen/intrekkingsreden.ts'
import type { Tx } from '../../platform/database/open-database.ts'
import { once } from '../../platform/http/once.ts'
import { operation } from '../../platform/http/operation.ts'
import { limitOf } from '../../platform/http/page.ts'
import { type Fault, Problem } from '../../platform/http/problem.ts'
import type { App } from '../../platform/http/typebox.ts'
import { type Caller, contextOf, type Inzage, inzageOf } from '../../toegang/caller.ts'
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
import { type BetwistingRij, findContest, listContests } from './betwisting-store.ts'
import { contestSignal, readTexts, respondToContest } from './contest-signal.ts'

const tag = 'Betwistingen'

/** A municipality contests a careless signal, the partner answers, and both read what was said. */
export function betwistingRoutes(
  app: App,
  { database, keys, clock, pager }: Hub,
  destroyNow: (gemeentecode: string) => Promise<void>
): void {
  const show = async (tx: Tx, inzage: Inzage, rows: readonly BetwistingRij[]): Promise<Betwisting[]> => {
    const texts = await readTexts(tx, keys(), inzage, rows)
    return rows.map((row, index) => ({ ...showRow(inzage.caller, row), ...texts[index] }))
  }

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
      problems: [404, 409, 422],
      headersOut: ['Idempotency-Replayed'],
      schema: { params: BetwistSignaalPad, body: BetwistingInvoer, response: { 201: Betwisting } }
    }),
    async (request, reply) => {
      const inzage = inzageOf(request, clock)
      reply.code(201)
      return database.as(contextOf(inzage.caller), async (tx) => {
        const { id } = await once(tx, { request, reply, keys: keys(), now: inzage.now }, async () => ({
          status: 201,
          ...(await contestSignal(tx, keys(), inzage, request.params.id, request.body))
        }))
        const row = await findContest(tx, id)
        if (row === undefined) throw new Problem('niet-gevonden')
        const [shown] = await show(tx, inzage, [row])
        return shown!
      })
    }
  )

  app.get(
    '/betwistingen',
    operation({
      operationId: 'getBetwistingen',
      tag,
      summary: 'Betwistingen opvragen',
      description:
        'De betwistingen van signalen die nog niet zijn vernietigd, ook van ingetrokken signalen, nieuwste eerst: een gemeente ziet de eigen, een partner die van zijn signalen.',
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
      const inzage = inzageOf(request, clock)
      return database.as(contextOf(inzage.caller), async (tx) => {
        const rows = await listContests(tx, filter, before, limitOf(request) + 1)
        return {
          resultaten: await show(
            tx,
            inzage,
            pager.page(request, reply, rows, ({ id }) => id)
          )
        }
      })
    }
  )

  app.post(
    '/betwistingen/:id/reacties',
    operation({
      operationId: 'postBetwistingreactie',
      tag,
      summary: 'Op een betwisting reageren',
      description:
        'Trekt het signaal in of handhaaft het, eenmaal. `ingetrokken` geldt als intrekking wegens `betaald` (reden al-betaald), `betalingsregeling` (regeling-loopt) of anders `foutief`: dan worden de persoonsgegevens meteen vernietigd.',
      toegang: { signaalpartner: ['vroegsignalen:aanleveren'] },
      takes: ['idempotency-key'],
      problems: [404, 409, 422],
      headersOut: ['Idempotency-Replayed'],
      rules: explanationFaults,
      schema: { params: BetwistingPad, body: ReactieInvoer, response: { 201: Reactie } }
    }),
    async (request, reply) => {
      const inzage = inzageOf(request, clock)
      const { id } = request.params
      const { reactie } = request.body
      let isDue = false
      const { gemeentecode } = await database.as(contextOf(inzage.caller), (tx) =>
        once(tx, { request, reply, keys: keys(), now: inzage.now }, async () => {
          const betwisting = await respondToContest(tx, keys(), inzage, id, request.body)
          isDue =
            reactie === 'ingetrokken' && intrekkingsredenen[betwistingsredenen[betwisting.reden]].isDestroyed
          return { status: 201, id: `reactie|${id}`, gemeentecode: betwisting.gemeentecode }
        })
      )
      if (isDue) await destroyNow(gemeentecode!)
      reply.code(201)
      return { betwistingId: id, reactie }
    }
  )
}

function showRow({ rol }: Caller, row: BetwistingRij): Betwisting {
  const { id, vroegsignaalId, gemeentecode, signaalpartnerId, reden, reactie, ingediendOp, beantwoordOp } =
    row
  return {
    id,
    vroegsignaalId,
    // Where a signal went after it moved is not the partner's to know.
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
  return [{ in: 'body', location: '/toelichting', code: 'required', detail }]
}
