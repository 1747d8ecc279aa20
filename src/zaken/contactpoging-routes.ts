import { randomUUIDv7 } from 'node:crypto'
import { operation } from '../platform/http/operation.ts'
import { limitOf } from '../platform/http/page.ts'
import { requirePastDay, requireRecentDay } from '../platform/http/past-day.ts'
import { notFound } from '../platform/http/problem.ts'
import type { App } from '../platform/http/typebox.ts'
import { pageQuery, Query } from '../platform/http/wire-schema.ts'
import { logHuishoudens } from '../sporen/log-processing.ts'
import { todayIn } from '../time.ts'
import type { Handeling } from '../toegang/handeling.ts'
import type { Hub } from '../toegang/hub.ts'
import { type ContactpogingRij, findContactpoging, listContactpogingen } from './contactpoging-store.ts'
import { recordContactpoging } from './record-contactpoging.ts'
import { Contactpoging, Contactpogingen, ContactpogingInvoer, ZaakPad } from './zaak-schema.ts'
import { findZaak, lockZaak } from './zaak-store.ts'

const tag = 'Zaken'

/** Routes of contact attempts in a case. Municipalities only. */
export function contactpogingRoutes(app: App, hub: Hub): void {
  postContactpoging(app, hub)
  getContactpogingen(app, hub)
}

function postContactpoging(app: App, { write, clock }: Hub): void {
  app.post(
    '/vroegsignaalzaken/:id/contactpogingen',
    operation({
      operationId: 'postContactpoging',
      tag,
      summary: 'Contactpoging vastleggen',
      description:
        'Legt een poging tot contact vast in een open zaak. Met `wenstGeenContact` en `toestemmingsdatum` horen de partners van de signalen in de zaak `wenst-geen-contact`; zonder toestemming blijft het bij u.',
      toegang: { gemeente: ['zaken:schrijven'] },
      takes: ['idempotency-key'],
      problems: ['niet-gevonden'],
      headersOut: ['Idempotency-Replayed'],
      example: { soort: 'telefoon', datum: '2026-11-27', dagdeel: 'middag', bereikt: true },
      schema: { params: ZaakPad, body: ContactpogingInvoer, response: { 201: Contactpoging } }
    }),
    async (request, reply) => {
      const vandaag = todayIn(clock())
      const { datum, toestemmingsdatum = datum } = request.body
      requireRecentDay(datum, vandaag, '/datum')
      requirePastDay(toestemmingsdatum, vandaag, '/toestemmingsdatum')
      const zaakId = request.params.id
      reply.code(201)
      return write(
        request,
        reply,
        async (handeling) => {
          const zaak = await lockZaak(handeling.tx, handeling.caller.gemeentecodes, zaakId)
          if (zaak === undefined) throw notFound()
          const id = randomUUIDv7()
          await recordContactpoging(handeling, zaak, id, request.body)
          return { status: 201, id, gemeentecode: zaak.gemeentecode }
        },
        (handeling, { id, gemeentecode }) =>
          showContact(handeling, { gemeentecode: gemeentecode!, id: zaakId }, id)
      )
    }
  )
}

function getContactpogingen(app: App, { read, pager }: Hub): void {
  app.get(
    '/vroegsignaalzaken/:id/contactpogingen',
    operation({
      operationId: 'getContactpogingen',
      tag,
      summary: 'Contactpogingen opvragen',
      description: 'De contactpogingen van een zaak, in de volgorde waarin zij zijn vastgelegd.',
      toegang: { gemeente: ['zaken:schrijven', 'huishoudens:lezen'] },
      problems: ['niet-gevonden'],
      headersOut: ['Link'],
      schema: { params: ZaakPad, querystring: Query(pageQuery), response: { 200: Contactpogingen } }
    }),
    async (request, reply) => {
      const after = pager.after<string>(request)
      return read(request, async (handeling) => {
        const { tx, caller } = handeling
        const zaak = await findZaak(tx, caller.gemeentecodes, request.params.id)
        if (zaak === undefined) throw notFound()
        await logHuishoudens(handeling, 'zaak-inzien', [zaak])
        const rows = await listContactpogingen(tx, zaak, after, limitOf(request) + 1)
        return { resultaten: pager.page(request, reply, rows, ({ id }) => id).map(show) }
      })
    }
  )
}

async function showContact(
  { tx }: Handeling,
  zaak: { gemeentecode: string; id: string },
  id: string
): Promise<Contactpoging> {
  const row = await findContactpoging(tx, zaak, id)
  if (row === undefined) throw notFound()
  return show(row)
}

function show(row: ContactpogingRij): Contactpoging {
  const { id, soort, datum, dagdeel, bereikt, wenstGeenContact, toestemmingsdatum } = row
  return {
    id,
    soort,
    datum,
    ...(dagdeel !== null && { dagdeel }),
    bereikt,
    ...(wenstGeenContact && { wenstGeenContact: true as const }),
    ...(toestemmingsdatum !== null && { toestemmingsdatum })
  }
}
