import { ownOrInherited } from '../organisaties/herindelingen/own-or-inherited.ts'
import { operation } from '../platform/http/operation.ts'
import { limitOf } from '../platform/http/page.ts'
import { invalid } from '../platform/http/problem.ts'
import type { App } from '../platform/http/typebox.ts'
import { todayIn } from '../time.ts'
import type { Hub } from '../toegang/hub.ts'
import { readVerwerkingen } from './read-verwerkingen.ts'
import { reportInzagen } from './report-inzagen.ts'
import { verifyZegels } from './verify-zegels.ts'
import {
  activiteitUrl,
  type Verwerking,
  Verwerkingen,
  VerwerkingenQuery,
  Verwerkingsrapport,
  VerwerkingsrapportQuery,
  Zegelcontrole,
  ZegelcontroleQuery
} from './verwerking-schema.ts'
import type { Regelpositie, VerwerkingRij } from './verwerkingen-store.ts'

const tag = 'Verantwoording'
const toegang = { gemeente: ['verantwoording:lezen'] } as const
const patient = { statementTimeout: 20_000 }

/** The processing log of a municipality. */
export function verwerkingenRoutes(app: App, hub: Hub): void {
  getVerwerkingen(app, hub)
  getVerwerkingsrapport(app, hub)
  getZegelcontrole(app, hub)
}

function getVerwerkingen(app: App, { read, pager, publicUrl }: Hub): void {
  app.get(
    '/verwerkingen',
    operation({
      operationId: 'getVerwerkingen',
      tag,
      summary: 'Logboek van verwerkingen',
      description:
        'Wie in uw gemeente wiens gegevens verwerkte, waarvoor en wanneer (Logboek Dataverwerkingen), nieuwste eerst: een regel per betrokkene, en per huishouden of zaak. Een regel staat er zodra de verwerking is gelukt, en verandert nooit. Een partner staat er ook in waar hij uw signalen aanleverde of zijn eigen signaal las.',
      toegang,
      problems: ['niet-gevonden'],
      headersOut: ['Link'],
      schema: { querystring: VerwerkingenQuery, response: { 200: Verwerkingen } }
    }),
    async (request, reply) => {
      const { cursor: _, limit: __, gemeentecode, ...filter } = request.query
      if (filter.van !== undefined && filter.totEnMet !== undefined && filter.van > filter.totEnMet)
        throw reversed()
      const after = pager.after<Regelpositie>(request)
      const rows = await read(
        request,
        async (handeling) => {
          const gemeentecodes = await ownOrInherited(handeling.tx, handeling.caller, gemeentecode)
          return readVerwerkingen(handeling, { gemeentecodes, filter, after, limit: limitOf(request) + 1 })
        },
        patient
      )
      const page = pager.page(request, reply, rows, ({ id, nummer }) => ({ id, nummer }))
      return { resultaten: page.map((row) => show(publicUrl, row)) }
    }
  )
}

function getVerwerkingsrapport(app: App, { read, clock }: Hub): void {
  app.get(
    '/verwerkingen/rapport',
    operation({
      operationId: 'getVerwerkingsrapport',
      tag,
      summary: 'Rapport over inzage',
      description:
        'Wie in een maand hoeveel gegevens heeft ingezien, van hoeveel inwoners en adressen daarna iets is gedaan, en op welke uren: om te zien of er wordt gekeken zonder reden. Per client en, waar uw systeem ze meestuurt, per medewerker. De verwerkingen van partners staan er niet in.',
      toegang,
      problems: ['niet-gevonden'],
      schema: { querystring: VerwerkingsrapportQuery, response: { 200: Verwerkingsrapport } }
    }),
    async (request) => {
      const { gemeentecode, maand = todayIn(clock()).slice(0, 7) } = request.query
      return read(
        request,
        async (handeling) => {
          const codes = await ownOrInherited(handeling.tx, handeling.caller, gemeentecode)
          return reportInzagen(handeling, codes, maand)
        },
        patient
      )
    }
  )
}

function getZegelcontrole(app: App, { read, keys, clock }: Hub): void {
  app.get(
    '/verwerkingen/_verifieer',
    operation({
      operationId: 'getZegelcontrole',
      tag,
      summary: 'Zegels van het logboek nalopen',
      description:
        'Elke nacht wordt de afgelopen dag van het logboek verzegeld met een ondertekende telling en hash, die naar de vorige verwijst. Dit loopt de zegels na en vergelijkt ze met de regels: een regel die later is gewijzigd, weggehaald of toegevoegd, komt uit. Stopt bij de eerste fout. De dag van vandaag is nog niet verzegeld; wat aan het eind is weggehaald, ziet u aan `verzegeldTotEnMet`.',
      toegang,
      problems: ['niet-gevonden'],
      schema: { querystring: ZegelcontroleQuery, response: { 200: Zegelcontrole } }
    }),
    async (request) => {
      const codes = await read(request, ({ tx, caller }) =>
        ownOrInherited(tx, caller, request.query.gemeentecode)
      )
      const logboeken: Zegelcontrole['logboeken'] = []
      let aantal = 0
      for (const gemeentecode of codes) {
        // In a transaction for each batch and each day: years of log must not hold one.
        const { fout, ...stand } = await verifyZegels(keys(), gemeentecode, todayIn(clock()), (work) =>
          read(request, ({ tx }) => work(tx), patient)
        )
        aantal += stand.aantal
        logboeken.push({ gemeentecode, ...stand })
        if (fout !== undefined) {
          return { volledig: false, aantal, logboeken, eersteFout: { gemeentecode, ...fout } }
        }
      }
      return { volledig: true, aantal, logboeken }
    }
  )
}

function reversed() {
  const detail = 'De laatste dag ligt voor de eerste.'
  return invalid([{ in: 'query', location: 'totEnMet', code: 'paramsCombination', detail }])
}

function show(publicUrl: string, row: VerwerkingRij): Verwerking {
  const { clientId, signaalpartnerId, gebruiker } = row
  return {
    id: `${row.id}-${row.nummer}`,
    tijdstip: row.op.toISOString(),
    gemeentecode: row.gemeentecode,
    traceId: row.traceId,
    activiteit: row.activiteit,
    verwerkingsactiviteit: activiteitUrl(publicUrl, row.activiteit),
    betrokkene: row.betrokkenePseudoniem.toString('hex'),
    objectId: row.objectId,
    ...(clientId !== null && { clientId }),
    ...(signaalpartnerId !== null && { signaalpartnerId }),
    ...(gebruiker !== null && { gebruiker })
  }
}
