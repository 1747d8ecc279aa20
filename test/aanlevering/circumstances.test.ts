import t from 'tap'
import type { Sector } from '../../src/begrippen/vroegsignaal.ts'
import { aSignal, aSignalFor, type Overrides, testBsn } from '../helpers/builders.ts'
import { objectTo } from '../helpers/object-to.ts'
import { type Answer, openTestHub } from '../helpers/test-hub.ts'

async function openHub(t: Parameters<typeof openTestHub>[0]) {
  const hub = await openTestHub(t, { now: '2026-05-20T09:00:00Z' })
  for (const code of ['0177', '0141']) await hub.gemeente(code)
  const sectors: readonly Sector[] = ['huur', 'elektriciteit', 'gas', 'zorgverzekering']
  const partner = await hub.signaalpartner(sectors, ['0177', '0141'])
  let n = 0
  const post = (sector: Sector, day: string, overrides: Overrides = {}) => {
    hub.setClock(`${day}T09:00:00Z`)
    n += 1
    return partner.post(
      '/v1/vroegsignalen',
      aSignalFor(sector, { referentie: `R-${n}`, signaaldatum: day, ...overrides })
    )
  }
  return { hub, partner, post }
}

function outcomeOf(answer: Answer, slug: string): string | undefined {
  const { criteria } = answer.json().beoordeling ?? { criteria: [] }
  return criteria.find(({ criterium }: { criterium: string }) => criterium === slug)?.uitkomst
}

const codesOf = (answer: Answer) => (answer.json().errors ?? []).map(({ code }: { code: string }) => code)

t.test(
  'without a gemeentecode the address register decides, and only where it knows one municipality',
  async (t) => {
    const { hub, post } = await openHub(t)
    const file =
      'PC6;Huisnummer;Gemeente2026\n8101AA;1;GM0177\n8101AA;2;0177\n7600BB;1;141\n7600BB;2;0177\n7611CC;1;141\n'
    const headers = { 'content-type': 'text/csv' }
    const loaded = await hub.beheer.call({
      method: 'POST',
      url: '/v1/adresregister/leveringen',
      payload: file,
      headers
    } as never)
    t.equal(loaded.statusCode, 201, loaded.body)
    const at = (postcode: string, gemeentecode?: string) =>
      post('huur', '2026-05-20', { gemeentecode, adres: { postcode } })

    t.equal((await at('8101AA')).json().gemeentecode, '0177')
    t.equal((await at('7611cc')).json().gemeentecode, '0141')
    t.same(codesOf(await at('9999ZZ')), ['adres-in-gemeente'], 'an unknown postcode')
    t.same(codesOf(await at('7600BB')), ['adres-in-gemeente'], 'a postcode in two municipalities')
    t.equal((await at('7600BB', '0141')).statusCode, 201, 'there the partner says which')
    t.equal((await at('7600BB', '0177')).statusCode, 201, 'either of the two')
    t.equal((await at('9999ZZ', '0177')).statusCode, 201, 'an unknown postcode is no objection')
    t.same(codesOf(await at('7611CC', '0177')), ['adres-in-gemeente'], 'a known one elsewhere is')
    const counts = await hub.admin(
      'select gemeentecode, sum(aantal)::int as aantal from afwijzing_telling group by 1 order by 1'
    )
    t.same(counts, [
      { gemeentecode: '', aantal: 2 },
      { gemeentecode: '0177', aantal: 1 }
    ])
  }
)

t.test(
  'a repeat within six months that is not higher gets a warning and names what it repeats',
  async (t) => {
    const { hub, post } = await openHub(t)
    const amount = (bedragInCenten: number) => ({ achterstand: { bedragInCenten } })
    const first = await post('huur', '2026-05-20', amount(50_000))
    t.equal(outcomeOf(first, 'herhaalde-melding'), 'voldaan')
    t.equal(first.json().herhalingVan, undefined)
    const same = await post('huur', '2026-06-20', amount(50_000))
    t.equal(same.statusCode, 201)
    t.equal(outcomeOf(same, 'herhaalde-melding'), 'waarschuwing')
    t.equal(same.json().herhalingVan, first.json().id)
    const higher = await post('huur', '2026-07-20', amount(50_001))
    t.equal(outcomeOf(higher, 'herhaalde-melding'), 'voldaan')
    t.equal(higher.json().herhalingVan, same.json().id, 'the newest of the earlier ones')

    const others: [string, Sector, Overrides][] = [
      ['another sector', 'gas', { klantnummer: undefined }],
      ['another address', 'huur', { adres: { huisnummer: 11 } }],
      ['another surname', 'huur', { betrokkene: { naam: { geslachtsnaam: 'Ander' } } }],
      ['another way to name the customer', 'huur', { klantnummer: 'K-1' }]
    ]
    for (const [title, sector, overrides] of others) {
      const other = await post(sector, '2026-07-21', { ...overrides, ...amount(10_000) })
      t.equal(outcomeOf(other, 'herhaalde-melding'), 'voldaan', title)
      t.equal(other.json().herhalingVan, undefined)
    }
    const moved = await post('huur', '2026-07-22', {
      klantnummer: 'K-1',
      adres: { huisnummer: 99 },
      ...amount(9_000)
    })
    t.equal(
      outcomeOf(moved, 'herhaalde-melding'),
      'waarschuwing',
      'a klantnummer is the customer, wherever it lives'
    )
    const neighbour = await hub.signaalpartner(['huur'], ['0177'])
    const elsewhere = await neighbour.post('/v1/vroegsignalen', aSignal({ signaaldatum: '2026-07-22' }))
    t.equal(outcomeOf(elsewhere, 'herhaalde-melding'), 'voldaan', 'another partner never shows')
  }
)

t.test(
  'a closing signal for energy without an earlier vroegsignaal of the customer gets a warning',
  async (t) => {
    const { post } = await openHub(t)
    const closing = { soort: 'afsluitsignaal', geplandeDatum: '2026-08-20' }
    const order = (answer: Answer) => outcomeOf(answer, 'volgorde-afsluitsignaal')
    t.equal(order(await post('elektriciteit', '2026-05-20', closing)), 'waarschuwing')
    t.equal((await post('elektriciteit', '2026-05-20', { klantnummer: 'ANDER' })).statusCode, 201)
    t.equal(order(await post('elektriciteit', '2026-05-21', closing)), 'waarschuwing')
    t.equal((await post('elektriciteit', '2026-05-21')).statusCode, 201)
    const allowed = await post('elektriciteit', '2026-05-22', closing)
    t.equal(allowed.statusCode, 201)
    t.equal(order(allowed), 'voldaan')
    t.equal(outcomeOf(allowed, 'aankondigingstermijn'), 'voldaan')
  }
)

t.test('a closing signal less than 20 working days ahead gets a warning', async (t) => {
  const { post } = await openHub(t)
  await post('gas', '2026-05-20')
  // 20 working days counted from Thursday 21 May 2026. Whit Monday, the 25th, does not count.
  const closing = (geplandeDatum: string) =>
    post('gas', '2026-05-21', { soort: 'afsluitsignaal', geplandeDatum })
  t.equal(outcomeOf(await closing('2026-06-19'), 'aankondigingstermijn'), 'voldaan')
  const late = await closing('2026-06-18')
  t.equal(late.statusCode, 201)
  t.equal(outcomeOf(late, 'aankondigingstermijn'), 'waarschuwing')
})

t.test(
  'a registered objection of the person refuses signals, through its einddatum (AVG art. 21)',
  async (t) => {
    const { hub, partner, post } = await openHub(t)
    const neighbour = await hub.signaalpartner(['huur'], ['0177'])
    const { betrokkene, adres } = aSignal()
    const einddatum = '2026-06-20'
    await objectTo(hub, { persoon: betrokkene, adres, signaalpartnerId: partner.id, einddatum })
    t.same(codesOf(await post('huur', '2026-06-20')), ['geen-bezwaar'])
    t.equal(
      (await post('huur', '2026-06-20', { adres: { huisnummer: 12 } })).statusCode,
      201,
      'somebody else'
    )
    t.equal(
      (await post('huur', '2026-06-20', { gemeentecode: '0141' })).statusCode,
      201,
      'another municipality'
    )
    const ofNeighbour = aSignal({ signaaldatum: '2026-06-20' })
    t.equal(
      (await neighbour.post('/v1/vroegsignalen', ofNeighbour)).statusCode,
      201,
      'it was about one partner'
    )
    t.equal((await post('huur', '2026-06-21')).statusCode, 201, 'the day after it ended')

    await objectTo(hub, { persoon: aSignalFor('zorgverzekering').betrokkene, einddatum })
    const elsewhere = { adres: { huisnummer: 44 }, betrokkene: { burgerservicenummer: testBsn } }
    t.same(
      codesOf(await post('zorgverzekering', '2026-06-20', elsewhere)),
      ['geen-bezwaar'],
      'known by BSN, wherever'
    )
  }
)
