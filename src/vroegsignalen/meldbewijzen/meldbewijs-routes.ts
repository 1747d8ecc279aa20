import { findGemeente } from '../../organisaties/gemeenten/gemeente-store.ts'
import { operation } from '../../platform/http/operation.ts'
import { notFound } from '../../platform/http/problem.ts'
import { limitedTo } from '../../platform/http/rate-limit.ts'
import type { App } from '../../platform/http/typebox.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import type { Hub } from '../../toegang/hub.ts'
import { readVroegsignalen } from '../read-vroegsignalen.ts'
import { parseVroegsignaal } from '../show-vroegsignalen.ts'
import { VroegsignaalPad } from '../vroegsignaal-schema.ts'
import { findVroegsignaal } from '../vroegsignaal-store.ts'
import { readGemeldSignaal } from './gemeld-signaal.ts'
import { describeMelding, type Melding, signMeldbewijs, verifyMeldbewijs } from './meldbewijs.ts'
import { Meldbewijs, MeldbewijsControle, MeldbewijsInvoer } from './meldbewijs-schema.ts'
import { findOngeldigheid } from './ongeldig-meldbewijs-store.ts'

const tag = 'Signalen'
const verificationsPerMinute = 600

/** Routes of the receipt that proves, in court for instance, that and how a partner reported. Anyone may verify one. */
export function meldbewijsRoutes(app: App, hub: Hub): void {
  getMeldbewijs(app, hub)
  verifieerMeldbewijs(app, hub)
}

function getMeldbewijs(app: App, { read, keys, publicUrl }: Hub): void {
  app.get(
    '/vroegsignalen/:id/meldbewijs',
    operation({
      operationId: 'getMeldbewijs',
      tag,
      summary: 'Meldbewijs ophalen',
      description:
        'Een ondertekend bewijs dat u het signaal hebt gegeven en dat het, naar uw eigen opgave, aan de criteria voldeed, bijvoorbeeld voor de rechter. De hub heeft uw opgave niet op juistheid gecontroleerd. Het bevat van de inwoner alleen uw eigen referentie, en blijft controleerbaar nadat het signaal is vernietigd. Van een ingetrokken of onterecht signaal is er geen (404), en het bewijs dat u daarvan al had, geldt niet meer als u het introk wegens `foutief` of `bezwaar`, of als de gemeente het onterecht vond.',
      toegang: { signaalpartner: ['vroegsignalen:lezen', 'vroegsignalen:aanleveren'] },
      problems: ['niet-gevonden'],
      schema: { params: VroegsignaalPad, response: { 200: Meldbewijs } }
    }),
    async (request) => {
      const melding = await read(request, (handeling) => findReport(handeling, request.params.id))
      if (melding === undefined) throw notFound()
      return { meldbewijs: await signMeldbewijs(keys(), publicUrl, melding) }
    }
  )
}

async function findReport(handeling: Handeling, id: string): Promise<Melding | undefined> {
  const { tx } = handeling
  const row = await findVroegsignaal(tx, id)
  if (row === undefined) return readGemeldSignaal(handeling, id)
  const [shown] = await readVroegsignalen(handeling, [row])
  if (shown === undefined) return undefined
  const signaal = parseVroegsignaal(shown)
  const gemeente = await findGemeente(tx, signaal.gemeentecode)
  return describeMelding(signaal, gemeente!.naam)
}

function verifieerMeldbewijs(app: App, { database, keys }: Hub): void {
  const options = operation({
    operationId: 'verifieerMeldbewijs',
    tag,
    summary: 'Meldbewijs controleren',
    description:
      'Zegt of de hub een bewijs zo heeft afgegeven en of het nog geldt, en wat erin staat. Een bewijs geldt niet meer, met `reden`, als de partner het signaal introk wegens `foutief` of `bezwaar`, of als de gemeente het onterecht vond. Voor iedereen; er is niets voor nodig dan het bewijs zelf.',
    toegang: 'open',
    schema: { body: MeldbewijsInvoer, response: { 200: MeldbewijsControle } }
  })
  app.post(
    '/meldbewijzen/_verifieer',
    { ...options, config: { ...options.config, ...limitedTo(verificationsPerMinute) } },
    async (request) => {
      const melding = await verifyMeldbewijs(keys(), request.body.meldbewijs)
      if (melding === undefined) return { geldig: false }
      const reden = await database.ask({ duty: 'toegang' }, (tx) =>
        findOngeldigheid(tx, keys(), melding.vroegsignaalId)
      )
      return reden === undefined ? { geldig: true, melding } : { geldig: false, reden }
    }
  )
}
