import type { Tx } from '../../platform/database/open-database.ts'
import { requireMatch, sendResource } from '../../platform/http/etag.ts'
import { operation } from '../../platform/http/operation.ts'
import { limitOf } from '../../platform/http/page.ts'
import { conflict, notFound, Problem } from '../../platform/http/problem.ts'
import type { App } from '../../platform/http/typebox.ts'
import { pageQuery, Query } from '../../platform/http/wire-schema.ts'
import { type Caller, callerOf } from '../../toegang/caller.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import type { Hub } from '../../toegang/hub.ts'
import type { Effect } from '../../toegang/once.ts'
import { managed } from '../managed.ts'
import { changeGemeente } from './change-gemeente.ts'
import {
  Gemeente,
  GemeenteInvoer,
  Gemeenten,
  GemeentePad,
  GemeenteWijziging,
  standaardInstellingen
} from './gemeente-schema.ts'
import { addGemeente, findGemeente, type GemeenteRij, listGemeenten, lockGemeente } from './gemeente-store.ts'
import { listOpgegaan } from './opgegaan-store.ts'

const tag = 'Organisaties'
// A big city has many households to mark.
const limits = { statementTimeout: 60_000 }

/** Routes of municipalities and their settings. For the operator, and for a municipality itself. */
export function gemeenteRoutes(app: App, hub: Hub): void {
  postGemeente(app, managed(hub))
  getGemeenten(app, hub)
  getGemeente(app, hub)
  patchGemeente(app, managed(hub))
}

function postGemeente(app: App, { write, keys }: Hub): void {
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
      headersOut: ['ETag', 'Location', 'Idempotency-Replayed'],
      schema: { body: GemeenteInvoer, response: { 201: Gemeente } }
    }),
    async (request, reply) => {
      const gemeente = await write(request, reply, ({ tx }) => enrol(tx, request.body), showResult)
      reply.code(201).header('location', `/v1/gemeenten/${gemeente.gemeentecode}`)
      return sendResource(keys(), reply, gemeente)
    }
  )
}

function getGemeenten(app: App, { read, pager }: Hub): void {
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
      const { rol, gemeentecodes } = callerOf(request)
      const visible = rol === 'gemeente' ? gemeentecodes : undefined
      const after = pager.after<string>(request) ?? ''
      const rows = await read(request, async ({ tx }) => {
        const found = await listGemeenten(tx, after, limitOf(request) + 1, visible)
        return showAll(tx, found)
      })
      const page = pager.page(request, reply, rows, ({ gemeentecode }) => gemeentecode)
      return { resultaten: [...page] }
    }
  )
}

function getGemeente(app: App, { read }: Hub): void {
  app.get(
    '/gemeenten/:gemeentecode',
    operation({
      operationId: 'getGemeente',
      tag,
      summary: 'Gemeente opvragen',
      description: 'Eén gemeente met haar instellingen. Een gemeente ziet alleen zichzelf.',
      toegang: { beheer: ['beheer'], gemeente: [] },
      problems: ['niet-gevonden'],
      headersOut: ['ETag'],
      schema: { params: GemeentePad, response: { 200: Gemeente } }
    }),
    async (request, reply) => {
      const { gemeentecode } = request.params
      refuseOther(callerOf(request), gemeentecode)
      return read(request, async ({ tx, keys }) => {
        const gemeente = await findGemeente(tx, gemeentecode)
        if (gemeente === undefined) throw notFound()
        return sendResource(keys, reply, await show(tx, gemeente))
      })
    }
  )
}

function patchGemeente(app: App, { write, keys }: Hub): void {
  app.patch(
    '/gemeenten/:gemeentecode',
    operation({
      operationId: 'patchGemeente',
      tag,
      summary: 'Gemeente wijzigen',
      description:
        'Wijzigt wat u meestuurt (JSON Merge Patch). De beheerder wijzigt alles, een gemeente alleen haar eigen instellingen.',
      toegang: { beheer: ['beheer'], gemeente: ['instellingen:beheren'] },
      takes: ['idempotency-key', 'if-match'],
      problems: ['niet-gevonden'],
      headersOut: ['ETag', 'Idempotency-Replayed'],
      schema: { params: GemeentePad, body: GemeenteWijziging, response: { 200: Gemeente } }
    }),
    async (request, reply) => {
      const { gemeentecode } = request.params
      refuseOther(callerOf(request), gemeentecode)
      refuseOtherFields(callerOf(request), request.body)
      const change = async (handeling: Handeling) => {
        const current = await lockGemeente(handeling.tx, gemeentecode)
        if (current === undefined) throw notFound()
        requireMatch(handeling.keys, request, await show(handeling.tx, current))
        await changeGemeente(handeling, current, request.body)
        return { status: 200, id: gemeentecode }
      }
      return sendResource(keys(), reply, await write(request, reply, change, showResult, { limits }))
    }
  )
}

async function enrol(tx: Tx, given: GemeenteInvoer): Promise<Effect> {
  const { gemeentecode, naam, oin = null } = given
  const instellingen = { ...standaardInstellingen, ...given.instellingen } as GemeenteRij['instellingen']
  if (!(await addGemeente(tx, { gemeentecode, naam, oin, instellingen }))) {
    throw conflict('Deze gemeente is al toegevoegd.')
  }
  return { status: 201, id: gemeentecode }
}

// The operator sees every municipality, a municipality only itself.
function refuseOther({ rol, gemeentecodes }: Caller, gemeentecode: string): void {
  if (rol === 'gemeente' && !gemeentecodes.includes(gemeentecode)) throw notFound()
}

function refuseOtherFields({ rol }: Caller, { naam, oin }: GemeenteWijziging): void {
  if (rol === 'beheer' || (naam === undefined && oin === undefined)) return
  throw new Problem('geen-toegang', { detail: 'Een gemeente wijzigt alleen haar instellingen.' })
}

async function showResult({ tx }: Handeling, { id }: Effect): Promise<Gemeente> {
  return show(tx, (await findGemeente(tx, id))!)
}

async function show(tx: Tx, gemeente: GemeenteRij): Promise<Gemeente> {
  return (await showAll(tx, [gemeente]))[0]!
}

async function showAll(tx: Tx, gemeenten: readonly GemeenteRij[]): Promise<Gemeente[]> {
  const codes = gemeenten.map(({ gemeentecode }) => gemeentecode)
  const opgegaan = new Map((await listOpgegaan(tx, codes)).map((one) => [one.van, one]))
  return gemeenten.map(({ gemeentecode, naam, oin, instellingen }) => {
    const herindeling = opgegaan.get(gemeentecode)
    const opgegaanIn = herindeling && { gemeentecode: herindeling.opvolger, sinds: herindeling.datum }
    return {
      gemeentecode,
      naam,
      ...(oin !== null && { oin }),
      instellingen,
      ...(opgegaanIn && { opgegaanIn })
    }
  })
}
