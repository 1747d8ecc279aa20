import type { PayloadSigner } from '../../platform/crypto/payload-signer.ts'
import { addDigest } from '../../platform/http/digest.ts'
import { openGate } from '../../platform/http/gate.ts'
import { apiVersion } from '../../platform/http/headers.ts'
import { operation } from '../../platform/http/operation.ts'
import type { App } from '../../platform/http/typebox.ts'
import { asJson } from '../../platform/http/written-json.ts'
import { todayIn } from '../../time.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import type { Hub } from '../../toegang/hub.ts'
import { readAbsent } from '../../vroegsignalen/read-absent.ts'
import { aanleverperiodeOf } from './aanleverperiode.ts'
import { DdasGegevens, DdasVraag, maxPageSize } from './ddas-schema.ts'
import { type Gegevens, gatherGegevens } from './gather-gegevens.ts'
import { jsonList } from './json-list.ts'
import { namenOf } from './namen-of.ts'

// Each holds its answer in memory and a connection for seconds.
const deliveriesAtOnce = 2
const limits = { statementTimeout: 60_000 }

/** Route by which Statistics Netherlands fetches what municipalities know of early signals (DDAS), signed where it can be. */
export function ddasRoutes(app: App, hub: Hub, signDigest?: PayloadSigner): void {
  postGegevens(app, hub, signDigest)
}

function postGegevens(app: App, { read }: Hub, signDigest?: PayloadSigner): void {
  const throughGate = openGate(
    deliveriesAtOnce,
    'Er worden nu te veel DDAS-leveringen tegelijk opgevraagd; probeer het zo weer.'
  )
  app.post(
    '/gegevens',
    {
      ...operation({
        operationId: 'postGegevens',
        tag: 'Verantwoording',
        summary: 'DDAS-levering voor het CBS',
        description: `De signalen die in een periode zijn ontvangen, met hun zaken, in het uitwisselmodel van DDAS vroegsignalering v1.2: per gemeente één levering. Het staat onder \`/ddas/v1\`: een gegenereerde client moet u die basis soms zelf geven. Open en afgesloten zaken staan erin zoals zij er nu voor staan; vraag een periode later nog eens op voor wat er van de signalen werd. Wat is vernietigd, is er niet meer: een signaal hoogstens zes maanden na ontvangst, met zijn zaak; bij \`geen-hulp-gewenst\` na \`geenHulpVernietigenNaDagen\`, standaard meteen; bij \`onterecht-signaal\`, wissing, bezwaar en intrekking meteen. In \`GET /v1/monitor\` blijft een vernietigd signaal wel geteld, tenzij het is ingetrokken of onterecht bleek. Signalen waarvan de verwerking is beperkt (AVG art. 18) blijven weg. Van de organisatie kent de hub alleen de naam, van de inwoner niet het geslacht. Elk geleverd signaal staat in het logboek van verwerkingen. Het antwoord verandert niets en draagt een \`Digest\` over de bytes zoals verzonden; waar de beheerder een sleutel heeft ingesteld, is het ondertekend (\`nlgov-adr-payload-sig\`, JAdES-B met PS256 over de regel \`digest: SHA-256=…\`). Geeft u zelf een \`Digest\` of \`Content-Digest\` van uw vraag mee, dan moet die kloppen.`,
        toegang: { gemeente: ['ddas:lezen'] },
        takes: ['idempotency-key'],
        isRemembered: false,
        problems: ['niet-gevonden'],
        headersOut: ['Digest', 'nlgov-adr-payload-sig'],
        reads: readAbsent,
        example: { aanleverperiodeStartdatum: '2026-11-01', aanleverperiodeEinddatum: '2026-11-30' },
        schema: { body: DdasVraag, response: { 200: DdasGegevens } }
      }),
      onSend: addDigest(signDigest)
    },
    async (request, reply) => {
      const answer = await throughGate(() =>
        read(request, (handeling) => answerTo(handeling, request.body), limits)
      )
      return asJson(reply, answer)
    }
  )
}

async function answerTo(handeling: Handeling, vraag: DdasVraag): Promise<Buffer> {
  const { now } = handeling
  const periode = aanleverperiodeOf(vraag, todayIn(now))
  const namen = await namenOf(handeling, vraag.aanleverendeOrganisatie)
  const { page = 1, pageSize = maxPageSize } = vraag
  const gegevens = await gatherGegevens(handeling, { periode, namen, page, pageSize })
  const head = {
    startdatumLevering: periode.van,
    einddatumLevering: periode.totEnMet,
    aanleverdatumEnTijd: now.toISOString(),
    codeGegevensleverancier: `signaalhub ${apiVersion}`
  }
  return writeAnswer(head, gegevens, pagineringOf(vraag, gegevens))
}

// Only where it was asked for, or there is more than this.
function pagineringOf(vraag: DdasVraag, { totalPages, totalRecords }: Gegevens): object | undefined {
  const { page, pageSize } = vraag
  if (page === undefined && pageSize === undefined && totalPages === 1) return undefined
  return { pageSize: pageSize ?? maxPageSize, currentPage: page ?? 1, totalPages, totalRecords }
}

function writeAnswer(head: object, { leveringen }: Gegevens, paginering: object | undefined): Buffer {
  const opening = `{"gegevens":${JSON.stringify(head).slice(0, -1)}`
  const list = leveringen.length === 0 ? [] : [Buffer.from(',"leveringen":'), ...jsonList(leveringen)]
  const closing = paginering === undefined ? '}}' : `},"paginering":${JSON.stringify(paginering)}}`
  return Buffer.concat([Buffer.from(opening), ...list, Buffer.from(closing)])
}
