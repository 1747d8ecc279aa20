import type { FastifyReply, FastifyRequest } from 'fastify'
import { bewaartermijnen } from '../../begrippen/bewaartermijnen.ts'
import { claimAanlevering } from '../../platform/database/locks.ts'
import { underDuty } from '../../platform/database/under-duty.ts'
import { openGate } from '../../platform/http/gate.ts'
import { operation } from '../../platform/http/operation.ts'
import { limitOf } from '../../platform/http/page.ts'
import { conflict, Problem } from '../../platform/http/problem.ts'
import type { App } from '../../platform/http/typebox.ts'
import { signaalpartnerOf } from '../../toegang/caller.ts'
import { isLiveClient } from '../../toegang/client-store.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import type { Hub } from '../../toegang/hub.ts'
import { once } from '../../toegang/once.ts'
import { countAanlevering } from '../count-intake.ts'
import { assessAanlevering } from './assess-aanlevering.ts'
import { csvColumns } from './csv-columns.ts'
import {
  Aanlevering,
  Aanleveringen,
  AanleveringenQuery,
  AanleveringPad,
  Aanleveringsregels,
  aanleveringBodies,
  maxRejectedLines,
  Proefaanlevering,
  RegelQuery
} from './levering-schema.ts'
import { type AanleveringRij, findAanlevering, listAanleveringen } from './levering-store.ts'
import {
  aanleveringLimits,
  aanleveringTypes,
  type OpenedAanlevering,
  openAanlevering,
  refusedTypes
} from './open-aanlevering.ts'
import { readVerslag, requireAanlevering } from './read-verslag.ts'
import { receiveAanlevering } from './receive-aanlevering.ts'

const tag = 'Signalen'
const deliveriesAtOnce = 2
const trialsAtOnce = 1
const tooMany = 'Er lopen nu te veel aanleveringen tegelijk; probeer het zo weer.'
const limits = { statementTimeout: 60_000, idleTimeout: 60_000 }
const toegang = { signaalpartner: ['vroegsignalen:aanleveren'] } as const

/** Routes for a delivery of many signals: one streamed request, one transaction. Partners only. */
export function leveringRoutes(app: App, hub: Hub): void {
  for (const type of [...Object.keys(aanleveringTypes), ...Object.keys(refusedTypes)]) {
    app.removeContentTypeParser(type)
    app.addContentTypeParser(type, { bodyLimit: aanleveringLimits.maxWireBytes }, (_request, payload, done) =>
      done(null, payload)
    )
  }
  postAanlevering(app, hub)
  postProefaanlevering(app, hub)
  getAanleveringen(app, hub)
  getCsvSjabloon(app)
  getAanlevering(app, hub)
  getAanleveringsregels(app, hub)
}

function postAanlevering(app: App, { read, ending, metrics }: Hub): void {
  const throughGate = openGate(deliveriesAtOnce, tooMany)
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
        problems: ['aanlevering-loopt-al'],
        headersOut: ['Location', 'Idempotency-Replayed'],
        streamedBody: { mediaTypes: aanleveringBodies },
        extensions: { 'x-onveranderlijk': true },
        schema: { response: { 201: Aanlevering } }
      }),
      bodyLimit: aanleveringLimits.maxWireBytes
    },
    async (request, reply) => {
      // A sender holds no place, transaction or lock before its first line has come.
      const delivery = await openAanlevering(request, ending)
      const levering = await throughGate(() =>
        read(request, (handeling) => receive(handeling, request, reply, delivery), limits)
      )
      if (!reply.hasHeader('idempotency-replayed')) countAanlevering(metrics.counts, levering)
      reply.code(201).header('location', `/v1/aanleveringen/${levering.id}`)
      return show(levering)
    }
  )
}

function postProefaanlevering(app: App, { read, ending }: Hub): void {
  const throughGate = openGate(trialsAtOnce, tooMany)
  app.post(
    '/proefaanleveringen',
    {
      ...operation({
        operationId: 'postProefaanlevering',
        tag,
        summary: 'Aanlevering vooraf laten beoordelen',
        description:
          'Zegt van elke regel van een aanlevering wat ermee zou gebeuren, zonder iets op te nemen; er wordt niets bewaard, ook geen telling. Stuur hetzelfde als bij een aanlevering. Een bezwaar van de betrokkene tegen het delen van gegevens wordt hier alleen genoemd bij een klant over wie u al eerder een signaal gaf.',
        toegang,
        takes: ['idempotency-key'],
        isRemembered: false,
        streamedBody: { mediaTypes: aanleveringBodies },
        schema: { response: { 200: Proefaanlevering } }
      }),
      bodyLimit: aanleveringLimits.maxWireBytes
    },
    async (request) => {
      const { lines } = await openAanlevering(request, ending)
      return throughGate(() =>
        read(request, (handeling) => assessAanlevering(handeling, lines, maxRejectedLines), limits)
      ) as never
    }
  )
}

async function receive(
  handeling: Handeling,
  request: FastifyRequest,
  reply: FastifyReply,
  { lines, digest }: OpenedAanlevering
): Promise<AanleveringRij> {
  const { tx, caller } = handeling
  if (!(await claimAanlevering(tx, signaalpartnerOf(caller)))) throw alreadyRunning()
  const effect = async () => ({ status: 201, id: await receiveAanlevering(handeling, lines) })
  const { id } = await once(handeling, request, reply, effect, digest)
  await requireLiveClient(handeling)
  const found = await findAanlevering(tx, id)
  // The Idempotency-Key is kept longer than the report.
  if (found === undefined) throw reportGone()
  return found
}

function getCsvSjabloon(app: App): void {
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
}

function getAanleveringen(app: App, { read, pager }: Hub): void {
  app.get(
    '/aanleveringen',
    operation({
      operationId: 'getAanleveringen',
      tag,
      summary: 'Eigen aanleveringen',
      description: `Uw aanleveringen van de laatste ${bewaartermijnen.aanlevering.dagen} dagen, nieuwste eerst: ook die waarvan u het antwoord misliep.`,
      toegang,
      headersOut: ['Link'],
      schema: { querystring: AanleveringenQuery, response: { 200: Aanleveringen } }
    }),
    async (request, reply) => {
      const after = pager.after<string>(request)
      const rows = await read(request, ({ tx }) => listAanleveringen(tx, after, limitOf(request) + 1))
      const page = pager.page(request, reply, rows, ({ id }) => id)
      return {
        resultaten: page.map((row) => ({ ...show(row), ontvangenOp: row.ontvangenOp.toISOString() }))
      }
    }
  )
}

function getAanlevering(app: App, { read }: Hub): void {
  app.get(
    '/aanleveringen/:id',
    operation({
      operationId: 'getAanlevering',
      tag,
      summary: 'Verslag van een aanlevering',
      description: `De tellingen van een aanlevering; ${bewaartermijnen.aanlevering.dagen} dagen beschikbaar. Zij veranderen niet meer.`,
      toegang,
      problems: ['niet-gevonden'],
      extensions: { 'x-onveranderlijk': true },
      schema: { params: AanleveringPad, response: { 200: Aanlevering } }
    }),
    async (request) => show(await read(request, ({ tx }) => requireAanlevering(tx, request.params.id)))
  )
}

function getAanleveringsregels(app: App, { read, pager }: Hub): void {
  app.get(
    '/aanleveringen/:id/regels',
    operation({
      operationId: 'getAanleveringsregels',
      tag,
      summary: 'Regels van een aanlevering',
      description:
        'Wat er met elke regel is gebeurd, op regelnummer; met `uitkomst=afgewezen` alleen de afgewezen regels. Van een signaal dat is vernietigd staan `referentie` en `vroegsignaalId` er niet meer bij.',
      toegang,
      problems: ['niet-gevonden'],
      headersOut: ['Link'],
      schema: { params: AanleveringPad, querystring: RegelQuery, response: { 200: Aanleveringsregels } }
    }),
    async (request, reply) => {
      const from = (pager.after<number>(request) ?? 0) + 1
      const asked = { id: request.params.id, uitkomst: request.query.uitkomst, from }
      const lines = await read(request, (handeling) => readVerslag(handeling, asked, limitOf(request) + 1))
      return { resultaten: pager.page(request, reply, lines, ({ regel }) => regel) as never }
    }
  )
}

function show({
  id,
  aantalRegels,
  aantalOpgenomen,
  aantalAfgewezen,
  aantalOngewijzigd,
  redenen
}: AanleveringRij): Aanlevering {
  return { id, aantalRegels, aantalOpgenomen, aantalAfgewezen, aantalOngewijzigd, redenen }
}

// A client that was revoked or suspended during the delivery commits nothing.
async function requireLiveClient({ tx, caller }: Handeling): Promise<void> {
  if (await underDuty(tx, 'toegang', () => isLiveClient(tx, caller.id))) return
  throw new Problem('niet-ingelogd', {
    detail: 'De client is tijdens de aanlevering ingetrokken of geschorst; er is niets opgenomen.',
    challenge: 'Bearer error="invalid_token"'
  })
}

function reportGone(): Problem {
  return conflict(
    `Deze aanlevering is eerder opgenomen; haar verslag is na ${bewaartermijnen.aanlevering.dagen} dagen vernietigd.`
  )
}

function alreadyRunning(): Problem {
  return new Problem('aanlevering-loopt-al', { retryAfter: 10 })
}
