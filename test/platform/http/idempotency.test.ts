import { setTimeout } from 'node:timers/promises'
import t from 'tap'
import { withConnection } from '../../../src/platform/database/open-database.ts'
import { aSignal } from '../../helpers/builders.ts'
import { openTestHub } from '../../helpers/test-hub.ts'

const hub = await openTestHub(t)
const { beheer } = hub
const gemeente = await hub.gemeente('0177')
const partner = await hub.signaalpartner(['huur'], ['0177'])
const other = await hub.signaalpartner(['huur'], ['0177'])
let numbers = 0

t.test(
  'a repeat has no second effect: the same status, the same resource, told to be a replay',
  async (t) => {
    const key = aKey()
    const body = { naam: 'Woningstichting De Linde', sectoren: ['huur'] }
    const first = await beheer.post('/v1/signaalpartners', body, key)
    t.match(first, { statusCode: 201 })
    t.equal(first.headers['idempotency-replayed'], undefined)
    const again = await beheer.post('/v1/signaalpartners', body, key)
    t.match(again, { statusCode: 201, headers: { 'idempotency-replayed': 'true' } })
    t.same(again.json(), first.json())
    t.equal(again.headers.location, first.headers.location)
    t.equal((await hub.admin('select from signaalpartner where naam = $1', [body.naam])).length, 1)
  }
)

t.test('a repeat shows the resource as it stands, not as it was', async (t) => {
  const key = aKey()
  const body = { naam: 'Eerst', sectoren: ['huur'] }
  const { id } = (await beheer.post('/v1/signaalpartners', body, key)).json()
  await beheer.patch(`/v1/signaalpartners/${id}`, { naam: 'Later' }, { 'if-match': '*' })
  const again = await beheer.post('/v1/signaalpartners', body, key)
  t.match(again.json(), { id, naam: 'Later' })
})

t.test(
  'a repeat of what has gone since is refused, not carried out anew and not a fault of ours',
  async (t) => {
    const key = aKey()
    const body = { naam: 'Tijdelijk', rol: 'beheer', scopes: ['beheer'] }
    const { id } = (await beheer.post('/v1/clients', body, key)).json()
    await beheer.delete(`/v1/clients/${id}`, { 'if-match': '*' })
    const again = await beheer.post('/v1/clients', body, key)
    t.match(again.json(), { status: 409, type: '/v1/problemen/toestand-staat-dit-niet-toe' })
    t.equal((await hub.admin('select from client where naam = $1', [body.naam])).length, 1)
  }
)

t.test('a secret is shown once, not to a repeat', async (t) => {
  const key = aKey()
  const body = { naam: 'Geheim', rol: 'beheer', scopes: ['beheer'] }
  t.type((await beheer.post('/v1/clients', body, key)).json().clientSecret, 'string')
  t.equal('clientSecret' in (await beheer.post('/v1/clients', body, key)).json(), false)
})

t.test('the same key with another body is 422 idempotentie-conflict and has no effect', async (t) => {
  const key = aKey()
  await beheer.post('/v1/signaalpartners', { naam: 'Een', sectoren: ['huur'] }, key)
  const answer = await beheer.post('/v1/signaalpartners', { naam: 'Ander', sectoren: ['huur'] }, key)
  t.match(answer.json(), { status: 422, type: '/v1/problemen/idempotentie-conflict' })
  t.equal((await hub.admin(`select from signaalpartner where naam = 'Ander'`)).length, 0)
})

t.test('a refusal is not remembered: the corrected request may use the same key', async (t) => {
  const key = aKey()
  const wrong = await partner.post('/v1/vroegsignalen', aSignal({ sector: 'huur', referentie: '' }), key)
  t.equal(wrong.statusCode, 400)
  const refused = await partner.post(
    '/v1/vroegsignalen',
    aSignal({ betrokkene: { soort: 'rechtspersoon' } }),
    key
  )
  t.equal(refused.statusCode, 422)
  t.equal(refused.json().type, '/v1/problemen/signaal-niet-toelaatbaar')
  const right = await partner.post('/v1/vroegsignalen', aSignal(), key)
  t.equal(right.statusCode, 201)
  t.equal(right.headers['idempotency-replayed'], undefined)
})

t.test('while the first still runs, the second is 409 with Retry-After', async (t) => {
  const key = aKey()
  const body = { naam: 'Langzaam', sectoren: ['huur'] }
  await withConnection(hub.databases.adminUrl, async (blocker) => {
    await blocker.query('begin; lock table signaalpartner in exclusive mode')
    const first = beheer.post('/v1/signaalpartners', body, key)
    await setTimeout(300)
    const second = await beheer.post('/v1/signaalpartners', body, key)
    t.match(second.json(), { status: 409, type: '/v1/problemen/verzoek-loopt-nog' })
    t.match(second.headers['retry-after'], /^[1-9][0-9]*$/)
    await blocker.query('rollback')
    t.equal((await first).statusCode, 201)
  })
  const third = await beheer.post('/v1/signaalpartners', body, key)
  t.match(third, { statusCode: 201, headers: { 'idempotency-replayed': 'true' } })
})

t.test('of many at once there is one effect', async (t) => {
  const key = aKey()
  const body = { naam: 'Tegelijk', sectoren: ['huur'] }
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => beheer.post('/v1/signaalpartners', body, key))
  )
  t.ok(answers.every(({ statusCode }) => [201, 409].includes(statusCode)))
  t.equal(
    answers.filter(({ headers, statusCode }) => statusCode === 201 && !headers['idempotency-replayed'])
      .length,
    1
  )
  t.equal((await hub.admin(`select from signaalpartner where naam = 'Tegelijk'`)).length, 1)
})

t.test('a key belongs to one client and one route', async (t) => {
  const key = aKey()
  const first = await partner.post('/v1/vroegsignalen', aSignal({ referentie: 'EEN' }), key)
  const second = await other.post('/v1/vroegsignalen', aSignal({ referentie: 'EEN' }), key)
  t.match([first, second], [{ statusCode: 201 }, { statusCode: 201 }])
  t.not(second.json().id, first.json().id)
  t.equal(
    (await beheer.post('/v1/gemeenten', { gemeentecode: '0150', naam: 'Deventer' }, key)).statusCode,
    201
  )
  const partnerNamed = await beheer.post(
    '/v1/signaalpartners',
    { naam: 'Zelfde sleutel', sectoren: ['gas'] },
    key
  )
  t.equal(partnerNamed.statusCode, 201)
})

t.test('a PATCH is replayed too, though its If-Match has grown old', async (t) => {
  const key = aKey()
  const url = '/v1/gemeenten/0177'
  const headers = { ...key, 'if-match': String((await gemeente.get(url)).headers.etag) }
  const body = { instellingen: { reactietermijnDagen: 14 } }
  const first = await gemeente.patch(url, body, headers)
  const again = await gemeente.patch(url, body, headers)
  t.match([first, again], [{ statusCode: 200 }, { statusCode: 200 }])
  t.equal(again.headers['idempotency-replayed'], 'true')
  t.same(again.json(), first.json())
})

t.test('a key is 1 to 255 printable characters', async (t) => {
  for (const key of ['a', '!'.repeat(255), '~', '"quoted"']) {
    const answer = await send(key)
    t.equal(answer.statusCode, 201, key)
  }
  for (const key of ['a'.repeat(256), 'a b', 'é', 'a\tb']) {
    const answer = await send(key)
    const fault = { in: 'header', location: 'idempotency-key' }
    t.match(answer.json(), { status: 400, errors: [fault] }, key)
  }
})

t.test('a key is remembered for 35 days, and then forgotten', async (t) => {
  const key = aKey()
  const body = { naam: 'Maandelijks', sectoren: ['huur'] }
  const first = (await beheer.post('/v1/signaalpartners', body, key)).json()
  hub.setClock('2026-12-25T08:59:00Z')
  const replay = await beheer.post('/v1/signaalpartners', body, key)
  t.match(replay, { statusCode: 201, headers: { 'idempotency-replayed': 'true' } })
  t.equal(replay.json().id, first.id)
  hub.setClock('2026-12-25T09:01:00Z')
  const anew = await beheer.post('/v1/signaalpartners', body, key)
  t.equal(anew.statusCode, 201, anew.body)
  t.not(anew.json().id, first.id)
  t.equal(anew.headers['idempotency-replayed'], undefined)
  hub.setClock('2026-11-20T09:00:00Z')
})

t.test('what is remembered holds no personal data and no key: hashes and ids', async (t) => {
  const key = { 'idempotency-key': 'Kanarie-sleutel' }
  await partner.post('/v1/vroegsignalen', aSignal({ referentie: 'KANARIE' }), key)
  const rows = await hub.admin<object>(`select i::text as row from idempotentie i`)
  t.ok(rows.length > 0)
  t.notMatch(JSON.stringify(rows), /Kanarie|KANARIE|Proefpersoon|8101AA|Verzonnenstraat/)
})

function send(key: string) {
  numbers += 1
  const body = { naam: `Partner ${numbers}`, sectoren: ['huur'] }
  return beheer.post('/v1/signaalpartners', body, { 'idempotency-key': key })
}

function aKey(): { 'idempotency-key': string } {
  numbers += 1
  return { 'idempotency-key': `sleutel-${numbers}` }
}
