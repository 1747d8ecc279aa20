import { ownOrInherited } from '../organisaties/herindelingen/own-or-inherited.ts'
import { type Ketenuitkomst, verifyChain } from '../platform/crypto/signed-chain.ts'
import { operation } from '../platform/http/operation.ts'
import { limitOf } from '../platform/http/page.ts'
import { notFound } from '../platform/http/problem.ts'
import type { App } from '../platform/http/typebox.ts'
import { pageQuery, Query } from '../platform/http/wire-schema.ts'
import type { Hub } from '../toegang/hub.ts'
import { bewijstype } from './bewijs.ts'
import {
  Ketencontrole,
  KetencontroleQuery,
  Vernietiging,
  Vernietigingen,
  VernietigingPad
} from './vernietiging-schema.ts'
import {
  findVernietiging,
  listChain,
  listChainedGemeenten,
  listVernietigingen,
  type VernietigingRij
} from './vernietiging-store.ts'

const tag = 'Vernietiging'
const toegang = { gemeente: ['verantwoording:lezen'], beheer: ['beheer'] } as const

/** The proof of what was destroyed. */
export function vernietigingRoutes(app: App, hub: Hub): void {
  getVernietigingen(app, hub)
  getKetencontrole(app, hub)
  getVernietiging(app, hub)
}

function getVernietigingen(app: App, { read, pager }: Hub): void {
  app.get(
    '/vernietigingen',
    operation({
      operationId: 'getVernietigingen',
      tag,
      summary: 'Vernietigingen opvragen',
      description:
        'De uitgevoerde vernietigingen met hun bewijs, nieuwste eerst. Een gemeente ziet alleen de eigen, en die van gemeenten die in haar zijn opgegaan.',
      toegang,
      headersOut: ['Link'],
      schema: { querystring: Query(pageQuery), response: { 200: Vernietigingen } }
    }),
    async (request, reply) => {
      const before = pager.after<string>(request)
      const rows = await read(request, ({ tx }) => listVernietigingen(tx, before, limitOf(request) + 1))
      return { resultaten: pager.page(request, reply, rows, ({ id }) => id).map(show) }
    }
  )
}

const atOnce = 500

function getKetencontrole(app: App, { read, keys }: Hub): void {
  app.get(
    '/vernietigingen/_verifieer',
    operation({
      operationId: 'getKetencontrole',
      tag,
      summary: 'Verklaringen van vernietiging nalopen',
      description:
        'Loopt de keten van verklaringen na: van elke de handtekening, het nummer, de verwijzing naar de vorige en of haar gegevens zijn wat zij verklaart. Stopt bij de eerste fout. Wat aan het eind is weggehaald, laat in de keten geen spoor na: vergelijk `aantal` met wat u eerder zag, of bewaar de laatste verklaring.',
      toegang,
      problems: ['niet-gevonden'],
      schema: { querystring: KetencontroleQuery, response: { 200: Ketencontrole } }
    }),
    async (request) => {
      const { gemeentecode } = request.query
      const codes = await read(request, async ({ tx, caller }) => {
        if (gemeentecode === undefined) return listChainedGemeenten(tx)
        return caller.rol === 'gemeente' ? ownOrInherited(tx, caller, gemeentecode) : [gemeentecode]
      })
      let aantal = 0
      for (const code of codes) {
        // In a transaction for each batch: a long chain must not hold one, nor all of it in memory.
        const found = await verifyChain(keys(), bewijstype, (after) =>
          read(request, ({ tx }) => listChain(tx, code, after, atOnce))
        )
        aantal += found.aantal
        if (found.fout !== undefined)
          return { volledig: false, aantal, eersteFout: showFault(code, found.fout) }
      }
      return { volledig: true, aantal }
    }
  )
}

function showFault(
  gemeentecode: string,
  { volgnummer, fout, row }: NonNullable<Ketenuitkomst<VernietigingRij>['fout']>
) {
  return { gemeentecode, volgnummer, ...(row && { vernietigingId: row.id }), fout }
}

function getVernietiging(app: App, { read }: Hub): void {
  app.get(
    '/vernietigingen/:id',
    operation({
      operationId: 'getVernietiging',
      tag,
      summary: 'Vernietiging opvragen',
      description: 'Eén vernietiging met haar ondertekende bewijs. Zij verandert nooit.',
      toegang,
      problems: ['niet-gevonden'],
      extensions: { 'x-onveranderlijk': true },
      schema: { params: VernietigingPad, response: { 200: Vernietiging } }
    }),
    async (request) => {
      const found = await read(request, ({ tx }) => findVernietiging(tx, request.params.id))
      if (found === undefined) throw notFound()
      return show(found)
    }
  )
}

function show({ volgnummer: _, uitgevoerdOp, ...vernietiging }: VernietigingRij): Vernietiging {
  return { ...vernietiging, uitgevoerdOp: uitgevoerdOp.toISOString() }
}
