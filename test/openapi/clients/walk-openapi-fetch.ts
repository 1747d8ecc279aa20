import createClient from 'openapi-fetch'
import type { components, paths } from './generated/openapi-typescript/schema.js'
import { type Parties, type Seen, signaal } from './signaal.js'

/** Takes a signal from the partner to the end of its case, by openapi-fetch with the types of openapi-typescript. */
export async function walk({ baseUrl, partner: ofPartner, gemeente: ofGemeente }: Parties): Promise<Seen> {
  const as = (token: string) =>
    createClient<paths>({ baseUrl, headers: { authorization: `Bearer ${token}` } })
  const [partner, gemeente] = [as(ofPartner), as(ofGemeente)]

  const invoer: components['schemas']['VroegsignaalInvoer'] = signaal
  const refused = await partner.POST('/vroegsignalen', {
    body: { ...invoer, socialeIncasso: { ...invoer.socialeIncasso, herinneringen: [] } }
  })
  const { data: posted } = await partner.POST('/vroegsignalen', {
    params: { header: { 'Idempotency-Key': 'huur-1' } },
    body: invoer
  })

  const { data: lijst } = await gemeente.GET('/huishoudens', { params: { query: { limit: 10 } } })
  const huishouden = lijst?.resultaten.find(({ vroegsignalen }) =>
    vroegsignalen.some(({ id }) => id === posted?.id)
  )
  const { data: begin } = await gemeente.GET('/huishoudens/_deltas')
  const { data: zaak } = await gemeente.POST('/vroegsignaalzaken', {
    params: {},
    body: { huishoudenId: huishouden?.id ?? '' }
  })
  const path = { id: zaak?.id ?? '' }
  await gemeente.POST('/vroegsignaalzaken/{id}/contactpogingen', {
    params: { path },
    body: { soort: 'huisbezoek', datum: '2026-11-25', dagdeel: 'avond', bereikt: true }
  })
  const { response } = await gemeente.GET('/vroegsignaalzaken/{id}', { params: { path } })
  const { data: afgesloten } = await gemeente.PUT('/vroegsignaalzaken/{id}/resultaat', {
    params: { path, header: { 'If-Match': response.headers.get('etag') ?? '' } },
    body: { resultaat: 'vervolghulp-financieel', datum: '2026-11-25' }
  })

  const { data: gehoord } = await partner.GET('/terugkoppelingen')
  const { data: einde } = await gemeente.GET('/huishoudens/_deltas', {
    params: { query: { after: begin?.stateId ?? '' } }
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
