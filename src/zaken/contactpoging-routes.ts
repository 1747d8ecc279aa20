import { randomUUIDv7 } from 'node:crypto'
import type { Tx } from '../platform/database/open-database.ts'
import { once } from '../platform/http/once.ts'
import { operation } from '../platform/http/operation.ts'
import { limitOf } from '../platform/http/page.ts'
import { requirePastDay, requireRecentDay } from '../platform/http/past-day.ts'
import { Problem } from '../platform/http/problem.ts'
import type { App } from '../platform/http/typebox.ts'
import { pageQuery, Query } from '../platform/http/wire-schema.ts'
import { logHouseholds } from '../sporen/log-household.ts'
import { todayIn } from '../time.ts'
import { contextOf, inzageOf } from '../toegang/caller.ts'
import type { Hub } from '../toegang/hub.ts'
import { type ContactpogingRij, findContact, listContacts } from './contactpoging-store.ts'
import { recordContact } from './record-contact.ts'
import { Contactpoging, Contactpogingen, ContactpogingInvoer, ZaakPad } from './zaak-schema.ts'
import { findCase, lockCase } from './zaak-store.ts'

const tag = 'Zaken'

/** How the municipality sought contact in a case. */
export function contactpogingRoutes(app: App, { database, keys, clock, pager }: Hub): void {
  const requiredContact = async (tx: Tx, zaakId: string, id: string): Promise<Contactpoging> => {
    const row = await findContact(tx, zaakId, id)
    if (row === undefined) throw new Problem('niet-gevonden')
    return show(row)
  }

  app.post(
    '/vroegsignaalzaken/:id/contactpogingen',
    operation({
      operationId: 'postContactpoging',
      tag,
      summary: 'Contactpoging vastleggen',
      description:
        'Legt een poging tot contact vast in een open zaak. Met `wenstGeenContact` horen de partners van de signalen in de zaak `wenst-geen-contact`.',
      toegang: { gemeente: ['zaken:schrijven'] },
      takes: ['idempotency-key'],
      problems: [404, 409, 422],
      headersOut: ['Idempotency-Replayed'],
      schema: { params: ZaakPad, body: ContactpogingInvoer, response: { 201: Contactpoging } }
    }),
    async (request, reply) => {
      const inzage = inzageOf(request, clock)
      const { caller, now } = inzage
      const { datum, toestemmingsdatum = datum } = request.body
      requireRecentDay(datum, todayIn(now), '/datum')
      requirePastDay(toestemmingsdatum, todayIn(now), '/toestemmingsdatum')
      reply.code(201)
      return database.as(contextOf(caller), async (tx) => {
        const { id } = await once(tx, { request, reply, keys: keys(), now }, async () => {
          const zaak = await lockCase(tx, caller.gemeentecodes, request.params.id)
          if (zaak === undefined) throw new Problem('niet-gevonden')
          const contact = randomUUIDv7()
          await recordContact(tx, keys(), inzage, zaak, contact, request.body)
          return { status: 201, id: contact, gemeentecode: zaak.gemeentecode }
        })
        return requiredContact(tx, request.params.id, id)
      })
    }
  )

  app.get(
    '/vroegsignaalzaken/:id/contactpogingen',
    operation({
      operationId: 'getContactpogingen',
      tag,
      summary: 'Contactpogingen opvragen',
      description: 'De contactpogingen van een zaak, in de volgorde waarin zij zijn vastgelegd.',
      toegang: { gemeente: ['zaken:schrijven', 'huishoudens:lezen'] },
      problems: [404],
      headersOut: ['Link'],
      schema: { params: ZaakPad, querystring: Query(pageQuery), response: { 200: Contactpogingen } }
    }),
    async (request, reply) => {
      const inzage = inzageOf(request, clock)
      const after = pager.after<string>(request)
      return database.as(contextOf(inzage.caller), async (tx) => {
        const zaak = await findCase(tx, inzage.caller.gemeentecodes, request.params.id)
        if (zaak === undefined) throw new Problem('niet-gevonden')
        await logHouseholds(tx, keys(), inzage, 'zaak-inzien', [zaak])
        const rows = await listContacts(tx, zaak, after, limitOf(request) + 1)
        return { resultaten: pager.page(request, reply, rows, ({ id }) => id).map(show) }
      })
    }
  )
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
