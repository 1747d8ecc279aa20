import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { unseal } from '../../platform/crypto/seal.ts'
import type { Tx } from '../../platform/database/open-database.ts'
import { once } from '../../platform/http/once.ts'
import { operation } from '../../platform/http/operation.ts'
import { limitOf } from '../../platform/http/page.ts'
import { Problem } from '../../platform/http/problem.ts'
import { traceIdOf } from '../../platform/http/trace.ts'
import type { App } from '../../platform/http/typebox.ts'
import { callerOf, contextOf, signaalpartnerOf } from '../../toegang/caller.ts'
import { isLiveClient } from '../../toegang/client-store.ts'
import type { Hub } from '../../toegang/hub.ts'
import { csvColumns } from './csv-columns.ts'
import { decodeBody, maxWireBytes } from './decode-body.ts'
import { openDeliveryGate } from './delivery-gate.ts'
import {
  Aanlevering,
  AanleveringPad,
  Aanleveringsregels,
  aanleveringBodies,
  RegelQuery
} from './levering-schema.ts'
import {
  claimDelivery,
  findDelivery,
  type LeveringRij,
  listDeliveryParts,
  type Regeluitkomst
} from './levering-store.ts'
import { afterFirst, paceLines } from './pace-lines.ts'
import { type DeliveryType, deliveryTypes, readDelivery } from './read-delivery.ts'
import { partContext, type Regelverslag, receiveDelivery } from './receive-delivery.ts'

const tag = 'Signalen'
const deliveriesAtOnce = 2
const statementTimeout = 60_000
const longestPause = 15_000
const toegang = { signaalpartner: ['vroegsignalen:aanleveren'] } as const

/** The door for a partner's whole month: one streamed request, one transaction. Partners only. */
export function leveringRoutes(app: App, { database, keys, clock, pager }: Hub): void {
  const throughGate = openDeliveryGate(deliveriesAtOnce)
  for (const type of deliveryTypes) {
    app.removeContentTypeParser(type)
    app.addContentTypeParser(type, { bodyLimit: maxWireBytes }, (_request, payload, done) =>
      done(null, payload)
    )
  }

  app.post(
    '/aanleveringen',
    {
      ...operation({
        operationId: 'postAanlevering',
        tag,
        summary: 'Signalen in één keer aanleveren',
        description:
          'Neemt 1 tot 250.000 signalen in één keer op, als NDJSON, CSV of JSON-lijst, ook met gzip. Elk signaal staat op zichzelf: wat niet deugt, staat met regelnummer en reden in het verslag en raakt de andere niet. De aanlevering is alles of niets zichtbaar: breekt de verbinding af, dan is er niets opgenomen en is herhalen met dezelfde Idempotency-Key veilig.',
        toegang,
        takes: ['idempotency-key'],
        problems: [409, 422],
        headersOut: ['Location', 'Idempotency-Replayed'],
        streamedBody: { mediaTypes: aanleveringBodies },
        extensions: { 'x-onveranderlijk': true },
        schema: { response: { 201: Aanlevering } }
      }),
      bodyLimit: maxWireBytes
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const signaalpartnerId = signaalpartnerOf(caller)
      const now = clock()
      const type = typeOf(request)
      if (request.body === undefined) throw noBody()
      const body = hashing(decodeBody(request.body as Readable, request.headers['content-encoding']))
      // No place, transaction or lock is held for a sender that has not begun, or that lets us wait.
      const lines = paceLines(await afterFirst(readDelivery(body.bytes, type)), longestPause)
      const herkomst = { signaalpartnerId, clientId: caller.id, traceId: traceIdOf(request.headers), now }
      const levering = await throughGate(() =>
        database.as({ ...contextOf(caller), statementTimeout, idleTimeout: statementTimeout }, async (tx) => {
          if (!(await claimDelivery(tx, signaalpartnerId))) throw alreadyRunning()
          const scope = { request, reply, keys: keys(), now, fingerprint: body.digest }
          const { id } = await once(tx, scope, async () => ({
            status: 201,
            id: await receiveDelivery(tx, keys(), herkomst, lines)
          }))
          await requireLiveClient(database, caller.id)
          const found = await findDelivery(tx, id)
          // The key is remembered longer than the report is kept.
          if (found === undefined) throw reportGone()
          return found
        })
      )
      reply.code(201).header('location', `/v1/aanleveringen/${levering.id}`)
      return show(levering)
    }
  )

  app.get(
    '/aanleveringen/csv-sjabloon',
    operation({
      operationId: 'getCsvSjabloon',
      tag,
      summary: 'CSV-sjabloon',
      description:
        'De kopregel van een aanlevering in CSV, met alle kolommen. Kolommen die u niet gebruikt, kunt u weglaten. Geef het bedrag in euro (`achterstand.bedrag`, bijvoorbeeld 845,00) of in centen, niet allebei.',
      toegang: 'open',
      produces: ['text/csv', 'application/problem+json'],
      extensions: { 'x-onveranderlijk': true },
      schema: {
        response: {
          200: {
            description: 'De kopregel.',
            content: {
              'text/csv': {
                schema: {
                  type: 'string',
                  maxLength: 5000,
                  description: 'Kolomnamen, met puntkomma gescheiden.'
                }
              }
            }
          } as never
        }
      }
    }),
    async (_request, reply) => {
      reply.type('text/csv; charset=utf-8; header=present').serializer(String)
      return `${Object.keys(csvColumns).join(';')}\r\n` as never
    }
  )

  app.get(
    '/aanleveringen/:id',
    operation({
      operationId: 'getAanlevering',
      tag,
      summary: 'Verslag van een aanlevering',
      description: 'De tellingen van een aanlevering; 30 dagen beschikbaar. Zij veranderen niet meer.',
      toegang,
      problems: [404],
      extensions: { 'x-onveranderlijk': true },
      schema: { params: AanleveringPad, response: { 200: Aanlevering } }
    }),
    async (request) =>
      show(await database.as(contextOf(callerOf(request)), (tx) => requireDelivery(tx, request.params.id)))
  )

  app.get(
    '/aanleveringen/:id/regels',
    operation({
      operationId: 'getAanleveringsregels',
      tag,
      summary: 'Regels van een aanlevering',
      description:
        'Wat er met elke regel is gebeurd, op regelnummer; met `uitkomst=afgewezen` alleen de afgewezen regels.',
      toegang,
      problems: [404],
      headersOut: ['Link'],
      schema: { params: AanleveringPad, querystring: RegelQuery, response: { 200: Aanleveringsregels } }
    }),
    async (request, reply) => {
      const { id } = request.params
      const { uitkomst } = request.query
      const from = (pager.after<number>(request) ?? 0) + 1
      const lines = await database.as(contextOf(callerOf(request)), async (tx) => {
        await requireDelivery(tx, id)
        return readReport(tx, id, from, uitkomst, limitOf(request) + 1)
      })
      return { resultaten: pager.page(request, reply, lines, ({ regel }) => regel) as never }
    }
  )

  async function readReport(
    tx: Tx,
    id: string,
    from: number,
    uitkomst: Regeluitkomst | undefined,
    wanted: number
  ) {
    const found: Regelverslag[] = []
    let next = from
    while (found.length < wanted) {
      const [part] = await listDeliveryParts(tx, id, next, uitkomst, 1)
      if (part === undefined) break
      const key = (await keys().findDataKeys([part.vernietigingsdatum])).get(part.vernietigingsdatum)
      if (key === undefined) break
      const lines: Regelverslag[] = JSON.parse(unseal(key, part.inhoud, partContext(part)).toString())
      const isWanted = (line: Regelverslag) =>
        line.regel >= from && (uitkomst === undefined || line.uitkomst === uitkomst)
      found.push(...lines.filter(isWanted))
      next = part.totEnMetRegel + 1
    }
    return found.slice(0, wanted)
  }
}

async function requireDelivery(tx: Tx, id: string): Promise<LeveringRij> {
  const found = await findDelivery(tx, id)
  if (found === undefined) throw new Problem('niet-gevonden')
  return found
}

function show({
  id,
  aantalRegels,
  aantalOpgenomen,
  aantalAfgewezen,
  aantalOngewijzigd,
  redenen
}: LeveringRij): Aanlevering {
  return { id, aantalRegels, aantalOpgenomen, aantalAfgewezen, aantalOngewijzigd, redenen }
}

function typeOf({ headers }: FastifyRequest): DeliveryType {
  const given = (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
  const type = deliveryTypes.find((known) => known === given)
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(headers['content-type'] ?? '')?.[1]
  if (type === undefined || (charset !== undefined && charset.toLowerCase() !== 'utf-8')) {
    throw new Problem('mediatype-niet-ondersteund')
  }
  return type
}

// Whoever was revoked or suspended while the delivery ran commits nothing of it.
async function requireLiveClient(database: Hub['database'], id: string): Promise<void> {
  if (await database.as({ duty: 'toegang' }, (tx) => isLiveClient(tx, id))) return
  throw new Problem('niet-ingelogd', {
    detail: 'De client is tijdens de aanlevering ingetrokken of geschorst; er is niets opgenomen.',
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' }
  })
}

function noBody(): Problem {
  const detail = 'De body ontbreekt.'
  return new Problem('ongeldige-invoer', { errors: [{ in: 'body', location: '', code: 'required', detail }] })
}

function reportGone(): Problem {
  const detail = 'Deze aanlevering is eerder opgenomen; haar verslag is na 30 dagen vernietigd.'
  return new Problem('toestand-staat-dit-niet-toe', { detail })
}

function alreadyRunning(): Problem {
  return new Problem('aanlevering-loopt-al', { headers: { 'retry-after': '10' } })
}

// The bytes of the body, and when they have all been read, what an Idempotency-Key is compared with.
function hashing(input: AsyncIterable<Buffer>) {
  const hash = createHash('sha256')
  async function* bytes() {
    for await (const chunk of input) {
      hash.update(chunk)
      yield chunk
    }
  }
  const passing = bytes()
  const digest = async () => {
    for await (const _ of passing);
    return hash.digest('base64url')
  }
  return { bytes: passing, digest }
}
