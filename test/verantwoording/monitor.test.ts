import t, { type Test } from 'tap'
import { aanvaardeHulp } from '../../src/begrippen/eindresultaat.ts'
import { underDuty } from '../../src/platform/database/under-duty.ts'
import { listMonitorcijfers } from '../../src/sporen/monitor-store.ts'
import type { Party, TestHub } from '../helpers/test-hub.ts'
import { close, made, openStage, type Partner, reach, signalen } from '../zaken/zaak-stage.ts'

type Stage = Awaited<ReturnType<typeof openStage>>
type Sent = {
  readonly id: string
  readonly huisnummer: number
  readonly maand: string
  readonly sector: string
  opgepakt?: boolean
  bereikt?: boolean
  hulpAanvaard?: boolean
}

const at = (day: string) => `${day}T09:00:00Z`
const read = async (party: Party, query = '?van=2026-01&totEnMet=2026-12') =>
  (await party.get(`/v1/monitor${query}`)).json()

/** The figures of a municipality before small ones are kept back. */
async function exact({ hub }: Stage) {
  const maanden = { van: '2026-01-01', totEnMet: '2026-12-31' }
  return hub.hub.database.as({ duty: 'gemeente', gemeentecodes: ['0177'] }, (tx) =>
    underDuty(tx, 'teller', () => listMonitorcijfers(tx, ['0177'], maanden, aanvaardeHulp))
  )
}

/** The same, counted in plain sight from what was sent. */
function recount(sent: readonly Sent[]) {
  const months = [...new Set(sent.map(({ maand }) => maand))].sort()
  return months.flatMap((maand) =>
    ['', ...[...new Set(sent.filter((one) => one.maand === maand).map(({ sector }) => sector))].sort()].map(
      (sector) => {
        const ofMonth = sent.filter((one) => one.maand === maand)
        const ofSector = ofMonth.filter((one) => sector === '' || one.sector === sector)
        const homes = [...new Set(ofSector.map(({ huisnummer }) => huisnummer))].map((huisnummer) => {
          const together = ofMonth.filter((one) => one.huisnummer === huisnummer)
          return {
            meervoudig: together.length > 1,
            opeenvolgend: sent.some((one) => one.huisnummer === huisnummer && isBefore(one.maand, maand)),
            opgepakt: together.some(({ opgepakt }) => opgepakt),
            bereikt: together.some(({ bereikt }) => bereikt),
            hulpAanvaard: together.some(({ hulpAanvaard }) => hulpAanvaard)
          }
        })
        const count = (is: (home: (typeof homes)[number]) => boolean | undefined) => homes.filter(is).length
        return {
          gemeentecode: '0177',
          maand,
          sector,
          signalen: ofSector.length,
          huishoudens: homes.length,
          enkelvoudig: count((home) => !home.meervoudig && !home.opeenvolgend),
          meervoudig: count((home) => home.meervoudig),
          opeenvolgend: count((home) => home.opeenvolgend),
          opgepakt: count((home) => home.opgepakt),
          bereikt: count((home) => home.bereikt),
          hulpAanvaard: count((home) => home.hulpAanvaard)
        }
      }
    )
  )
}

function isBefore(one: string, other: string): boolean {
  const number = (maand: string) => Number(maand.slice(0, 4)) * 12 + Number(maand.slice(5))
  return number(one) < number(other) && number(one) >= number(other) - 6
}

// A fixed sequence, so that a failure comes back.
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}

/** Half a year of signals on thirty addresses, with cases on a third of them. */
async function openYear(t: Test) {
  const stage = await openStage(t, { now: at('2026-01-05') })
  const { hub, raalte, huur, water, send, openAt } = stage
  const some = numbers(7)
  const sent: Sent[] = []
  for (const day of [
    '2026-01-05',
    '2026-01-25',
    '2026-02-25',
    '2026-03-09',
    '2026-04-30',
    '2026-05-01',
    '2026-05-31'
  ]) {
    hub.setClock(at(day))
    for (let nr = 0; nr < 14; nr += 1) {
      const huisnummer = 1 + some(30)
      const by = some(2) === 0 ? huur : water
      sent.push({ id: await send(by, huisnummer), huisnummer, maand: day.slice(0, 7), sector: by.sector })
    }
  }
  hub.setClock(at('2026-06-15'))
  const zaken = new Map<number, string>()
  for (const huisnummer of [...new Set(sent.map((one) => one.huisnummer))].slice(0, 12)) {
    const zaak = await openAt(huisnummer)
    zaken.set(huisnummer, zaak.id)
    const facts: Partial<Sent> = { opgepakt: true }
    if (zaken.size % 2 === 0) {
      await reach(raalte, zaak.id)
      facts.bereikt = true
    }
    if (zaken.size % 4 === 0) {
      await close(raalte, zaak.id, { resultaat: 'budgetadvies', datum: '2026-06-15' })
      facts.hulpAanvaard = true
    }
    for (const one of sent) if (one.huisnummer === huisnummer) Object.assign(one, facts)
  }
  return { ...stage, sent, zaken }
}

async function sweepAll(hub: TestHub): Promise<void> {
  while ((await hub.sweep()) > 0);
}

t.test('the figures are a recount of what came in, and destruction changes none', async (t) => {
  const year = await openYear(t)
  const { hub, sent } = year
  const expected = recount(sent)
  t.same(await exact(year), expected)
  const [{ aantal } = { aantal: 0 }] = await hub.admin<{ aantal: number }>(
    'select count(*)::int as aantal from vroegsignaal'
  )
  t.equal(aantal, sent.length)
  for (const day of [
    '2026-07-05',
    '2026-07-20',
    '2026-08-01',
    '2026-09-08',
    '2026-10-30',
    '2026-11-02',
    '2026-12-01'
  ]) {
    hub.setClock(at(day))
    t.same(await exact(year), expected, `${day}, hidden`)
    await sweepAll(hub)
    t.same(await exact(year), expected, `${day}, destroyed`)
  }
  t.same(await hub.admin('select id from vroegsignaal'), [])
  t.same(await hub.admin('select * from maandspoor'), [], 'and nothing else is left of them')
})

t.test('nor does a destruction that comes sooner', async (t) => {
  const year = await openYear(t)
  const { hub, raalte, sent, zaken, huur } = year
  const [erased, objected, , unwanted] = [...new Set(sent.map((one) => one.huisnummer))].toReversed()
  const person = (huisnummer: number) => ({
    naam: { voorvoegsel: 'van', geslachtsnaam: 'Proefpersoon' },
    adres: { postcode: '8101AA', huisnummer }
  })
  const expected = recount(sent)
  t.equal((await raalte.post('/v1/wissingsverzoeken', person(erased!))).statusCode, 200)
  made(await raalte.post('/v1/bezwaren', { ...person(objected!), signaalpartnerId: huur.id }))
  t.same(await exact(year), expected, 'erasure and objection')

  const zaak = await year.openAt(unwanted!)
  await close(raalte, zaak.id, { resultaat: 'geen-hulp-gewenst', datum: '2026-06-15' })
  for (const one of sent) if (one.huisnummer === unwanted) one.opgepakt = true
  t.notOk(zaken.has(unwanted!))
  hub.setClock(at('2026-06-20'))
  await sweepAll(hub)
  t.same(await exact(year), recount(sent), 'no help wanted')
})

t.test('what was withdrawn or wrong counts in nothing', async (t) => {
  const stage = await openStage(t, { now: at('2026-11-20') })
  const { raalte, huur, water, send, openAt, hub } = stage
  const [one, paid] = [await send(huur, 1), await send(water, 1)]
  const wrong = await send(huur, 2)
  t.match(await exact(stage), [{ sector: '', signalen: 3, meervoudig: 1, enkelvoudig: 1 }, {}, {}])
  made(await water.post(`${signalen}/${paid}/intrekkingen`, { reden: 'betaald' }))
  const zaak = await openAt(2)
  await close(raalte, zaak.id, { resultaat: 'onterecht-signaal', datum: '2026-11-20' })
  await sweepAll(hub)
  const left = [
    { sector: '', signalen: 1, huishoudens: 1, enkelvoudig: 1, meervoudig: 0, opgepakt: 0 },
    { sector: 'huur', signalen: 1, enkelvoudig: 1 }
  ]
  t.match(await exact(stage), left)
  t.ok(one && wrong)
})

t.test('an address moved to elsewhere counts there', async (t) => {
  const stage = await openStage(t, { now: at('2026-11-20') })
  const { raalte, huur, send } = stage
  const id = await send(huur, 1)
  t.equal((await raalte.post(`${signalen}/${id}/doorzendingen`, { gemeentecode: '1773' })).statusCode, 201)
  t.same(await exact(stage), [])
})

t.test(
  'O: gas and electricity of one supplier in a month are two signals, whatever the work list counts',
  async (t) => {
    const stage = await openStage(t, { now: at('2026-11-20') })
    const supplier = await stage.hub.signaalpartner(['gas', 'elektriciteit'], ['0177'])
    await stage.send({ ...supplier, sector: 'gas' }, 1)
    await stage.send({ ...supplier, sector: 'elektriciteit' }, 1)
    t.same((await stage.householdAt(1)).matchsoorten, ['enkelvoudig'])
    const together = (await exact(stage)).find(({ sector }) => sector === '')
    t.match(together, { signalen: 2, huishoudens: 1, enkelvoudig: 0, meervoudig: 1 })
  }
)

t.test('small figures are kept back, per sector, and the refusals too', async (t) => {
  const { hub, raalte, olst, huur, water, send } = await openStage(t, { now: at('2026-11-20') })
  for (let huisnummer = 1; huisnummer <= 12; huisnummer += 1) await send(huur, huisnummer)
  for (const huisnummer of [1, 2]) await send(water, huisnummer)
  const refuse = async (by: Partner, times: number) => {
    for (let nr = 0; nr < times; nr += 1)
      await t.rejects(send(by, 90, { betalingsregeling: 'wordt-nagekomen' }))
  }
  await refuse(huur, 6)
  await refuse(water, 1)
  const none = { totaal: null, enkelvoudig: null, meervoudig: null }
  const criterium = 'geen-nagekomen-regeling'
  const { cijfers, ...about } = await read(raalte)
  t.match(about, { van: '2026-01', totEnMet: '2026-12', opgemaaktOp: String })
  t.match(
    cijfers.map(({ sector, signalen: n, huishoudens: { totaal, enkelvoudig, meervoudig } }: never) => ({
      sector,
      n,
      totaal,
      enkelvoudig,
      meervoudig
    })),
    [
      { sector: undefined, n: 14, totaal: 12, enkelvoudig: null, meervoudig: null },
      { sector: 'huur', n: null, totaal: 12 },
      { sector: 'drinkwater', n: null, ...none }
    ]
  )
  t.same(cijfers[0].afwijzingen, [{ criterium, aantal: 7 }])
  t.same(cijfers[1].afwijzingen, [{ criterium, aantal: null }], 'or the other were known')
  t.notMatch(JSON.stringify(cijfers), /:[1-4][,}]/)

  const { beheer } = hub
  t.same((await read(beheer, '?gemeentecode=0177')).cijfers, cijfers, 'the same for the operator')
  t.equal((await read(beheer, '?gemeentecode=0177')).gemeentecode, '0177')
  t.same((await read(olst)).cijfers, [], 'nothing of another municipality')
  await send(huur, 1, { gemeentecode: '1773' })
  t.equal((await read(beheer)).cijfers[0].signalen, null, 'the one of Olst would be the difference')
})

t.test('as CSV, one count per line', async (t) => {
  const { raalte, huur, send } = await openStage(t, { now: at('2026-11-20') })
  for (let huisnummer = 1; huisnummer <= 6; huisnummer += 1) await send(huur, huisnummer)
  const answer = await raalte.call({ method: 'GET', url: '/v1/monitor', headers: { accept: 'text/csv' } })
  t.match(answer.headers['content-type'], /text\/csv/)
  const lines = answer.body.split('\r\n')
  t.equal(lines[0], '\uFEFF"maand";"sector";"maat";"kenmerk";"aantal"')
  t.ok(lines.includes('"2026-11";"";"signalen";"";"6"'))
  t.ok(lines.includes('"2026-11";"huur";"huishoudens";"enkelvoudig";"6"'))
  t.ok(lines.includes('"2026-11";"huur";"bereikt";"";""'))
})

t.test('a period the wrong way round, and another municipality, say so', async (t) => {
  const { raalte } = await openStage(t)
  t.equal((await raalte.get('/v1/monitor?van=2026-11&totEnMet=2026-01')).statusCode, 400)
  t.equal((await raalte.get('/v1/monitor?van=2026-13')).statusCode, 400)
  t.equal((await raalte.get('/v1/monitor?gemeentecode=1773')).statusCode, 404)
})
