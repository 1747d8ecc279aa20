import type { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { listGemeenten } from '../../organisaties/gemeenten/gemeente-store.ts'
import { decodeBody } from '../../platform/http/decode-body.ts'
import { charsetOf, decodeText } from '../../platform/http/decode-text.ts'
import { hashBody } from '../../platform/http/hash-body.ts'
import { allowLongRequest } from '../../platform/http/long-requests.ts'
import { operation } from '../../platform/http/operation.ts'
import { bodyFault, conflict, invalid } from '../../platform/http/problem.ts'
import type { App } from '../../platform/http/typebox.ts'
import { spareMemory } from '../../platform/spare-memory.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import type { Hub } from '../../toegang/hub.ts'
import { findEarlier, identify, rememberAll, replay } from '../../toegang/once.ts'
import {
  findLastRegisterlevering,
  findRegisterlevering,
  type RegisterleveringRij
} from '../adresregister-store.ts'
import { beginLevering, loadRegister } from './load-register.ts'
import { readRegister } from './read-register.ts'
import { Adresregister, AdresregisterBestand, AdresregisterLevering } from './register-schema.ts'
import { dropRegisterlevering, findRunningRegisterlevering } from './register-store.ts'

const tag = 'Adresregister'
const gibibyte = 1024 ** 3
const bodyLimits = {
  maxWireBytes: 4 * gibibyte,
  maxDecodedBytes: 8 * gibibyte,
  tooLarge: 'Het adresregister is te groot; laat kolommen weg die niet nodig zijn.'
}
/** Milliseconds: how long a load may take as a whole, and its connection may be silent. */
const longestLoad = 2 * 3_600_000
const longestSilence = 600_000
// Ten million addresses take their distinct postcodes in seconds, on a slow server in minutes.
const limits = { statementTimeout: 600_000 }
const mostGemeenten = 10_000

/** Routes of the address register, which says which addresses there are, and in which municipality. Operator only. */
export function adresregisterRoutes(app: App, hub: Hub): void {
  app.addContentTypeParser('text/csv', { bodyLimit: bodyLimits.maxWireBytes }, (_request, payload, done) =>
    done(null, payload)
  )
  // Other bodies are no register; without their parsers they are refused as a media type.
  app.removeContentTypeParser(['application/json', 'application/merge-patch+json'])
  postAdresregisterLevering(app, hub)
  getAdresregister(app, hub)
}

function postAdresregisterLevering(app: App, hub: Hub): void {
  app.post(
    '/adresregister/leveringen',
    {
      ...operation({
        operationId: 'postAdresregisterLevering',
        tag,
        summary: 'Adresregister laden',
        description:
          'Vervangt het adresregister door een CSV-bestand, ook met gzip: het CBS-bestand van postcodes, huisnummers en gemeenten, of een uittreksel van de BAG. Het oude register blijft in gebruik tot het nieuwe helemaal is gelezen; dan komt het in één keer in gebruik. Bij één foute regel, of een afgebroken verzoek, blijft het oude staan. Regels zonder postcode worden overgeslagen. Er loopt één levering tegelijk.',
        toegang: { beheer: ['beheer'] },
        takes: ['idempotency-key'],
        headersOut: ['Idempotency-Replayed'],
        streamedBody: { mediaTypes: { 'text/csv': AdresregisterBestand } },
        schema: { response: { 201: AdresregisterLevering } }
      }),
      bodyLimit: bodyLimits.maxWireBytes,
      handlerTimeout: longestLoad
    },
    async (request, reply) => {
      // Between the last byte and the answer nothing moves for longer than the minute that the server allows.
      allowLongRequest(request, reply, longestSilence)
      const id = await spareMemory(() => loadOnce(hub, request, reply))
      const levering = await hub.read(request, ({ tx }) => findRegisterlevering(tx, id))
      reply.code(201)
      return showLevering(levering!)
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
      description:
        'Waar het register vandaan komt, wanneer het in gebruik kwam en wat het kent; en hoe ver een levering is die nu wordt geladen.',
      toegang: { beheer: ['beheer'] },
      schema: { response: { 200: Adresregister } }
    }),
    async (request) =>
      read(request, async ({ tx, now }) =>
        showRegister(await findLastRegisterlevering(tx), await findRunningRegisterlevering(tx, now))
      )
  )
}

/** Loads the body, once per Idempotency-Key; returns the id of the load. */
async function loadOnce(hub: Hub, request: FastifyRequest, reply: FastifyReply): Promise<string> {
  const { text, digest } = openBody(request)
  const begun = await hub.read(request, (handeling) => begin(handeling, request))
  if ('earlier' in begun) {
    const { id } = replay(identify(hub.keys(), request, await digest())!, begun.earlier)
    reply.header('idempotency-replayed', 'true')
    return id
  }
  await loadRegister(
    (work) => hub.read(request, work, limits),
    begun,
    readRegister(text, begun.findGemeente),
    async (handeling) => {
      const identified = identify(hub.keys(), request, await digest())
      if (identified)
        await rememberAll(handeling, [
          { clientId: handeling.caller.id, identified, effect: { status: 201, id: begun.id } }
        ])
    }
  )
  return begun.id
}

function openBody({ headers, body }: FastifyRequest) {
  if (body === undefined) throw invalid([bodyFault('', 'required', 'De body ontbreekt.')])
  const { bytes, digest } = hashBody(decodeBody(body as Readable, headers['content-encoding'], bodyLimits))
  return { text: decodeText(bytes, charsetOf(headers['content-type'])), digest }
}

// Takes the place of the one load that may run before it looks for the key, so that no load with that key ends between.
async function begin(handeling: Handeling, request: FastifyRequest) {
  const { tx } = handeling
  const begun = await beginLevering(handeling, await listGemeenten(tx, '', mostGemeenten))
  const earlier = await findEarlier(handeling, request)
  if (earlier === undefined) return begun ?? alreadyLoading()
  if (begun !== undefined) await dropRegisterlevering(tx, begun.id)
  return { earlier }
}

function alreadyLoading(): never {
  throw conflict(
    'Er wordt al een adresregister geladen; GET /v1/adresregister toont hoe ver het is. Geeft het een minuut geen teken van leven, dan kan een nieuwe levering het overnemen.'
  )
}

type Running = Awaited<ReturnType<typeof findRunningRegisterlevering>>

function showRegister(last: RegisterleveringRij | undefined, running: Running) {
  return {
    ...(last?.bron && { bron: last.bron }),
    ...(last?.geladenOp && { geladenOp: last.geladenOp.toISOString() }),
    aantalAdressen: last?.aantalAdressen ?? 0,
    aantalPostcodes: last?.aantalPostcodes ?? 0,
    aantalGemeenten: last?.aantalGemeenten ?? 0,
    onbekendeGemeenten: last?.onbekendeGemeenten ?? [],
    ...(running && {
      levering: { begonnenOp: running.begonnenOp.toISOString(), aantalRegels: running.aantalRegels }
    })
  }
}

function showLevering(levering: RegisterleveringRij) {
  const { id, bron, aantalRegels, aantalOvergeslagen, aantalAdressen } = levering
  const { geladenOp, aantalPostcodes, aantalGemeenten, onbekendeGemeenten } = levering
  return {
    id,
    bron: bron!,
    geladenOp: geladenOp!.toISOString(),
    aantalRegels,
    aantalOvergeslagen,
    aantalAdressen,
    aantalPostcodes,
    aantalGemeenten,
    onbekendeGemeenten
  }
}
