import type { FastifyRequest } from 'fastify'
import { csvRow } from '../platform/http/csv-row.ts'
import { operation } from '../platform/http/operation.ts'
import { limitOf } from '../platform/http/page.ts'
import { Problem } from '../platform/http/problem.ts'
import type { App } from '../platform/http/typebox.ts'
import { addDays, addMonths, todayIn } from '../time.ts'
import { callerOf, contextOf, ownCodes } from '../toegang/caller.ts'
import type { Hub } from '../toegang/hub.ts'
import { listCountedPartners, listPartnerCounts, type Periode } from './partnercijfers-store.ts'
import { type Dossierregel, summarisePartner, toDossier } from './partnerdossier.ts'
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

/** How carefully partners signal, in counts; and the dossier to confront one with. */
export function partnermonitorRoutes(app: App, { database, clock, pager }: Hub): void {
  app.get(
    '/monitor/signaalpartners',
    operation({
      operationId: 'getPartnercijfers',
      tag,
      summary: 'Cijfers per signaalpartner',
      description:
        'Opgenomen en afgewezen signalen, waarschuwingen, intrekkingen en betwistingen per partner. Een gemeente ziet alleen wat haar betreft.',
      toegang,
      problems: [404],
      headersOut: ['Link'],
      schema: { querystring: PartnercijfersQuery, response: { 200: PartnercijfersLijst } }
    }),
    async (request, reply) => {
      const { periode } = periodOf(request, request.query, todayIn(clock()))
      const after = pager.after<string>(request)
      return database.as(contextOf(callerOf(request)), async (tx) => {
        const rows = await listCountedPartners(tx, periode, after, limitOf(request) + 1)
        const partners = pager.page(request, reply, rows, ({ id }) => id)
        const counts = await listPartnerCounts(
          tx,
          periode,
          partners.map(({ id }) => id)
        )
        const perPartner = Map.groupBy(counts, ({ signaalpartnerId }) => signaalpartnerId)
        return {
          resultaten: partners.map((partner) => summarisePartner(partner, perPartner.get(partner.id) ?? []))
        }
      })
    }
  )

  app.get(
    '/monitor/signaalpartners/:id/dossier',
    operation({
      operationId: 'getPartnerdossier',
      tag,
      summary: 'Dossier van een signaalpartner',
      description:
        'Afwijzingen, te late aanleveringen en betwistingen per maand, met de grondslag van elk criterium: om aan de partner of de koepel voor te leggen. Met `Accept: text/csv` als CSV om af te drukken.',
      toegang,
      problems: [404],
      produces: ['application/json', 'text/csv', 'application/problem+json'],
      schema: {
        params: PartnermonitorPad,
        querystring: PartnerdossierQuery,
        response: { 200: dossierForms as never }
      }
    }),
    async (request, reply) => {
      const { periode, van, totEnMet } = periodOf(request, request.query, todayIn(clock()))
      const { id } = request.params
      const { partner, counts } = await database.as(contextOf(callerOf(request)), async (tx) => {
        const [partner] = await listCountedPartners(tx, { ...periode, signaalpartnerId: id }, undefined, 1)
        return { partner, counts: await listPartnerCounts(tx, periode, [id]) }
      })
      if (partner === undefined) {
        throw new Problem('niet-gevonden', { detail: 'Van deze partner is in deze periode niets geteld.' })
      }
      const regels = toDossier(counts)
      if (request.accepts().type(['application/json', 'text/csv']) === 'text/csv') {
        reply.type(csv).serializer(String)
        return toCsv(partner.naam, regels) as never
      }
      return { signaalpartner: partner, van, totEnMet, opgemaaktOp: clock().toISOString(), regels } as never
    }
  )
}

function periodOf(
  request: FastifyRequest,
  query: { van?: string; totEnMet?: string; gemeentecode?: string },
  today: string
): { periode: Periode; van: string; totEnMet: string } {
  const caller = callerOf(request)
  const { totEnMet = today.slice(0, 7), van = addMonths(`${totEnMet}-01`, -11).slice(0, 7) } = query
  if (van > totEnMet) {
    const detail = 'De eerste maand komt na de laatste.'
    throw new Problem('ongeldige-invoer', {
      errors: [{ in: 'query', location: 'van', code: 'maximum', detail }]
    })
  }
  const gemeentecodes =
    caller.rol === 'gemeente'
      ? ownCodes(caller, query.gemeentecode)
      : query.gemeentecode === undefined
        ? undefined
        : [query.gemeentecode]
  const last = addDays(addMonths(`${totEnMet}-01`, 1), -1)
  return { periode: { van: `${van}-01`, totEnMet: last, gemeentecodes }, van, totEnMet }
}

const columns = [
  'signaalpartner',
  'gemeentecode',
  'maand',
  'onderdeel',
  'kenmerk',
  'uitleg',
  'grondslag',
  'aantal'
]

function toCsv(naam: string, regels: readonly Dossierregel[]): string {
  const rows = regels.map((regel) =>
    csvRow([
      naam,
      regel.gemeentecode,
      regel.maand,
      regel.onderdeel,
      regel.kenmerk,
      regel.uitleg ?? '',
      regel.grondslag ?? '',
      String(regel.aantal)
    ])
  )
  return `\uFEFF${csvRow(columns)}${rows.join('')}`
}
