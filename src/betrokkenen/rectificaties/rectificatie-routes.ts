import { resourceText } from '../../platform/http/etag.ts'
import { operation } from '../../platform/http/operation.ts'
import { bodyFault, type Fault, notFound } from '../../platform/http/problem.ts'
import type { App } from '../../platform/http/typebox.ts'
import type { Hub } from '../../toegang/hub.ts'
import { readVroegsignalen } from '../../vroegsignalen/read-vroegsignalen.ts'
import { Vroegsignaal } from '../../vroegsignalen/vroegsignaal-schema.ts'
import { findVroegsignaal } from '../../vroegsignalen/vroegsignaal-store.ts'
import { Rectificatieverzoek } from './rectificatie-schema.ts'
import { rectifyVroegsignaal } from './rectify-vroegsignaal.ts'

/** Route by which a municipality rectifies what does not hold of a resident. */
export function rectificatieRoutes(app: App, hub: Hub): void {
  postRectificatieverzoek(app, hub)
}

function postRectificatieverzoek(app: App, { write }: Hub): void {
  app.post(
    '/rectificatieverzoeken',
    operation({
      operationId: 'postRectificatieverzoek',
      tag: 'Betrokkenen',
      summary: 'Gegevens rectificeren',
      description:
        'Verbetert op verzoek van een inwoner wie het is, of op welk adres de achterstand is ontstaan (AVG art. 16). Het signaal komt meteen bij het huishouden van zijn adres. Is de inwoner verhuisd, dan klopt het adres: zend het signaal door. Bedrag en data verbetert de partner, die het verbeterde signaal ook ziet (AVG art. 19).',
      toegang: { gemeente: ['betrokkenen:beheren'] },
      takes: ['idempotency-key'],
      problems: ['niet-gevonden', 'signaal-niet-toelaatbaar'],
      headersOut: ['ETag', 'Idempotency-Replayed'],
      rules: somethingToRectify,
      example: {
        vroegsignaalId: '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071',
        betrokkene: { emailadres: 'a.voorbeeld@example.nl' }
      },
      schema: { body: Rectificatieverzoek, response: { 200: Vroegsignaal } }
    }),
    async (request, reply) =>
      write(
        request,
        reply,
        async (handeling) => ({ status: 200, ...(await rectifyVroegsignaal(handeling, request.body)) }),
        async (handeling, { id }) => {
          const row = await findVroegsignaal(handeling.tx, id)
          const [shown] = row === undefined ? [] : await readVroegsignalen(handeling, [row])
          if (shown === undefined) throw notFound()
          return resourceText(handeling.keys, reply, shown.tekst)
        }
      )
  )
}

function somethingToRectify({ betrokkene, adres }: Rectificatieverzoek): Fault[] {
  if (adres !== undefined || Object.keys(betrokkene ?? {}).length > 0) return []
  return [bodyFault('', 'minProperties', 'Geef betrokkene of adres, met wat er moet veranderen.')]
}
