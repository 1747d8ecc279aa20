import t from 'tap'
import { openTestHub } from '../../helpers/test-hub.ts'

const hub = await openTestHub(t)
const { beheer } = hub
const gemeente = await hub.gemeente('0177', 'Raalte')
const partner = await hub.signaalpartner(['huur', 'gas'], ['0177'])
const url = `/v1/signaalpartners/${partner.id}`

t.test('a resource has the same strong ETag for who reads and who writes it', async (t) => {
  const read = await beheer.get(url)
  t.match(read.headers.etag, /^"[\w-]{16,}"$/)
  t.equal((await beheer.get(url)).headers.etag, read.headers.etag)
  const written = await beheer.patch(url, { kvkNummer: '90000001' }, match(read))
  t.equal(written.statusCode, 200)
  t.not(written.headers.etag, read.headers.etag)
  t.equal((await beheer.get(url)).headers.etag, written.headers.etag)
})

t.test('a change without If-Match is 428, with an old or foreign one 412, and changes nothing', async (t) => {
  const first = await beheer.get(url)
  await beheer.patch(url, { kvkNummer: '90000002' }, match(first))
  const before = (await beheer.get(url)).body
  t.match((await beheer.patch(url, { naam: 'X' })).json(), {
    status: 428,
    type: '/v1/problemen/versie-vereist'
  })
  const { etag } = (await beheer.get(url)).headers
  const wrong = [
    String(first.headers.etag),
    '"x"',
    `W/${etag}`,
    String(etag).replaceAll('"', ''),
    '',
    '""',
    '"*"'
  ]
  for (const tag of wrong) {
    const answer = await beheer.patch(url, { naam: 'X' }, { 'if-match': tag })
    t.match(answer.json(), { status: 412, type: '/v1/problemen/verouderde-versie' }, tag)
  }
  t.equal((await beheer.get(url)).body, before)
})

t.test('If-Match may be * or a list (RFC 9110 §13.1.1)', async (t) => {
  t.equal((await beheer.patch(url, { naam: 'Ster' }, { 'if-match': '*' })).statusCode, 200)
  const { etag } = (await beheer.get(url)).headers
  const listed = await beheer.patch(url, { naam: 'Lijst' }, { 'if-match': `"een", ${etag} ,"drie"` })
  t.equal(listed.statusCode, 200)
  t.equal((await beheer.patch(url, { naam: 'X' }, { 'if-match': '"een", "twee"' })).statusCode, 412)
})

t.test('of two changes to the same version one wins and the other is 412', async (t) => {
  const read = await beheer.get(url)
  const changes = ['A', 'B', 'C', 'D'].map((naam) => beheer.patch(url, { naam }, match(read)))
  const statuses = (await Promise.all(changes)).map(({ statusCode }) => statusCode)
  t.same(statuses.sort(), [200, 412, 412, 412])
})

t.test('a municipality too changes its own settings once per version, also at the same moment', async (t) => {
  const own = '/v1/gemeenten/0177'
  const read = await gemeente.get(own)
  const changes = [7, 14, 21].map((days) =>
    gemeente.patch(own, { instellingen: { reactietermijnDagen: days } }, match(read))
  )
  const statuses = (await Promise.all(changes)).map(({ statusCode }) => statusCode)
  t.same(statuses.sort(), [200, 412, 412])
})

t.test(
  'a merge patch changes what it names, null removes, lists are replaced whole (RFC 7396)',
  async (t) => {
    await beheer.patch(
      url,
      { naam: 'Alles', oin: '00000099000000000002', kvkNummer: '90000003' },
      { 'if-match': '*' }
    )
    const before = (await beheer.get(url)).json()
    const empty = await beheer.patch(url, {}, { 'if-match': '*' })
    t.same(empty.json(), before, 'nothing named, nothing changed')
    const removed = await beheer.patch(url, { oin: null, sectoren: ['gas'] }, { 'if-match': '*' })
    const { oin: _, ...rest } = before
    t.same(removed.json(), { ...rest, sectoren: ['gas'] })
    t.same((await beheer.get(url)).json(), removed.json())
  }
)

t.test('a merge patch goes into nested objects', async (t) => {
  const own = '/v1/gemeenten/0177'
  const change = (body: object) => beheer.patch(own, body, { 'if-match': '*' })
  await change({
    instellingen: { drempelbedragenInCenten: { huur: 10_000, gas: 5_000 }, bewaartermijnMaanden: 4 }
  })
  const changed = (
    await change({ instellingen: { drempelbedragenInCenten: { gas: null, drinkwater: 300 } } })
  ).json()
  t.same(changed.instellingen.drempelbedragenInCenten, { huur: 10_000, drinkwater: 300 })
  t.equal(changed.instellingen.bewaartermijnMaanden, 4)
  t.equal(changed.naam, 'Raalte')
})

t.test('null is refused for what cannot be missing, and what cannot be changed is unknown', async (t) => {
  for (const body of [
    { naam: null },
    { sectoren: null },
    { status: null },
    { id: partner.id },
    { id: null }
  ]) {
    const answer = await beheer.patch(url, body, { 'if-match': '*' })
    t.match(answer.json(), { status: 400, type: '/v1/problemen/ongeldige-invoer' }, JSON.stringify(body))
  }
  for (const body of [
    { gemeentecode: '0178' },
    { instellingen: { matchTelling: null } },
    { instellingen: null }
  ]) {
    t.equal((await beheer.patch('/v1/gemeenten/0177', body, { 'if-match': '*' })).statusCode, 400)
  }
})

t.test('application/merge-patch+json and application/json mean the same on PATCH', async (t) => {
  for (const type of [
    'application/merge-patch+json',
    'application/json',
    'application/merge-patch+json; charset=utf-8'
  ]) {
    const answer = await beheer.call({
      method: 'PATCH',
      url,
      headers: { 'content-type': type, 'if-match': '*' },
      payload: JSON.stringify({ naam: type })
    })
    t.match(answer.json(), { naam: type }, type)
  }
  const twice = '{"naam":"A","naam":"B"}'
  const headers = { 'content-type': 'application/merge-patch+json', 'if-match': '*' }
  t.equal((await beheer.call({ method: 'PATCH', url, headers, payload: twice })).statusCode, 400)
})

t.test('DELETE asks for the version too, and a second one finds nothing', async (t) => {
  const client = await hub.client({ naam: 'Weg', rol: 'beheer', scopes: ['beheer'] })
  const own = `/v1/clients/${client.clientId}`
  t.equal((await beheer.delete(own)).statusCode, 428)
  t.equal((await beheer.delete(own, { 'if-match': '"x"' })).statusCode, 412)
  const { etag } = (await beheer.get(own)).headers
  const deleted = await beheer.delete(own, { 'if-match': String(etag) })
  t.match(deleted, { statusCode: 204, body: '' })
  t.equal((await beheer.delete(own, { 'if-match': String(etag) })).statusCode, 404)
})

function match({ headers }: { headers: { etag?: unknown } }): Record<string, string> {
  return { 'if-match': String(headers.etag) }
}

t.test('an ETag that a proxy made weak is 412, and says what to do', async (t) => {
  const gemeente = await hub.gemeente('0193')
  const url = '/v1/gemeenten/0193'
  const { etag } = (await gemeente.get(url)).headers
  const answer = await gemeente.patch(
    url,
    { instellingen: { reactietermijnDagen: 14 } },
    { 'if-match': `W/${etag}` }
  )
  t.equal(answer.statusCode, 412)
  t.match(answer.json().detail, /zonder W\//)
})
