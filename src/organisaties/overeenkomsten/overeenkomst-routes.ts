import { requireMatch, sendResource } from '../../platform/http/etag.ts'
import { operation } from '../../platform/http/operation.ts'
import { limitOf } from '../../platform/http/page.ts'
import { bodyFault, type Fault, notFound } from '../../platform/http/problem.ts'
import type { App } from '../../platform/http/typebox.ts'
import { pageQuery, Query } from '../../platform/http/wire-schema.ts'
import { todayIn } from '../../time.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import type { Hub } from '../../toegang/hub.ts'
import type { Effect } from '../../toegang/once.ts'
import { managed } from '../managed.ts'
import { addOndertekening } from './add-ondertekening.ts'
import { changeOvereenkomst } from './change-overeenkomst.ts'
import {
  OndertekeningInvoer,
  Overeenkomst,
  Overeenkomsten,
  OvereenkomstInvoer,
  OvereenkomstPad,
  OvereenkomstWijziging
} from './overeenkomst-schema.ts'
import { findOvereenkomst, listOvereenkomsten, lockOvereenkomst } from './overeenkomst-store.ts'
import { proposeOvereenkomst } from './propose-overeenkomst.ts'
import { showOvereenkomst } from './show-overeenkomst.ts'

const tag = 'Organisaties'

/** Routes of agreements: a partner can send signals only to a municipality with which it has one in force. */
export function overeenkomstRoutes(app: App, hub: Hub): void {
  postOvereenkomst(app, managed(hub))
  getOvereenkomsten(app, hub)
  getOvereenkomst(app, hub)
  patchOvereenkomst(app, managed(hub))
  postOndertekening(app, managed(hub))
}

function postOvereenkomst(app: App, { write, keys }: Hub): void {
  app.post(
    '/overeenkomsten',
    operation({
      operationId: 'postOvereenkomst',
      tag,
      summary: 'Overeenkomst voorleggen',
      description: 'Legt een overeenkomst ter ondertekening voor aan signaalpartner en gemeente.',
      toegang: { beheer: ['beheer'] },
      takes: ['idempotency-key'],
      headersOut: ['ETag', 'Location', 'Idempotency-Replayed'],
      rules: termFaults,
      example: {
        signaalpartnerId: '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071',
        gemeentecode: '0177',
        sectoren: ['huur'],
        convenantversie: 'LCV 2020',
        ingangsdatum: '2026-11-25'
      },
      schema: { body: OvereenkomstInvoer, response: { 201: Overeenkomst } }
    }),
    async (request, reply) => {
      const propose = async ({ tx }: Handeling) => ({
        status: 201,
        id: await proposeOvereenkomst(tx, request.body)
      })
      const overeenkomst = await write(request, reply, propose, showResult)
      reply.code(201).header('location', `/v1/overeenkomsten/${overeenkomst.id}`)
      return sendResource(keys(), reply, overeenkomst)
    }
  )
}

function getOvereenkomsten(app: App, { read, pager }: Hub): void {
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
      return read(request, async ({ tx, now }) => {
        const rows = await listOvereenkomsten(tx, after, limitOf(request) + 1)
        const page = pager.page(request, reply, rows, ({ id }) => id)
        return { resultaten: page.map((row) => showOvereenkomst(row, todayIn(now))) }
      })
    }
  )
}

function getOvereenkomst(app: App, { read }: Hub): void {
  app.get(
    '/overeenkomsten/:id',
    operation({
      operationId: 'getOvereenkomst',
      tag,
      summary: 'Overeenkomst opvragen',
      description: 'Eén overeenkomst met haar ondertekeningen.',
      toegang: { beheer: ['beheer'], signaalpartner: [], gemeente: [] },
      problems: ['niet-gevonden'],
      headersOut: ['ETag'],
      schema: { params: OvereenkomstPad, response: { 200: Overeenkomst } }
    }),
    async (request, reply) =>
      read(request, async (handeling) =>
        sendResource(handeling.keys, reply, await showResult(handeling, request.params))
      )
  )
}

function patchOvereenkomst(app: App, { write, keys }: Hub): void {
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
      problems: ['niet-gevonden'],
      headersOut: ['ETag', 'Idempotency-Replayed'],
      example: { status: 'opgeschort' },
      schema: { params: OvereenkomstPad, body: OvereenkomstWijziging, response: { 200: Overeenkomst } }
    }),
    async (request, reply) => {
      const { id } = request.params
      const change = async (handeling: Handeling) => {
        const current = await lockOvereenkomst(handeling.tx, id)
        if (current === undefined) throw notFound()
        requireMatch(handeling.keys, request, showOvereenkomst(current, todayIn(handeling.now)))
        await changeOvereenkomst(handeling.tx, current, request.body)
        return { status: 200, id }
      }
      return sendResource(keys(), reply, await write(request, reply, change, showResult))
    }
  )
}

function postOndertekening(app: App, { write, keys }: Hub): void {
  app.post(
    '/overeenkomsten/:id/ondertekeningen',
    operation({
      operationId: 'postOndertekening',
      tag,
      summary: 'Overeenkomst ondertekenen',
      description:
        'Ondertekent namens de organisatie van de client. Actief zodra beide partijen hebben ondertekend en de ingangsdatum is bereikt.',
      toegang: {
        signaalpartner: ['overeenkomsten:ondertekenen'],
        gemeente: ['overeenkomsten:ondertekenen']
      },
      takes: ['idempotency-key'],
      problems: ['niet-gevonden'],
      headersOut: ['ETag', 'Location', 'Idempotency-Replayed'],
      schema: { params: OvereenkomstPad, body: OndertekeningInvoer, response: { 201: Overeenkomst } }
    }),
    async (request, reply) => {
      const { id } = request.params
      const sign = async (handeling: Handeling) => {
        const current = await lockOvereenkomst(handeling.tx, id)
        if (current === undefined) throw notFound()
        await addOndertekening(handeling, current, request.body)
        return { status: 201, id }
      }
      const overeenkomst = await write(request, reply, sign, showResult)
      reply.code(201).header('location', `/v1/overeenkomsten/${id}`)
      return sendResource(keys(), reply, overeenkomst)
    }
  )
}

async function showResult({ tx, now }: Handeling, { id }: Pick<Effect, 'id'>): Promise<Overeenkomst> {
  const found = await findOvereenkomst(tx, id)
  if (found === undefined) throw notFound()
  return showOvereenkomst(found, todayIn(now))
}

function termFaults({ ingangsdatum, einddatum }: { ingangsdatum: string; einddatum?: string }): Fault[] {
  if (einddatum === undefined || einddatum >= ingangsdatum) return []
  const detail = 'De einddatum mag niet voor de ingangsdatum liggen.'
  return [bodyFault('/einddatum', 'minimum', detail)]
}
