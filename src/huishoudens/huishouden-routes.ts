import { sendResource } from '../platform/http/etag.ts'
import { operation } from '../platform/http/operation.ts'
import { limitOf } from '../platform/http/page.ts'
import { bodyFault, type Fault, notFound } from '../platform/http/problem.ts'
import type { App } from '../platform/http/typebox.ts'
import { pageQuery, Query } from '../platform/http/wire-schema.ts'
import { callerOf, ownCodes } from '../toegang/caller.ts'
import type { Handeling } from '../toegang/handeling.ts'
import type { Hub } from '../toegang/hub.ts'
import { isAbout, searchKeys } from '../vroegsignalen/search-keys.ts'
import { searchFaults } from '../vroegsignalen/search-rules.ts'
import { type Zoekvraag, Zoekvraag as ZoekvraagSchema } from '../vroegsignalen/vroegsignaal-schema.ts'
import { listVroegsignalen } from '../vroegsignalen/vroegsignaal-store.ts'
import { Huishouden, HuishoudenPad, HuishoudenQuery, Huishoudens } from './huishouden-schema.ts'
import {
  findHuishouden,
  type HuishoudenRij,
  listHuishoudens,
  listHuishoudensOnAdressen,
  type Positie
} from './huishouden-store.ts'
import { matched } from './matched.ts'
import { readHuishoudens } from './read-huishoudens.ts'

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
  const { read, pager } = hub
  app.get(
    '/huishoudens',
    operation({
      operationId: 'getHuishoudens',
      tag,
      summary: 'Huishoudens opvragen',
      description:
        'De huishoudens met lopende signalen, hoogste nood eerst: een wachtende crisis, dan een wachtende jongere, dan wat verder wacht, en als laatste wat is opgepakt of afgehandeld; binnen elk de vroegste reactiedatum. Lopend is wat niet is ingetrokken en nog niet is vernietigd. Elk opgenomen signaal is zichtbaar zodra de partner zijn 201 heeft.',
      toegang,
      problems: [404],
      headersOut: ['Link'],
      schema: { querystring: HuishoudenQuery, response: { 200: Huishoudens } }
    }),
    async (request, reply) => {
      const { cursor: _, limit: __, gemeentecode, ...filter } = request.query
      const gemeentecodes = ownCodes(callerOf(request), gemeentecode)
      const after = pager.after<Positie>(request)
      const list = async (handeling: Handeling) => {
        const rows = await listHuishoudens(handeling.tx, gemeentecodes, filter, after, limitOf(request) + 1)
        const page = pager.page(request, reply, rows, positionOf)
        return { resultaten: await readHuishoudens(handeling, page) }
      }
      return matched(hub, gemeentecodes, () => read(request, list))
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
      problems: [404],
      headersOut: ['ETag'],
      schema: { params: HuishoudenPad, response: { 200: Huishouden } }
    }),
    async (request, reply) => {
      const { gemeentecodes } = callerOf(request)
      const show = async (handeling: Handeling) => {
        const row = await findHuishouden(handeling.tx, gemeentecodes, request.params.id)
        const [huishouden] = row === undefined ? [] : await readHuishoudens(handeling, [row])
        if (huishouden === undefined) throw notFound()
        return sendResource(handeling.keys, reply, huishouden)
      }
      return matched(hub, gemeentecodes, () => hub.read(request, show))
    }
  )
}

function zoekHuishoudens(app: App, hub: Hub): void {
  const { read, pager } = hub
  app.post(
    '/huishoudens/_zoek',
    operation({
      operationId: 'zoekHuishoudens',
      tag,
      summary: 'Huishoudens zoeken',
      description:
        'Zoekt op adres, op burgerservicenummer, of op naam met adres. Zoeken gaat met een POST, zodat er geen persoonsgegevens in een adres staan.',
      toegang,
      headersOut: ['Link'],
      rules: householdSearchFaults,
      example: { burgerservicenummer: '999990019' },
      schema: { querystring: Query(pageQuery), body: ZoekvraagSchema, response: { 200: Huishoudens } }
    }),
    async (request, reply) => {
      const { gemeentecodes } = callerOf(request)
      const after = pager.after<Positie>(request)
      const search = async (handeling: Handeling) => {
        const adressen = await findAddresses(handeling, request.body)
        const limit = limitOf(request) + 1
        const rows = await listHuishoudensOnAdressen(handeling.tx, gemeentecodes, adressen, after, limit)
        const page = pager.page(request, reply, rows, positionOf)
        const isWanted = ({ vroegsignalen }: Huishouden) =>
          vroegsignalen.some((signaal) => isAbout(signaal, request.body))
        return { resultaten: await readHuishoudens(handeling, page, isWanted) }
      }
      return matched(hub, gemeentecodes, () => read(request, search))
    }
  )
}

async function findAddresses(handeling: Handeling, vraag: Zoekvraag): Promise<Buffer[]> {
  const { tx, caller } = handeling
  const sleutels = await searchKeys(handeling, vraag)
  if (sleutels.adresIndexen !== undefined) return [...sleutels.adresIndexen]
  const signals = await listVroegsignalen(tx, caller, sleutels, undefined, maxMatches)
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
