import { randomUUIDv7 } from 'node:crypto'
import type { Readable } from 'node:stream'
import { once } from '../platform/http/once.ts'
import { operation } from '../platform/http/operation.ts'
import { Problem } from '../platform/http/problem.ts'
import type { App } from '../platform/http/typebox.ts'
import { callerOf, contextOf } from '../toegang/caller.ts'
import type { Hub } from '../toegang/hub.ts'
import { Adresregister, AdresregisterBestand, AdresregisterLevering } from './adresregister-schema.ts'
import { findDelivery, findLastDelivery, recordDelivery, replaceRegister } from './adresregister-store.ts'
import { readAdresregister } from './read-adresregister.ts'

const tag = 'Adresregister'
const maxBytes = 512 * 1024 * 1024

/** The address register: which postcode lies in which municipality. Operator only. */
export function adresregisterRoutes(app: App, { database, keys, clock }: Hub): void {
  app.addContentTypeParser('text/csv', { bodyLimit: maxBytes }, (_request, payload, done) =>
    done(null, payload)
  )

  app.post(
    '/adresregister/leveringen',
    {
      ...operation({
        operationId: 'postAdresregisterLevering',
        tag,
        summary: 'Adresregister laden',
        description:
          'Vervangt het adresregister door het CBS-bestand van postcodes, huisnummers en gemeenten (CSV). Alles of niets: bij één foute regel blijft het oude register staan.',
        toegang: { beheer: ['beheer'] },
        takes: ['idempotency-key'],
        problems: [409, 422],
        headersOut: ['Idempotency-Replayed'],
        streamedBody: { mediaTypes: { 'text/csv': AdresregisterBestand } },
        schema: { response: { 201: AdresregisterLevering } }
      }),
      bodyLimit: maxBytes
    },
    async (request, reply) => {
      if (request.headers['content-type']?.startsWith('text/csv') !== true) {
        throw new Problem('mediatype-niet-ondersteund')
      }
      const pairs = await readAdresregister(request.body as Readable)
      // The stream is read; what an Idempotency-Key is compared with is what came out of it.
      request.body = pairs
      const context = { ...contextOf(callerOf(request)), statementTimeout: 300_000 }
      const levering = await database.as(context, async (tx) => {
        const { id } = await once(tx, { request, reply, keys: keys(), now: clock() }, async () => {
          const added = { id: randomUUIDv7(), geladenOp: clock(), aantalPostcodes: pairs.length }
          await replaceRegister(tx, pairs)
          await recordDelivery(tx, added)
          return { status: 201, id: added.id }
        })
        return (await findDelivery(tx, id))!
      })
      reply.code(201)
      return { ...levering, geladenOp: levering.geladenOp.toISOString() }
    }
  )

  app.get(
    '/adresregister',
    operation({
      operationId: 'getAdresregister',
      tag,
      summary: 'Adresregister opvragen',
      description: 'Hoeveel postcodes het register kent en wanneer het is geladen.',
      toegang: { beheer: ['beheer'] },
      schema: { response: { 200: Adresregister } }
    }),
    async (request) => {
      const last = await database.as(contextOf(callerOf(request)), findLastDelivery)
      if (last === undefined) return { aantalPostcodes: 0 }
      return { aantalPostcodes: last.aantalPostcodes, geladenOp: last.geladenOp.toISOString() }
    }
  )
}
