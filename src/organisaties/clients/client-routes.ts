import type { Tx } from '../../platform/database/open-database.ts'
import { requireMatch, sendResource } from '../../platform/http/etag.ts'
import { once } from '../../platform/http/once.ts'
import { operation } from '../../platform/http/operation.ts'
import { limitOf } from '../../platform/http/page.ts'
import { type Fault, Problem } from '../../platform/http/problem.ts'
import type { App } from '../../platform/http/typebox.ts'
import { noContent, pageQuery, Query } from '../../platform/http/wire-schema.ts'
import { callerOf, contextOf } from '../../toegang/caller.ts'
import type { Hub } from '../../toegang/hub.ts'
import { findGemeente } from '../gemeenten/gemeente-store.ts'
import { findSignaalpartner } from '../signaalpartners/signaalpartner-store.ts'
import { clientFaults } from './client-rules.ts'
import { Client, ClientInvoer, ClientPad, Clients, ClientWijziging, NieuweClient } from './client-schema.ts'
import {
  addClient,
  type ClientRij,
  findClient,
  listClients,
  lockClient,
  revokeClient,
  saveClient
} from './client-store.ts'
import { issueSecret } from './issue-secret.ts'

const tag = 'Organisaties'

/** The systems that may call. */
export function clientRoutes(app: App, { database, keys, clock, pager }: Hub): void {
  app.post(
    '/clients',
    operation({
      operationId: 'postClient',
      tag,
      summary: 'Client toevoegen',
      description:
        'Geeft een systeem toegang. Zonder `jwks` krijgt het een `clientSecret`, dat alleen in dit antwoord staat; een herhaling toont het niet meer.',
      toegang: { beheer: ['beheer'] },
      takes: ['idempotency-key'],
      problems: [409, 422],
      headersOut: ['ETag', 'Location', 'Idempotency-Replayed'],
      rules: clientFaults,
      schema: { body: ClientInvoer, response: { 201: NieuweClient } }
    }),
    async (request, reply) => {
      let clientSecret: string | undefined
      const client = await database.as(contextOf(callerOf(request)), async (tx) => {
        const { id } = await once(tx, { request, reply, keys: keys(), now: clock() }, async () => {
          await requireOrganisations(tx, request.body)
          const added = store(crypto.randomUUID(), request.body)
          await addClient(tx, added)
          if (added.jwks === null) clientSecret = (await issueSecret(tx, keys(), added.id, clock())).secret
          return { status: 201, id: added.id }
        })
        const added = await findClient(tx, id)
        if (added === undefined) {
          const detail = 'De client die dit verzoek opleverde, is intussen ingetrokken.'
          throw new Problem('toestand-staat-dit-niet-toe', { detail })
        }
        return show(added)
      })
      reply.code(201).header('location', `/v1/clients/${client.id}`)
      sendResource(keys(), reply, client)
      return { ...client, ...(clientSecret !== undefined && { clientSecret }) }
    }
  )

  app.get(
    '/clients',
    operation({
      operationId: 'getClients',
      tag,
      summary: 'Clients opvragen',
      description: 'Alle clients die niet zijn ingetrokken, zonder hun geheimen.',
      toegang: { beheer: ['beheer'] },
      headersOut: ['Link'],
      schema: { querystring: Query(pageQuery), response: { 200: Clients } }
    }),
    async (request, reply) => {
      const after = pager.after<string>(request)
      const rows = await database.as(contextOf(callerOf(request)), (tx) =>
        listClients(tx, after, limitOf(request) + 1)
      )
      return { resultaten: pager.page(request, reply, rows, ({ id }) => id).map(show) }
    }
  )

  app.get(
    '/clients/:id',
    operation({
      operationId: 'getClient',
      tag,
      summary: 'Client opvragen',
      description: 'Eén client, zonder geheimen.',
      toegang: { beheer: ['beheer'] },
      problems: [404],
      headersOut: ['ETag'],
      schema: { params: ClientPad, response: { 200: Client } }
    }),
    async (request, reply) => {
      const { id } = request.params
      const client = await database.as(contextOf(callerOf(request)), (tx) => requireClient(tx, id))
      return sendResource(keys(), reply, show(client))
    }
  )

  app.patch(
    '/clients/:id',
    operation({
      operationId: 'patchClient',
      tag,
      summary: 'Client wijzigen',
      description:
        'Wijzigt naam, scopes of gemeenten (JSON Merge Patch). Een ingetrokken mandaat of scope werkt vanaf het eerstvolgende verzoek.',
      toegang: { beheer: ['beheer'] },
      takes: ['idempotency-key', 'if-match'],
      problems: [404, 409, 412, 422, 428],
      headersOut: ['ETag', 'Idempotency-Replayed'],
      schema: { params: ClientPad, body: ClientWijziging, response: { 200: Client } }
    }),
    async (request, reply) => {
      const { id } = request.params
      const client = await database.as(contextOf(callerOf(request)), async (tx) => {
        await once(tx, { request, reply, keys: keys(), now: clock() }, async () => {
          const current = await lockClient(tx, id)
          if (current === undefined) throw new Problem('niet-gevonden')
          requireMatch(keys(), request, show(current))
          const { clientId: _, id: __, ...changed } = { ...show(current), ...request.body }
          const errors = clientFaults(changed)
          if (errors.length > 0) throw new Problem('ongeldige-invoer', { errors })
          await requireOrganisations(tx, changed)
          await saveClient(tx, store(id, changed))
          return { status: 200, id }
        })
        return show(await requireClient(tx, id))
      })
      return sendResource(keys(), reply, client)
    }
  )

  app.delete(
    '/clients/:id',
    operation({
      operationId: 'deleteClient',
      tag,
      summary: 'Client intrekken',
      description:
        'Trekt de client in: zijn tokens en geheimen werken niet meer vanaf het eerstvolgende verzoek.',
      toegang: { beheer: ['beheer'] },
      takes: ['if-match'],
      problems: [404, 412, 428],
      schema: { params: ClientPad, response: { 204: noContent('De client is ingetrokken.') } }
    }),
    async (request, reply) => {
      const { id } = request.params
      await database.as(contextOf(callerOf(request)), async (tx) => {
        const current = await lockClient(tx, id)
        if (current === undefined) throw new Problem('niet-gevonden')
        requireMatch(keys(), request, show(current))
        await revokeClient(tx, id, clock())
      })
      return reply.code(204).send() as never
    }
  )
}

async function requireClient(tx: Tx, id: string): Promise<ClientRij> {
  const client = await findClient(tx, id)
  if (client === undefined) throw new Problem('niet-gevonden')
  return client
}

function store(
  id: string,
  { naam, rol, signaalpartnerId, gemeentecodes, scopes, jwks }: ClientInvoer
): ClientRij {
  return {
    id,
    clientId: id,
    naam,
    rol,
    signaalpartnerId: signaalpartnerId ?? null,
    gemeentecodes: gemeentecodes ?? [],
    scopes,
    jwks: jwks ?? null
  }
}

function show({ signaalpartnerId, gemeentecodes, scopes, jwks, ...client }: ClientRij): Client {
  return {
    ...client,
    ...(signaalpartnerId !== null && { signaalpartnerId }),
    ...(gemeentecodes.length > 0 && { gemeentecodes }),
    scopes: scopes as Client['scopes'],
    ...(jwks !== null && { jwks: jwks as NonNullable<Client['jwks']> })
  }
}

async function requireOrganisations(
  tx: Tx,
  { signaalpartnerId, gemeentecodes = [] }: ClientInvoer
): Promise<void> {
  const errors: Fault[] = []
  if (signaalpartnerId !== undefined && (await findSignaalpartner(tx, signaalpartnerId)) === undefined) {
    const detail = 'Deze signaalpartner bestaat niet.'
    errors.push({ in: 'body', location: '/signaalpartnerId', code: 'table', detail })
  }
  for (const [index, gemeentecode] of gemeentecodes.entries()) {
    if ((await findGemeente(tx, gemeentecode)) === undefined) {
      const detail = 'Deze gemeente doet niet mee; voeg haar eerst toe.'
      errors.push({ in: 'body', location: `/gemeentecodes/${index}`, code: 'table', detail })
    }
  }
  if (errors.length > 0) throw new Problem('ongeldige-invoer', { errors })
}
