import { sendResource } from '../platform/http/etag.ts'
import { operation } from '../platform/http/operation.ts'
import { limitOf } from '../platform/http/page.ts'
import { type Fault, Problem } from '../platform/http/problem.ts'
import type { App } from '../platform/http/typebox.ts'
import { pageQuery, Query } from '../platform/http/wire-schema.ts'
import { type Caller, callerOf, contextOf, inzageOf } from '../toegang/caller.ts'
import type { Hub } from '../toegang/hub.ts'
import { readSignals } from './read-signals.ts'
import { searchKeys } from './search-keys.ts'
import { searchFaults } from './search-rules.ts'
import { Vroegsignaal, VroegsignaalPad, Vroegsignalen, Zoekvraag } from './vroegsignaal-schema.ts'
import { findSignal, listSignals } from './vroegsignaal-store.ts'

const tag = 'Signalen'
const toegang = { signaalpartner: ['vroegsignalen:lezen'], gemeente: ['vroegsignalen:lezen'] } as const

/** Signals read back: a partner's own, or those of a municipality's residents. */
export function vroegsignaalRoutes(app: App, hub: Hub): void {
  const { database, keys, clock, pager } = hub

  app.get(
    '/vroegsignalen',
    operation({
      operationId: 'getVroegsignalen',
      tag,
      summary: 'Signalen opvragen',
      description:
        'De levende signalen, nieuwste eerst: een partner ziet de eigen, een gemeente die van haar inwoners.',
      toegang,
      headersOut: ['Link'],
      schema: { querystring: Query(pageQuery), response: { 200: Vroegsignalen } }
    }),
    async (request, reply) => {
      const caller = callerOf(request)
      const before = pager.after<string>(request)
      return database.as(contextOf(caller), async (tx) => {
        const rows = await listSignals(tx, caller, {}, before, limitOf(request) + 1)
        const page = pager.page(request, reply, rows, ({ id }) => id)
        return { resultaten: await readSignals(tx, keys(), inzageOf(request, clock), page) }
      })
    }
  )

  app.get(
    '/vroegsignalen/:id',
    operation({
      operationId: 'getVroegsignaal',
      tag,
      summary: 'Signaal opvragen',
      description: 'Eén levend signaal.',
      toegang,
      problems: [404],
      headersOut: ['ETag'],
      schema: { params: VroegsignaalPad, response: { 200: Vroegsignaal } }
    }),
    async (request, reply) => {
      const caller = callerOf(request)
      const [signaal] = await database.as(contextOf(caller), async (tx) => {
        const row = await findSignal(tx, request.params.id)
        return readSignals(tx, keys(), inzageOf(request, clock), row === undefined ? [] : [row])
      })
      if (signaal === undefined) throw new Problem('niet-gevonden')
      return sendResource(keys(), reply, signaal)
    }
  )

  app.post(
    '/vroegsignalen/_zoek',
    operation({
      operationId: 'zoekVroegsignalen',
      tag,
      summary: 'Signalen zoeken',
      description:
        'Een partner zoekt op zijn referentie; een gemeente op burgerservicenummer, op naam met adres, of op adres. Zoeken gaat met een POST, zodat er geen persoonsgegevens in een adres staan.',
      toegang,
      headersOut: ['Link'],
      rules: searchFaults,
      schema: { querystring: Query(pageQuery), body: Zoekvraag, response: { 200: Vroegsignalen } }
    }),
    async (request, reply) => {
      const caller = callerOf(request)
      const vraag = request.body
      requireOwnWay(caller, vraag)
      const before = pager.after<string>(request)
      return database.as(contextOf(caller), async (tx) => {
        const rows = await listSignals(tx, caller, searchKeys(keys(), vraag), before, limitOf(request) + 1)
        const page = pager.page(request, reply, rows, ({ id }) => id)
        const found = await readSignals(tx, keys(), inzageOf(request, clock), page, (signaal) =>
          hasBirthDate(signaal, vraag.geboortedatum)
        )
        return { resultaten: found }
      })
    }
  )
}

function requireOwnWay({ rol }: Caller, { referentie }: Zoekvraag): void {
  const isByReference = referentie !== undefined
  if (isByReference === (rol === 'signaalpartner')) return
  const detail = isByReference
    ? 'Een referentie is van de partner; zoek op persoon of adres.'
    : 'Een partner zoekt alleen op zijn eigen referentie.'
  const errors: Fault[] = [{ in: 'body', location: '', code: 'paramsCombination', detail }]
  throw new Problem('ongeldige-invoer', { errors })
}

function hasBirthDate({ betrokkene }: Vroegsignaal, geboortedatum: string | undefined): boolean {
  // Without a birth date on the signal the name on the address decides: better shown than missed.
  return geboortedatum === undefined || [undefined, geboortedatum].includes(betrokkene.geboortedatum)
}
