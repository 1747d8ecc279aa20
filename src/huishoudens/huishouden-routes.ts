import { personKey } from '../personen/person-key.ts'
import { sendResource } from '../platform/http/etag.ts'
import { operation } from '../platform/http/operation.ts'
import { limitOf } from '../platform/http/page.ts'
import { type Fault, Problem } from '../platform/http/problem.ts'
import type { App } from '../platform/http/typebox.ts'
import { pageQuery, Query } from '../platform/http/wire-schema.ts'
import { callerOf, contextOf, inzageOf, ownCodes } from '../toegang/caller.ts'
import type { Hub } from '../toegang/hub.ts'
import { normaliseAddress } from '../vroegsignalen/normalise-signal.ts'
import { searchKeys } from '../vroegsignalen/search-keys.ts'
import { searchFaults } from '../vroegsignalen/search-rules.ts'
import { type Zoekvraag, Zoekvraag as ZoekvraagSchema } from '../vroegsignalen/vroegsignaal-schema.ts'
import { listSignals } from '../vroegsignalen/vroegsignaal-store.ts'
import { Huishouden, HuishoudenPad, HuishoudenQuery, Huishoudens } from './huishouden-schema.ts'
import {
  findHousehold,
  type HuishoudenRij,
  listHouseholds,
  listHouseholdsOnAddresses,
  type Positie
} from './huishouden-store.ts'
import { readHouseholds } from './read-households.ts'
import { readMatched } from './read-matched.ts'

const tag = 'Huishoudens'
const toegang = { gemeente: ['huishoudens:lezen'] } as const
const maxMatches = 1000

/** The municipality's list: signals matched per address. Municipalities only. */
export function huishoudenRoutes(app: App, hub: Hub): void {
  const { keys, clock, pager } = hub

  app.get(
    '/huishoudens',
    operation({
      operationId: 'getHuishoudens',
      tag,
      summary: 'Huishoudens opvragen',
      description:
        'De huishoudens met levende signalen, hoogste nood eerst: crisis, dan de vroegste reactiedatum. Elk opgenomen signaal is zichtbaar zodra de partner zijn 201 heeft.',
      toegang,
      problems: [404],
      headersOut: ['Link'],
      schema: { querystring: HuishoudenQuery, response: { 200: Huishoudens } }
    }),
    async (request, reply) => {
      const caller = callerOf(request)
      const { cursor: _, limit: __, gemeentecode, ...filter } = request.query
      const gemeentecodes = ownCodes(caller, gemeentecode)
      const after = pager.after<Positie>(request)
      return readMatched(hub, contextOf(caller), gemeentecodes, async (tx) => {
        const rows = await listHouseholds(tx, gemeentecodes, filter, after, limitOf(request) + 1)
        const page = pager.page(request, reply, rows, positionOf)
        return { resultaten: await readHouseholds(tx, keys(), inzageOf(request, clock), page) }
      })
    }
  )

  app.get(
    '/huishoudens/:id',
    operation({
      operationId: 'getHuishouden',
      tag,
      summary: 'Huishouden opvragen',
      description: 'Eén huishouden met zijn levende signalen.',
      toegang,
      problems: [404],
      headersOut: ['ETag'],
      schema: { params: HuishoudenPad, response: { 200: Huishouden } }
    }),
    async (request, reply) => {
      const caller = callerOf(request)
      const [huishouden] = await readMatched(hub, contextOf(caller), caller.gemeentecodes, async (tx) => {
        const row = await findHousehold(tx, caller.gemeentecodes, request.params.id)
        return readHouseholds(tx, keys(), inzageOf(request, clock), row === undefined ? [] : [row])
      })
      if (huishouden === undefined) throw new Problem('niet-gevonden')
      return sendResource(keys(), reply, huishouden)
    }
  )

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
      schema: { querystring: Query(pageQuery), body: ZoekvraagSchema, response: { 200: Huishoudens } }
    }),
    async (request, reply) => {
      const caller = callerOf(request)
      const after = pager.after<Positie>(request)
      return readMatched(hub, contextOf(caller), caller.gemeentecodes, async (tx) => {
        const signals = await listSignals(tx, caller, searchKeys(keys(), request.body), undefined, maxMatches)
        if (signals.length === 0) return { resultaten: [] }
        const adressen = signals.map(({ adresIndex }) => adresIndex)
        const limit = limitOf(request) + 1
        const rows = await listHouseholdsOnAddresses(tx, caller.gemeentecodes, adressen, after, limit)
        const page = pager.page(request, reply, rows, positionOf)
        const found = await readHouseholds(tx, keys(), inzageOf(request, clock), page)
        return { resultaten: found.filter((huishouden) => livesThere(huishouden, request.body)) }
      })
    }
  )
}

function positionOf({ crisis, reactiedatum, gemeentecode, id }: HuishoudenRij): Positie {
  return { crisis, reactiedatum, gemeentecode, id }
}

function householdSearchFaults(vraag: Zoekvraag): Fault[] {
  if (vraag.referentie === undefined) return searchFaults(vraag)
  const detail = 'Een referentie is van de partner; zoek op persoon of adres.'
  return [{ in: 'body', location: '/referentie', code: 'unknownParam', detail }]
}

// With a birth date only the named person counts, not a housemate whose date happens to be known.
function livesThere({ vroegsignalen }: Huishouden, { naam, adres, geboortedatum }: Zoekvraag): boolean {
  if (geboortedatum === undefined || naam === undefined || adres === undefined) return true
  const wanted = personKey(naam.geslachtsnaam, normaliseAddress(adres))
  return vroegsignalen.some(
    ({ betrokkene, adres: lives }) =>
      personKey(betrokkene.naam.geslachtsnaam, lives) === wanted &&
      [undefined, geboortedatum].includes(betrokkene.geboortedatum)
  )
}
