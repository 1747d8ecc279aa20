import { operation } from '../../platform/http/operation.ts'
import { later } from '../../platform/http/problem.ts'
import type { App } from '../../platform/http/typebox.ts'
import type { Hub } from '../../toegang/hub.ts'
import { verzoekFaults } from '../verzoek-rules.ts'
import { Betrokkenenverzoek } from '../verzoek-schema.ts'
import { eraseBetrokkene, findWissingsbewijs, wissingsresultaat } from './erase-betrokkene.ts'
import { Wissing } from './wissing-schema.ts'

/** Route by which a municipality erases everything that is held of a resident. */
export function wissingRoutes(app: App, hub: Hub): void {
  postWissingsverzoek(app, hub)
}

function postWissingsverzoek(app: App, { write, read, destroyNow }: Hub): void {
  app.post(
    '/wissingsverzoeken',
    operation({
      operationId: 'postWissingsverzoek',
      tag: 'Betrokkenen',
      summary: 'Gegevens wissen',
      description:
        'Vernietigt alle signalen over één inwoner met alles wat daarvan is afgeleid (AVG art. 17), ook wat in een zaak zit of beperkt is. Voor het antwoord er is, zijn zij weg uit elke lijst, elk zoekresultaat en elk huishouden, en zegt `_deltas` dat het huishouden is vervallen. Nieuwe signalen blijven mogelijk: wil de inwoner die ook niet, leg dan een bezwaar vast. Past de vraag op meer dan één persoon, dan volgt 422. Na een 503 zijn de gegevens al uit elke lijst; herhaal het verzoek met dezelfde `Idempotency-Key` voor het bewijs.',
      isLookUp: true,
      toegang: { gemeente: ['betrokkenen:beheren'] },
      takes: ['idempotency-key'],
      problems: ['niet-gevonden', 'betrokkene-onduidelijk'],
      headersOut: ['Idempotency-Replayed'],
      rules: verzoekFaults,
      example: { burgerservicenummer: '999990019' },
      schema: { body: Betrokkenenverzoek, response: { 200: Wissing } }
    }),
    async (request, reply) => {
      const effect = await write(
        request,
        reply,
        async (handeling) => {
          const wissing = await eraseBetrokkene(handeling, request.body)
          return { status: 200, id: wissingsresultaat.write(wissing), gemeentecode: wissing.gemeentecode }
        },
        (_, done) => done
      )
      const wissing = wissingsresultaat.read(effect.id, effect.gemeentecode)
      if (wissing.gemeentecode === undefined || wissing.aantal === 0)
        return { aantalVernietigd: 0, vernietigingId: null }
      // Also for a repeat: the first request may have been cut off between its commit and this.
      await destroyNow(wissing.gemeentecode)
      const record = await read(request, ({ tx }) => findWissingsbewijs(tx, wissing))
      if (record === undefined)
        throw later(30, 'De gegevens staan in geen lijst meer; de vernietiging zelf volgt binnenkort.')
      return { aantalVernietigd: wissing.aantal, vernietigingId: record.id }
    }
  )
}
