import { randomUUIDv7 } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { matched } from '../../huishoudens/matched.ts'
import { listGemeentenamen } from '../../organisaties/gemeenten/gemeente-store.ts'
import { operation } from '../../platform/http/operation.ts'
import type { App } from '../../platform/http/typebox.ts'
import { callerOf, ownCodes } from '../../toegang/caller.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import type { Hub } from '../../toegang/hub.ts'
import { findBezwaren, vermeldingOf } from '../bezwaren/find-bezwaren.ts'
import { findBetrokkene, type Gevonden } from '../find-betrokkene.ts'
import { logVerzoek } from '../log-verzoek.ts'
import { verzoekFaults } from '../verzoek-rules.ts'
import { Betrokkenenverzoek } from '../verzoek-schema.ts'
import { gatherInzage } from './gather-inzage.ts'
import { Inzage } from './inzage-schema.ts'
import { type Briefhoofd, briefbeleid, nameOf, writeInzagebrief } from './inzagebrief.ts'

const forms = {
  description: 'Het overzicht.',
  content: {
    'application/json': { schema: Inzage },
    'text/html': {
      schema: {
        type: 'string',
        maxLength: 100_000_000,
        description: 'Hetzelfde als brief om af te drukken, zonder script en zonder iets van elders.'
      }
    }
  }
}

/** Route by which a municipality tells a resident everything that is held about it. */
export function inzageRoutes(app: App, hub: Hub): void {
  postInzageverzoek(app, hub)
}

function postInzageverzoek(app: App, hub: Hub): void {
  app.post(
    '/inzageverzoeken',
    operation({
      operationId: 'postInzageverzoek',
      tag: 'Betrokkenen',
      summary: 'Inzage geven',
      description:
        'Geeft alles wat over één inwoner wordt gehouden en wie dat zag (AVG art. 15), als JSON of, met `Accept: text/html`, als brief om af te drukken. Hoe de naam of het adres is geschreven maakt niet uit; van anderen op het adres wordt niets getoond. Past de vraag op meer dan één persoon, dan volgt 422. De inzage zelf staat in het logboek.',
      isLookUp: true,
      toegang: { gemeente: ['betrokkenen:beheren'] },
      takes: ['idempotency-key'],
      problems: ['niet-gevonden', 'betrokkene-onduidelijk'],
      headersOut: ['Idempotency-Replayed'],
      produces: ['application/json', 'text/html', 'application/problem+json'],
      rules: verzoekFaults,
      example: { burgerservicenummer: '999990019' },
      schema: { body: Betrokkenenverzoek, response: { 200: forms as never } }
    }),
    async (request, reply) => {
      const { inzage, hoofd } = await matched(hub, callerOf(request).gemeentecodes, (isChecking) =>
        hub.write(
          request,
          reply,
          async () => ({ status: 200, id: `inzage|${randomUUIDv7()}` }),
          (handeling) => giveInzage(handeling, request.body, isChecking)
        )
      )
      reply.header('vary', 'Accept')
      if (!wantsLetter(request)) return inzage as never
      reply.type('text/html; charset=utf-8').header('content-security-policy', briefbeleid).serializer(String)
      return writeInzagebrief(inzage, hoofd) as never
    }
  )
}

function wantsLetter(request: Pick<FastifyRequest, 'accepts'>): boolean {
  return request.accepts().type(['application/json', 'text/html']) === 'text/html'
}

async function giveInzage(
  handeling: Handeling,
  verzoek: Betrokkenenverzoek,
  isChecking: boolean
): Promise<{ inzage: Inzage; hoofd: Briefhoofd }> {
  const gemeentecodes = ownCodes(handeling.caller, verzoek.gemeentecode)
  const gevonden = await findBetrokkene(handeling, { gemeentecodes }, verzoek)
  const inzage = {
    ...(await gatherInzage(handeling, gevonden, isChecking)),
    bezwaren: await readBezwaren(handeling, gemeentecodes, verzoek, gevonden)
  }
  const [first = gemeentecodes[0]!] = gevonden.signalen.map(({ row }) => row.gemeentecode)
  if (gevonden.signalen.length === 0) await logVerzoek(handeling, 'inzage-verlenen', first, verzoek)
  const namen = await listGemeentenamen(handeling.tx, [first])
  const naam = verzoek.naam ?? gevonden.signalen.at(-1)?.signaal.betrokkene.naam
  return {
    inzage,
    hoofd: {
      gemeente: `Gemeente ${(namen.get(first) ?? first).replace(/^gemeente /i, '')}`,
      inwoner: naam === undefined ? 'de inwoner die dit vroeg' : nameOf(naam)
    }
  }
}

async function readBezwaren(
  handeling: Handeling,
  gemeentecodes: readonly string[],
  verzoek: Betrokkenenverzoek,
  { signalen }: Gevonden
): Promise<Inzage['bezwaren']> {
  const found = await findBezwaren(handeling, gemeentecodes, [
    vermeldingOf(verzoek),
    ...signalen.map(({ signaal }) => ({ persoon: signaal.betrokkene, adres: signaal.adres }))
  ])
  return found.map(({ id, signaalpartnerId, einddatum }) => ({
    id,
    ...(signaalpartnerId !== null && { signaalpartnerId }),
    einddatum
  }))
}
