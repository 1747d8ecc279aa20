import type { Tx } from '../../platform/database/open-database.ts'
import { requireMatch, sendResource } from '../../platform/http/etag.ts'
import { once } from '../../platform/http/once.ts'
import { operation } from '../../platform/http/operation.ts'
import { Problem } from '../../platform/http/problem.ts'
import type { App } from '../../platform/http/typebox.ts'
import { noContent } from '../../platform/http/wire-schema.ts'
import { callerOf, contextOf } from '../../toegang/caller.ts'
import type { Hub } from '../../toegang/hub.ts'
import { ClientPad, Geheim, Geheimen, GeheimPad, NieuwGeheim } from './client-schema.ts'
import { findClient, listSecrets, lockClient, removeSecret } from './client-store.ts'
import { issueSecret } from './issue-secret.ts'

const tag = 'Organisaties'
const maxSecrets = 2

/** The secrets of a client, renewed without a gap. */
export function geheimRoutes(app: App, { database, keys, clock }: Hub): void {
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
      problems: [404, 409, 422],
      headersOut: ['ETag', 'Location', 'Idempotency-Replayed'],
      schema: { params: ClientPad, response: { 201: NieuwGeheim } }
    }),
    async (request, reply) => {
      const { id } = request.params
      let clientSecret: string | undefined
      const geheim = await database.as(contextOf(callerOf(request)), async (tx) => {
        const result = await once(tx, { request, reply, keys: keys(), now: clock() }, async () => {
          await requireRoomForSecret(tx, id)
          const issued = await issueSecret(tx, keys(), id, clock())
          clientSecret = issued.secret
          return { status: 201, id: issued.id }
        })
        return requireSecret(tx, id, result.id)
      })
      reply.code(201).header('location', `/v1/clients/${id}/geheimen/${geheim.id}`)
      sendResource(keys(), reply, geheim)
      return { ...geheim, ...(clientSecret !== undefined && { clientSecret }) }
    }
  )

  app.get(
    '/clients/:id/geheimen',
    operation({
      operationId: 'getGeheimen',
      tag,
      summary: 'Geheimen van een client opvragen',
      description: 'Welke geheimen gelden en sinds wanneer; nooit de geheimen zelf.',
      toegang: { beheer: ['beheer'] },
      problems: [404],
      extensions: { 'x-volledig': true },
      schema: { params: ClientPad, response: { 200: Geheimen } }
    }),
    async (request) => {
      const { id } = request.params
      const secrets = await database.as(contextOf(callerOf(request)), async (tx) => {
        if ((await findClient(tx, id)) === undefined) throw new Problem('niet-gevonden')
        return listSecrets(tx, id)
      })
      return { resultaten: secrets.map(showSecret) }
    }
  )

  app.get(
    '/clients/:id/geheimen/:geheimId',
    operation({
      operationId: 'getGeheim',
      tag,
      summary: 'Geheim opvragen',
      description: 'Sinds wanneer een geheim geldt; nooit het geheim zelf.',
      toegang: { beheer: ['beheer'] },
      problems: [404],
      headersOut: ['ETag'],
      schema: { params: GeheimPad, response: { 200: Geheim } }
    }),
    async (request, reply) => {
      const { id, geheimId } = request.params
      const geheim = await database.as(contextOf(callerOf(request)), (tx) => requireSecret(tx, id, geheimId))
      return sendResource(keys(), reply, geheim)
    }
  )

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
      problems: [404, 412, 428],
      schema: { params: GeheimPad, response: { 204: noContent('Het geheim is verwijderd.') } }
    }),
    async (request, reply) => {
      const { id, geheimId } = request.params
      await database.as(contextOf(callerOf(request)), async (tx) => {
        requireMatch(keys(), request, await requireSecret(tx, id, geheimId))
        await removeSecret(tx, id, geheimId)
      })
      return reply.code(204).send() as never
    }
  )
}

async function requireRoomForSecret(tx: Tx, id: string): Promise<void> {
  const client = await lockClient(tx, id)
  if (client === undefined) throw new Problem('niet-gevonden')
  if (client.jwks !== null) {
    throw new Problem('toestand-staat-dit-niet-toe', {
      detail: 'Deze client meldt zich met eigen sleutels (jwks).'
    })
  }
  if ((await listSecrets(tx, id)).length >= maxSecrets) {
    throw new Problem('toestand-staat-dit-niet-toe', { detail: 'Verwijder eerst het oude geheim.' })
  }
}

async function requireSecret(tx: Tx, clientId: string, id: string) {
  const secret = (await listSecrets(tx, clientId)).find((candidate) => candidate.id === id)
  if (secret === undefined) throw new Problem('niet-gevonden')
  return showSecret(secret)
}

function showSecret({ id, aangemaaktOp }: { id: string; aangemaaktOp: Date }) {
  return { id, aangemaaktOp: aangemaaktOp.toISOString() }
}
