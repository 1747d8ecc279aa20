import { operation } from '../../platform/http/operation.ts'
import { limitOf } from '../../platform/http/page.ts'
import { notFound } from '../../platform/http/problem.ts'
import { limitedTo } from '../../platform/http/rate-limit.ts'
import type { App } from '../../platform/http/typebox.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import type { Hub } from '../../toegang/hub.ts'
import type { Effect } from '../../toegang/once.ts'
import { managed } from '../managed.ts'
import {
  Aanmelding,
  Aanmeldingen,
  AanmeldingenQuery,
  AanmeldingInvoer,
  AanmeldingOntvangen,
  AanmeldingPad,
  BesluitInvoer
} from './aanmelding-schema.ts'
import { findAanmelding, listAanmeldingen } from './aanmelding-store.ts'
import { decideAanmelding } from './decide-aanmelding.ts'
import { openAanmeldingen } from './open-aanmelding.ts'
import { receiveAanmelding } from './receive-aanmelding.ts'

const tag = 'Organisaties'
const applicationsPerMinute = 60

/** Routes of partners that apply: by anyone, without a token; read and decided on by the operator. */
export function aanmeldingRoutes(app: App, hub: Hub): void {
  postAanmelding(app, hub)
  getAanmeldingen(app, hub)
  postBesluit(app, managed(hub))
}

function postAanmelding(app: App, hub: Hub): void {
  const options = operation({
    operationId: 'postAanmelding',
    tag,
    summary: 'Aanmelden als signaalpartner',
    description:
      'Meldt een verhuurder, leverancier of verzekeraar aan die signalen wil geven; zonder token. De beheerder beslist en neemt contact op.',
    toegang: 'open',
    takes: ['idempotency-key'],
    isRemembered: false,
    headersOut: ['Idempotency-Replayed'],
    schema: { body: AanmeldingInvoer, response: { 201: AanmeldingOntvangen } }
  })
  app.post(
    '/aanmeldingen',
    { ...options, config: { ...options.config, ...limitedTo(applicationsPerMinute) } },
    async (request, reply) => {
      const key = request.headers['idempotency-key'] as string | undefined
      const { isReplayed, ...received } = await receiveAanmelding(hub, request.body, key)
      if (isReplayed) reply.header('idempotency-replayed', 'true')
      reply.code(201)
      return received
    }
  )
}

function getAanmeldingen(app: App, { read, pager }: Hub): void {
  app.get(
    '/aanmeldingen',
    operation({
      operationId: 'getAanmeldingen',
      tag,
      summary: 'Aanmeldingen opvragen',
      description: 'De aanmeldingen van het laatste halfjaar, oudste eerst.',
      toegang: { beheer: ['beheer'] },
      headersOut: ['Link'],
      schema: { querystring: AanmeldingenQuery, response: { 200: Aanmeldingen } }
    }),
    async (request, reply) => {
      const asked = { after: pager.after<string>(request), status: request.query.status }
      return read(request, async (handeling) => {
        const rows = await listAanmeldingen(handeling.tx, asked, limitOf(request) + 1)
        const page = pager.page(request, reply, rows, ({ id }) => id)
        return { resultaten: await openAanmeldingen(handeling, page) }
      })
    }
  )
}

function postBesluit(app: App, { write }: Hub): void {
  app.post(
    '/aanmeldingen/:id/besluiten',
    operation({
      operationId: 'postBesluit',
      tag,
      summary: 'Op een aanmelding besluiten',
      description:
        'Laat een aanmelder toe of wijst hem af, eenmaal. Toelating maakt de signaalpartner en legt met elke gevraagde gemeente die meedoet een overeenkomst ter ondertekening voor. Geef de partner daarna een client (`POST /v1/clients`).',
      toegang: { beheer: ['beheer'] },
      takes: ['idempotency-key'],
      problems: ['niet-gevonden'],
      headersOut: ['Idempotency-Replayed'],
      schema: { params: AanmeldingPad, body: BesluitInvoer, response: { 201: Aanmelding } }
    }),
    async (request, reply) => {
      const { id } = request.params
      const decide = async (handeling: Handeling) => {
        await decideAanmelding(handeling, id, request.body)
        return { status: 201, id }
      }
      const aanmelding = await write(request, reply, decide, showResult)
      reply.code(201)
      return aanmelding
    }
  )
}

async function showResult(handeling: Handeling, { id }: Effect): Promise<Aanmelding> {
  const row = await findAanmelding(handeling.tx, id)
  const [aanmelding] = row === undefined ? [] : await openAanmeldingen(handeling, [row])
  if (aanmelding === undefined) throw notFound()
  return aanmelding
}
