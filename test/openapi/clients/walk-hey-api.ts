import { createClient } from './generated/hey-api/client/index.js'
import {
  getHuishouddeltas,
  getHuishoudens,
  getTerugkoppelingen,
  getVroegsignaalzaak,
  postContactpoging,
  postVroegsignaal,
  postVroegsignaalzaak,
  putZaakresultaat
} from './generated/hey-api/sdk.gen.js'
import type { VroegsignaalInvoer } from './generated/hey-api/types.gen.js'
import { type Parties, type Seen, signaal } from './signaal.js'

/** Takes a signal from the partner to the end of its case, by the functions that @hey-api/openapi-ts makes. */
export async function walk({ baseUrl, partner: ofPartner, gemeente: ofGemeente }: Parties): Promise<Seen> {
  const [partner, gemeente] = [ofPartner, ofGemeente].map((auth) => createClient({ baseUrl, auth })) as [
    ReturnType<typeof createClient>,
    ReturnType<typeof createClient>
  ]

  const invoer: VroegsignaalInvoer = signaal
  const refused = await postVroegsignaal({
    client: partner,
    body: { ...invoer, socialeIncasso: { ...invoer.socialeIncasso, herinneringen: [] } }
  })
  const { data: posted } = await postVroegsignaal({
    client: partner,
    headers: { 'Idempotency-Key': 'huur-1' },
    body: invoer
  })

  const { data: lijst } = await getHuishoudens({ client: gemeente, query: { limit: 10 } })
  const huishouden = lijst?.resultaten.find(({ vroegsignalen }) =>
    vroegsignalen.some(({ id }) => id === posted?.id)
  )
  const { data: begin } = await getHuishouddeltas({ client: gemeente })
  const { data: zaak } = await postVroegsignaalzaak({
    client: gemeente,
    body: { huishoudenId: huishouden?.id ?? '' }
  })
  const path = { id: zaak?.id ?? '' }
  await postContactpoging({
    client: gemeente,
    path,
    body: { soort: 'huisbezoek', datum: '2026-11-25', dagdeel: 'avond', bereikt: true }
  })
  const { response } = await getVroegsignaalzaak({ client: gemeente, path })
  const { data: afgesloten } = await putZaakresultaat({
    client: gemeente,
    path,
    headers: { 'If-Match': response?.headers.get('etag') ?? '' },
    body: { resultaat: 'vervolghulp-financieel', datum: '2026-11-25' }
  })

  const { data: gehoord } = await getTerugkoppelingen({ client: partner })
  const { data: einde } = await getHuishouddeltas({
    client: gemeente,
    query: { after: begin?.stateId ?? '' }
  })
  return {
    weigering: refused.error?.errors?.map(({ code }) => code) ?? [],
    huishoudens: lijst?.resultaten.length ?? 0,
    bedrag: huishouden?.totaalbedragInCenten,
    resultaat: afgesloten?.resultaat,
    terugkoppelingen: gehoord?.resultaten.map(({ code }) => code) ?? [],
    deltas: einde?.deltas.map(({ huishouden }) => huishouden?.opgepakt) ?? []
  }
}
