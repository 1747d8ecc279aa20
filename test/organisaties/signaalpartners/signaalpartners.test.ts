import t from 'tap'
import { openTestHub } from '../../helpers/test-hub.ts'
import { nowhere } from '../../platform/http/operations.ts'
import { countStatuses } from '../provoked.ts'

const hub = await openTestHub(t)
const { beheer } = hub
const gemeente = await hub.gemeente('0177')
const partner = await hub.signaalpartner(['huur'], ['0177'])
const other = await hub.signaalpartner(['gas'], ['0177'])
const statuses = countStatuses(hub, ({ route }) => route.startsWith('/signaalpartners'))
const { expect } = statuses
const any = { 'if-match': '*' }
const url = `/v1/signaalpartners/${partner.id}`

t.test('postSignaalpartner 201: active, with Location and ETag', async (t) => {
  const body = {
    naam: 'Energie Nu',
    sectoren: ['elektriciteit', 'gas', 'warmte'],
    kvkNummer: '90000001',
    oin: '00000099000000000002'
  }
  const added = await expect(t, 'postSignaalpartner', 201, beheer.post('/v1/signaalpartners', body))
  const { id, ...rest } = added.json()
  t.same(rest, { ...body, status: 'actief' })
  t.equal(added.headers.location, `/v1/signaalpartners/${id}`)
  t.match(id, /^[0-9a-f-]{36}$/)
  const suspended = await beheer.post('/v1/signaalpartners', {
    naam: 'Later',
    sectoren: ['huur'],
    status: 'geschorst'
  })
  t.equal(suspended.json().status, 'geschorst')
})

t.test('postSignaalpartner 400: fields outside their bounds', async (t) => {
  const right = { naam: 'Proef', sectoren: ['huur'] }
  const wrong: [location: string, body: object][] = [
    ['/sectoren', { ...right, sectoren: [] }],
    ['/sectoren', { ...right, sectoren: ['huur', 'huur'] }],
    ['/sectoren/0', { ...right, sectoren: ['telefonie'] }],
    ['/kvkNummer', { ...right, kvkNummer: '1234567' }],
    ['/oin', { ...right, oin: '00000000000000000002' }],
    ['/status', { ...right, status: 'onbekend' }],
    ['', { ...right, id: nowhere }]
  ]
  for (const [location, body] of wrong) {
    const answer = await expect(t, 'postSignaalpartner', 400, beheer.post('/v1/signaalpartners', body))
    t.match(answer.json().errors, [{ in: 'body', location }], JSON.stringify(body))
  }
})

t.test('postSignaalpartner and patchSignaalpartner 422: an Idempotency-Key with another body', async (t) => {
  const key = { 'idempotency-key': 'een' }
  await beheer.post('/v1/signaalpartners', { naam: 'Een', sectoren: ['huur'] }, key)
  await expect(
    t,
    'postSignaalpartner',
    422,
    beheer.post('/v1/signaalpartners', { naam: 'Twee', sectoren: ['huur'] }, key)
  )
  await beheer.patch(url, { naam: 'Een' }, { ...key, ...any })
  await expect(t, 'patchSignaalpartner', 422, beheer.patch(url, { naam: 'Twee' }, { ...key, ...any }))
})

t.test('getSignaalpartners 200: the operator sees all, a partner itself', async (t) => {
  const ids = (body: { resultaten: { id: string }[] }) => body.resultaten.map(({ id }) => id)
  const all = await expect(t, 'getSignaalpartners', 200, beheer.get('/v1/signaalpartners'))
  t.ok(ids(all.json()).includes(partner.id) && ids(all.json()).includes(other.id))
  t.same(ids((await partner.get('/v1/signaalpartners')).json()), [partner.id])
})

t.test('getSignaalpartner 200 and 404: itself, and no other', async (t) => {
  t.match((await expect(t, 'getSignaalpartner', 200, partner.get(url))).json(), {
    id: partner.id,
    status: 'actief'
  })
  await expect(t, 'getSignaalpartner', 404, other.get(url))
  t.equal((await beheer.get(`/v1/signaalpartners/${nowhere}`)).statusCode, 404)
})

t.test('patchSignaalpartner 200, 404, 412 and 428', async (t) => {
  const changed = await expect(t, 'patchSignaalpartner', 200, beheer.patch(url, { naam: 'Nieuwe naam' }, any))
  t.match(changed.json(), { id: partner.id, naam: 'Nieuwe naam', sectoren: ['huur'] })
  await expect(
    t,
    'patchSignaalpartner',
    404,
    beheer.patch(`/v1/signaalpartners/${nowhere}`, { naam: 'X' }, any)
  )
  await expect(t, 'patchSignaalpartner', 412, beheer.patch(url, { naam: 'X' }, { 'if-match': '"oud"' }))
  await expect(t, 'patchSignaalpartner', 428, beheer.patch(url, { naam: 'X' }))
})

t.test('every other status that these operations promise', async (t) => {
  await statuses.provokeShape(t, [beheer, partner], gemeente)
  // 409 here means that a key is in use, which test/platform/http/idempotency.test.ts covers.
  t.same(statuses.missing(), ['postSignaalpartner 409', 'patchSignaalpartner 409'])
})
