import t, { type Test } from 'tap'
import { aSignal } from '../../helpers/builders.ts'
import { type Answer, openTestHub, type Party } from '../../helpers/test-hub.ts'

const hub = await openTestHub(t)
const { beheer } = hub
const gemeente = await hub.gemeente('0177')
const partner = await hub.signaalpartner(['huur'], ['0177'])
const other = await hub.signaalpartner(['huur'], ['0177'])
for (let number = 0; number < 7; number += 1) {
  await beheer.post('/v1/gemeenten', { gemeentecode: `100${number}`, naam: `Gemeente ${number}` })
  const adres = { huisnummer: number + 1 }
  await partner.post('/v1/vroegsignalen', aSignal({ referentie: `REF-${number}`, adres }))
}

t.test('a list is walked by its Link headers to the end, without a gap or a double', async (t) => {
  const lists: [Party, string, number][] = [
    [beheer, '/v1/gemeenten', 8],
    [beheer, '/v1/clients', 4],
    [partner, '/v1/vroegsignalen', 7],
    [gemeente, '/v1/huishoudens', 7]
  ]
  for (const [party, url, count] of lists) {
    const whole = idsIn(await party.get(url))
    t.equal(whole.length, count, url)
    for (const limit of [1, 2, count, count + 1]) {
      const { ids, pages } = await walk(party, `${url}?limit=${limit}`)
      t.same(ids, whole, `${url} by ${limit}`)
      t.equal(pages, Math.ceil(count / limit), 'and no page is empty')
    }
  }
})

t.test('Link is absolute, keeps limit and filter, and stands only where there is more', async (t) => {
  const first = await gemeente.get('/v1/huishoudens?limit=3&gemeentecode=0177&crisis=false')
  const next = nextOf(first)!
  t.match(first.headers.link, /^<http:\/\/hub\.test\/v1\/huishoudens\?[^>]+>; rel="next"$/)
  const { searchParams } = new URL(next)
  t.equal(searchParams.get('limit'), '3')
  t.equal(searchParams.get('gemeentecode'), '0177')
  t.equal(searchParams.get('crisis'), 'false')
  t.equal((await gemeente.get('/v1/huishoudens')).headers.link, undefined)
})

t.test('a row that comes or goes while somebody walks gives no double and skips no other', async (t) => {
  const first = await beheer.get('/v1/gemeenten?limit=4')
  await beheer.post('/v1/gemeenten', { gemeentecode: '0002', naam: 'Vooraan' })
  const rest = await walk(beheer, relative(nextOf(first)!))
  const seen = [...idsIn(first), ...rest.ids]
  t.same(seen, ['0177', '1000', '1001', '1002', '1003', '1004', '1005', '1006'])
})

t.test('a cursor is for one client, one list and one filter', async (t) => {
  const cursor = cursorOf(await gemeente.get('/v1/huishoudens?limit=2&gemeentecode=0177'))
  const right = `/v1/huishoudens?limit=2&gemeentecode=0177&cursor=${cursor}`
  t.equal((await gemeente.get(right)).statusCode, 200)
  t.equal((await gemeente.get(right.replace('limit=2', 'limit=5'))).statusCode, 200, 'the limit may change')
  const colleague = await hub.gemeente('0177')
  const wrong: [Party, string][] = [
    [colleague, right],
    [gemeente, right.replace('gemeentecode=0177&', '')],
    [gemeente, `${right}&crisis=true`],
    [gemeente, right.replace('huishoudens', 'vroegsignalen').replace('gemeentecode=0177&', '')]
  ]
  for (const [party, url] of wrong) refusesCursor(t, await party.get(url))
  const signals = cursorOf(await partner.get('/v1/vroegsignalen?limit=2'))
  refusesCursor(t, await other.get(`/v1/vroegsignalen?limit=2&cursor=${signals}`))
})

t.test('a cursor of a search is for that question', async (t) => {
  const question = { adres: { postcode: '8101AA', huisnummer: 1 } }
  const added = await other.post(
    '/v1/vroegsignalen',
    aSignal({ referentie: 'ANDER', adres: { huisnummer: 1 } })
  )
  t.equal(added.statusCode, 201, added.body)
  t.equal((await gemeente.post('/v1/vroegsignalen/_zoek', question)).json().resultaten?.length, 2)
  const cursor = cursorOf(await gemeente.post('/v1/vroegsignalen/_zoek?limit=1', question))
  const url = `/v1/vroegsignalen/_zoek?limit=1&cursor=${cursor}`
  t.equal((await gemeente.post(url, question)).json().resultaten.length, 1)
  refusesCursor(t, await gemeente.post(url, { adres: { ...question.adres, huisnummer: 2 } }))
})

t.test('a forged, truncated or altered cursor is 400', async (t) => {
  const cursor = cursorOf(await beheer.get('/v1/gemeenten?limit=2'))
  const [body, signature] = cursor.split('.') as [string, string]
  const forged = Buffer.from('"9999"').toString('base64url')
  const made = [
    'x',
    '.',
    'a.b',
    `${body}.`,
    `.${signature}`,
    `${forged}.${signature}`,
    `${body}.${signature.slice(1)}`,
    body
  ]
  for (const wrong of [...made, `${cursor}.x`.slice(0, -3), '%00', 'a b', "'", 'a'.repeat(2001)]) {
    refusesCursor(t, await beheer.get(`/v1/gemeenten?cursor=${encodeURIComponent(wrong)}`), wrong)
  }
})

t.test('limit is a whole number from 1 to 1000', async (t) => {
  for (const limit of ['1', '1000'])
    t.equal((await beheer.get(`/v1/gemeenten?limit=${limit}`)).statusCode, 200)
  for (const limit of [
    '0',
    '1001',
    '-1',
    '1.5',
    'tien',
    '1e2',
    '0x10',
    '1_0',
    'true',
    'null',
    '9'.repeat(30),
    '%2010',
    'NaN'
  ]) {
    const answer = await beheer.get(`/v1/gemeenten?limit=${limit}`)
    t.match(answer.json(), { status: 400, errors: [{ in: 'query', location: 'limit' }] }, limit)
  }
})

t.test('a parameter that is unknown or comes twice is 400, without a word of it', async (t) => {
  for (const query of [
    'onbekend=Kanarie',
    'Limit=5',
    'limit[]=5',
    'limit.a=5',
    '__proto__=1',
    'constructor=1'
  ]) {
    const answer = await beheer.get(`/v1/gemeenten?${query}`)
    t.match(answer.json(), { status: 400, errors: [{ in: 'query', code: 'unknownParam' }] }, query)
    t.notMatch(answer.body, /Kanarie|onbekend=/)
  }
  for (const query of ['limit=5&limit=5', 'limit=5&limit=6', 'cursor=a.b&cursor=a.b']) {
    const answer = await beheer.get(`/v1/gemeenten?${query}`)
    t.match(answer.json(), { status: 400, errors: [{ in: 'query' }] }, query)
  }
  const both = await beheer.get('/v1/gemeenten?limit=0&cursor=%21&zomaar=1')
  t.equal(
    new Set(both.json().errors.map((fault: { location: string }) => fault.location)).size,
    3,
    'all at once'
  )
})

async function walk(party: Party, url: string): Promise<{ ids: string[]; pages: number }> {
  const ids: string[] = []
  let next: string | undefined = url
  for (let pages = 1; ; pages += 1) {
    const page = await party.get(next)
    ids.push(...idsIn(page))
    const link = nextOf(page)
    if (link === undefined) return { ids, pages }
    if (pages > 50) throw new Error('the list has no end')
    next = relative(link)
  }
}

function nextOf({ headers }: Answer): string | undefined {
  return /^<([^>]+)>; rel="next"$/.exec(String(headers.link ?? ''))?.[1]
}

function relative(url: string): string {
  return url.replace('http://hub.test', '')
}

function cursorOf(answer: Answer): string {
  return new URL(nextOf(answer)!).searchParams.get('cursor')!
}

function idsIn(answer: Answer): string[] {
  const rows: { id?: string; gemeentecode: string }[] = answer.json().resultaten
  return rows.map(({ id, gemeentecode }) => id ?? gemeentecode)
}

function refusesCursor(t: Test, answer: Answer, name = ''): void {
  t.match(answer.json(), { status: 400, errors: [{ in: 'query', location: 'cursor' }] }, name)
}
