import { readMatched } from '../huishoudens/read-matched.ts'
import type { Tx } from '../platform/database/open-database.ts'
import { requireMatch, sendResource } from '../platform/http/etag.ts'
import { once } from '../platform/http/once.ts'
import { operation } from '../platform/http/operation.ts'
import { limitOf } from '../platform/http/page.ts'
import { requireRecentDay } from '../platform/http/past-day.ts'
import { Problem } from '../platform/http/problem.ts'
import type { App } from '../platform/http/typebox.ts'
import { logHouseholds } from '../sporen/log-household.ts'
import { todayIn } from '../time.ts'
import { contextOf, type Inzage, inzageOf, ownCodes } from '../toegang/caller.ts'
import type { Hub } from '../toegang/hub.ts'
import { closeCase, hasEnded } from './close-case.ts'
import { extendCase, openCase } from './open-case.ts'
import { Zaak, ZaakInvoer, ZaakPad, ZaakQuery, Zaakresultaat, ZaakUitbreiding, Zaken } from './zaak-schema.ts'
import { findCase, listCases, lockCase, type Zaakpositie, type ZaakRij } from './zaak-store.ts'

const tag = 'Zaken'
const schrijven = { gemeente: ['zaken:schrijven'] } as const
const lezen = { gemeente: ['zaken:schrijven', 'huishoudens:lezen'] } as const

/** A household's case: taken up, extended, and ended with a result. Municipalities only. */
export function zaakRoutes(app: App, hub: Hub, destroyNow: (gemeentecode: string) => Promise<void>): void {
  const { database, keys, clock, pager } = hub
  const showLogged = async (tx: Tx, inzage: Inzage, rows: readonly ZaakRij[]): Promise<Zaak[]> => {
    await logHouseholds(tx, keys(), inzage, 'zaak-inzien', rows)
    return rows.map(show)
  }
  const required = async (tx: Tx, inzage: Inzage, id: string): Promise<Zaak> => {
    const row = await findCase(tx, inzage.caller.gemeentecodes, id)
    if (row === undefined) throw new Problem('niet-gevonden')
    return show(row)
  }

  app.post(
    '/vroegsignaalzaken',
    operation({
      operationId: 'postVroegsignaalzaak',
      tag,
      summary: 'Zaak openen',
      description:
        'Pakt de wachtende signalen van een huishouden op, of precies de genoemde. Hun status wordt `opgepakt` en de partners horen dat. Een huishouden heeft hoogstens één open zaak.',
      toegang: schrijven,
      takes: ['idempotency-key'],
      problems: [404, 409, 422],
      headersOut: ['ETag', 'Location', 'Idempotency-Replayed'],
      schema: { body: ZaakInvoer, response: { 201: Zaak } }
    }),
    async (request, reply) => {
      const inzage = inzageOf(request, clock)
      const { caller, now } = inzage
      const { datumOpgepakt = todayIn(now) } = request.body
      requireRecentDay(datumOpgepakt, todayIn(now), '/datumOpgepakt')
      const zaak = await readMatched(hub, contextOf(caller), caller.gemeentecodes, async (tx) => {
        const { id } = await once(tx, { request, reply, keys: keys(), now }, async () => ({
          status: 201,
          ...(await openCase(tx, keys(), inzage, { ...request.body, datumOpgepakt }))
        }))
        return required(tx, inzage, id)
      })
      reply.code(201).header('location', `/v1/vroegsignaalzaken/${zaak.id}`)
      return sendResource(keys(), reply, zaak)
    }
  )

  app.get(
    '/vroegsignaalzaken',
    operation({
      operationId: 'getVroegsignaalzaken',
      tag,
      summary: 'Zaken opvragen',
      description:
        'De zaken van uw gemeente, laatst opgepakte eerst. Een signaal dat de partner intussen introk, staat niet meer in `vroegsignaalIds`; de zaak blijft en is af te sluiten.',
      toegang: lezen,
      problems: [404],
      headersOut: ['Link'],
      schema: { querystring: ZaakQuery, response: { 200: Zaken } }
    }),
    async (request, reply) => {
      const inzage = inzageOf(request, clock)
      const { huishoudenId, afgesloten, gemeentecode } = request.query
      const filter = { huishoudenId, isOpen: afgesloten === undefined ? undefined : !afgesloten }
      const codes = ownCodes(inzage.caller, gemeentecode)
      const after = pager.after<Zaakpositie>(request)
      return database.as(contextOf(inzage.caller), async (tx) => {
        const rows = await listCases(tx, codes, filter, after, limitOf(request) + 1)
        return { resultaten: await showLogged(tx, inzage, pager.page(request, reply, rows, positionOf)) }
      })
    }
  )

  app.get(
    '/vroegsignaalzaken/:id',
    operation({
      operationId: 'getVroegsignaalzaak',
      tag,
      summary: 'Zaak opvragen',
      description: 'Eén zaak.',
      toegang: lezen,
      problems: [404],
      headersOut: ['ETag'],
      schema: { params: ZaakPad, response: { 200: Zaak } }
    }),
    async (request, reply) => {
      const inzage = inzageOf(request, clock)
      const [zaak] = await database.as(contextOf(inzage.caller), async (tx) => {
        const row = await findCase(tx, inzage.caller.gemeentecodes, request.params.id)
        return showLogged(tx, inzage, row === undefined ? [] : [row])
      })
      if (zaak === undefined) throw new Problem('niet-gevonden')
      return sendResource(keys(), reply, zaak)
    }
  )

  app.post(
    '/vroegsignaalzaken/:id/vroegsignalen',
    operation({
      operationId: 'postZaakVroegsignalen',
      tag,
      summary: 'Later gekomen signalen in een zaak opnemen',
      description:
        'Neemt signalen die na het openen kwamen op in de open zaak van hetzelfde huishouden. Hun status wordt `opgepakt` en de partners horen dat.',
      toegang: schrijven,
      takes: ['idempotency-key'],
      problems: [404, 409, 422],
      headersOut: ['ETag', 'Idempotency-Replayed'],
      schema: { params: ZaakPad, body: ZaakUitbreiding, response: { 201: Zaak } }
    }),
    async (request, reply) => {
      const inzage = inzageOf(request, clock)
      const { caller, now } = inzage
      const { id } = request.params
      const zaak = await readMatched(hub, contextOf(caller), caller.gemeentecodes, async (tx) => {
        await once(tx, { request, reply, keys: keys(), now }, async () => {
          const current = await lockCase(tx, caller.gemeentecodes, id)
          if (current === undefined) throw new Problem('niet-gevonden')
          await extendCase(tx, keys(), inzage, current, request.body.vroegsignaalIds)
          return { status: 201, id, gemeentecode: current.gemeentecode }
        })
        return required(tx, inzage, id)
      })
      reply.code(201)
      return sendResource(keys(), reply, zaak)
    }
  )

  app.put(
    '/vroegsignaalzaken/:id/resultaat',
    operation({
      operationId: 'putZaakresultaat',
      tag,
      summary: 'Zaak afsluiten met een resultaat',
      description:
        'Sluit de zaak. Wat het resultaat betekent voor de signalen, de partners en de bewaartermijn staat bij `resultaat`. Een resultaat verandert niet meer, want de partners weten ervan; hetzelfde nog eens sturen mag. Bij `geen-hulp-gewenst` en nul dagen verdwijnt de zaak meteen: een herhaling geeft dan 404. `If-Match` is de `ETag` van de zaak.',
      toegang: schrijven,
      takes: ['if-match'],
      problems: [404, 409, 412, 428],
      schema: { params: ZaakPad, body: Zaakresultaat, response: { 200: Zaakresultaat } }
    }),
    async (request) => {
      const inzage = inzageOf(request, clock)
      const { caller, now } = inzage
      requireRecentDay(request.body.datum, todayIn(now), '/datum')
      const { gemeentecode, isDue } = await database.as(contextOf(caller), async (tx) => {
        const current = await lockCase(tx, caller.gemeentecodes, request.params.id)
        if (current === undefined) throw new Problem('niet-gevonden')
        // The same once more is not stale: whoever lost the answer may ask again.
        if (!hasEnded(current, request.body)) requireMatch(keys(), request, show(current))
        return { ...current, ...(await closeCase(tx, keys(), inzage, current, request.body)) }
      })
      if (isDue) await destroyNow(gemeentecode)
      return request.body
    }
  )
}

function show(row: ZaakRij): Zaak {
  const { id, gemeentecode, huishoudenId, vroegsignaalIds, datumOpgepakt, resultaat, resultaatdatum } = row
  return {
    id,
    gemeentecode,
    huishoudenId,
    vroegsignaalIds,
    datumOpgepakt,
    ...(resultaat !== null && resultaatdatum !== null && { resultaat, resultaatdatum })
  }
}

function positionOf({ datumOpgepakt, gemeentecode, id }: ZaakRij): Zaakpositie {
  return { datumOpgepakt, gemeentecode, id }
}
