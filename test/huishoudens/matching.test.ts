import t from 'tap'
import type { Sector } from '../../src/begrippen/vroegsignaal.ts'
import { aSignalFor, type Overrides } from '../helpers/builders.ts'
import { openTestHub, type Party } from '../helpers/test-hub.ts'
import { kept, recounted } from './recount.ts'

type Shown = {
  id: string
  matchsoorten: string[]
  totaalbedragInCenten: number
  aantalSignalen: number
  adres: { huisnummer: number }
  vroegsignalen: { referentie: string }[]
}

async function openHub(t: Parameters<typeof openTestHub>[0], now = '2026-04-15T09:00:00Z') {
  const hub = await openTestHub(t, { now })
  const raalte = await hub.gemeente('0177')
  const sectors: readonly Sector[] = ['huur', 'drinkwater', 'gas']
  const [first, second] = [
    await hub.signaalpartner(sectors, ['0177']),
    await hub.signaalpartner(sectors, ['0177'])
  ]
  const partners = { first, second }
  let n = 0
  const post = async (who: keyof typeof partners, sector: Sector, day: string, overrides: Overrides = {}) => {
    hub.setClock(`${day}T09:00:00Z`)
    n += 1
    const body = aSignalFor(sector, { referentie: `R-${n}`, signaaldatum: day, ...overrides })
    const answer = await partners[who].post('/v1/vroegsignalen', body)
    if (answer.statusCode !== 201) throw new Error(answer.body)
    return answer.json()
  }
  const settle = (instellingen: object) =>
    raalte.patch('/v1/gemeenten/0177', { instellingen }, { 'if-match': '*' })
  return { hub, raalte, post, settle }
}

async function list(party: Party, query = ''): Promise<Shown[]> {
  return (await party.get(`/v1/huishoudens${query}`)).json().resultaten
}

type Sent = [who: 'first' | 'second', sector: Sector, day: string]
const two: Record<string, Sent[]> = {
  'one signal': [['first', 'huur', '2026-04-15']],
  'two of one partner in one sector, one month': [
    ['first', 'huur', '2026-04-01'],
    ['first', 'huur', '2026-04-30']
  ],
  'two of one partner in two sectors, one month': [
    ['first', 'huur', '2026-04-15'],
    ['first', 'gas', '2026-04-15']
  ],
  'two of two partners in one sector, one month': [
    ['first', 'huur', '2026-04-15'],
    ['second', 'huur', '2026-04-15']
  ],
  'two partners in two months': [
    ['first', 'huur', '2026-03-31'],
    ['second', 'gas', '2026-04-01']
  ]
}
const [enkel, meer, opeen] = [['enkelvoudig'], ['meervoudig'], ['opeenvolgend']]
const expectations = {
  signalen: [enkel, meer, meer, meer, opeen],
  signaalpartners: [enkel, enkel, enkel, meer, opeen],
  sectoren: [enkel, enkel, meer, enkel, opeen]
} as const

for (const [matchTelling, expected] of Object.entries(expectations)) {
  t.test(
    `meervoudig counts ${matchTelling} in one calendar month, as the municipality settled`,
    async (t) => {
      const { hub, raalte, post, settle } = await openHub(t, '2026-03-31T09:00:00Z')
      t.equal((await settle({ matchTelling })).statusCode, 200)
      for (const [index, signals] of Object.values(two).entries()) {
        for (const sent of signals) await post(...sent, { adres: { huisnummer: index + 1 } })
      }
      const shown = (await list(raalte)).sort((a, b) => a.adres.huisnummer - b.adres.huisnummer)
      const titles = Object.keys(two)
      for (const [index, { matchsoorten }] of shown.entries())
        t.same(matchsoorten, expected[index], `${titles[index]}`)
      t.same(await kept(hub), await recounted(hub, matchTelling as keyof typeof expectations))
    }
  )
}

t.test(
  'opeenvolgend looks six months back from the newest signal, to the month and not to the day',
  async (t) => {
    const { hub, raalte, post } = await openHub(t)
    // A signal lives at most six months, so the test backdates the oldest one by hand to reach the boundary.
    const at = async (huisnummer: number, earlier: string) => {
      const { id } = await post('first', 'huur', '2026-10-01', { adres: { huisnummer } })
      await hub.admin(
        'update vroegsignaal set ontvangstdatum = $2::date, ontvangen_op = $2::date where id = $1',
        [id, earlier]
      )
      await post('second', 'gas', '2026-10-31', { adres: { huisnummer } })
    }
    await hub.admin('alter table vroegsignaal drop constraint if exists vroegsignaal_check')
    await hub.admin('alter table vroegsignaal drop constraint if exists vroegsignaal_check1')
    await at(1, '2026-04-01')
    await at(2, '2026-03-31')
    await at(3, '2026-09-30')
    const shown = (await list(raalte)).sort((a, b) => a.adres.huisnummer - b.adres.huisnummer)
    t.same(
      shown.map(({ matchsoorten }) => matchsoorten),
      [opeen, enkel, opeen]
    )
  }
)

t.test('a household can be meervoudig and opeenvolgend at once, and is found by either', async (t) => {
  const { raalte, post } = await openHub(t)
  await post('first', 'huur', '2026-04-15')
  await post('first', 'huur', '2026-06-15')
  await post('second', 'gas', '2026-06-15')
  const [shown] = await list(raalte)
  t.same(shown!.matchsoorten, ['meervoudig', 'opeenvolgend'])
  for (const kind of shown!.matchsoorten) t.equal((await list(raalte, `?matchsoort=${kind}`)).length, 1)
  t.same(await list(raalte, '?matchsoort=enkelvoudig'), [])
})

t.test(
  'of repeated signals of one partner, sector and customer only the newest counts for the total',
  async (t) => {
    const { raalte, post } = await openHub(t)
    const amount = (bedragInCenten: number, overrides: Overrides = {}) => ({
      achterstand: { bedragInCenten },
      ...overrides
    })
    const total = async () => (await list(raalte))[0]!.totaalbedragInCenten
    await post('first', 'gas', '2026-04-15', amount(30_000))
    await post('first', 'gas', '2026-05-15', amount(20_000))
    t.equal(await total(), 20_000, 'the newest, also when it is lower')
    await post('first', 'gas', '2026-05-15', amount(1_000))
    t.equal(await total(), 1_000, 'also within one instant')
    await post('first', 'gas', '2026-05-16', amount(5, { klantnummer: 'ANDERE' }))
    await post('first', 'drinkwater', '2026-05-16', amount(70))
    await post('second', 'gas', '2026-05-16', amount(900))
    t.equal(await total(), 1_975, 'another customer, sector or partner adds')
    t.equal((await list(raalte))[0]!.aantalSignalen, 6)
  }
)

t.test('addresses that are one household, however they are written', async (t) => {
  const { raalte, post } = await openHub(t)
  const same = [
    { postcode: '8101AA', huisletter: 'A', huisnummertoevoeging: '1-2' },
    { postcode: '8101 aa', huisletter: 'a', huisnummertoevoeging: '1-2' },
    { postcode: '8101aa', huisletter: 'A', huisnummertoevoeging: '-1 2' },
    { postcode: '8101AA', huisletter: 'A', huisnummertoevoeging: '1 2 ', straat: 'Een andere straat' }
  ]
  for (const adres of same) await post('first', 'huur', '2026-04-15', { adres })
  t.same(
    (await list(raalte)).map(({ aantalSignalen }) => aantalSignalen),
    [4]
  )
})

t.test('addresses that must never be one household: a wrong match is worse than none', async (t) => {
  const { raalte, post } = await openHub(t)
  const apart = [
    { huisnummer: 11 },
    { huisnummer: 1, huisnummertoevoeging: '1' },
    { huisnummer: 1, huisletter: 'A' },
    { huisnummer: 1 },
    { huisnummer: 1, huisnummertoevoeging: '11' },
    { huisnummer: 1, huisletter: 'A', huisnummertoevoeging: '1' },
    { huisnummer: 1, huisnummertoevoeging: '1A' },
    { huisnummer: 1, postcode: '8101AB' }
  ]
  for (const adres of apart) await post('first', 'huur', '2026-04-15', { adres })
  t.equal((await list(raalte)).length, apart.length)
})

t.test(
  'a household keeps its id while it lives; on the same address after its end it is a new one',
  async (t) => {
    const { hub, raalte, post } = await openHub(t)
    await post('first', 'huur', '2026-04-15')
    const [one] = await list(raalte)
    await post('second', 'gas', '2026-05-15')
    hub.setClock('2026-10-15T09:00:00Z')
    const [still] = await list(raalte)
    t.equal(still!.id, one!.id, 'its first signal is gone, its second lives')
    t.equal((await raalte.get(`/v1/huishoudens/${one!.id}`)).json().aantalSignalen, 1)
    hub.setClock('2026-11-15T09:00:00Z')
    t.equal((await raalte.get(`/v1/huishoudens/${one!.id}`)).statusCode, 404)
    await post('first', 'huur', '2026-11-15')
    const [before] = await list(raalte)
    t.not(before!.id, one!.id, 'also when the sweeper has not been there yet')
    await hub.sweep()
    const [after] = await list(raalte)
    t.equal(after!.id, before!.id)
    t.same(await kept(hub), await recounted(hub))
  }
)
