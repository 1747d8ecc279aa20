import t from 'tap'
import type { Sector } from '../../src/begrippen/vroegsignaal.ts'
import { aSignalFor, type Overrides } from '../helpers/builders.ts'
import { type Answer, openTestHub, type Party } from '../helpers/test-hub.ts'

type Shown = {
  id: string
  adres: { huisnummer: number }
  vroegsignalen: { referentie: string }[]
  aantalSignalen: number
}

async function openHub(t: Parameters<typeof openTestHub>[0]) {
  const hub = await openTestHub(t, { now: '2026-04-15T09:00:00Z' })
  const raalte = await hub.gemeente('0177')
  await hub.gemeente('0141')
  const sectors: readonly Sector[] = ['huur', 'drinkwater', 'gas']
  const partner = await hub.signaalpartner(sectors, ['0177', '0141'])
  let n = 0
  const post = async (sector: Sector, huisnummer: number, overrides: Overrides = {}) => {
    n += 1
    const signaaldatum = hub.hub.clock().toISOString().slice(0, 10)
    const body = { referentie: `R-${n}`, signaaldatum, adres: { huisnummer }, ...overrides }
    const answer = await partner.post('/v1/vroegsignalen', aSignalFor(sector, body))
    if (answer.statusCode !== 201) throw new Error(answer.body)
    return answer.json()
  }
  return { hub, raalte, partner, post }
}

const numbersOf = (answer: Answer) =>
  (answer.json().resultaten as Shown[]).map(({ adres: { huisnummer } }) => huisnummer)
const numbers = async (party: Party, query = '') => numbersOf(await party.get(`/v1/huishoudens${query}`))

t.test('each filter alone narrows the list to what it names', async (t) => {
  const { hub, raalte, post } = await openHub(t)
  const amount = (bedragInCenten: number) => ({ achterstand: { bedragInCenten } })
  await post('huur', 1, { ...amount(10_000), betrokkene: { geboortedatum: '2004-01-01' } })
  await post('gas', 2, amount(50_000))
  const crisis = { soort: 'ontruimingssignaal', geplandeDatum: '2026-06-01' }
  await post('huur', 3, { ...amount(90_000), ...crisis })
  await post('gas', 4, amount(20_000))
  await post('drinkwater', 4, amount(40_000))
  await hub.admin(`update vroegsignaal set status = 'opgepakt' where sector = 'gas'`)
  await hub.admin(
    `insert into huishouden_markering (gemeentecode, adres_index) select gemeentecode, adres_index from vroegsignaal`
  )

  const filters: Record<string, number[]> = {
    '': [1, 2, 3, 4],
    '?matchsoort=enkelvoudig': [1, 2, 3, 4],
    '?matchsoort=meervoudig': [],
    '?crisis=true': [3],
    '?crisis=false': [1, 2, 4],
    '?jongere=true': [1],
    '?jongere=false': [2, 3, 4],
    '?sector=gas': [2, 4],
    '?sector=drinkwater': [4],
    '?sector=zorgverzekering': [],
    '?minimumbedragInCenten=60000': [3, 4],
    '?minimumbedragInCenten=60001': [3],
    '?opgepakt=true': [2],
    '?opgepakt=false': [1, 3, 4],
    '?gemeentecode=0177': [1, 2, 3, 4],
    '?crisis=false&sector=gas&opgepakt=false': [4]
  }
  for (const [query, expected] of Object.entries(filters))
    t.same((await numbers(raalte, query)).sort(), expected, query)
  const [second] = (await raalte.get('/v1/huishoudens?opgepakt=true')).json().resultaten
  t.match(second, { opgepakt: 1, aantalSignalen: 1 })
  t.equal((await raalte.get('/v1/huishoudens?gemeentecode=0141')).statusCode, 404, 'not its own')
  for (const wrong of [
    '?crisis=misschien',
    '?sector=internet',
    '?minimumbedragInCenten=0',
    '?limit=1001',
    '?naam=x'
  ]) {
    t.equal((await raalte.get(`/v1/huishoudens${wrong}`)).statusCode, 400, wrong)
  }
})

t.test(
  'highest need first: crises, and within them the earliest day by which something must be done',
  async (t) => {
    const { hub, raalte, post } = await openHub(t)
    const crisis = { soort: 'ontruimingssignaal', geplandeDatum: '2026-06-01' }
    hub.setClock('2026-04-15T09:00:00Z')
    await post('huur', 1)
    await post('huur', 2, crisis)
    hub.setClock('2026-04-20T09:00:00Z')
    await post('huur', 3)
    await post('huur', 4, crisis)
    hub.setClock('2026-04-10T09:00:00Z')
    await post('huur', 5)
    await post('huur', 3, crisis)
    hub.setClock('2026-04-21T09:00:00Z')
    t.same(await numbers(raalte), [3, 2, 4, 5, 1])
  }
)

t.test(
  'pages that are read while other addresses come in: every household that was there, once, in order',
  async (t) => {
    const { hub, raalte, post } = await openHub(t)
    for (let n = 1; n <= 9; n += 1) {
      hub.setClock(`2026-04-${10 + n}T09:00:00Z`)
      await post('huur', n * 2)
    }
    const seen: number[] = []
    let url: string | undefined = '/v1/huishoudens?limit=2&crisis=false'
    for (let turn = 0; url !== undefined; turn += 1) {
      const answer = await raalte.get(url)
      t.equal(answer.statusCode, 200)
      seen.push(...numbersOf(answer))
      // These land before, between and after the households already read.
      for (const day of ['10', '15', '19']) {
        hub.setClock(`2026-04-${day}T09:00:00Z`)
        if (turn < 4) await post('huur', 101 + turn * 20 + Number(day))
      }
      url = /<http:\/\/hub\.test([^>]+)>; rel="next"/.exec(String(answer.headers.link ?? ''))?.[1]
    }
    t.same(
      seen.filter((number) => number < 100),
      [2, 4, 6, 8, 10, 12, 14, 16, 18]
    )
    t.equal(new Set(seen).size, seen.length, 'none twice')
  }
)

t.test('pages over several municipalities: equally urgent households each come once, in order', async (t) => {
  const { hub, post } = await openHub(t)
  const crisis = { soort: 'ontruimingssignaal', geplandeDatum: '2026-06-01' }
  for (const day of ['14', '15']) {
    hub.setClock(`2026-04-${day}T09:00:00Z`)
    for (const gemeentecode of ['0141', '0177']) {
      const first = Number(day) * 100 + (gemeentecode === '0177' ? 50 : 0)
      for (const n of [1, 2, 3]) await post('huur', first + n, { gemeentecode, ...(n === 3 && crisis) })
    }
  }
  const uitvoerder = await hub.client({
    naam: 'Uitvoerder',
    rol: 'gemeente',
    gemeentecodes: ['0177', '0141'],
    scopes: ['huishoudens:lezen']
  })
  const whole = await numbers(uitvoerder)
  t.same(
    whole.map((number) => Math.floor(number / 50)),
    [28, 29, 30, 31, 28, 28, 29, 29, 30, 30, 31, 31],
    'crisis, then day, then municipality'
  )
  for (const limit of [1, 2, 3, 5, 7]) {
    const seen: number[] = []
    for (let url: string | undefined = `/v1/huishoudens?limit=${limit}`; url !== undefined; ) {
      const answer: Answer = await uitvoerder.get(url)
      seen.push(...numbersOf(answer))
      url = /<http:\/\/hub\.test([^>]+)>; rel="next"/.exec(String(answer.headers.link ?? ''))?.[1]
    }
    t.same(seen, whole, `by ${limit}`)
  }
})

t.test('a cursor is good for its own list only', async (t) => {
  const { hub, raalte, post } = await openHub(t)
  for (const n of [1, 2, 3]) await post('huur', n)
  const link = String((await raalte.get('/v1/huishoudens?limit=1')).headers.link)
  const cursor = /cursor=([^>&]+)/.exec(link)![1]!
  t.same((await numbers(raalte, `?limit=1&cursor=${cursor}`)).length, 1)
  const other = await hub.client({
    naam: 'Ander',
    rol: 'gemeente',
    gemeentecodes: ['0177'],
    scopes: ['huishoudens:lezen']
  })
  t.equal((await other.get(`/v1/huishoudens?limit=1&cursor=${cursor}`)).statusCode, 400)
  t.equal((await raalte.get(`/v1/huishoudens?sector=huur&cursor=${cursor}`)).statusCode, 400)
  t.equal((await raalte.get(`/v1/huishoudens?cursor=${cursor.slice(0, -2)}xx`)).statusCode, 400)
  t.equal(
    (await raalte.get('/v1/huishoudens?limit=3')).headers.link,
    undefined,
    'no next page where there is none'
  )
})

t.test('a read after a 201 shows its effect, also while others read and post', async (t) => {
  const { raalte, post } = await openHub(t)
  const worker = async (huisnummer: number) => {
    for (let count = 1; count <= 6; count += 1) {
      const { id } = await post('huur', huisnummer)
      const shown: Shown[] = (await raalte.get('/v1/huishoudens')).json().resultaten
      const mine = shown.find(({ adres }) => adres.huisnummer === huisnummer)
      t.ok(mine && mine.aantalSignalen >= count, 'counted')
      t.ok(JSON.stringify(mine?.vroegsignalen).includes(id), 'and shown')
    }
  }
  await Promise.all([1, 2, 3, 4].map(worker))
})

t.test('an executing body for several municipalities sees each of them, and can ask for one', async (t) => {
  const { hub, post } = await openHub(t)
  await post('huur', 1)
  await post('huur', 2, { gemeentecode: '0141' })
  const scopes = ['huishoudens:lezen']
  const both = await hub.client({
    naam: 'Uitvoerder',
    rol: 'gemeente',
    gemeentecodes: ['0141', '0177'],
    scopes
  })
  t.same((await numbers(both)).sort(), [1, 2])
  t.same(await numbers(both, '?gemeentecode=0141'), [2])
})

t.test('a household shows the evidence of its signals only where it is asked for', async (t) => {
  const { raalte, post } = await openHub(t)
  const made = [await post('huur', 1), await post('gas', 1)].reverse()
  const bare = made.map(({ beoordeling: _, ...signal }) => signal)
  const [household] = (await raalte.get('/v1/huishoudens')).json().resultaten
  t.same(household.vroegsignalen, bare)
  const expanded = { ...household, vroegsignalen: made }
  t.same((await raalte.get('/v1/huishoudens?expand=beoordeling')).json().resultaten, [expanded])
  const url = `/v1/huishoudens/${household.id}`
  t.same((await raalte.get(url)).json(), household)
  t.same((await raalte.get(`${url}?expand=beoordeling`)).json(), expanded)
  for (const path of ['/v1/huishoudens', url]) {
    const answer = await raalte.get(`${path}?expand=iets`)
    t.match(answer.json(), { status: 400, errors: [{ in: 'query' }] }, path)
  }
})
