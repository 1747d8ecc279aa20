import { requireMatch, sendResource } from '../../platform/http/etag.ts'
import { operation } from '../../platform/http/operation.ts'
import { notFound } from '../../platform/http/problem.ts'
import type { App } from '../../platform/http/typebox.ts'
import { noContent } from '../../platform/http/wire-schema.ts'
import { logVroegsignalenOf } from '../../sporen/log-processing.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import type { Hub } from '../../toegang/hub.ts'
import { verzoekFaults } from '../verzoek-rules.ts'
import { Bezwaarverzoek } from '../verzoek-schema.ts'
import { Bezwaar, BezwaarPad } from './bezwaar-schema.ts'
import { destroyBezwaar, findBezwaar } from './bezwaar-store.ts'
import { registerBezwaar } from './register-bezwaar.ts'

const tag = 'Betrokkenen'
const toegang = { signaalpartner: ['vroegsignalen:aanleveren'], gemeente: ['betrokkenen:beheren'] } as const

/** Routes by which a resident's objection is registered and taken back. */
export function bezwaarRoutes(app: App, hub: Hub): void {
  postBezwaar(app, hub)
  deleteBezwaar(app, hub)
}

function postBezwaar(app: App, { write, destroyNow, keys }: Hub): void {
  app.post(
    '/bezwaren',
    operation({
      operationId: 'postBezwaar',
      tag,
      summary: 'Bezwaar vastleggen',
      description:
        'Legt vast dat een inwoner bezwaar maakt tegen signalen van één partner of, zonder `signaalpartnerId`, van alle (AVG art. 21). De signalen die er zijn worden meteen vernietigd; nieuwe worden geweigerd met `geen-bezwaar`, los en in een aanlevering. Bewaard worden alleen onomkeerbare kenmerken met een einddatum. Een partner doet dit voor de eigen klant en alleen tegen de eigen signalen.',
      isLookUp: true,
      toegang,
      takes: ['idempotency-key'],
      problems: ['geen-overeenkomst', 'niet-gevonden', 'betrokkene-onduidelijk'],
      headersOut: ['ETag', 'Idempotency-Replayed'],
      rules: verzoekFaults,
      example: {
        naam: { voorvoegsel: 'van', geslachtsnaam: 'Voorbeeld' },
        adres: { postcode: '8101AA', huisnummer: 10 },
        geboortedatum: '1985-06-15'
      },
      schema: { body: Bezwaarverzoek, response: { 201: Bezwaar } }
    }),
    async (request, reply) => {
      const bezwaar = await write(
        request,
        reply,
        async (handeling) => ({ status: 201, ...(await registerBezwaar(handeling, request.body)) }),
        (handeling, { id }) => show(handeling, id)
      )
      // Also for a repeat: the first request may have been cut off between its commit and this.
      await destroyNow(bezwaar.gemeentecode)
      reply.code(201)
      return sendResource(keys(), reply, bezwaar)
    }
  )
}

function deleteBezwaar(app: App, { write }: Hub): void {
  app.delete(
    '/bezwaren/:id',
    operation({
      operationId: 'deleteBezwaar',
      tag,
      summary: 'Bezwaar intrekken',
      description:
        'De inwoner trekt het bezwaar in: nieuwe signalen worden weer aangenomen. Een partner kan alleen intrekken wat hij zelf vastlegde. `If-Match` is de `ETag` uit het antwoord bij het vastleggen, of `*`.',
      toegang,
      takes: ['if-match'],
      problems: ['niet-gevonden'],
      schema: { params: BezwaarPad, response: { 204: noContent('Het bezwaar is ingetrokken.') } }
    }),
    async (request, reply) => {
      const { id } = request.params
      await write(
        request,
        reply,
        async (handeling) => {
          const current = await show(handeling, id)
          requireMatch(handeling.keys, request, current)
          if (!(await destroyBezwaar(handeling.tx, current.gemeentecode, id))) throw notFound()
          await logVroegsignalenOf(handeling, 'bezwaar-intrekken', [
            {
              gemeentecode: current.gemeentecode,
              vroegsignaalId: id,
              // Whose it was is not known any more.
              betrokkenePseudoniem: handeling.keys.hash('pseudoniem', `bezwaar|${id}`)
            }
          ])
          return { status: 204, id }
        },
        () => undefined
      )
      return reply.code(204).send() as never
    }
  )
}

async function show({ tx, caller }: Handeling, id: string): Promise<Bezwaar> {
  const row = await findBezwaar(tx, id)
  // A partner is shown by policy what it is refused for, but reads only what it registered itself.
  const isOwn =
    caller.rol === 'gemeente' || (row?.viaSignaalpartner && row.signaalpartnerId === caller.signaalpartnerId)
  if (row === undefined || !isOwn) throw notFound()
  const { gemeentecode, signaalpartnerId, einddatum } = row
  return { id, gemeentecode, ...(signaalpartnerId !== null && { signaalpartnerId }), einddatum }
}
