import { matched } from '../huishoudens/matched.ts'
import { requireMatch, sendResource } from '../platform/http/etag.ts'
import { operation } from '../platform/http/operation.ts'
import { limitOf } from '../platform/http/page.ts'
import { requireRecentDay } from '../platform/http/past-day.ts'
import { notFound } from '../platform/http/problem.ts'
import type { App } from '../platform/http/typebox.ts'
import { noContent } from '../platform/http/wire-schema.ts'
import { logHuishoudens } from '../sporen/log-processing.ts'
import { todayIn } from '../time.ts'
import { callerOf, ownCodes } from '../toegang/caller.ts'
import type { Handeling } from '../toegang/handeling.ts'
import type { Hub } from '../toegang/hub.ts'
import { closeZaak, hasEnded } from './close-zaak.ts'
import { extendZaak, openZaak } from './open-zaak.ts'
import { reopenZaak } from './reopen-zaak.ts'
import { Zaak, ZaakInvoer, ZaakPad, ZaakQuery, Zaakresultaat, ZaakUitbreiding, Zaken } from './zaak-schema.ts'
import { findZaak, listZaken, lockZaak, type Zaakpositie, type ZaakRij } from './zaak-store.ts'

const tag = 'Zaken'
const schrijven = { gemeente: ['zaken:schrijven'] } as const
const lezen = { gemeente: ['zaken:schrijven', 'huishoudens:lezen'] } as const

/** Routes to open, extend, read and close the case of a household. Municipalities only. */
export function zaakRoutes(app: App, hub: Hub): void {
  postVroegsignaalzaak(app, hub)
  getVroegsignaalzaken(app, hub)
  getVroegsignaalzaak(app, hub)
  postZaakVroegsignalen(app, hub)
  putZaakresultaat(app, hub)
  deleteZaakresultaat(app, hub)
}

function postVroegsignaalzaak(app: App, hub: Hub): void {
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
      problems: ['niet-gevonden'],
      headersOut: ['ETag', 'Location', 'Idempotency-Replayed'],
      example: { huishoudenId: '3f9c1f6e-7a54-4d0e-9b7e-0d8a3f2b6c11', datumOpgepakt: '2026-11-26' },
      schema: { body: ZaakInvoer, response: { 201: Zaak } }
    }),
    async (request, reply) => {
      const vandaag = todayIn(hub.clock())
      const { datumOpgepakt = vandaag } = request.body
      requireRecentDay(datumOpgepakt, vandaag, '/datumOpgepakt')
      const zaak = await matched(hub, callerOf(request).gemeentecodes, (isChecking) =>
        hub.write(
          request,
          reply,
          async (handeling) => ({
            status: 201,
            ...(await openZaak(handeling, { ...request.body, datumOpgepakt }, isChecking))
          }),
          (handeling, { id }) => showCase(handeling, id)
        )
      )
      reply.code(201).header('location', `/v1/vroegsignaalzaken/${zaak.id}`)
      return sendResource(hub.keys(), reply, zaak)
    }
  )
}

function getVroegsignaalzaken(app: App, { read, pager }: Hub): void {
  app.get(
    '/vroegsignaalzaken',
    operation({
      operationId: 'getVroegsignaalzaken',
      tag,
      summary: 'Zaken opvragen',
      description:
        'De zaken van uw gemeente, laatst opgepakte eerst. Een signaal dat de partner intussen introk, staat niet meer in `vroegsignaalIds`; de zaak blijft en is af te sluiten.',
      toegang: lezen,
      problems: ['niet-gevonden'],
      headersOut: ['Link'],
      schema: { querystring: ZaakQuery, response: { 200: Zaken } }
    }),
    async (request, reply) => {
      const { huishoudenId, afgesloten, gemeentecode } = request.query
      const filter = { huishoudenId, isOpen: afgesloten === undefined ? undefined : !afgesloten }
      const codes = ownCodes(callerOf(request), gemeentecode)
      const after = pager.after<Zaakpositie>(request)
      return read(request, async (handeling) => {
        const rows = await listZaken(handeling.tx, codes, filter, after, limitOf(request) + 1)
        return { resultaten: await readCases(handeling, pager.page(request, reply, rows, positionOf)) }
      })
    }
  )
}

function getVroegsignaalzaak(app: App, { read }: Hub): void {
  app.get(
    '/vroegsignaalzaken/:id',
    operation({
      operationId: 'getVroegsignaalzaak',
      tag,
      summary: 'Zaak opvragen',
      description: 'Eén zaak.',
      toegang: lezen,
      problems: ['niet-gevonden'],
      headersOut: ['ETag'],
      schema: { params: ZaakPad, response: { 200: Zaak } }
    }),
    async (request, reply) =>
      read(request, async (handeling) => {
        const { tx, caller, keys } = handeling
        const row = await findZaak(tx, caller.gemeentecodes, request.params.id)
        const [zaak] = row === undefined ? [] : await readCases(handeling, [row])
        if (zaak === undefined) throw notFound()
        return sendResource(keys, reply, zaak)
      })
  )
}

function postZaakVroegsignalen(app: App, hub: Hub): void {
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
      problems: ['niet-gevonden'],
      headersOut: ['ETag', 'Idempotency-Replayed'],
      schema: { params: ZaakPad, body: ZaakUitbreiding, response: { 201: Zaak } }
    }),
    async (request, reply) => {
      const zaak = await matched(hub, callerOf(request).gemeentecodes, (isChecking) =>
        hub.write(
          request,
          reply,
          async (handeling) => {
            const current = await holdCase(handeling, request.params.id)
            await extendZaak(handeling, current, request.body.vroegsignaalIds, isChecking)
            return { status: 201, id: current.id, gemeentecode: current.gemeentecode }
          },
          (handeling, { id }) => showCase(handeling, id)
        )
      )
      reply.code(201)
      return sendResource(hub.keys(), reply, zaak)
    }
  )
}

function putZaakresultaat(app: App, { write, clock, destroyNow }: Hub): void {
  app.put(
    '/vroegsignaalzaken/:id/resultaat',
    operation({
      operationId: 'putZaakresultaat',
      tag,
      summary: 'Zaak afsluiten met een resultaat',
      description:
        'Sluit de zaak. Wat het resultaat betekent voor de signalen, de partners en de bewaartermijn staat bij `resultaat`. Een resultaat verandert niet meer, want de partners weten ervan; hetzelfde nog eens sturen mag, en een fout resultaat herroept u met DELETE. Een adres is geen persoon: een feit over één persoon vraagt `betreft` als de signalen over meer personen gaan (422), en dat een inwoner hulp aanvaardde kan alleen als er iemand is bereikt (422). Bij `onterecht-signaal`, en bij `geen-hulp-gewenst` en nul dagen, verdwijnt de zaak meteen: een herhaling geeft dan 404. `If-Match` is de `ETag` van de zaak.',
      toegang: schrijven,
      takes: ['if-match'],
      problems: ['niet-gevonden', 'toestand-staat-dit-niet-toe', 'betrokkene-onduidelijk'],
      example: { resultaat: 'geen-contact', datum: '2026-12-10' },
      schema: { params: ZaakPad, body: Zaakresultaat, response: { 200: Zaakresultaat } }
    }),
    async (request, reply) => {
      const einde = request.body
      requireRecentDay(einde.datum, todayIn(clock()), '/datum')
      let due: readonly string[] = []
      const { gemeentecode } = await write(
        request,
        reply,
        async (handeling) => {
          const current = await holdCase(handeling, request.params.id)
          // The same result again needs no current ETag: a caller that lost the answer may ask again.
          if (!hasEnded(current, einde)) requireMatch(handeling.keys, request, show(current))
          due = await closeZaak(handeling, current, einde)
          return { status: 200, id: current.id, gemeentecode: current.gemeentecode }
        },
        (_, effect) => effect
      )
      if (due.length > 0) await destroyNow(gemeentecode!, due)
      return einde
    }
  )
}

function deleteZaakresultaat(app: App, { write }: Hub): void {
  app.delete(
    '/vroegsignaalzaken/:id/resultaat',
    operation({
      operationId: 'deleteZaakresultaat',
      tag,
      summary: 'Resultaat herroepen',
      description:
        'Herroept een fout resultaat zolang de zaak er is: de partners horen `correctie` en de zaak is weer open met de signalen die er nog zijn; de partners zien hun signaal weer. Wat is vernietigd of ingetrokken, komt niet terug. Valt er niets te herroepen, of heeft het huishouden of een signaal een latere zaak, dan volgt 409. `If-Match` is de `ETag` van de zaak.',
      toegang: schrijven,
      takes: ['if-match'],
      problems: ['niet-gevonden', 'toestand-staat-dit-niet-toe'],
      schema: { params: ZaakPad, response: { 204: noContent('Het resultaat is herroepen.') } }
    }),
    async (request, reply) => {
      const recall = async (handeling: Handeling) => {
        const current = await holdCase(handeling, request.params.id)
        requireMatch(handeling.keys, request, show(current))
        await reopenZaak(handeling, current)
        return { status: 204, id: current.id }
      }
      await write(request, reply, recall, () => undefined)
      return reply.code(204).send() as never
    }
  )
}

async function holdCase({ tx, caller }: Handeling, id: string): Promise<ZaakRij> {
  const row = await lockZaak(tx, caller.gemeentecodes, id)
  if (row === undefined) throw notFound()
  return row
}

async function readCases(handeling: Handeling, rows: readonly ZaakRij[]): Promise<Zaak[]> {
  await logHuishoudens(handeling, 'zaak-inzien', rows)
  return rows.map(show)
}

// Not logged: what the caller did to the case is in the log already.
async function showCase({ tx, caller }: Handeling, id: string): Promise<Zaak> {
  const row = await findZaak(tx, caller.gemeentecodes, id)
  if (row === undefined) throw notFound()
  return show(row)
}

function show(row: ZaakRij): Zaak {
  const { id, gemeentecode, huishoudenId, vroegsignaalIds, buitenResultaat, datumOpgepakt } = row
  const { resultaat, resultaatdatum } = row
  const outside = new Set(buitenResultaat)
  return {
    id,
    gemeentecode,
    huishoudenId,
    vroegsignaalIds,
    datumOpgepakt,
    ...(resultaat !== null && resultaatdatum !== null && { resultaat, resultaatdatum }),
    ...(outside.size > 0 && { betreft: vroegsignaalIds.filter((one) => !outside.has(one)) })
  }
}

function positionOf({ datumOpgepakt, gemeentecode, id }: ZaakRij): Zaakpositie {
  return { datumOpgepakt, gemeentecode, id }
}
