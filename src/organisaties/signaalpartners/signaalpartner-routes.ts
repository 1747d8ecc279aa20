import type { Tx } from '../../platform/database/open-database.ts'
import { requireMatch, sendResource } from '../../platform/http/etag.ts'
import { operation } from '../../platform/http/operation.ts'
import { limitOf } from '../../platform/http/page.ts'
import { notFound } from '../../platform/http/problem.ts'
import type { App } from '../../platform/http/typebox.ts'
import { pageQuery, Query } from '../../platform/http/wire-schema.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import type { Hub } from '../../toegang/hub.ts'
import type { Effect } from '../../toegang/once.ts'
import { managed } from '../managed.ts'
import { changeSignaalpartner } from './change-signaalpartner.ts'
import {
  Signaalpartner,
  SignaalpartnerInvoer,
  SignaalpartnerPad,
  Signaalpartners,
  SignaalpartnerWijziging
} from './signaalpartner-schema.ts'
import {
  addSignaalpartner,
  findSignaalpartner,
  listSignaalpartners,
  lockSignaalpartner,
  type SignaalpartnerRij
} from './signaalpartner-store.ts'

const tag = 'Organisaties'
// A big partner has signals in many households, and a new name marks all of them.
const limits = { statementTimeout: 60_000 }

/** Routes of the organisations that send signals. For the operator, and for a partner itself. */
export function signaalpartnerRoutes(app: App, hub: Hub): void {
  postSignaalpartner(app, managed(hub))
  getSignaalpartners(app, hub)
  getSignaalpartner(app, hub)
  patchSignaalpartner(app, managed(hub))
}

function postSignaalpartner(app: App, { write, keys }: Hub): void {
  app.post(
    '/signaalpartners',
    operation({
      operationId: 'postSignaalpartner',
      tag,
      summary: 'Signaalpartner toevoegen',
      description:
        'Voegt een signaalpartner toe. Aanleveren kan pas na een ondertekende overeenkomst met een gemeente.',
      toegang: { beheer: ['beheer'] },
      takes: ['idempotency-key'],
      headersOut: ['ETag', 'Location', 'Idempotency-Replayed'],
      schema: { body: SignaalpartnerInvoer, response: { 201: Signaalpartner } }
    }),
    async (request, reply) => {
      const partner = await write(request, reply, ({ tx }) => enrol(tx, request.body), showResult)
      reply.code(201).header('location', `/v1/signaalpartners/${partner.id}`)
      return sendResource(keys(), reply, partner)
    }
  )
}

function getSignaalpartners(app: App, { read, pager }: Hub): void {
  app.get(
    '/signaalpartners',
    operation({
      operationId: 'getSignaalpartners',
      tag,
      summary: 'Signaalpartners opvragen',
      description: 'Alle signaalpartners. Een partner ziet alleen zichzelf.',
      toegang: { beheer: ['beheer'], signaalpartner: [] },
      headersOut: ['Link'],
      schema: { querystring: Query(pageQuery), response: { 200: Signaalpartners } }
    }),
    async (request, reply) => {
      const after = pager.after<string>(request)
      const rows = await read(request, ({ tx }) => listSignaalpartners(tx, after, limitOf(request) + 1))
      return { resultaten: pager.page(request, reply, rows, ({ id }) => id).map(show) }
    }
  )
}

function getSignaalpartner(app: App, { read }: Hub): void {
  app.get(
    '/signaalpartners/:id',
    operation({
      operationId: 'getSignaalpartner',
      tag,
      summary: 'Signaalpartner opvragen',
      description: 'Eén signaalpartner. Een partner ziet alleen zichzelf.',
      toegang: { beheer: ['beheer'], signaalpartner: [] },
      problems: ['niet-gevonden'],
      headersOut: ['ETag'],
      schema: { params: SignaalpartnerPad, response: { 200: Signaalpartner } }
    }),
    async (request, reply) =>
      read(request, async ({ tx, keys }) => {
        const partner = await findSignaalpartner(tx, request.params.id)
        if (partner === undefined) throw notFound()
        return sendResource(keys, reply, show(partner))
      })
  )
}

function patchSignaalpartner(app: App, { write, keys }: Hub): void {
  app.patch(
    '/signaalpartners/:id',
    operation({
      operationId: 'patchSignaalpartner',
      tag,
      summary: 'Signaalpartner wijzigen',
      description:
        'Wijzigt wat u meestuurt (JSON Merge Patch). Schorsen werkt vanaf het eerstvolgende verzoek.',
      toegang: { beheer: ['beheer'] },
      takes: ['idempotency-key', 'if-match'],
      problems: ['niet-gevonden'],
      headersOut: ['ETag', 'Idempotency-Replayed'],
      schema: { params: SignaalpartnerPad, body: SignaalpartnerWijziging, response: { 200: Signaalpartner } }
    }),
    async (request, reply) => {
      const { id } = request.params
      const change = async (handeling: Handeling) => {
        const current = await lockSignaalpartner(handeling.tx, id)
        if (current === undefined) throw notFound()
        requireMatch(handeling.keys, request, show(current))
        await changeSignaalpartner(handeling, current, request.body)
        return { status: 200, id }
      }
      return sendResource(keys(), reply, await write(request, reply, change, showResult, { limits }))
    }
  )
}

async function enrol(tx: Tx, given: SignaalpartnerInvoer): Promise<Effect> {
  const { kvkNummer = null, oin = null, status = 'actief', ...partner } = given
  const id = crypto.randomUUID()
  await addSignaalpartner(tx, { id, ...partner, kvkNummer, oin, status })
  return { status: 201, id }
}

async function showResult({ tx }: Handeling, { id }: Effect): Promise<Signaalpartner> {
  return show((await findSignaalpartner(tx, id))!)
}

function show({ kvkNummer, oin, ...partner }: SignaalpartnerRij): Signaalpartner {
  return { ...partner, ...(kvkNummer !== null && { kvkNummer }), ...(oin !== null && { oin }) }
}
