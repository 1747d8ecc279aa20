import type { FastifyRequest } from 'fastify'
import type { Tx } from '../../platform/database/open-database.ts'
import { requireMatch, sendResource } from '../../platform/http/etag.ts'
import { operation } from '../../platform/http/operation.ts'
import { limitOf } from '../../platform/http/page.ts'
import { conflict, notFound, type Problem } from '../../platform/http/problem.ts'
import type { App } from '../../platform/http/typebox.ts'
import { noContent, pageQuery, Query } from '../../platform/http/wire-schema.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import type { Hub } from '../../toegang/hub.ts'
import { managed } from '../managed.ts'
import { clientFaults, readJwks } from './client-rules.ts'
import { Client, ClientInvoer, ClientPad, Clients, ClientWijziging, NieuweClient } from './client-schema.ts'
import { type ClientRij, findClient, listClients, lockClient } from './client-store.ts'
import { changeClient, endClient, registerClient } from './register-client.ts'

const tag = 'Organisaties'

/** Routes of clients, the systems that may call. Operator only. */
export function clientRoutes(app: App, hub: Hub): void {
  postClient(app, managed(hub))
  getClients(app, hub)
  getClient(app, hub)
  patchClient(app, managed(hub))
  deleteClient(app, managed(hub))
}

function postClient(app: App, { write, keys, externalIssuers }: Hub): void {
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
      headersOut: ['ETag', 'Location', 'Idempotency-Replayed'],
      rules: clientFaults,
      reads: readJwks,
      example: {
        naam: 'Debiteurensysteem',
        rol: 'signaalpartner',
        signaalpartnerId: '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071',
        scopes: ['vroegsignalen:aanleveren']
      },
      schema: { body: ClientInvoer, response: { 201: NieuweClient } }
    }),
    async (request, reply) => {
      let clientSecret: string | undefined
      const register = async (handeling: Handeling) => {
        const { id, secret } = await registerClient(handeling, request.body, externalIssuers)
        clientSecret = secret
        return { status: 201, id }
      }
      const client = await write(request, reply, register, ({ tx }, { id }) =>
        requireClient(tx, id, revokedSince)
      )
      reply.code(201).header('location', `/v1/clients/${client.id}`)
      sendResource(keys(), reply, versionOf(client))
      return { ...client, ...(clientSecret !== undefined && { clientSecret }) }
    }
  )
}

function getClients(app: App, { read, pager }: Hub): void {
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
      const rows = await read(request, ({ tx }) => listClients(tx, after, limitOf(request) + 1))
      return { resultaten: pager.page(request, reply, rows, ({ id }) => id).map(show) }
    }
  )
}

function getClient(app: App, { read }: Hub): void {
  app.get(
    '/clients/:id',
    operation({
      operationId: 'getClient',
      tag,
      summary: 'Client opvragen',
      description: 'Eén client, zonder geheimen.',
      toegang: { beheer: ['beheer'] },
      problems: ['niet-gevonden'],
      headersOut: ['ETag'],
      schema: { params: ClientPad, response: { 200: Client } }
    }),
    async (request, reply) =>
      read(request, async ({ tx, keys }) => {
        const client = await requireClient(tx, request.params.id)
        sendResource(keys, reply, versionOf(client))
        return client
      })
  )
}

function patchClient(app: App, { write, keys }: Hub): void {
  app.patch(
    '/clients/:id',
    operation({
      operationId: 'patchClient',
      tag,
      summary: 'Client wijzigen',
      description:
        'Wijzigt naam, scopes, gemeenten, einddatum of eigen sleutels (JSON Merge Patch); `jwks.keys` vervangt alle sleutels. Een ingetrokken mandaat of scope werkt vanaf het eerstvolgende verzoek.',
      toegang: { beheer: ['beheer'] },
      takes: ['idempotency-key', 'if-match'],
      problems: ['niet-gevonden'],
      headersOut: ['ETag', 'Idempotency-Replayed'],
      example: { naam: 'Debiteurensysteem', scopes: ['vroegsignalen:aanleveren', 'vroegsignalen:lezen'] },
      reads: readJwks,
      schema: { params: ClientPad, body: ClientWijziging, response: { 200: Client } }
    }),
    async (request, reply) => {
      const { id } = request.params
      const change = async (handeling: Handeling) => {
        const current = await lockCurrent(handeling, request, id)
        await changeClient(handeling, current, request.body)
        return { status: 200, id }
      }
      const client = await write(request, reply, change, ({ tx }) => requireClient(tx, id))
      sendResource(keys(), reply, versionOf(client))
      return client
    }
  )
}

function deleteClient(app: App, { write }: Hub): void {
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
      problems: ['niet-gevonden'],
      schema: { params: ClientPad, response: { 204: noContent('De client is ingetrokken.') } }
    }),
    async (request, reply) => {
      const { id } = request.params
      const revoke = async (handeling: Handeling) => {
        await lockCurrent(handeling, request, id)
        await endClient(handeling, id)
        return { status: 204, id }
      }
      await write(request, reply, revoke, () => undefined)
      return reply.code(204).send() as never
    }
  )
}

async function lockCurrent({ tx, keys }: Handeling, request: FastifyRequest, id: string): Promise<Client> {
  const row = await lockClient(tx, id)
  if (row === undefined) throw notFound()
  const current = show(row)
  requireMatch(keys, request, versionOf(current))
  return current
}

async function requireClient(tx: Tx, id: string, gone = notFound): Promise<Client> {
  const client = await findClient(tx, id)
  if (client === undefined) throw gone()
  return show(client)
}

function revokedSince(): Problem {
  return conflict('De client die dit verzoek opleverde, is intussen ingetrokken.')
}

// Its use is no change of a client: who changes it may not be told that somebody else did.
function versionOf({ laatstGebruiktOp: _, ...client }: Client): Omit<Client, 'laatstGebruiktOp'> {
  return client
}

function show({
  signaalpartnerId,
  gemeentecodes,
  scopes,
  jwks,
  uitgever,
  einddatum,
  aangemaaktOp,
  laatstGebruiktOp,
  ...client
}: ClientRij): Client {
  return {
    ...client,
    ...(signaalpartnerId !== null && { signaalpartnerId }),
    ...(gemeentecodes.length > 0 && { gemeentecodes }),
    scopes: scopes as Client['scopes'],
    ...(jwks !== null && { jwks: jwks as NonNullable<Client['jwks']> }),
    ...(uitgever !== null && { uitgever }),
    ...(einddatum !== null && { einddatum }),
    aangemaaktOp: aangemaaktOp.toISOString(),
    ...(laatstGebruiktOp !== null && { laatstGebruiktOp: laatstGebruiktOp.toISOString() })
  }
}
