import t from 'tap'
import { aSignal } from '../helpers/builders.ts'
import { openTestHub } from '../helpers/test-hub.ts'
import { askToken, basic } from './token-requests.ts'

const hub = await openTestHub(t)
const raalte = await hub.gemeente('0177')
await hub.gemeente('1773')
const partner = await hub.signaalpartner(['huur'], ['0177'])
const { beheer } = hub
const grant = { grant_type: 'client_credentials' }

/** The security events that something led to, in order, without what differs in every request. */
async function eventsOf(act: () => Promise<unknown>): Promise<Record<string, unknown>[]> {
  const before = hub.logLines.length
  await act()
  return hub.logLines
    .slice(before)
    .map((line) => JSON.parse(line))
    .filter(({ msg }) => msg === 'security')
    .map(({ event, route, clientId, level }) => ({ event, route, level, ...(clientId && { clientId }) }))
}

t.test('who may do what it does is in no event', async (t) => {
  t.same(await eventsOf(() => raalte.get('/v1/huishoudens')), [])
  t.same(await eventsOf(() => raalte.get('/v1/huishoudens/niets')), [], 'nor is a mistake')
})

t.test('a wrong secret names the client that it is for, and nothing that was sent', async (t) => {
  const { clientId } = partner
  const wrong = () => askToken(hub, grant, { authorization: basic(clientId, 'wrong') })
  t.same(await eventsOf(wrong), [{ event: 'login-failed', route: '/oauth/token', level: 40, clientId }])
  const swapped = () => askToken(hub, { ...grant, client_id: partner.clientSecret, client_secret: clientId })
  t.same(await eventsOf(swapped), [{ event: 'login-failed', route: '/oauth/token', level: 40 }])
  t.notOk(hub.logLines.some((line) => line.includes(partner.clientSecret)))
  const blocked = await eventsOf(async () => {
    for (let n = 0; n < 30; n += 1) await wrong()
  })
  t.match(blocked.at(-1), { event: 'login-blocked' })
})

t.test('a token that is none, and one of a client that was revoked', async (t) => {
  const route = '/v1/huishoudens'
  const forged = () => hub.call({ method: 'GET', url: route, headers: { authorization: 'Bearer a.b.c' } })
  t.same(await eventsOf(forged), [{ event: 'token-refused', route, level: 40 }])
  const gone = await hub.client({
    naam: 'Weg',
    rol: 'gemeente',
    gemeentecodes: ['0177'],
    scopes: ['huishoudens:lezen']
  })
  await beheer.delete(`/v1/clients/${gone.clientId}`, { 'if-match': '*' })
  const { clientId } = gone
  t.same(await eventsOf(() => gone.get(route)), [{ event: 'client-refused', route, level: 40, clientId }])
})

t.test('beyond its scope, its mandate and its agreements', async (t) => {
  const { clientId } = raalte
  t.match(await eventsOf(() => raalte.get('/v1/clients')), [{ event: 'beyond-scope', clientId }])
  const elsewhere = () => raalte.get('/v1/huishoudens?gemeentecode=1773')
  t.match(await eventsOf(elsewhere), [{ event: 'beyond-mandate', clientId }])
  const unsigned = () => partner.post('/v1/vroegsignalen', aSignal({ gemeentecode: '1773' }))
  t.match(await eventsOf(unsigned), [{ event: 'without-agreement', clientId: partner.clientId }])
})
