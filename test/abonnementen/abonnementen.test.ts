import t, { type Test } from 'tap'
import { gebeurtenissoortlijst } from '../../src/begrippen/gebeurtenissoort.ts'
import { openOutgoing } from '../../src/platform/outgoing/outgoing.ts'
import type { Party } from '../helpers/test-hub.ts'
import { openStage } from '../zaken/zaak-stage.ts'
import { openReceiver, subscribe, toThisMachine } from './receiver.ts'

const any = { 'if-match': '*' }
const ontvangen = ['nl.vroegsignalering.signaal-ontvangen'] as const
const scopes = ['abonnementen:beheren'] as const

const open = (t: Test) => openStage(t, { outgoing: toThisMachine() })

t.test('a subscription is taken, shown without its secret, changed and cancelled', async (t) => {
  const { raalte } = await open(t)
  const body = { url: 'https://ontvanger.example/haak', soorten: [...ontvangen] }
  const key = { 'idempotency-key': 'een' }
  const taken = await raalte.post('/v1/abonnementen', body, key)
  t.equal(taken.statusCode, 201)
  const { id, geheim, ...shown } = taken.json()
  t.match(geheim, /^whsec_[A-Za-z0-9+/]{43}=$/)
  t.same(shown, {
    ...body,
    gemeentecodes: ['0177'],
    status: 'actief',
    aangemaaktOp: '2026-11-20T09:00:00.000Z'
  })
  const again = await raalte.post('/v1/abonnementen', body, key)
  t.same([again.statusCode, again.json()], [201, { id, ...shown }], 'a repeat does not show it')

  const url = `/v1/abonnementen/${id}`
  t.equal(taken.headers.location, url)
  const got = await raalte.get(url)
  t.same([got.json(), got.headers.etag], [{ id, ...shown }, taken.headers.etag])
  t.same((await raalte.get('/v1/abonnementen')).json().resultaten, [{ id, ...shown }])

  const soorten = ['nl.vroegsignalering.crisis-gemeld']
  t.equal((await raalte.patch(url, { soorten })).statusCode, 428)
  t.equal((await raalte.patch(url, { soorten }, { 'if-match': '"oud"' })).statusCode, 412)
  const patched = await raalte.patch(url, { soorten }, { 'if-match': String(got.headers.etag) })
  t.same(patched.json(), { id, ...shown, soorten })
  t.equal((await raalte.delete(url)).statusCode, 428)
  t.equal((await raalte.delete(url, any)).statusCode, 204)
  t.equal((await raalte.get(url)).statusCode, 404)
  t.equal((await raalte.get(`${url}/bezorgingen`)).statusCode, 404)
})

t.test('what is wrong with a subscription is said by field', async (t) => {
  const { hub, raalte } = await openStage(t, {
    outgoing: openOutgoing({ resolve: async () => ['10.0.0.1'] })
  })
  const faults = async (body: object) => {
    const answer = await raalte.post('/v1/abonnementen', body)
    t.equal(answer.statusCode, 400, JSON.stringify(body))
    return answer.json().errors.map(({ location }: { location: string }) => location)
  }
  const good = { url: 'https://8.8.8.8/', soorten: [...ontvangen] }
  t.same(await faults({ ...good, url: 'https://intern.example/' }), ['/url'])
  t.same(await faults({ ...good, url: 'https://169.254.169.254/' }), ['/url'])
  t.same(await faults({ ...good, url: 'http://8.8.8.8/' }), ['/url'])
  t.same(await faults({ ...good, url: 'javascript:alert(1)' }), ['/url'])
  t.same(await faults({ ...good, soorten: [] }), ['/soorten'])
  t.same(await faults({ ...good, soorten: ['nl.vroegsignalering.anders'] }), ['/soorten/0'])
  t.same(await faults({ ...good, soorten: [...ontvangen, ...ontvangen] }), ['/soorten'])
  t.same(await faults({ ...good, secret: 'eigen' }), [''])
  const { id } = (await raalte.post('/v1/abonnementen', good)).json()
  const moved = await raalte.patch(`/v1/abonnementen/${id}`, { url: 'https://intern.example/' }, any)
  t.equal(moved.statusCode, 400, 'a change is held to the same')
  t.notOk(hub.logLines.some((line) => line.includes('intern.example')))
  for (let n = 1; n < 20; n += 1) await raalte.post('/v1/abonnementen', good)
  t.equal((await raalte.post('/v1/abonnementen', good)).statusCode, 409, 'twenty is enough')
})

t.test('a subscription is seen by whoever works for all of its municipalities', async (t) => {
  const { hub, raalte, olst } = await open(t)
  const colleague = await hub.client({
    naam: 'Ander systeem',
    rol: 'gemeente',
    gemeentecodes: ['0177'],
    scopes
  })
  const both = await hub.client({ naam: 'Beide', rol: 'gemeente', gemeentecodes: ['0177', '1773'], scopes })
  const ofRaalte = await subscribe(raalte, 'https://ontvanger.example/a', ontvangen)
  const ofBoth = await subscribe(both, 'https://ontvanger.example/b', ontvangen)
  const seen = async (party: Party) =>
    (await party.get('/v1/abonnementen')).json().resultaten.map(({ id }: { id: string }) => id)
  t.same(await seen(raalte), [ofRaalte.id])
  t.same(await seen(colleague), [ofRaalte.id])
  t.same(await seen(both), [ofRaalte.id, ofBoth.id])
  t.same(await seen(olst), [])
  // Whoever could change where it goes would hear of the other municipality.
  const url = `/v1/abonnementen/${ofBoth.id}`
  for (const answer of [
    await raalte.get(url),
    await raalte.patch(url, { url: 'https://elders.example/' }, any),
    await raalte.delete(url, any),
    await raalte.get(`${url}/geheimen`),
    await raalte.post(`${url}/geheimen`),
    await raalte.get(`${url}/bezorgingen`),
    await raalte.post(`${url}/_test`)
  ])
    t.equal(answer.statusCode, 404)
})

t.test('a client that is revoked, or loses a municipality or the scope, is told no more', async (t) => {
  const { hub, raalte, huur, send } = await open(t)
  const receiver = await openReceiver(t)
  const both = await hub.client({ naam: 'Beide', rol: 'gemeente', gemeentecodes: ['0177', '1773'], scopes })
  const { id } = await subscribe(both, receiver.url, ontvangen)
  const client = `/v1/clients/${both.clientId}`
  const state = async (party: Party = both) => (await party.get(`/v1/abonnementen/${id}`)).json()
  const told = async () => {
    receiver.forget()
    await send(huur, 1)
    await send(huur, 2, { gemeentecode: '1773' })
    await hub.deliver()
    return receiver.received.map(({ event }) => event.data.gemeentecode).sort()
  }
  t.same(await told(), ['0177', '1773'])

  // Also what waits already.
  await send(huur, 3)
  await send(huur, 4, { gemeentecode: '1773' })
  await hub.beheer.patch(client, { gemeentecodes: ['1773'] }, any)
  receiver.forget()
  await hub.deliver()
  t.same(
    receiver.received.map(({ event }) => event.data.gemeentecode),
    ['1773']
  )
  t.same(await told(), ['1773'])
  t.same((await state()).gemeentecodes, ['1773'])
  await hub.beheer.patch(client, { gemeentecodes: ['0177'] }, any)
  t.same(await told(), ['0177'], 'and of what it works for from now on')

  await send(huur, 5)
  await hub.beheer.patch(client, { scopes: ['vroegsignalen:lezen'] }, any)
  t.same(await told(), [])
  t.match(await state(raalte), { status: 'uitgeschakeld', redenUitgeschakeld: 'client-zonder-toegang' })
  const on = { status: 'actief' }
  t.equal((await raalte.patch(`/v1/abonnementen/${id}`, on, any)).statusCode, 409, 'not for another client')
  await hub.beheer.patch(client, { scopes: [...scopes] }, any)
  t.equal((await both.patch(`/v1/abonnementen/${id}`, on, any)).statusCode, 200)
  t.same(await told(), ['0177'])

  await send(huur, 6)
  await hub.beheer.delete(client, any)
  t.same(await told(), [])
  t.match(await state(raalte), { status: 'uitgeschakeld', redenUitgeschakeld: 'client-zonder-toegang' })
  t.equal(
    (await raalte.delete(`/v1/abonnementen/${id}`, any)).statusCode,
    204,
    'its municipality clears it away'
  )
})

t.test('a lost mandate is not told even where it was not noticed', async (t) => {
  const { hub, raalte, huur, send } = await open(t)
  const receiver = await openReceiver(t)
  await subscribe(raalte, receiver.url, ontvangen)
  await send(huur, 1)
  await hub.admin('update client set ingetrokken_op = now() where client_id = $1', [raalte.clientId])
  await hub.deliver()
  t.same(receiver.received, [])
  t.same(await hub.admin('select from bezorging'), [])
})

t.test('deliveries are read in pages', async (t) => {
  const { hub, raalte } = await open(t)
  const receiver = await openReceiver(t)
  const { id } = await subscribe(raalte, receiver.url, gebeurtenissoortlijst)
  for (let n = 0; n < 5; n += 1) await raalte.post(`/v1/abonnementen/${id}/_test`)
  await hub.deliver()
  const seen: string[] = []
  let url: string | undefined = `/v1/abonnementen/${id}/bezorgingen?limit=2`
  while (url !== undefined) {
    const answer = await raalte.get(url)
    seen.push(...answer.json().resultaten.map((one: { id: string }) => one.id))
    url = /<http:\/\/hub.test([^>]+)>/.exec(String(answer.headers.link ?? ''))?.[1]
  }
  t.equal(new Set(seen).size, 5)
  t.same(seen, seen.toSorted().reverse(), 'newest first')
})
