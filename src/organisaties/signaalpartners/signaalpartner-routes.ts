import { republishPartner } from '../../huishoudens/match-households.ts'
import { requireMatch, sendResource } from '../../platform/http/etag.ts'
import { mergePatch } from '../../platform/http/merge-patch.ts'
import { once } from '../../platform/http/once.ts'
import { operation } from '../../platform/http/operation.ts'
import { limitOf } from '../../platform/http/page.ts'
import { Problem } from '../../platform/http/problem.ts'
import type { App } from '../../platform/http/typebox.ts'
import { pageQuery, Query } from '../../platform/http/wire-schema.ts'
import { callerOf, contextOf } from '../../toegang/caller.ts'
import type { Hub } from '../../toegang/hub.ts'
import { listGemeentecodes } from '../gemeenten/gemeente-store.ts'
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
  type SignaalpartnerRij,
  saveSignaalpartner
} from './signaalpartner-store.ts'

const tag = 'Organisaties'

/** The organisations that give signals. */
export function signaalpartnerRoutes(app: App, { database, keys, clock, pager }: Hub): void {
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
      problems: [409, 422],
      headersOut: ['ETag', 'Location', 'Idempotency-Replayed'],
      schema: { body: SignaalpartnerInvoer, response: { 201: Signaalpartner } }
    }),
    async (request, reply) => {
      const partner = await database.as(contextOf(callerOf(request)), async (tx) => {
        const { id } = await once(tx, { request, reply, keys: keys(), now: clock() }, async () => {
          const added = store({ id: crypto.randomUUID(), status: 'actief', ...request.body })
          await addSignaalpartner(tx, added)
          return { status: 201, id: added.id }
        })
        return show((await findSignaalpartner(tx, id))!)
      })
      reply.code(201).header('location', `/v1/signaalpartners/${partner.id}`)
      return sendResource(keys(), reply, partner)
    }
  )

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
      const rows = await database.as(contextOf(callerOf(request)), (tx) =>
        listSignaalpartners(tx, after, limitOf(request) + 1)
      )
      return { resultaten: pager.page(request, reply, rows, ({ id }) => id).map(show) }
    }
  )

  app.get(
    '/signaalpartners/:id',
    operation({
      operationId: 'getSignaalpartner',
      tag,
      summary: 'Signaalpartner opvragen',
      description: 'Eén signaalpartner. Een partner ziet alleen zichzelf.',
      toegang: { beheer: ['beheer'], signaalpartner: [] },
      problems: [404],
      headersOut: ['ETag'],
      schema: { params: SignaalpartnerPad, response: { 200: Signaalpartner } }
    }),
    async (request, reply) => {
      const { id } = request.params
      const partner = await database.as(contextOf(callerOf(request)), (tx) => findSignaalpartner(tx, id))
      if (partner === undefined) throw new Problem('niet-gevonden')
      return sendResource(keys(), reply, show(partner))
    }
  )

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
      problems: [404, 409, 412, 422, 428],
      headersOut: ['ETag', 'Idempotency-Replayed'],
      schema: { params: SignaalpartnerPad, body: SignaalpartnerWijziging, response: { 200: Signaalpartner } }
    }),
    async (request, reply) => {
      const { id } = request.params
      const partner = await database.as(contextOf(callerOf(request)), async (tx) => {
        await once(tx, { request, reply, keys: keys(), now: clock() }, async () => {
          const current = await lockSignaalpartner(tx, id)
          if (current === undefined) throw new Problem('niet-gevonden')
          requireMatch(keys(), request, show(current))
          await saveSignaalpartner(tx, store(mergePatch(show(current), request.body) as Signaalpartner))
          return { status: 200, id }
        })
        return show((await findSignaalpartner(tx, id))!)
      })
      // Households show the name; whoever follows them has to hear of it.
      if (request.body.naam !== undefined) {
        const gemeentecodes = await database.as(contextOf(callerOf(request)), listGemeentecodes)
        await republishPartner(database, gemeentecodes, id)
      }
      return sendResource(keys(), reply, partner)
    }
  )
}

function store({ kvkNummer, oin, ...partner }: Signaalpartner): SignaalpartnerRij {
  return { ...partner, kvkNummer: kvkNummer ?? null, oin: oin ?? null }
}

function show({ kvkNummer, oin, ...partner }: SignaalpartnerRij): Signaalpartner {
  return { ...partner, ...(kvkNummer !== null && { kvkNummer }), ...(oin !== null && { oin }) }
}
