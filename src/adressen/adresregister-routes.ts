import { randomUUIDv7 } from 'node:crypto'
import type { Readable } from 'node:stream'
import { operation } from '../platform/http/operation.ts'
import { Problem } from '../platform/http/problem.ts'
import type { App } from '../platform/http/typebox.ts'
import type { Handeling } from '../toegang/handeling.ts'
import type { Hub } from '../toegang/hub.ts'
import type { Effect } from '../toegang/once.ts'
import { Adresregister, AdresregisterBestand, AdresregisterLevering } from './adresregister-schema.ts'
import {
  addRegisterlevering,
  findLastRegisterlevering,
  findRegisterlevering,
  type PostcodeInGemeente,
  replaceAdresregister
} from './adresregister-store.ts'
import { readAdresregister } from './read-adresregister.ts'

const tag = 'Adresregister'
const maxBytes = 512 * 1024 * 1024
const limits = { statementTimeout: 300_000 }

/** Routes of the address register, which says in which municipality a postcode lies. Operator only. */
export function adresregisterRoutes(app: App, hub: Hub): void {
  app.addContentTypeParser('text/csv', { bodyLimit: maxBytes }, (_request, payload, done) =>
    done(null, payload)
  )
  postAdresregisterLevering(app, hub)
  getAdresregister(app, hub)
}

function postAdresregisterLevering(app: App, { write }: Hub): void {
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
      // The body was a stream, so a repeat is compared by what was read from it.
      const fingerprint = async () => JSON.stringify(pairs)
      const load = (handeling: Handeling) => loadRegister(handeling, pairs)
      const levering = await write(request, reply, load, showDelivery, { limits, fingerprint })
      reply.code(201)
      return levering
    }
  )
}

function getAdresregister(app: App, { read }: Hub): void {
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
      const last = await read(request, ({ tx }) => findLastRegisterlevering(tx))
      if (last === undefined) return { aantalPostcodes: 0 }
      return { aantalPostcodes: last.aantalPostcodes, geladenOp: last.geladenOp.toISOString() }
    }
  )
}

async function loadRegister({ tx, now }: Handeling, pairs: readonly PostcodeInGemeente[]): Promise<Effect> {
  const id = randomUUIDv7()
  await replaceAdresregister(tx, pairs)
  await addRegisterlevering(tx, { id, geladenOp: now, aantalPostcodes: pairs.length })
  return { status: 201, id }
}

async function showDelivery({ tx }: Handeling, { id }: Effect) {
  const levering = (await findRegisterlevering(tx, id))!
  return { ...levering, geladenOp: levering.geladenOp.toISOString() }
}
