import { readFileSync } from 'node:fs'
import t from 'tap'
import { type Sector, sectoren } from '../../src/begrippen/vroegsignaal.ts'
import { aSignalFor, type Overrides } from '../helpers/builders.ts'
import { type Answer, openTestHub } from '../helpers/test-hub.ts'
import { close } from '../zaken/zaak-stage.ts'
import { deliver } from './leveringen/deliveries.ts'

// What a lawyer sent to see whether the hub keeps a resident in need from the municipality, or lets a careless signal in.

const today = '2026-11-25'
const path = '/v1/vroegsignalen'
const closing = { soort: 'afsluitsignaal', geplandeDatum: '2027-01-15' }
const eviction = { soort: 'ontruimingssignaal', geplandeDatum: '2027-01-15' }

type Outcome = { criterium: string; uitkomst: string; grondslag: string }

async function openHub(t: Parameters<typeof openTestHub>[0], drempels: Partial<Record<Sector, number>> = {}) {
  const hub = await openTestHub(t, { now: `${today}T09:00:00Z` })
  const raalte = await hub.gemeente('0177')
  const settings = { instellingen: { drempelbedragenInCenten: drempels } }
  await raalte.patch('/v1/gemeenten/0177', settings, { 'if-match': '*' })
  const partner = await hub.signaalpartner(sectoren, ['0177'])
  let n = 0
  const bodyOf = (sector: Sector, overrides: Overrides = {}) => {
    n += 1
    const days = {
      achterstand: { bedragInCenten: 84_500, ontstaansdatum: '2026-09-01' },
      socialeIncasso: {
        persoonlijkContact: [{ datum: '2026-10-10', kanaal: 'telefoon' }],
        herinneringen: ['2026-09-20', '2026-10-05'],
        gewezenOpSchuldhulpverlening: '2026-10-05',
        aanbodGegevensdeling: '2026-10-05'
      }
    }
    const good = { referentie: `R-${n}`, signaaldatum: today, betrokkene: { geboortedatum: undefined } }
    const { achterstand, socialeIncasso, ...others } = overrides
    return aSignalFor(sector, {
      ...good,
      achterstand: { ...days.achterstand, ...(achterstand as object) },
      socialeIncasso: { ...days.socialeIncasso, ...(socialeIncasso as object) },
      ...others
    })
  }
  const post = (sector: Sector, overrides: Overrides = {}) => partner.post(path, bodyOf(sector, overrides))
  const trial = (sector: Sector, overrides: Overrides = {}) =>
    partner.post('/v1/proefbeoordelingen', bodyOf(sector, overrides))
  return { hub, raalte, partner, post, trial, bodyOf }
}

function findingsOf(answer: Answer): Outcome[] {
  return answer.json().beoordeling.criteria
}
const outcomeOf = (answer: Answer, slug: string) =>
  findingsOf(answer).find(({ criterium }) => criterium === slug)?.uitkomst
const lawOf = (answer: Answer, slug: string) =>
  findingsOf(answer).find(({ criterium }) => criterium === slug)?.grondslag
const warningsOf = (answer: Answer) =>
  findingsOf(answer)
    .filter(({ uitkomst }) => uitkomst === 'waarschuwing')
    .map(({ criterium }) => criterium)
const codesOf = (answer: Answer): string[] =>
  (answer.json().errors ?? []).map(({ code }: { code: string }) => code)

t.test('P1: end of supply without any earlier vroegsignaal comes in, with a warning', async (t) => {
  const { raalte, post } = await openHub(t)
  for (const sector of ['elektriciteit', 'gas', 'warmte'] as const) {
    const answer = await post(sector, { ...closing, klantnummer: `K-${sector}` })
    t.equal(answer.statusCode, 201, answer.body)
    t.same(warningsOf(answer), ['volgorde-afsluitsignaal'])
  }
  const [household] = (await raalte.get('/v1/huishoudens')).json().resultaten
  t.match(household, { crisis: true, aantalSignalen: 3 }, 'and the municipality sees it')
})

t.test(
  'P1b: a vroegsignaal withdrawn for a payment plan is gone, and the crisis comes in with a warning',
  async (t) => {
    const { partner, post } = await openHub(t)
    const { id } = (await post('elektriciteit')).json()
    const withdrawal = { reden: 'betalingsregeling' }
    t.equal((await partner.post(`${path}/${id}/intrekkingen`, withdrawal)).statusCode, 201)
    const answer = await post('elektriciteit', { ...closing, betalingsregeling: 'niet-nagekomen' })
    t.equal(answer.statusCode, 201, answer.body)
    t.equal(outcomeOf(answer, 'volgorde-afsluitsignaal'), 'waarschuwing')
    t.equal(outcomeOf(answer, 'herhaalde-melding'), 'niet-van-toepassing')
  }
)

t.test('P1b: one that is over for the partner counts as the earlier one', async (t) => {
  const { raalte, post } = await openHub(t)
  await post('gas')
  const [{ id: huishoudenId }] = (await raalte.get('/v1/huishoudens')).json().resultaten
  const opened = await raalte.post('/v1/vroegsignaalzaken', { huishoudenId })
  const closed = await close(raalte, opened.json().id, { resultaat: 'geen-contact', datum: today })
  t.equal(closed.statusCode, 200, closed.body)
  t.equal(outcomeOf(await post('gas', closing), 'volgorde-afsluitsignaal'), 'voldaan')
})

t.test('P1c: a vroegsignaal that came without klantnummer counts, also within one delivery', async (t) => {
  const { partner, post, bodyOf } = await openHub(t)
  const earlier = await post('gas', { klantnummer: undefined })
  t.same(warningsOf(earlier), ['klantnummer-aanwezig'])
  const answer = await post('gas', { ...closing, klantnummer: 'K1' })
  t.equal(answer.statusCode, 201, answer.body)
  t.equal(outcomeOf(answer, 'volgorde-afsluitsignaal'), 'voldaan')
  const stranger = await post('gas', { ...closing, klantnummer: 'K2', adres: { huisnummer: 99 } })
  t.equal(outcomeOf(stranger, 'volgorde-afsluitsignaal'), 'waarschuwing', 'of that person only')

  const home = { adres: { huisnummer: 50 } }
  const lines = [
    bodyOf('elektriciteit', { ...home, klantnummer: undefined }),
    bodyOf('elektriciteit', { ...home, ...closing, klantnummer: 'K3', referentie: 'SAMEN' })
  ]
  const delivered = await deliver(partner, lines.map((line) => JSON.stringify(line)).join('\n'))
  t.match(delivered.json(), { aantalOpgenomen: 2 })
  const found = (await partner.post(`${path}/_zoek`, { referentie: 'SAMEN' })).json().resultaten
  const together = await partner.get(`${path}/${found[0].id}`)
  t.equal(outcomeOf(together, 'volgorde-afsluitsignaal'), 'voldaan')
})

t.test('P2, N: no threshold keeps a crisis from the municipality, however small the amount', async (t) => {
  const { post } = await openHub(t, { drinkwater: 15_000, huur: 15_000 })
  const small = { achterstand: { bedragInCenten: 9_000 } }
  t.same(codesOf(await post('drinkwater', small)), ['drempelbedrag'], 'an ordinary signal is refused')
  const water = await post('drinkwater', { ...small, ...closing })
  t.equal(water.statusCode, 201, water.body)
  t.equal(outcomeOf(water, 'drempelbedrag'), 'niet-van-toepassing')
  t.equal((await post('huur', { ...small, ...eviction })).statusCode, 201)
})

t.test('P3: reminders and an offer from before these arrears are no evidence: 422', async (t) => {
  const { post } = await openHub(t)
  const answer = await post('huur', { achterstand: { ontstaansdatum: '2026-10-20' } })
  t.equal(answer.statusCode, 422)
  t.same(codesOf(answer), [
    'persoonlijk-contact',
    'gewezen-op-schuldhulpverlening',
    'schriftelijke-herinnering',
    'aanbod-gegevensdeling'
  ])
})

t.test('P4: nor is anything that was done in January 2024: 422', async (t) => {
  const { post } = await openHub(t)
  const old = '2024-01-15'
  const answer = await post('huur', {
    socialeIncasso: {
      persoonlijkContact: [{ datum: old, kanaal: 'telefoon' }],
      herinneringen: [old],
      gewezenOpSchuldhulpverlening: old,
      aanbodGegevensdeling: old
    }
  })
  t.equal(answer.statusCode, 422)
  t.equal(codesOf(answer).length, 4)
})

t.test('P5: an offer on the day of the signal leaves no time to react: a warning', async (t) => {
  const { post } = await openHub(t)
  const answer = await post('huur', {
    socialeIncasso: {
      persoonlijkContact: [{ datum: today, kanaal: 'brief' }],
      herinneringen: [today],
      gewezenOpSchuldhulpverlening: today,
      aanbodGegevensdeling: today
    }
  })
  t.equal(answer.statusCode, 201, answer.body)
  t.same(warningsOf(answer), ['reactietermijn-aanbod'])
})

t.test('P6: arrears of one cent get a warning where the municipality set no threshold', async (t) => {
  const { post } = await openHub(t, { gas: 100 })
  const cent = { achterstand: { bedragInCenten: 1 } }
  for (const sector of sectoren.filter((each) => each !== 'gas')) {
    const answer = await post(sector, { ...cent, klantnummer: `K-${sector}` })
    t.equal(answer.statusCode, 201, answer.body)
    t.same(warningsOf(answer), ['kleine-achterstand'], sector)
  }
  t.same(codesOf(await post('gas', cent)), ['drempelbedrag'], 'where it did, its own threshold decides')
})

t.test('P7: a crisis dated before its arrears is refused; a planned day that has passed warns', async (t) => {
  const { post, trial } = await openHub(t)
  const past = { soort: 'ontruimingssignaal', geplandeDatum: '2025-01-01' }
  const impossible = { ...past, achterstand: { ontstaansdatum: '2027-06-01' } }
  const refused = await post('huur', impossible)
  t.equal(refused.statusCode, 422)
  t.ok(codesOf(refused).includes('achterstand-termijn'))
  t.equal(outcomeOf(await trial('huur', impossible), 'aankondigingstermijn'), 'waarschuwing')
  const taken = await post('huur', past)
  t.equal(taken.statusCode, 201, taken.body)
  t.same(warningsOf(taken), ['aankondigingstermijn'])
})

t.test('P8: the 20 working days count from receipt, not from the day on the signal', async (t) => {
  const { post } = await openHub(t)
  const days = {
    signaaldatum: '2026-10-26',
    achterstand: { ontstaansdatum: '2026-09-01' },
    soort: 'afsluitsignaal'
  }
  await post('elektriciteit')
  const late = await post('elektriciteit', { ...days, geplandeDatum: '2026-11-27' })
  t.same(warningsOf(late), ['aankondigingstermijn'])
  const inTime = await post('elektriciteit', { ...days, geplandeDatum: '2026-12-23' })
  t.same(warningsOf(inTime), ['herhaalde-melding'], '20 working days after 25 November')
})

t.test('P9: health insurance arrears of 128 days after a broken plan come in, with a warning', async (t) => {
  const { post } = await openHub(t)
  const answer = await post('zorgverzekering', {
    betalingsregeling: 'niet-nagekomen',
    achterstand: { ontstaansdatum: '2026-07-20' }
  })
  t.equal(answer.statusCode, 201, answer.body)
  t.same(warningsOf(answer), ['achterstand-termijn'])
})

t.test('P10: water without personal contact is refused under art. 4 and the AP', async (t) => {
  const { post } = await openHub(t)
  const answer = await post('drinkwater', { socialeIncasso: { persoonlijkContact: [] } })
  t.match(answer.json(), {
    status: 422,
    errors: [{ code: 'persoonlijk-contact', grondslag: /drinkwater art\. 4; AP Handreiking/ }]
  })
})

t.test('P11: water pointed out on another day than a reminder comes in, under art. 3 lid 2 a', async (t) => {
  const { post } = await openHub(t)
  const answer = await post('drinkwater', { socialeIncasso: { gewezenOpSchuldhulpverlening: '2026-11-01' } })
  t.equal(answer.statusCode, 201, answer.body)
  t.match(lawOf(answer, 'gewezen-op-schuldhulpverlening'), /drinkwater art\. 3 lid 2, onder a$/)
})

t.test('P12: end of supply after a vroegsignaal of the same amount is no repeat', async (t) => {
  const { post } = await openHub(t)
  await post('elektriciteit')
  const crisis = await post('elektriciteit', closing)
  t.equal(outcomeOf(crisis, 'herhaalde-melding'), 'niet-van-toepassing')
  t.notOk('herhalingVan' in crisis.json())
  const again = await post('elektriciteit', closing)
  t.equal(outcomeOf(again, 'herhaalde-melding'), 'waarschuwing', 'the same crisis twice is one')
  t.equal(again.json().herhalingVan, crisis.json().id)
})

t.test('P13: no example of ours shows a birth date but that of a health insurer', async (t) => {
  const { post } = await openHub(t)
  const lines = (name: string) =>
    readFileSync(new URL(`../../openapi/voorbeelden/${name}`, import.meta.url), 'utf8')
      .trim()
      .split('\n')
  const born = lines('aanlevering.ndjson')
    .map((line) => JSON.parse(line))
    .filter(({ betrokkene }) => 'geboortedatum' in betrokkene)
  t.same(
    born.map(({ sector }) => sector),
    ['zorgverzekering']
  )
  const withDay = lines('aanlevering.csv').filter((line) => line.includes(';15-06-1985;'))
  t.equal(withDay.length, 1)
  t.match(withDay[0], /^ZORG/)
  const answer = await post('huur', { betrokkene: { geboortedatum: '1985-06-15' } })
  t.equal(answer.statusCode, 201, 'who has one lawfully may send it')
})

t.test('P14: a partner of a vof sent as a legal person: 422, which says how to send it', async (t) => {
  const { post } = await openHub(t)
  const answer = await post('huur', { betrokkene: { soort: 'rechtspersoon' } })
  const detail = /eenmanszaak, vof, cv of maatschap is geen rechtspersoon: meld de .* als natuurlijk persoon/
  t.match(answer.json(), { status: 422, errors: [{ code: 'natuurlijk-persoon', detail }] })
})

t.test('P15: heat announced three working days ahead warns under the Warmteregeling', async (t) => {
  const { post } = await openHub(t)
  await post('warmte')
  const answer = await post('warmte', { soort: 'afsluitsignaal', geplandeDatum: '2026-11-30' })
  t.same(warningsOf(answer), ['aankondigingstermijn'])
  t.match(lawOf(answer, 'aankondigingstermijn'), /Warmteregeling \(.*Stcrt\. 2023, 10020\)/)
})
