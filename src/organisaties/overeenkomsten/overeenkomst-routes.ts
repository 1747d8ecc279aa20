import type { Tx } from '../../platform/database/open-database.ts'
import { requireMatch, sendResource } from '../../platform/http/etag.ts'
import { once } from '../../platform/http/once.ts'
import { operation } from '../../platform/http/operation.ts'
import { limitOf } from '../../platform/http/page.ts'
import { type Fault, Problem } from '../../platform/http/problem.ts'
import type { App } from '../../platform/http/typebox.ts'
import { pageQuery, Query } from '../../platform/http/wire-schema.ts'
import { todayIn } from '../../time.ts'
import { callerOf, contextOf } from '../../toegang/caller.ts'
import type { Hub } from '../../toegang/hub.ts'
import { findGemeente } from '../gemeenten/gemeente-store.ts'
import { findSignaalpartner } from '../signaalpartners/signaalpartner-store.ts'
import { changeOvereenkomst } from './change-overeenkomst.ts'
import { statusOn } from './overeenkomst.ts'
import {
  OndertekeningInvoer,
  Overeenkomst,
  Overeenkomsten,
  OvereenkomstInvoer,
  OvereenkomstPad,
  OvereenkomstWijziging,
  partijen
} from './overeenkomst-schema.ts'
import {
  addOvereenkomst,
  findOvereenkomst,
  listOvereenkomsten,
  lockOvereenkomst,
  type OvereenkomstRij,
  signOvereenkomst
} from './overeenkomst-store.ts'

const tag = 'Organisaties'

/** Agreements: without one in force, a partner sends a municipality nothing. */
export function overeenkomstRoutes(app: App, { database, keys, clock, pager }: Hub): void {
  const show = (overeenkomst: OvereenkomstRij) => showOn(overeenkomst, todayIn(clock()))
  const required = async (tx: Tx, id: string) => {
    const found = await findOvereenkomst(tx, id)
    if (found === undefined) throw new Problem('niet-gevonden')
    return found
  }

  app.post(
    '/overeenkomsten',
    operation({
      operationId: 'postOvereenkomst',
      tag,
      summary: 'Overeenkomst voorleggen',
      description: 'Legt een overeenkomst ter ondertekening voor aan signaalpartner en gemeente.',
      toegang: { beheer: ['beheer'] },
      takes: ['idempotency-key'],
      problems: [409, 422],
      headersOut: ['ETag', 'Location', 'Idempotency-Replayed'],
      rules: termFaults,
      schema: { body: OvereenkomstInvoer, response: { 201: Overeenkomst } }
    }),
    async (request, reply) => {
      const { einddatum = null, ...given } = request.body
      const overeenkomst = await database.as(contextOf(callerOf(request)), async (tx) => {
        const { id } = await once(tx, { request, reply, keys: keys(), now: clock() }, async () => {
          await requireParties(tx, given)
          const added = { id: crypto.randomUUID(), ...given, einddatum }
          await addOvereenkomst(tx, added)
          return { status: 201, id: added.id }
        })
        return show(await required(tx, id))
      })
      reply.code(201).header('location', `/v1/overeenkomsten/${overeenkomst.id}`)
      return sendResource(keys(), reply, overeenkomst)
    }
  )

  app.get(
    '/overeenkomsten',
    operation({
      operationId: 'getOvereenkomsten',
      tag,
      summary: 'Overeenkomsten opvragen',
      description: 'Alle overeenkomsten; een partner en een gemeente zien alleen de eigen.',
      toegang: { beheer: ['beheer'], signaalpartner: [], gemeente: [] },
      headersOut: ['Link'],
      schema: { querystring: Query(pageQuery), response: { 200: Overeenkomsten } }
    }),
    async (request, reply) => {
      const after = pager.after<string>(request)
      const rows = await database.as(contextOf(callerOf(request)), (tx) =>
        listOvereenkomsten(tx, after, limitOf(request) + 1)
      )
      return { resultaten: pager.page(request, reply, rows, ({ id }) => id).map(show) }
    }
  )

  app.get(
    '/overeenkomsten/:id',
    operation({
      operationId: 'getOvereenkomst',
      tag,
      summary: 'Overeenkomst opvragen',
      description: 'Eén overeenkomst met haar ondertekeningen.',
      toegang: { beheer: ['beheer'], signaalpartner: [], gemeente: [] },
      problems: [404],
      headersOut: ['ETag'],
      schema: { params: OvereenkomstPad, response: { 200: Overeenkomst } }
    }),
    async (request, reply) => {
      const { id } = request.params
      const found = await database.as(contextOf(callerOf(request)), (tx) => required(tx, id))
      return sendResource(keys(), reply, show(found))
    }
  )

  app.patch(
    '/overeenkomsten/:id',
    operation({
      operationId: 'patchOvereenkomst',
      tag,
      summary: 'Overeenkomst wijzigen',
      description:
        'Wijzigt wat u meestuurt (JSON Merge Patch). Een andere convenantversie of ingangsdatum, of een sector erbij, vraagt een nieuwe ondertekening.',
      toegang: { beheer: ['beheer'] },
      takes: ['idempotency-key', 'if-match'],
      problems: [404, 409, 412, 422, 428],
      headersOut: ['ETag', 'Idempotency-Replayed'],
      schema: { params: OvereenkomstPad, body: OvereenkomstWijziging, response: { 200: Overeenkomst } }
    }),
    async (request, reply) => {
      const { id } = request.params
      const overeenkomst = await database.as(contextOf(callerOf(request)), async (tx) => {
        await once(tx, { request, reply, keys: keys(), now: clock() }, async () => {
          const current = await lockOvereenkomst(tx, id)
          if (current === undefined) throw new Problem('niet-gevonden')
          requireMatch(keys(), request, show(current))
          const { sectoren } = request.body
          if (sectoren !== undefined) await requireParties(tx, { ...current, sectoren })
          await changeOvereenkomst(tx, current, request.body)
          return { status: 200, id }
        })
        return show(await required(tx, id))
      })
      return sendResource(keys(), reply, overeenkomst)
    }
  )

  app.post(
    '/overeenkomsten/:id/ondertekeningen',
    operation({
      operationId: 'postOndertekening',
      tag,
      summary: 'Overeenkomst ondertekenen',
      description:
        'Ondertekent namens de organisatie van de client. Actief zodra beide partijen hebben ondertekend en de ingangsdatum is bereikt.',
      toegang: { signaalpartner: [], gemeente: [] },
      takes: ['idempotency-key'],
      problems: [404, 409, 422],
      headersOut: ['ETag', 'Location', 'Idempotency-Replayed'],
      schema: { params: OvereenkomstPad, body: OndertekeningInvoer, response: { 201: Overeenkomst } }
    }),
    async (request, reply) => {
      const caller = callerOf(request)
      const partij = partijen.find((name) => name === caller.rol)!
      const { id } = request.params
      const overeenkomst = await database.as(contextOf(caller), async (tx) => {
        await once(tx, { request, reply, keys: keys(), now: clock() }, async () => {
          const current = await lockOvereenkomst(tx, id)
          if (current === undefined) throw new Problem('niet-gevonden')
          refuseSecondSignature(show(current), partij)
          await signOvereenkomst(tx, id, partij, { ...request.body, op: clock().toISOString() })
          return { status: 201, id }
        })
        return show(await required(tx, id))
      })
      reply.code(201).header('location', `/v1/overeenkomsten/${id}`)
      return sendResource(keys(), reply, overeenkomst)
    }
  )
}

function showOn(overeenkomst: OvereenkomstRij, day: string): Overeenkomst {
  const { id, signaalpartnerId, gemeentecode, sectoren, convenantversie, ingangsdatum, einddatum } =
    overeenkomst
  const ondertekening = (partij: (typeof partijen)[number], by: OvereenkomstRij['ondertekeningGemeente']) =>
    by === null ? [] : [{ partij, naam: by.naam, functie: by.functie, ondertekendOp: by.op }]
  return {
    id,
    signaalpartnerId,
    gemeentecode,
    sectoren,
    convenantversie,
    ingangsdatum,
    ...(einddatum !== null && { einddatum }),
    status: statusOn(overeenkomst, day),
    ondertekeningen: [
      ...ondertekening('signaalpartner', overeenkomst.ondertekeningSignaalpartner),
      ...ondertekening('gemeente', overeenkomst.ondertekeningGemeente)
    ]
  }
}

function refuseSecondSignature({ status, ondertekeningen }: Overeenkomst, partij: string): void {
  if (status === 'beeindigd') {
    throw new Problem('toestand-staat-dit-niet-toe', { detail: 'De overeenkomst is beëindigd.' })
  }
  if (ondertekeningen.some((ondertekening) => ondertekening.partij === partij)) {
    throw new Problem('toestand-staat-dit-niet-toe', { detail: 'Uw organisatie heeft al ondertekend.' })
  }
}

function termFaults({ ingangsdatum, einddatum }: { ingangsdatum: string; einddatum?: string }): Fault[] {
  if (einddatum === undefined || einddatum >= ingangsdatum) return []
  const detail = 'De einddatum mag niet voor de ingangsdatum liggen.'
  return [{ in: 'body', location: '/einddatum', code: 'minimum', detail }]
}

async function requireParties(
  tx: Tx,
  given: { gemeentecode: string; signaalpartnerId: string; sectoren: string[] }
) {
  const fault = (location: string, detail: string): Fault => ({ in: 'body', location, code: 'table', detail })
  const errors: Fault[] = []
  if ((await findGemeente(tx, given.gemeentecode)) === undefined) {
    errors.push(fault('/gemeentecode', 'Deze gemeente doet niet mee; voeg haar eerst toe.'))
  }
  const partner = await findSignaalpartner(tx, given.signaalpartnerId)
  if (partner === undefined) errors.push(fault('/signaalpartnerId', 'Deze signaalpartner bestaat niet.'))
  else if (given.sectoren.some((sector) => !partner.sectoren.includes(sector as never))) {
    errors.push(fault('/sectoren', 'De signaalpartner is niet in al deze sectoren toegelaten.'))
  }
  if (errors.length > 0) throw new Problem('ongeldige-invoer', { errors })
}
