import type { Tx } from '../platform/database/open-database.ts'
import { requireMatch, sendResource } from '../platform/http/etag.ts'
import { operation } from '../platform/http/operation.ts'
import { notFound } from '../platform/http/problem.ts'
import type { App } from '../platform/http/typebox.ts'
import { noContent } from '../platform/http/wire-schema.ts'
import type { Handeling } from '../toegang/handeling.ts'
import type { Hub } from '../toegang/hub.ts'
import {
  type Abonnementgeheim,
  Abonnementgeheimen,
  AbonnementgeheimPad,
  AbonnementPad,
  NieuwAbonnementgeheim
} from './abonnement-schema.ts'
import { type AbonnementgeheimRij, findAbonnement, listGeheimen, lockAbonnement } from './abonnement-store.ts'
import { dropGeheim, issueGeheim } from './manage-abonnement.ts'

const tag = 'Abonnementen'
const toegang = { gemeente: ['abonnementen:beheren'] } as const

/** Routes to renew the secret of a subscription without a gap. */
export function abonnementgeheimRoutes(app: App, hub: Hub): void {
  postGeheim(app, hub)
  getGeheimen(app, hub)
  deleteGeheim(app, hub)
}

function postGeheim(app: App, { write, keys }: Hub): void {
  app.post(
    '/abonnementen/:id/geheimen',
    operation({
      operationId: 'postAbonnementgeheim',
      tag,
      summary: 'Geheim van een abonnement vernieuwen',
      description:
        'Geeft het abonnement een tweede geheim. Elke bezorging draagt vanaf nu de handtekening van beide, tot u het oude verwijdert; zo raakt tijdens de overgang niets kwijt. Meer dan twee kan niet.',
      toegang,
      takes: ['idempotency-key'],
      problems: ['niet-gevonden'],
      headersOut: ['ETag', 'Idempotency-Replayed'],
      schema: { params: AbonnementPad, response: { 201: NieuwAbonnementgeheim } }
    }),
    async (request, reply) => {
      const { id: abonnementId } = request.params
      let geheim: string | undefined
      const issue = async (handeling: Handeling) => {
        if ((await lockAbonnement(handeling.tx, abonnementId)) === undefined) throw notFound()
        const { id, secret } = await issueGeheim(handeling, abonnementId)
        geheim = secret
        return { status: 201, id }
      }
      const row = await write(request, reply, issue, ({ tx }, { id }) => requireGeheim(tx, abonnementId, id))
      reply.code(201)
      return { ...sendResource(keys(), reply, show(row)), ...(geheim !== undefined && { geheim }) }
    }
  )
}

function getGeheimen(app: App, { read }: Hub): void {
  app.get(
    '/abonnementen/:id/geheimen',
    operation({
      operationId: 'getAbonnementgeheimen',
      tag,
      summary: 'Geheimen van een abonnement opvragen',
      description: 'Welke geheimen ondertekenen en sinds wanneer; nooit de geheimen zelf.',
      toegang,
      problems: ['niet-gevonden'],
      extensions: { 'x-volledig': true },
      schema: { params: AbonnementPad, response: { 200: Abonnementgeheimen } }
    }),
    async (request) =>
      read(request, async ({ tx }) => {
        const { id } = request.params
        if ((await findAbonnement(tx, id)) === undefined) throw notFound()
        return { resultaten: (await listGeheimen(tx, id)).map(show) }
      })
  )
}

function deleteGeheim(app: App, { write, keys }: Hub): void {
  app.delete(
    '/abonnementen/:id/geheimen/:geheimId',
    operation({
      operationId: 'deleteAbonnementgeheim',
      tag,
      summary: 'Geheim van een abonnement verwijderen',
      description:
        'Rondt een vernieuwing af: het geheim ondertekent niet meer. Het enige geheim blijft. `If-Match` is de `ETag` uit het antwoord bij het maken, of `*`.',
      toegang,
      takes: ['if-match'],
      problems: ['niet-gevonden', 'toestand-staat-dit-niet-toe'],
      schema: { params: AbonnementgeheimPad, response: { 204: noContent('Het geheim is verwijderd.') } }
    }),
    async (request, reply) => {
      const { id, geheimId } = request.params
      const drop = async (handeling: Handeling) => {
        await lockAbonnement(handeling.tx, id)
        const row = await requireGeheim(handeling.tx, id, geheimId)
        requireMatch(keys(), request, show(row))
        await dropGeheim(handeling, row)
        return { status: 204, id: geheimId }
      }
      await write(request, reply, drop, () => undefined)
      return reply.code(204).send() as never
    }
  )
}

async function requireGeheim(tx: Tx, abonnementId: string, id: string): Promise<AbonnementgeheimRij> {
  const row = (await listGeheimen(tx, abonnementId)).find((one) => one.id === id)
  if (row === undefined) throw notFound()
  return row
}

function show({ id, aangemaaktOp }: AbonnementgeheimRij): Abonnementgeheim {
  return { id, aangemaaktOp: aangemaaktOp.toISOString() }
}
