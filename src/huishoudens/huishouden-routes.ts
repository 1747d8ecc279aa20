import { etagOf } from '../platform/http/etag.ts'
import { operation } from '../platform/http/operation.ts'
import { limitOf } from '../platform/http/page.ts'
import { bodyFault, type Fault, notFound } from '../platform/http/problem.ts'
import type { App } from '../platform/http/typebox.ts'
import { pageQuery, Query } from '../platform/http/wire-schema.ts'
import { asCollection, asJson } from '../platform/http/written-json.ts'
import { callerOf, ownCodes } from '../toegang/caller.ts'
import type { Handeling } from '../toegang/handeling.ts'
import type { Hub } from '../toegang/hub.ts'
import { isAbout, searchKeys } from '../vroegsignalen/search-keys.ts'
import { searchFaults } from '../vroegsignalen/search-rules.ts'
import { type GetoondSignaal, parseVroegsignaal } from '../vroegsignalen/show-vroegsignalen.ts'
import {
  expandQuery,
  type Zoekvraag,
  Zoekvraag as ZoekvraagSchema
} from '../vroegsignalen/vroegsignaal-schema.ts'
import { listVroegsignalen } from '../vroegsignalen/vroegsignaal-store.ts'
import {
  Huishouden,
  HuishoudenPad,
  HuishoudenQuery,
  Huishoudens,
  signaaldelenOf
} from './huishouden-schema.ts'
import {
  type HuishoudenRij,
  listHuishoudens,
  listHuishoudensOnAdressen,
  type Positie,
  readHuishouden
} from './huishouden-store.ts'
import { matched, upToDate } from './matched.ts'
import { parseHuishouden, readHuishoudens } from './read-huishoudens.ts'

const tag = 'Huishoudens'
const toegang = { gemeente: ['huishoudens:lezen'] } as const
const maxMatches = 1000

/** Routes to list, read and search households, which are signals matched per address. Municipalities only. */
export function huishoudenRoutes(app: App, hub: Hub): void {
  getHuishoudens(app, hub)
  getHuishouden(app, hub)
  zoekHuishoudens(app, hub)
}

function getHuishoudens(app: App, hub: Hub): void {
  const { readPage, pager } = hub
  app.get(
    '/huishoudens',
    operation({
      operationId: 'getHuishoudens',
      tag,
      summary: 'Huishoudens opvragen',
      description:
        'De huishoudens met lopende signalen, hoogste nood eerst: een wachtende crisis, dan een wachtende jongere, dan wat verder wacht, en als laatste wat is opgepakt of afgehandeld; binnen elk de vroegste reactiedatum. Lopend is wat niet is ingetrokken en nog niet is vernietigd. Elk opgenomen signaal is zichtbaar zodra de partner zijn 201 heeft.',
      toegang,
      problems: ['niet-gevonden'],
      headersOut: ['Link'],
      schema: { querystring: HuishoudenQuery, response: { 200: Huishoudens } }
    }),
    async (request, reply) => {
      const { cursor: _, limit: __, expand, gemeentecode, ...filter } = request.query
      const gemeentecodes = ownCodes(callerOf(request), gemeentecode)
      const after = pager.after<Positie>(request)
      const list = async (handeling: Handeling, isChecking: boolean) => {
        const limit = limitOf(request) + 1
        const found = await listHuishoudens(
          handeling.tx,
          gemeentecodes,
          filter,
          after,
          limit,
          signaaldelenOf(expand)
        )
        const page = pager.page(request, reply, upToDate(found, isChecking), positionOf)
        return readHuishoudens(handeling, page)
      }
      const shown = await matched(hub, gemeentecodes, (isChecking) =>
        readPage(request, (handeling) => list(handeling, isChecking))
      )
      return asCollection(reply, shown)
    }
  )
}

function getHuishouden(app: App, hub: Hub): void {
  app.get(
    '/huishoudens/:id',
    operation({
      operationId: 'getHuishouden',
      tag,
      summary: 'Huishouden opvragen',
      description: 'Eén huishouden met zijn lopende signalen.',
      toegang,
      problems: ['niet-gevonden'],
      headersOut: ['ETag'],
      schema: { params: HuishoudenPad, querystring: Query(expandQuery), response: { 200: Huishouden } }
    }),
    async (request, reply) => {
      const { gemeentecodes } = callerOf(request)
      const delen = signaaldelenOf(request.query.expand)
      const show = async (handeling: Handeling, isChecking: boolean) => {
        const found = await readHuishouden(handeling.tx, gemeentecodes, request.params.id, delen)
        const [shown] = await readHuishoudens(handeling, upToDate(found, isChecking))
        if (shown === undefined) throw notFound()
        return shown
      }
      const shown = await matched(hub, gemeentecodes, (isChecking) =>
        hub.read(request, (handeling) => show(handeling, isChecking))
      )
      // The same with and without the evidence: whoever changes the household may have read either.
      reply.header('etag', etagOf(hub.keys(), withoutBeoordeling(parseHuishouden(shown))))
      return asJson(reply, shown.tekst)
    }
  )
}

function zoekHuishoudens(app: App, hub: Hub): void {
  const { readPage, pager } = hub
  app.post(
    '/huishoudens/_zoek',
    operation({
      operationId: 'zoekHuishoudens',
      tag,
      summary: 'Huishoudens zoeken',
      description:
        'Zoekt op adres, op burgerservicenummer, of op naam met adres. Zoeken gaat met een POST, zodat er geen persoonsgegevens in een adres staan.',
      isLookUp: true,
      toegang,
      headersOut: ['Link'],
      rules: householdSearchFaults,
      example: { burgerservicenummer: '999990019' },
      schema: {
        querystring: Query({ ...pageQuery, ...expandQuery }),
        body: ZoekvraagSchema,
        response: { 200: Huishoudens }
      }
    }),
    async (request, reply) => {
      const after = pager.after<Positie>(request)
      const delen = signaaldelenOf(request.query.expand)
      const isWanted = (vroegsignalen: readonly GetoondSignaal[]) =>
        vroegsignalen.some((signaal) => isAbout(parseVroegsignaal(signaal), request.body))
      const search = async (handeling: Handeling, isChecking: boolean) => {
        const adressen = await findAddresses(handeling, request.body)
        const found = await listHuishoudensOnAdressen(
          handeling.tx,
          adressen,
          after,
          limitOf(request) + 1,
          delen
        )
        const page = pager.page(request, reply, upToDate(found, isChecking), positionOf)
        return readHuishoudens(handeling, page, isWanted)
      }
      const shown = await matched(hub, callerOf(request).gemeentecodes, (isChecking) =>
        readPage(request, (handeling) => search(handeling, isChecking))
      )
      return asCollection(reply, shown)
    }
  )
}

function withoutBeoordeling({ vroegsignalen, ...huishouden }: Huishouden): object {
  return { ...huishouden, vroegsignalen: vroegsignalen.map(({ beoordeling: _, ...signaal }) => signaal) }
}

async function findAddresses(handeling: Handeling, vraag: Zoekvraag): Promise<Buffer[]> {
  const { tx, caller } = handeling
  const sleutels = await searchKeys(handeling, vraag)
  if (sleutels.adresIndexen !== undefined) return [...sleutels.adresIndexen]
  const all = { sleutels, before: undefined, limit: maxMatches, metBeoordeling: false }
  const signals = await listVroegsignalen(tx, caller, all)
  return signals.map(({ adresIndex }) => adresIndex)
}

function positionOf({ urgentie, reactiedatum, gemeentecode, id }: HuishoudenRij): Positie {
  return { urgentie, reactiedatum, gemeentecode, id }
}

function householdSearchFaults(vraag: Zoekvraag): Fault[] {
  if (vraag.referentie === undefined) return searchFaults(vraag)
  return [
    bodyFault('/referentie', 'unknownParam', 'Een referentie is van de partner; zoek op persoon of adres.')
  ]
}
