import { rematchGemeente } from '../../huishoudens/match-households.ts'
import { requireMatch, sendResource } from '../../platform/http/etag.ts'
import { mergePatch } from '../../platform/http/merge-patch.ts'
import { once } from '../../platform/http/once.ts'
import { operation } from '../../platform/http/operation.ts'
import { limitOf } from '../../platform/http/page.ts'
import { Problem } from '../../platform/http/problem.ts'
import type { App } from '../../platform/http/typebox.ts'
import { pageQuery, Query } from '../../platform/http/wire-schema.ts'
import { type Caller, callerOf, contextOf } from '../../toegang/caller.ts'
import type { Hub } from '../../toegang/hub.ts'
import {
  Gemeente,
  GemeenteInvoer,
  Gemeenten,
  GemeentePad,
  GemeenteWijziging,
  standaardInstellingen
} from './gemeente-schema.ts'
import {
  addGemeente,
  findGemeente,
  type GemeenteRij,
  listGemeenten,
  lockGemeente,
  saveGemeente,
  saveInstellingen
} from './gemeente-store.ts'

const tag = 'Organisaties'

/** Municipalities and what each settles for itself. */
export function gemeenteRoutes(app: App, { database, keys, clock, pager }: Hub): void {
  app.post(
    '/gemeenten',
    operation({
      operationId: 'postGemeente',
      tag,
      summary: 'Gemeente toevoegen',
      description:
        'Voegt een gemeente toe die meedoet. Instellingen die u weglaat, krijgen hun standaardwaarde.',
      toegang: { beheer: ['beheer'] },
      takes: ['idempotency-key'],
      problems: [409, 422],
      headersOut: ['ETag', 'Location', 'Idempotency-Replayed'],
      schema: { body: GemeenteInvoer, response: { 201: Gemeente } }
    }),
    async (request, reply) => {
      const { gemeentecode, naam, oin, instellingen } = request.body
      const gemeente = await database.as(contextOf(callerOf(request)), async (tx) => {
        await once(tx, { request, reply, keys: keys(), now: clock() }, async () => {
          const all = { ...standaardInstellingen, ...instellingen } as GemeenteRij['instellingen']
          if (!(await addGemeente(tx, { gemeentecode, naam, oin: oin ?? null, instellingen: all }))) {
            throw new Problem('toestand-staat-dit-niet-toe', { detail: 'Deze gemeente is al toegevoegd.' })
          }
          return { status: 201, id: gemeentecode }
        })
        return show((await findGemeente(tx, gemeentecode))!)
      })
      reply.code(201).header('location', `/v1/gemeenten/${gemeentecode}`)
      return sendResource(keys(), reply, gemeente)
    }
  )

  app.get(
    '/gemeenten',
    operation({
      operationId: 'getGemeenten',
      tag,
      summary: 'Gemeenten opvragen',
      description: 'De gemeenten die meedoen, op code. Een gemeente ziet alleen zichzelf.',
      toegang: { beheer: ['beheer'], gemeente: [] },
      headersOut: ['Link'],
      schema: { querystring: Query(pageQuery), response: { 200: Gemeenten } }
    }),
    async (request, reply) => {
      const caller = callerOf(request)
      const after = pager.after<string>(request) ?? ''
      const rows = await database.as(contextOf(caller), (tx) =>
        listGemeenten(tx, after, limitOf(request) + 1, ownCodes(caller))
      )
      const page = pager.page(request, reply, rows, ({ gemeentecode }) => gemeentecode)
      return { resultaten: page.map(show) }
    }
  )

  app.get(
    '/gemeenten/:gemeentecode',
    operation({
      operationId: 'getGemeente',
      tag,
      summary: 'Gemeente opvragen',
      description: 'Eén gemeente met haar instellingen. Een gemeente ziet alleen zichzelf.',
      toegang: { beheer: ['beheer'], gemeente: [] },
      problems: [404],
      headersOut: ['ETag'],
      schema: { params: GemeentePad, response: { 200: Gemeente } }
    }),
    async (request, reply) => {
      const caller = callerOf(request)
      const { gemeentecode } = request.params
      requireOwn(caller, gemeentecode)
      const gemeente = await database.as(contextOf(caller), (tx) => findGemeente(tx, gemeentecode))
      if (gemeente === undefined) throw new Problem('niet-gevonden')
      return sendResource(keys(), reply, show(gemeente))
    }
  )

  app.patch(
    '/gemeenten/:gemeentecode',
    operation({
      operationId: 'patchGemeente',
      tag,
      summary: 'Gemeente wijzigen',
      description:
        'Wijzigt wat u meestuurt (JSON Merge Patch). De beheerder wijzigt alles, een gemeente alleen haar eigen instellingen.',
      toegang: { beheer: ['beheer'], gemeente: [] },
      takes: ['idempotency-key', 'if-match'],
      problems: [404, 409, 412, 422, 428],
      headersOut: ['ETag', 'Idempotency-Replayed'],
      schema: { params: GemeentePad, body: GemeenteWijziging, response: { 200: Gemeente } }
    }),
    async (request, reply) => {
      const caller = callerOf(request)
      const { gemeentecode } = request.params
      requireOwn(caller, gemeentecode)
      const isBeheer = caller.rol === 'beheer'
      const { naam, oin, ...own } = request.body
      if (!isBeheer && (naam !== undefined || oin !== undefined)) {
        throw new Problem('geen-toegang', { detail: 'Een gemeente wijzigt alleen haar instellingen.' })
      }
      const gemeente = await database.as(contextOf(caller), async (tx) => {
        await once(tx, { request, reply, keys: keys(), now: clock() }, async () => {
          const current = await lockGemeente(tx, gemeentecode)
          if (current === undefined) throw new Problem('niet-gevonden')
          requireMatch(keys(), request, show(current))
          const changed = mergePatch(show(current), isBeheer ? request.body : own) as Gemeente
          if (isBeheer) await saveGemeente(tx, { ...changed, oin: changed.oin ?? null })
          else await saveInstellingen(tx, gemeentecode, changed.instellingen)
          return { status: 200, id: gemeentecode }
        })
        return show((await findGemeente(tx, gemeentecode))!)
      })
      if (request.body.instellingen?.matchTelling !== undefined) await rematchGemeente(database, gemeentecode)
      return sendResource(keys(), reply, gemeente)
    }
  )
}

function ownCodes({ rol, gemeentecodes }: Caller): readonly string[] | undefined {
  return rol === 'gemeente' ? gemeentecodes : undefined
}

function requireOwn(caller: Caller, gemeentecode: string): void {
  if (ownCodes(caller)?.includes(gemeentecode) === false) throw new Problem('niet-gevonden')
}

function show({ gemeentecode, naam, oin, instellingen }: GemeenteRij): Gemeente {
  return { gemeentecode, naam, ...(oin !== null && { oin }), instellingen }
}
