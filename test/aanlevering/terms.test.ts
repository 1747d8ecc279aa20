import t from 'tap'
import { aSignal, type Overrides } from '../helpers/builders.ts'
import { openTestHub } from '../helpers/test-hub.ts'

async function openHub(t: Parameters<typeof openTestHub>[0]) {
  const hub = await openTestHub(t)
  const raalte = await hub.gemeente('0177')
  const verhuurder = await hub.signaalpartner(['huur'], ['0177'])
  let n = 0
  /** Posts a signal at `instant` with this signaaldatum. */
  const post = (instant: string, signaaldatum: string, overrides: Overrides = {}) => {
    hub.setClock(instant)
    n += 1
    return verhuurder.post('/v1/vroegsignalen', aSignal({ referentie: `R-${n}`, signaaldatum, ...overrides }))
  }
  const termsOf = async (day: string, overrides: Overrides = {}) => {
    const { reactiedatum, vernietigingsdatum } = (await post(`${day}T11:00:00Z`, day, overrides)).json()
    return { reactiedatum, vernietigingsdatum }
  }
  const settle = async (instellingen: object) =>
    t.equal((await raalte.patch('/v1/gemeenten/0177', { instellingen }, { 'if-match': '*' })).statusCode, 200)
  return { hub, post, termsOf, settle }
}

t.test(
  'a crisis is answered in three working days: no weekend, no public holiday (Wgs art. 4 lid 2)',
  async (t) => {
    const { termsOf } = await openHub(t)
    const days = {
      '2026-11-16': '2026-11-19',
      '2026-11-20': '2026-11-25',
      '2026-11-21': '2026-11-25',
      '2026-12-24': '2026-12-30',
      '2026-12-31': '2027-01-06',
      '2027-03-25': '2027-04-01',
      '2027-04-26': '2027-04-30',
      '2027-05-04': '2027-05-12'
    }
    for (const [received, reactiedatum] of Object.entries(days)) {
      const crisis = { soort: 'ontruimingssignaal', geplandeDatum: '2027-12-01' }
      t.equal((await termsOf(received, crisis)).reactiedatum, reactiedatum, received)
    }
  }
)

t.test(
  'an ordinary signal is answered within the term of the municipality, four weeks unless settled',
  async (t) => {
    const { termsOf, settle } = await openHub(t)
    t.equal((await termsOf('2026-11-20')).reactiedatum, '2026-12-18')
    await settle({ reactietermijnDagen: 7 })
    t.equal((await termsOf('2026-12-18')).reactiedatum, '2026-12-25', 'calendar days')
  }
)

t.test('six months after receipt, and never beyond the end of the month (Wgs art. 8b)', async (t) => {
  const { termsOf, settle } = await openHub(t)
  const days = {
    '2026-08-27': '2027-02-27',
    '2026-08-28': '2027-02-28',
    '2026-08-31': '2027-02-28',
    '2026-09-01': '2027-03-01',
    '2026-12-31': '2027-06-30',
    '2027-08-31': '2028-02-29'
  }
  for (const [received, destroyed] of Object.entries(days)) {
    t.equal((await termsOf(received)).vernietigingsdatum, destroyed, received)
  }
  await settle({ bewaartermijnMaanden: 1 })
  t.equal((await termsOf('2028-01-31')).vernietigingsdatum, '2028-02-29')
  await settle({ bewaartermijnMaanden: 3 })
  t.equal((await termsOf('2028-11-30')).vernietigingsdatum, '2029-02-28')
})

t.test('the day of receipt is that of the Netherlands, in summer and in winter', async (t) => {
  const { post } = await openHub(t)
  const moments = [
    { instant: '2026-08-31T21:59:59Z', day: '2026-08-31', destroyed: '2027-02-28' },
    { instant: '2026-08-31T22:00:00Z', day: '2026-09-01', destroyed: '2027-03-01' },
    { instant: '2026-08-31T22:30:00Z', day: '2026-09-01', destroyed: '2027-03-01' },
    { instant: '2026-12-31T22:59:59Z', day: '2026-12-31', destroyed: '2027-06-30' },
    { instant: '2026-12-31T23:30:00Z', day: '2027-01-01', destroyed: '2027-07-01' }
  ]
  for (const { instant, day, destroyed } of moments) {
    const answer = await post(instant, day)
    t.equal(answer.statusCode, 201, `${instant} is ${day} already`)
    t.equal(answer.json().vernietigingsdatum, destroyed, instant)
    t.equal(answer.json().ontvangenOp, instant.replace('Z', '.000Z'))
  }
  for (const { instant, tomorrow } of [
    { instant: '2026-08-31T21:59:59Z', tomorrow: '2026-09-01' },
    { instant: '2026-12-31T22:59:59Z', tomorrow: '2027-01-01' }
  ]) {
    const early = await post(instant, tomorrow)
    t.equal(early.statusCode, 422, 'a second before midnight tomorrow is still the future')
    t.equal(early.json().errors[0].code, 'signaaldatum-actueel')
  }
})

t.test(
  'who turns 18 on the signaaldatum is of age; the flag for the young follows the municipality',
  async (t) => {
    const { hub, post, settle } = await openHub(t)
    const born = (geboortedatum?: string) => ({ betrokkene: { geboortedatum } })
    const young = async (geboortedatum?: string) => {
      const answer = await post('2026-11-20T09:00:00Z', '2026-11-20', born(geboortedatum))
      const [row] = await hub.admin<{ jongere: boolean }>('select jongere from vroegsignaal where id = $1', [
        answer.json().id
      ])
      return row!.jongere
    }
    t.equal((await post('2026-11-20T09:00:00Z', '2026-11-20', born('2008-11-21'))).statusCode, 422)
    t.equal(await young('2008-11-20'), true)
    t.equal(await young('1998-11-21'), true, '27, one day before the birthday')
    t.equal(await young('1998-11-20'), false, '28 today')
    t.equal(await young(undefined), false, 'nobody is young without a birth date')
    await settle({ jongereTotEnMetLeeftijd: 18 })
    t.equal(await young('2007-11-21'), true)
    t.equal(await young('2007-11-20'), false)
  }
)
