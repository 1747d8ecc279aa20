import { findGemeente } from '../../organisaties/gemeenten/gemeente-store.ts'
import type { Tx } from '../../platform/database/open-database.ts'
import { operation } from '../../platform/http/operation.ts'
import { Problem } from '../../platform/http/problem.ts'
import { limitedTo } from '../../platform/http/rate-limit.ts'
import type { App } from '../../platform/http/typebox.ts'
import { callerOf, contextOf, type Inzage, inzageOf } from '../../toegang/caller.ts'
import type { Hub } from '../../toegang/hub.ts'
import { readSignals } from '../read-signals.ts'
import { VroegsignaalPad } from '../vroegsignaal-schema.ts'
import { findSignal } from '../vroegsignaal-store.ts'
import { readReported } from './gemeld-signaal.ts'
import { describeReport, signReceipt, verifyReceipt } from './meldbewijs.ts'
import { Meldbewijs, MeldbewijsControle, MeldbewijsInvoer } from './meldbewijs-schema.ts'

const tag = 'Signalen'

/** The receipt with which a partner shows, in court for instance, that it reported and how. */
export function meldbewijsRoutes(app: App, { database, keys, clock, publicUrl }: Hub): void {
  const report = async (tx: Tx, inzage: Inzage, id: string) => {
    const row = await findSignal(tx, id)
    if (row === undefined) return readReported(tx, keys(), inzage, id)
    if (row.status === 'ingetrokken') {
      throw new Problem('toestand-staat-dit-niet-toe', {
        detail: 'Het signaal is ingetrokken; daarvan is er geen bewijs.'
      })
    }
    const [signaal] = await readSignals(tx, keys(), inzage, [row])
    if (signaal === undefined) return undefined
    const gemeente = await findGemeente(tx, signaal.gemeentecode)
    return describeReport(signaal, gemeente!.naam)
  }

  app.get(
    '/vroegsignalen/:id/meldbewijs',
    operation({
      operationId: 'getMeldbewijs',
      tag,
      summary: 'Meldbewijs ophalen',
      description:
        'Een ondertekend bewijs dat u het signaal hebt gegeven en dat het aan de criteria voldeed, bijvoorbeeld voor de rechter. Het bevat van de inwoner alleen uw eigen referentie, en blijft controleerbaar nadat het signaal is vernietigd. Van een ingetrokken signaal is er geen (409).',
      toegang: { signaalpartner: ['vroegsignalen:lezen', 'vroegsignalen:aanleveren'] },
      problems: [404, 409],
      schema: { params: VroegsignaalPad, response: { 200: Meldbewijs } }
    }),
    async (request) => {
      const caller = callerOf(request)
      const inzage = inzageOf(request, clock)
      const melding = await database.as(contextOf(caller), (tx) => report(tx, inzage, request.params.id))
      if (melding === undefined) throw new Problem('niet-gevonden')
      return { meldbewijs: await signReceipt(keys(), publicUrl, melding) }
    }
  )

  const verify = operation({
    operationId: 'verifieerMeldbewijs',
    tag,
    summary: 'Meldbewijs controleren',
    description:
      'Zegt of de hub een bewijs zo heeft afgegeven, en wat erin staat. Voor iedereen; er is niets voor nodig dan het bewijs zelf.',
    toegang: 'open',
    schema: { body: MeldbewijsInvoer, response: { 200: MeldbewijsControle } }
  })
  app.post(
    '/meldbewijzen/_verifieer',
    { ...verify, config: { ...verify.config, ...limitedTo(600) } },
    async (request) => {
      const melding = await verifyReceipt(keys(), request.body.meldbewijs)
      return melding === undefined ? { geldig: false } : { geldig: true, melding }
    }
  )
}
