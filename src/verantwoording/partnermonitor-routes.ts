import { operation } from '../platform/http/operation.ts'
import { limitOf } from '../platform/http/page.ts'
import { notFound } from '../platform/http/problem.ts'
import type { App } from '../platform/http/typebox.ts'
import { todayIn } from '../time.ts'
import type { Hub } from '../toegang/hub.ts'
import { periodOf } from './monitorperiode.ts'
import { listCountedSignaalpartners, listPartnercijfers } from './partnercijfers-store.ts'
import { summarisePartner, toCsv, toDossier } from './partnerdossier.ts'
import {
  PartnercijfersLijst,
  PartnercijfersQuery,
  Partnerdossier,
  PartnerdossierQuery,
  PartnermonitorPad
} from './partnermonitor-schema.ts'

const tag = 'Verantwoording'
const toegang = { gemeente: ['verantwoording:lezen'], beheer: ['beheer'] } as const
const csv = 'text/csv; charset=utf-8; header=present'

const dossierForms = {
  description: 'Het dossier.',
  content: {
    'application/json': { schema: Partnerdossier },
    'text/csv': {
      schema: {
        type: 'string',
        maxLength: 10_000_000,
        description: 'Dezelfde regels als CSV: een kopregel, puntkomma’s, alles tussen aanhalingstekens.'
      }
    }
  }
}

/** Routes on how carefully partners send signals, in counts, and the dossier on one of them. */
export function partnermonitorRoutes(app: App, hub: Hub): void {
  getPartnercijfers(app, hub)
  getPartnerdossier(app, hub)
}

function getPartnercijfers(app: App, { readFigures, clock, pager }: Hub): void {
  app.get(
    '/monitor/signaalpartners',
    operation({
      operationId: 'getPartnercijfers',
      tag,
      summary: 'Cijfers per signaalpartner',
      description:
        'Opgenomen en afgewezen signalen, waarschuwingen, intrekkingen en betwistingen per partner. Een gemeente ziet alleen wat haar betreft.',
      toegang,
      problems: ['niet-gevonden'],
      headersOut: ['Link'],
      schema: { querystring: PartnercijfersQuery, response: { 200: PartnercijfersLijst } }
    }),
    async (request, reply) => {
      const after = pager.after<string>(request)
      return readFigures(request, async (handeling) => {
        const { tx } = handeling
        const { periode } = await periodOf(handeling, request.query, todayIn(clock()))
        const rows = await listCountedSignaalpartners(tx, periode, after, limitOf(request) + 1)
        const partners = pager.page(request, reply, rows, ({ id }) => id)
        const ids = partners.map(({ id }) => id)
        const counts = Map.groupBy(
          await listPartnercijfers(tx, periode, ids),
          ({ signaalpartnerId }) => signaalpartnerId
        )
        return {
          resultaten: partners.map((partner) => summarisePartner(partner, counts.get(partner.id) ?? []))
        }
      })
    }
  )
}

function getPartnerdossier(app: App, { read, clock }: Hub): void {
  app.get(
    '/monitor/signaalpartners/:id/dossier',
    operation({
      operationId: 'getPartnerdossier',
      tag,
      summary: 'Dossier van een signaalpartner',
      description:
        'Afwijzingen, te late aanleveringen en betwistingen per maand, met de grondslag van elk criterium in de sector: om aan de partner of de koepel voor te leggen. Met `Accept: text/csv` als CSV om af te drukken.',
      toegang,
      problems: ['niet-gevonden'],
      produces: ['application/json', 'text/csv', 'application/problem+json'],
      schema: {
        params: PartnermonitorPad,
        querystring: PartnerdossierQuery,
        response: { 200: dossierForms as never }
      }
    }),
    async (request, reply) => {
      const { id } = request.params
      const dossier = await read(request, async (handeling) => {
        const { tx, now } = handeling
        const { periode, van, totEnMet } = await periodOf(handeling, request.query, todayIn(clock()))
        const [partner] = await listCountedSignaalpartners(
          tx,
          { ...periode, signaalpartnerId: id },
          undefined,
          1
        )
        if (partner === undefined) throw notFound('Van deze partner is in deze periode niets geteld.')
        const regels = toDossier(await listPartnercijfers(tx, periode, [id]))
        return { signaalpartner: partner, van, totEnMet, opgemaaktOp: now.toISOString(), regels }
      })
      if (request.accepts().type(['application/json', 'text/csv']) !== 'text/csv') return dossier as never
      reply.type(csv).serializer(String)
      return toCsv(dossier.signaalpartner.naam, dossier.regels) as never
    }
  )
}
