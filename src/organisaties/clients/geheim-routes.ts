import type { Tx } from '../../platform/database/open-database.ts'
import { requireMatch, sendResource } from '../../platform/http/etag.ts'
import { operation } from '../../platform/http/operation.ts'
import { conflict, notFound } from '../../platform/http/problem.ts'
import type { App } from '../../platform/http/typebox.ts'
import { noContent } from '../../platform/http/wire-schema.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import type { Hub } from '../../toegang/hub.ts'
import { managed } from '../managed.ts'
import { ClientPad, Geheim, Geheimen, GeheimPad, NieuwGeheim } from './client-schema.ts'
import { findClient, listSecrets, lockClient, removeSecret } from './client-store.ts'
import { issueSecret } from './issue-secret.ts'

const tag = 'Organisaties'
const maxSecrets = 2

/** Routes to renew the secret of a client without a gap. Operator only. */
export function geheimRoutes(app: App, hub: Hub): void {
  postGeheim(app, managed(hub))
  getGeheimen(app, hub)
  getGeheim(app, hub)
  deleteGeheim(app, managed(hub))
}

function postGeheim(app: App, { write, keys }: Hub): void {
  app.post(
    '/clients/:id/geheimen',
    operation({
      operationId: 'postGeheim',
      tag,
      summary: 'Geheim vernieuwen',
      description:
        'Geeft de client een tweede geheim. Het oude en het nieuwe werken allebei tot u het oude verwijdert; meer dan twee kan niet.',
      toegang: { beheer: ['beheer'] },
      takes: ['idempotency-key'],
      problems: ['niet-gevonden'],
      headersOut: ['ETag', 'Location', 'Idempotency-Replayed'],
      schema: { params: ClientPad, response: { 201: NieuwGeheim } }
    }),
    async (request, reply) => {
      const { id: clientId } = request.params
      let clientSecret: string | undefined
      const issue = async (handeling: Handeling) => {
        await requireRoomForSecret(handeling.tx, clientId)
        const { id, secret } = await issueSecret(handeling, clientId)
        clientSecret = secret
        return { status: 201, id }
      }
      const geheim = await write(request, reply, issue, ({ tx }, { id }) => requireSecret(tx, clientId, id))
      reply.code(201).header('location', `/v1/clients/${clientId}/geheimen/${geheim.id}`)
      sendResource(keys(), reply, geheim)
      return { ...geheim, ...(clientSecret !== undefined && { clientSecret }) }
    }
  )
}

function getGeheimen(app: App, { read }: Hub): void {
  app.get(
    '/clients/:id/geheimen',
    operation({
      operationId: 'getGeheimen',
      tag,
      summary: 'Geheimen van een client opvragen',
      description: 'Welke geheimen gelden en sinds wanneer; nooit de geheimen zelf.',
      toegang: { beheer: ['beheer'] },
      problems: ['niet-gevonden'],
      extensions: { 'x-volledig': true },
      schema: { params: ClientPad, response: { 200: Geheimen } }
    }),
    async (request) =>
      read(request, async ({ tx }) => {
        const { id } = request.params
        if ((await findClient(tx, id)) === undefined) throw notFound()
        return { resultaten: (await listSecrets(tx, id)).map(showSecret) }
      })
  )
}

function getGeheim(app: App, { read }: Hub): void {
  app.get(
    '/clients/:id/geheimen/:geheimId',
    operation({
      operationId: 'getGeheim',
      tag,
      summary: 'Geheim opvragen',
      description: 'Sinds wanneer een geheim geldt; nooit het geheim zelf.',
      toegang: { beheer: ['beheer'] },
      problems: ['niet-gevonden'],
      headersOut: ['ETag'],
      schema: { params: GeheimPad, response: { 200: Geheim } }
    }),
    async (request, reply) => {
      const { id, geheimId } = request.params
      return read(request, async ({ tx, keys }) =>
        sendResource(keys, reply, await requireSecret(tx, id, geheimId))
      )
    }
  )
}

function deleteGeheim(app: App, { write }: Hub): void {
  app.delete(
    '/clients/:id/geheimen/:geheimId',
    operation({
      operationId: 'deleteGeheim',
      tag,
      summary: 'Geheim verwijderen',
      description:
        'Rondt een vernieuwing af: het geheim werkt niet meer vanaf het eerstvolgende tokenverzoek.',
      toegang: { beheer: ['beheer'] },
      takes: ['if-match'],
      problems: ['niet-gevonden'],
      schema: { params: GeheimPad, response: { 204: noContent('Het geheim is verwijderd.') } }
    }),
    async (request, reply) => {
      const { id, geheimId } = request.params
      const remove = async ({ tx, keys }: Handeling) => {
        requireMatch(keys, request, await requireSecret(tx, id, geheimId))
        await removeSecret(tx, id, geheimId)
        return { status: 204, id: geheimId }
      }
      await write(request, reply, remove, () => undefined)
      return reply.code(204).send() as never
    }
  )
}

async function requireRoomForSecret(tx: Tx, id: string): Promise<void> {
  const client = await lockClient(tx, id)
  if (client === undefined) throw notFound()
  if (client.jwks !== null) throw conflict('Deze client meldt zich met eigen sleutels (jwks).')
  if ((await listSecrets(tx, id)).length >= maxSecrets) {
    throw conflict('Verwijder eerst het oude geheim.')
  }
}

async function requireSecret(tx: Tx, clientId: string, id: string) {
  const secret = (await listSecrets(tx, clientId)).find((candidate) => candidate.id === id)
  if (secret === undefined) throw notFound()
  return showSecret(secret)
}

function showSecret({ id, aangemaaktOp }: { id: string; aangemaaktOp: Date }) {
  return { id, aangemaaktOp: aangemaaktOp.toISOString() }
}
