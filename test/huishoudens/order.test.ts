import t from 'tap'
import { aSignalFor, type Overrides } from '../helpers/builders.ts'
import { type Answer, openTestHub, type Party } from '../helpers/test-hub.ts'
import { close } from '../zaken/zaak-stage.ts'

async function openHub(t: Parameters<typeof openTestHub>[0]) {
  const hub = await openTestHub(t, { now: '2026-11-20T09:00:00Z' })
  const raalte = await hub.gemeente('0177')
  const partner = await hub.signaalpartner(['huur', 'gas'], ['0177'])
  let n = 0
  const post = async (day: string, huisnummer: number, overrides: Overrides = {}) => {
    hub.setClock(`${day}T09:00:00Z`)
    n += 1
    const body = { referentie: `R-${n}`, signaaldatum: day, adres: { huisnummer }, ...overrides }
    const answer = await partner.post('/v1/vroegsignalen', aSignalFor('huur', body))
    if (answer.statusCode !== 201) throw new Error(answer.body)
    return answer.json()
  }
  return { hub, raalte, partner, post }
}

type Shown = { id: string; adres: { huisnummer: number }; reactiedatum: string; geplandeDatum?: string }

const evictedOn = (geplandeDatum: string) => ({ soort: 'ontruimingssignaal', geplandeDatum })
const young = { betrokkene: { geboortedatum: '2004-01-01' } }

async function listed(raalte: Party): Promise<Shown[]> {
  return (await raalte.get('/v1/huishoudens')).json().resultaten
}
const numbersIn = (households: Shown[]) => households.map(({ adres }) => adres.huisnummer)

async function pagesOf(raalte: Party, limit: number): Promise<number[]> {
  const seen: number[] = []
  for (let url: string | undefined = `/v1/huishoudens?limit=${limit}`; url !== undefined; ) {
    const answer: Answer = await raalte.get(url)
    seen.push(...numbersIn(answer.json().resultaten))
    url = /<http:\/\/hub\.test([^>]+)>; rel="next"/.exec(String(answer.headers.link ?? ''))?.[1]
  }
  return seen
}

async function takeUp(raalte: Party, huisnummer: number, isClosed: boolean): Promise<void> {
  const household = (await listed(raalte)).find(({ adres }) => adres.huisnummer === huisnummer)!
  const opened = await raalte.post('/v1/vroegsignaalzaken', { huishoudenId: household.id })
  if (opened.statusCode !== 201) throw new Error(opened.body)
  if (!isClosed) return
  const closed = await close(raalte, opened.json().id, { resultaat: 'geen-contact' })
  if (closed.statusCode !== 200) throw new Error(closed.body)
}

t.test('B: a crisis that was dealt with never stands before a new one', async (t) => {
  const { raalte, post } = await openHub(t)
  await post('2026-11-20', 1, evictedOn('2026-12-18'))
  await takeUp(raalte, 1, true)
  await post('2026-12-10', 2, evictedOn('2026-12-11'))
  const households = await listed(raalte)
  t.same(numbersIn(households), [2, 1])
  t.match(households[0], { reactiedatum: '2026-12-11', geplandeDatum: '2026-12-11' }, 'before the eviction')
  t.notOk('geplandeDatum' in households[1]!, 'nothing is planned that still waits')
})

t.test('a waiting crisis, a waiting young person, what else waits, and last what is taken up', async (t) => {
  const { raalte, post } = await openHub(t)
  await post('2026-11-20', 1)
  await post('2026-11-20', 2, young)
  await post('2026-11-20', 3, evictedOn('2027-01-10'))
  await post('2026-11-20', 4, young)
  await takeUp(raalte, 3, false)
  await takeUp(raalte, 4, true)
  await post('2026-11-23', 5)
  await post('2026-11-24', 6, young)
  await post('2026-11-25', 7, evictedOn('2027-01-10'))
  await post('2026-11-26', 8, evictedOn('2026-11-27'))
  const order = [8, 7, 2, 6, 1, 5]
  const whole = numbersIn(await listed(raalte))
  t.same(whole.slice(0, 6), order)
  t.same(whole.slice(6), [3, 4], 'within it the earliest reactiedatum')
  for (const limit of [1, 2, 3, 5]) t.same(await pagesOf(raalte, limit), whole, `by ${limit}`)
})

t.test('a household shows the soonest planned day of what waits, and is answered by then', async (t) => {
  const { raalte, post } = await openHub(t)
  await post('2026-11-20', 1, evictedOn('2026-12-20'))
  const sooner = await post('2026-11-20', 1, {
    ...evictedOn('2026-11-23'),
    betrokkene: { naam: { geslachtsnaam: 'Ander' } }
  })
  t.equal(sooner.reactiedatum, '2026-11-23', 'three working days would be the 25th')
  t.match(await listed(raalte), [{ reactiedatum: '2026-11-23', geplandeDatum: '2026-11-23' }])
})

t.test('a corrected planned day moves the reactiedatum, the household and its place', async (t) => {
  const { hub, raalte, partner, post } = await openHub(t)
  await post('2026-11-20', 1, evictedOn('2027-01-10'))
  const { id, reactiedatum } = await post('2026-11-20', 2, evictedOn('2027-01-10'))
  t.equal(reactiedatum, '2026-11-25')
  hub.setClock('2026-11-23T09:00:00Z')
  const plan = async (geplandeDatum: string) =>
    (await partner.patch(`/v1/vroegsignalen/${id}`, { geplandeDatum }, { 'if-match': '*' })).json()
  t.match(await plan('2026-11-24'), { reactiedatum: '2026-11-24', geplandeDatum: '2026-11-24' })
  const [first] = await listed(raalte)
  t.match(first, { adres: { huisnummer: 2 }, reactiedatum: '2026-11-24', geplandeDatum: '2026-11-24' })
  t.match(await plan('2027-01-09'), { reactiedatum: '2026-11-25', geplandeDatum: '2027-01-09' })
  const back = (await listed(raalte)).find(({ adres }) => adres.huisnummer === 2)
  t.match(back, { reactiedatum: '2026-11-25', geplandeDatum: '2027-01-09' })
})
