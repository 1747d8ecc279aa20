import type { FastifyRequest } from 'fastify'
import { resourceText } from '../platform/http/etag.ts'
import { operation } from '../platform/http/operation.ts'
import { limitOf, type Pager } from '../platform/http/page.ts'
import { bodyFault, invalid, notFound } from '../platform/http/problem.ts'
import type { App } from '../platform/http/typebox.ts'
import { asCollection } from '../platform/http/written-json.ts'
import { type Caller, callerOf } from '../toegang/caller.ts'
import type { Hub } from '../toegang/hub.ts'
import { readVroegsignalen } from './read-vroegsignalen.ts'
import { isAbout, searchKeys } from './search-keys.ts'
import { searchFaults } from './search-rules.ts'
import {
  isExpanded,
  Vroegsignaal,
  VroegsignaalPad,
  Vroegsignalen,
  VroegsignalenQuery,
  Zoekvraag
} from './vroegsignaal-schema.ts'
import { findVroegsignaal, listVroegsignalen, type SignaalRij } from './vroegsignaal-store.ts'

const tag = 'Signalen'
const toegang = { signaalpartner: ['vroegsignalen:lezen'], gemeente: ['vroegsignalen:lezen'] } as const

/** Routes to read and search signals: a partner its own, a municipality those of its residents. */
export function vroegsignaalRoutes(app: App, hub: Hub): void {
  getVroegsignalen(app, hub)
  getVroegsignaal(app, hub)
  zoekVroegsignalen(app, hub)
}

function getVroegsignalen(app: App, { readPage, pager }: Hub): void {
  app.get(
    '/vroegsignalen',
    operation({
      operationId: 'getVroegsignalen',
      tag,
      summary: 'Signalen opvragen',
      description:
        'De lopende signalen, nieuwste eerst: niet ingetrokken en nog niet vernietigd. Een partner ziet de eigen, zolang zij niet zijn afgerond; een gemeente die van haar inwoners.',
      toegang,
      headersOut: ['Link'],
      schema: { querystring: VroegsignalenQuery, response: { 200: Vroegsignalen } }
    }),
    async (request, reply) => {
      const selectie = selectieOf(pager, request)
      const shown = await readPage(request, async (handeling) => {
        const rows = await listVroegsignalen(handeling.tx, handeling.caller, selectie)
        return readVroegsignalen(handeling, pager.page(request, reply, rows, idOf))
      })
      return asCollection(reply, shown)
    }
  )
}

function getVroegsignaal(app: App, { read, keys }: Hub): void {
  app.get(
    '/vroegsignalen/:id',
    operation({
      operationId: 'getVroegsignaal',
      tag,
      summary: 'Signaal opvragen',
      description:
        'Eén lopend signaal: niet ingetrokken, en nog niet vernietigd; voor een partner ook niet afgerond.',
      toegang,
      problems: ['niet-gevonden'],
      headersOut: ['ETag'],
      schema: { params: VroegsignaalPad, response: { 200: Vroegsignaal } }
    }),
    async (request, reply) => {
      const { tekst } = await read(request, async (handeling) => {
        const row = await findVroegsignaal(handeling.tx, request.params.id)
        const [signaal] = row === undefined ? [] : await readVroegsignalen(handeling, [row])
        if (signaal === undefined) throw notFound()
        return signaal
      })
      return resourceText(keys(), reply, tekst)
    }
  )
}

function zoekVroegsignalen(app: App, { readPage, pager }: Hub): void {
  app.post(
    '/vroegsignalen/_zoek',
    operation({
      operationId: 'zoekVroegsignalen',
      tag,
      summary: 'Signalen zoeken',
      description:
        'Een partner zoekt op zijn referentie; een gemeente op burgerservicenummer, op naam met adres, of op adres. Zoeken gaat met een POST, zodat er geen persoonsgegevens in een adres staan.',
      isLookUp: true,
      toegang,
      headersOut: ['Link'],
      rules: searchFaults,
      example: { referentie: 'VOORBEELD-2026-11-25' },
      schema: { querystring: VroegsignalenQuery, body: Zoekvraag, response: { 200: Vroegsignalen } }
    }),
    async (request, reply) => {
      const vraag = request.body
      requireOwnWay(callerOf(request), vraag)
      const selectie = selectieOf(pager, request)
      const shown = await readPage(request, async (handeling) => {
        const { tx, caller } = handeling
        const sleutels = await searchKeys(handeling, vraag)
        const rows = await listVroegsignalen(tx, caller, { ...selectie, sleutels })
        const page = pager.page(request, reply, rows, idOf)
        return readVroegsignalen(handeling, page, (signaal) => isAbout(signaal, vraag))
      })
      return asCollection(reply, shown)
    }
  )
}

function selectieOf(pager: Pager, request: FastifyRequest<{ Querystring: VroegsignalenQuery }>) {
  return {
    before: pager.after<string>(request as FastifyRequest),
    limit: limitOf(request as FastifyRequest) + 1,
    metBeoordeling: isExpanded(request.query.expand)
  }
}

function idOf({ id }: SignaalRij): string {
  return id
}

function requireOwnWay({ rol }: Caller, { referentie }: Zoekvraag): void {
  const isByReference = referentie !== undefined
  if (isByReference === (rol === 'signaalpartner')) return
  const detail = isByReference
    ? 'Een referentie is van de partner; zoek op persoon of adres.'
    : 'Een partner zoekt alleen op zijn eigen referentie.'
  throw invalid([bodyFault('', 'paramsCombination', detail)])
}
