import t, { type Test } from 'tap'
import { openTestHub, type Party } from './helpers/test-hub.ts'

type Schema = {
  anyOf?: Schema[]
  $ref?: string
  examples?: unknown[]
  properties?: Record<string, Schema>
  items?: Schema
}
type Media = { schema: Schema; example?: unknown }
type Operation = {
  operationId: string
  requestBody?: { content: Record<string, Media> }
  servers?: { url: string }[]
}
type Document = {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}
type Door = { method: string; base: string; path: string; content: Record<string, Media> }
type Fields = Record<string, unknown>
/** What the path points at, what of the body is replaced, and its media type. */
type Way = { at?: Fields; with?: Fields; as?: string }

const json = 'application/json'
const mergePatch = 'application/merge-patch+json'
const scopes = ['vroegsignalen:lezen', 'vroegsignalen:aanleveren', 'overeenkomsten:ondertekenen']
const tried = new Set<string>()
let known: string[] = []

t.test('the operator sets up the register with the examples of the page', async (t) => {
  const { hub, send } = await openPage(t)
  const { beheer } = hub

  await send(beheer, 'postAdresregisterLevering', { as: 'text/csv' })
  await send(beheer, 'postGemeente')
  await send(beheer, 'patchGemeente', { at: { gemeentecode: '0177' } })
  await send(beheer, 'patchGemeente', { at: { gemeentecode: '0177' }, as: mergePatch })
  const aanmelding = await send(beheer, 'postAanmelding')
  await send(beheer, 'postBesluit', { at: aanmelding })
  const signaalpartner = await send(beheer, 'postSignaalpartner')
  await send(beheer, 'patchSignaalpartner', { at: signaalpartner })
  await send(beheer, 'patchSignaalpartner', { at: signaalpartner, as: mergePatch })
  const signaalpartnerId = signaalpartner.id
  const client = await send(beheer, 'postClient', { with: { signaalpartnerId } })
  await send(beheer, 'patchClient', { at: client })
  await send(beheer, 'patchClient', { at: client, as: mergePatch })

  const partner = await hub.client({ naam: 'Partner', rol: 'signaalpartner', signaalpartnerId, scopes })
  const overeenkomst = await send(beheer, 'postOvereenkomst', { with: { signaalpartnerId } })
  await send(partner, 'postOndertekening', { at: overeenkomst })
  await send(beheer, 'patchOvereenkomst', { at: overeenkomst })
  await send(beheer, 'patchOvereenkomst', { at: overeenkomst, as: mergePatch })
})

t.test('a signal goes through its life with the examples of the page', async (t) => {
  const { hub, send } = await openPage(t)
  const raalte = await hub.gemeente('0177', 'Raalte')
  await hub.gemeente('0193', 'Zwolle')
  const partner = await hub.signaalpartner(['huur'], ['0177', '0193'])
  const leverancier = await hub.signaalpartner(['gas'], ['0177'])
  const atNumber = async (huisnummer: number) => {
    const adres = { postcode: '8101AA', huisnummer, woonplaats: 'Raalte' }
    return send(partner, 'postVroegsignaal', { with: { referentie: `HUUR-${huisnummer}`, adres } })
  }

  t.equal((await send(partner, 'postProefbeoordeling')).toelaatbaar, true)
  const signal = await send(partner, 'postVroegsignaal')
  for (const as of ['application/x-ndjson', 'text/csv', json]) {
    const { redenen, aantalOngewijzigd } = await send(partner, 'postAanlevering', { as })
    t.same({ redenen, aantalOngewijzigd }, { redenen: [], aantalOngewijzigd: 1 }, 'the same signal')
    t.equal((await send(partner, 'postProefaanlevering', { as })).aantalOngewijzigd, 1)
  }
  t.equal((await send(partner, 'zoekVroegsignalen')).resultaten[0].id, signal.id)
  await send(partner, 'patchVroegsignaal', { at: signal })
  await send(partner, 'patchVroegsignaal', { at: signal, as: mergePatch })
  const { meldbewijs } = (await partner.get(`/v1/vroegsignalen/${signal.id}/meldbewijs`)).json()
  t.equal((await send(raalte, 'verifieerMeldbewijs', { with: { meldbewijs } })).geldig, true)

  const abonnement = await send(raalte, 'postAbonnement')
  await send(raalte, 'patchAbonnement', { at: abonnement })
  await send(raalte, 'patchAbonnement', { at: abonnement, as: mergePatch })

  await send(raalte, 'zoekHuishoudens')
  const [huishouden] = (await raalte.get('/v1/huishoudens')).json().resultaten
  await send(raalte, 'putAdresindicatie', { at: huishouden })
  const betwisting = await send(raalte, 'postBetwisting', { at: signal })
  await send(partner, 'postBetwistingreactie', { at: betwisting })
  const zaak = await send(raalte, 'postVroegsignaalzaak', { with: { huishoudenId: huishouden.id } })
  const later = await send(leverancier, 'postVroegsignaal', { with: { sector: 'gas' } })
  await send(raalte, 'postZaakVroegsignalen', { at: zaak, with: { vroegsignaalIds: [later.id] } })
  await send(raalte, 'postContactpoging', { at: zaak })
  await send(raalte, 'putZaakresultaat', { at: zaak })

  t.equal((await send(raalte, 'postGegevens')).gegevens.leveringen[0].vroegsignalen.length, 2)
  await send(raalte, 'postRectificatieverzoek', { with: { vroegsignaalId: later.id } })
  const beperking = await send(raalte, 'postBeperking')
  await raalte.delete(`/v1/beperkingen/${beperking.id}`, { 'if-match': '*' })
  await send(raalte, 'postInzageverzoek')
  await send(raalte, 'postWissingsverzoek')
  await send(raalte, 'postBezwaar', { with: { signaalpartnerId: leverancier.id } })
  await send(raalte, 'postDoorzending', { at: await atNumber(12) })
  await send(partner, 'postIntrekking', { at: await atNumber(14) })
})

t.test('every example has been sent', async (t) => {
  t.same([...tried].sort(), known)
})

async function openPage(t: Test) {
  const hub = await openTestHub(t, { now: '2027-03-09T09:00:00Z' })
  const document: Document = (await hub.call({ method: 'GET', url: '/docs/json' })).json()
  const doors = doorsOf(document)
  known = [...doors]
    .flatMap(([name, { content }]) => Object.keys(content).map((type) => `${name} ${type}`))
    .sort()

  /** Sends the example of an operation; only ids of things that exist take the place of made up ones. */
  async function send(party: Party, name: string, { at = {}, as = json, with: changes }: Way = {}) {
    const { method, base, path, content } = doors.get(name)!
    const shown = exampleOf(document, content[as]!)
    const answer = await party.call({
      method,
      url: `${base}${path.replace(/\{(\w+)\}/, (_, key) => String(at[key]))}`,
      headers: { 'content-type': as, 'if-match': '*' },
      payload: typeof shown === 'string' ? shown : JSON.stringify({ ...(shown as object), ...changes })
    })
    tried.add(`${name} ${as}`)
    t.match(answer.statusCode, /^20[01]$/, `${name} ${as}: ${answer.body}`)
    return answer.json()
  }
  return { hub, send }
}

function doorsOf({ paths }: Document): Map<string, Door> {
  const doors = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { operationId, requestBody, servers }]) =>
      requestBody === undefined
        ? []
        : [
            [
              operationId,
              { method: method.toUpperCase(), base: servers?.[0]?.url ?? '/v1', path, ...requestBody }
            ] as const
          ]
    )
  )
  return new Map(doors)
}

// What the page shows: the example of the body, or one put together from those of its properties.
function exampleOf(document: Document, { schema, example }: Media): unknown {
  return example ?? compose(document, schema)
}

function compose(document: Document, schema: Schema): unknown {
  if (schema.$ref) return compose(document, document.components.schemas[schema.$ref.split('/').at(-1)!]!)
  if (schema.examples) return schema.examples[0]
  if (schema.anyOf) return compose(document, schema.anyOf[0]!)
  if (schema.items) return [compose(document, schema.items)]
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, compose(document, inner)])
  )
}
