import type { FastifyRequest } from 'fastify'
import type { Tx } from '../platform/database/open-database.ts'
import { requireMatch, sendResource } from '../platform/http/etag.ts'
import { operation } from '../platform/http/operation.ts'
import { limitOf } from '../platform/http/page.ts'
import { notFound } from '../platform/http/problem.ts'
import type { App } from '../platform/http/typebox.ts'
import { noContent, pageQuery, Query } from '../platform/http/wire-schema.ts'
import type { Outgoing } from '../platform/outgoing/outgoing.ts'
import type { Handeling } from '../toegang/handeling.ts'
import type { Hub } from '../toegang/hub.ts'
import {
  Abonnement,
  Abonnementen,
  AbonnementInvoer,
  AbonnementPad,
  AbonnementWijziging,
  NieuwAbonnement
} from './abonnement-schema.ts'
import {
  type AbonnementRij,
  findAbonnement,
  listAbonnementen,
  lockAbonnement,
  removeAbonnement
} from './abonnement-store.ts'
import { changeAbonnement, requireReceiver, takeAbonnement } from './manage-abonnement.ts'

const tag = 'Abonnementen'
const toegang = { gemeente: ['abonnementen:beheren'] } as const

/** Routes of subscriptions to events, for municipalities. */
export function abonnementRoutes(app: App, hub: Hub, outgoing: Outgoing): void {
  postAbonnement(app, hub, outgoing)
  getAbonnementen(app, hub)
  getAbonnement(app, hub)
  patchAbonnement(app, hub, outgoing)
  deleteAbonnement(app, hub)
}

function postAbonnement(app: App, { write, keys }: Hub, outgoing: Outgoing): void {
  app.post(
    '/abonnementen',
    operation({
      operationId: 'postAbonnement',
      tag,
      summary: 'Abonnement nemen',
      description:
        'Laat gebeurtenissen in uw gemeenten bezorgen op een adres van uw systeem, met `POST` en een bericht volgens CloudEvents (NL GOV-profiel): alleen kenmerken, nooit persoonsgegevens. Lees met uw eigen token wat erachter zit. Elke bezorging is ondertekend volgens Standard Webhooks met het `geheim`, dat alleen in dit antwoord staat; een herhaling toont het niet meer. Antwoord binnen tien seconden met een 2xx. Wat niet aankomt, wordt drie dagen lang opnieuw geprobeerd, steeds minder vaak; een bericht kan meer dan eens en in een andere volgorde aankomen, en `webhook-id` zegt of u het al had. Zie de webhooks in dit document.',
      toegang,
      takes: ['idempotency-key'],
      headersOut: ['ETag', 'Location', 'Idempotency-Replayed'],
      schema: { body: AbonnementInvoer, response: { 201: NieuwAbonnement } }
    }),
    async (request, reply) => {
      await requireReceiver(outgoing, request.body.url)
      let geheim: string | undefined
      const take = async (handeling: Handeling) => {
        const { id, secret } = await takeAbonnement(handeling, request.body)
        geheim = secret
        return { status: 201, id }
      }
      const abonnement = await write(request, reply, take, ({ tx }, { id }) => requireAbonnement(tx, id))
      reply.code(201).header('location', `/v1/abonnementen/${abonnement.id}`)
      sendResource(keys(), reply, abonnement)
      return { ...abonnement, ...(geheim !== undefined && { geheim }) }
    }
  )
}

function getAbonnementen(app: App, { read, pager }: Hub): void {
  app.get(
    '/abonnementen',
    operation({
      operationId: 'getAbonnementen',
      tag,
      summary: 'Abonnementen opvragen',
      description:
        'De abonnementen van uw gemeenten, zonder hun geheimen. Een abonnement van een uitvoerder ziet alleen wie voor al zijn gemeenten werkt.',
      toegang,
      headersOut: ['Link'],
      schema: { querystring: Query(pageQuery), response: { 200: Abonnementen } }
    }),
    async (request, reply) => {
      const after = pager.after<string>(request)
      const rows = await read(request, ({ tx }) => listAbonnementen(tx, after, limitOf(request) + 1))
      return { resultaten: pager.page(request, reply, rows, ({ id }) => id).map(show) }
    }
  )
}

function getAbonnement(app: App, { read }: Hub): void {
  app.get(
    '/abonnementen/:id',
    operation({
      operationId: 'getAbonnement',
      tag,
      summary: 'Abonnement opvragen',
      description: 'Eén abonnement, zonder geheimen; zegt ook of en waarom het is uitgeschakeld.',
      toegang,
      problems: ['niet-gevonden'],
      headersOut: ['ETag'],
      schema: { params: AbonnementPad, response: { 200: Abonnement } }
    }),
    async (request, reply) =>
      read(request, async ({ tx, keys }) =>
        sendResource(keys, reply, await requireAbonnement(tx, request.params.id))
      )
  )
}

function patchAbonnement(app: App, { write, keys }: Hub, outgoing: Outgoing): void {
  app.patch(
    '/abonnementen/:id',
    operation({
      operationId: 'patchAbonnement',
      tag,
      summary: 'Abonnement wijzigen',
      description:
        'Wijzigt het adres of de soorten, of schakelt het abonnement uit of weer in (JSON Merge Patch). Wat nog wacht, gaat naar het nieuwe adres; uitschakelen geeft het op.',
      toegang,
      takes: ['idempotency-key', 'if-match'],
      problems: ['niet-gevonden'],
      headersOut: ['ETag', 'Idempotency-Replayed'],
      example: { soorten: ['nl.vroegsignalering.crisis-gemeld'], status: 'actief' },
      schema: { params: AbonnementPad, body: AbonnementWijziging, response: { 200: Abonnement } }
    }),
    async (request, reply) => {
      const { id } = request.params
      await requireReceiver(outgoing, request.body.url)
      const change = async (handeling: Handeling) => {
        await changeAbonnement(handeling, await lockCurrent(handeling, request, id), request.body)
        return { status: 200, id }
      }
      const abonnement = await write(request, reply, change, ({ tx }) => requireAbonnement(tx, id))
      return sendResource(keys(), reply, abonnement)
    }
  )
}

function deleteAbonnement(app: App, { write }: Hub): void {
  app.delete(
    '/abonnementen/:id',
    operation({
      operationId: 'deleteAbonnement',
      tag,
      summary: 'Abonnement opzeggen',
      description: 'Beëindigt het abonnement; wat nog niet was bezorgd, vervalt, en zijn geheimen ook.',
      toegang,
      takes: ['if-match'],
      problems: ['niet-gevonden'],
      schema: { params: AbonnementPad, response: { 204: noContent('Het abonnement is opgezegd.') } }
    }),
    async (request, reply) => {
      const { id } = request.params
      const remove = async (handeling: Handeling) => {
        await lockCurrent(handeling, request, id)
        await removeAbonnement(handeling.tx, id)
        return { status: 204, id }
      }
      await write(request, reply, remove, () => undefined)
      return reply.code(204).send() as never
    }
  )
}

async function lockCurrent(
  { tx, keys }: Handeling,
  request: FastifyRequest,
  id: string
): Promise<AbonnementRij> {
  const row = await lockAbonnement(tx, id)
  if (row === undefined) throw notFound()
  requireMatch(keys, request, show(row))
  return row
}

async function requireAbonnement(tx: Tx, id: string): Promise<Abonnement> {
  const row = await findAbonnement(tx, id)
  if (row === undefined) throw notFound()
  return show(row)
}

function show(row: AbonnementRij): Abonnement {
  const { id, gemeentecodes, url, soorten, status, reden, uitgeschakeldOp, aangemaaktOp } = row
  return {
    id,
    gemeentecodes,
    url,
    soorten,
    status,
    ...(reden !== null && { redenUitgeschakeld: reden }),
    ...(uitgeschakeldOp !== null && { uitgeschakeldOp: uitgeschakeldOp.toISOString() }),
    aangemaaktOp: aangemaaktOp.toISOString()
  }
}
