import t from 'tap'
import { aSignal } from '../helpers/builders.ts'
import { openTestHub, type Party, signAgreement } from '../helpers/test-hub.ts'
import { askToken, refusedWith } from './token-requests.ts'

const hub = await openTestHub(t)
const { beheer } = hub
const gemeente = await hub.gemeente('0177')
let numbers = 0

t.test(
  'a client that is deleted: its token and its secret work no more, others of the partner do',
  async (t) => {
    const { partner, id } = await aPartner()
    const second = await anotherClient(id)
    t.equal((await send(partner)).statusCode, 201)
    t.equal((await beheer.delete(`/v1/clients/${partner.clientId}`, { 'if-match': '*' })).statusCode, 204)
    const answer = await send(partner)
    t.match(answer, { statusCode: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } })
    t.equal((await login(partner)).json().error, 'invalid_client')
    t.equal((await send(second)).statusCode, 201)
  }
)

t.test(
  'a partner that is suspended is 401 everywhere at once, and back when it is admitted again',
  async (t) => {
    const { partner, id } = await aPartner()
    t.equal((await send(partner)).statusCode, 201)
    await change(`/v1/signaalpartners/${id}`, { status: 'geschorst' })
    for (const answer of [
      await send(partner),
      await partner.get('/v1/vroegsignalen'),
      await partner.get('/v1/signaalpartners')
    ]) {
      t.equal(answer.statusCode, 401)
    }
    t.equal((await login(partner)).json().error, 'invalid_client')
    await change(`/v1/signaalpartners/${id}`, { status: 'actief' })
    t.equal((await send(partner)).statusCode, 201)
  }
)

t.test('an agreement that is suspended or ended: 403 geen-overeenkomst on the next signal', async (t) => {
  const { partner, agreement } = await aPartner()
  t.equal((await send(partner)).statusCode, 201)
  await change(`/v1/overeenkomsten/${agreement}`, { status: 'opgeschort' })
  t.match((await send(partner)).json(), { status: 403, type: '/v1/problemen/geen-overeenkomst' })
  await change(`/v1/overeenkomsten/${agreement}`, { status: 'actief' })
  t.equal((await send(partner)).statusCode, 201)
  await change(`/v1/overeenkomsten/${agreement}`, { status: 'beeindigd' })
  t.match((await send(partner)).json(), { status: 403, type: '/v1/problemen/geen-overeenkomst' })
  t.equal((await beheer.get(`/v1/overeenkomsten/${agreement}`)).json().status, 'beeindigd')
  t.equal(
    (await partner.get('/v1/vroegsignalen')).json().resultaten.length,
    2,
    'what was given stays its own'
  )
})

t.test('an agreement whose last day has passed ends by itself', async (t) => {
  const { partner, agreement } = await aPartner()
  await change(`/v1/overeenkomsten/${agreement}`, { einddatum: '2026-11-20' })
  t.equal((await send(partner)).statusCode, 201, 'on its last day')
  hub.setClock('2026-11-21T09:00:00Z')
  const answer = await partner.post(
    '/v1/vroegsignalen',
    aSignal({ referentie: 'LAAT', signaaldatum: '2026-11-20' })
  )
  t.match(answer.json(), { status: 403, type: '/v1/problemen/geen-overeenkomst' })
  hub.setClock('2026-11-20T09:00:00Z')
})

t.test('a sector taken out of the agreement: 403 for that sector at once', async (t) => {
  const { partner, id } = await aPartner(['huur', 'drinkwater'])
  const { resultaten } = (await partner.get('/v1/overeenkomsten')).json()
  await change(`/v1/overeenkomsten/${resultaten[0].id}`, { sectoren: ['drinkwater'] })
  t.equal((await send(partner)).statusCode, 403)
  t.equal((await beheer.get(`/v1/signaalpartners/${id}`)).json().status, 'actief')
})

t.test('a scope is needed on the token and on the client’s row', async (t) => {
  const { partner, id } = await aPartner()
  const reader = await anotherClient(id, ['vroegsignalen:lezen'])
  const answer = await send(reader)
  t.match(answer.json(), { status: 403, type: '/v1/problemen/geen-toegang' })
  t.equal(
    answer.headers['www-authenticate'],
    'Bearer error="insufficient_scope", scope="vroegsignalen:aanleveren"'
  )
  t.equal((await reader.get('/v1/vroegsignalen')).statusCode, 200)
  await hub.admin(`update client set scopes = '{vroegsignalen:lezen}' where client_id = $1`, [
    partner.clientId
  ])
  t.equal((await send(partner)).statusCode, 403, 'the token still says it may')
})

t.test('a municipality that lost its scope or its client sees nothing more', async (t) => {
  const other = await hub.gemeente('0180')
  t.equal((await other.get('/v1/huishoudens')).statusCode, 200)
  await hub.admin(`update client set gemeentecodes = '{0177}' where client_id = $1`, [other.clientId])
  t.equal(
    (await other.get('/v1/gemeenten/0180')).statusCode,
    404,
    'the tenant comes from the row, on every request'
  )
  t.equal((await beheer.delete(`/v1/clients/${other.clientId}`, { 'if-match': '*' })).statusCode, 204)
  t.equal((await other.get('/v1/huishoudens')).statusCode, 401)
})

t.test('a secret is renewed without a gap: old and new both work until the old one is deleted', async (t) => {
  const { partner } = await aPartner()
  const url = `/v1/clients/${partner.clientId}/geheimen`
  const [first] = (await beheer.get(url)).json().resultaten
  const renewed = await beheer.post(url)
  t.equal(renewed.statusCode, 201)
  const fresh = { ...partner, clientSecret: renewed.json().clientSecret }
  t.not(fresh.clientSecret, partner.clientSecret)
  t.equal((await login(partner)).statusCode, 200, 'the old one')
  t.equal((await login(fresh)).statusCode, 200, 'the new one')
  t.equal((await beheer.post(url)).statusCode, 409, 'no third')
  t.equal((await beheer.delete(`${url}/${first.id}`, { 'if-match': '*' })).statusCode, 204)
  refusedWith(t, await login(partner), 400, 'invalid_client')
  t.equal((await login(fresh)).statusCode, 200)
  t.equal((await send(partner)).statusCode, 201, 'a token that was given out lives its fifteen minutes')
})

async function aPartner(sectoren: ('huur' | 'drinkwater')[] = ['huur']) {
  const partner = await hub.signaalpartner(sectoren, [])
  const terms = { signaalpartnerId: partner.id, gemeentecode: '0177', sectoren }
  const agreement = await signAgreement(beheer, partner, gemeente, terms)
  return { partner: partner as Party, id: partner.id, agreement }
}

function anotherClient(signaalpartnerId: string, scopes = ['vroegsignalen:aanleveren']): Promise<Party> {
  return hub.client({ naam: 'Tweede systeem', rol: 'signaalpartner', signaalpartnerId, scopes })
}

function send(partner: Party) {
  numbers += 1
  return partner.post('/v1/vroegsignalen', aSignal({ referentie: `HUUR-${numbers}` }))
}

async function change(url: string, body: object): Promise<void> {
  const { statusCode, body: text } = await beheer.patch(url, body, { 'if-match': '*' })
  if (statusCode !== 200) throw new Error(`${url}: ${text}`)
}

function login({ clientId, clientSecret }: Party) {
  return askToken(hub, { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret })
}
