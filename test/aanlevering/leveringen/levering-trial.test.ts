import { readFile } from 'node:fs/promises'
import t from 'tap'
import { aSignal, type Overrides } from '../../helpers/builders.ts'
import { openTestHub, type Party } from '../../helpers/test-hub.ts'
import { dumpTables, withoutTraces } from '../../verantwoording/traces.ts'
import { deliver, type Form, type Line, linesOf, manySignals, ndjson } from './deliveries.ts'

async function openHub(t: Parameters<typeof openTestHub>[0]) {
  const hub = await openTestHub(t)
  await hub.gemeente('0150')
  await hub.gemeente('0193')
  const raalte = await hub.gemeente('0177')
  return { hub, raalte, verhuurder: await hub.signaalpartner(['huur'], ['0177', '0193']) }
}

function tryOut(party: Party, payload: string, form: Form = 'application/x-ndjson') {
  const url = '/v1/proefaanleveringen'
  return party.call({ method: 'POST', url, payload, headers: { 'content-type': form } } as never)
}

const text = (overrides: Overrides) => JSON.stringify(aSignal(overrides))

// Good, bad in every way that a line can be, known and repeated references, over more than one slice.
function mixed(): string {
  const lines = [
    ...manySignals(600).map((signal) => JSON.stringify(signal)),
    text({ referentie: 'R-1', achterstand: { bedragInCenten: 99 } }),
    JSON.stringify(manySignals(3)[2]),
    text({ referentie: 'FOUT' }).replace('vroegsignaal', 'sein'),
    '',
    text({ referentie: 'LATER-GOED', betalingsregeling: 'wordt-nagekomen' }),
    text({ referentie: 'LATER-GOED' }),
    text({ referentie: 'LATER-GOED', achterstand: { bedragInCenten: 99_900 } }),
    text({ referentie: 'STAAT' }),
    text({ referentie: 'STAAT', adres: { huisnummer: 77 } }),
    text({ referentie: 'ELDERS', gemeentecode: '0150' }),
    text({ referentie: 'NERGENS', gemeentecode: undefined }),
    '{"half'
  ]
  return lines.join('\n')
}

t.test('a trial says what the delivery then does, line by line, and keeps nothing of it', async (t) => {
  const { hub, verhuurder } = await openHub(t)
  t.equal((await verhuurder.post('/v1/vroegsignalen', aSignal({ referentie: 'STAAT' }))).statusCode, 201)
  const before = withoutTraces(await dumpTables(hub))
  const trial = await tryOut(verhuurder, mixed())
  t.equal(trial.statusCode, 200)
  t.same(withoutTraces(await dumpTables(hub)), before)

  const { regels, ...counts } = trial.json()
  const { id, ...real } = (await deliver(verhuurder, mixed())).json()
  t.same(counts, real)
  t.match(counts, { aantalRegels: 611, aantalOpgenomen: 601, aantalOngewijzigd: 2, aantalAfgewezen: 8 })
  t.same(regels, await linesOf(verhuurder, id, '&uitkomst=afgewezen'))
})

t.test(
  'each form of a delivery can be tried; what refuses a delivery as a whole refuses a trial',
  async (t) => {
    const { verhuurder } = await openHub(t)
    const csv = 'referentie;sector;huisnr\n1;huur;3\n'
    const [bad, none] = [await tryOut(verhuurder, csv, 'text/csv'), await tryOut(verhuurder, '')]
    t.match(bad.json(), { status: 400, errors: [{ location: '/1/3', code: 'unknownParam' }] })
    t.match(none.json(), { status: 400, errors: [{ code: 'minItems' }] })
    const sheet = await readFile(
      new URL('../../../openapi/voorbeelden/aanlevering.csv', import.meta.url),
      'utf8'
    )
    t.equal((await tryOut(verhuurder, sheet, 'text/csv')).statusCode, 200)
    const json = JSON.stringify({ vroegsignalen: manySignals(2) })
    t.match((await tryOut(verhuurder, json, 'application/json')).json(), { aantalOpgenomen: 2, regels: [] })
  }
)

t.test('the first five thousand rejected lines are named, and all are counted', async (t) => {
  const { verhuurder } = await openHub(t)
  const { regels, aantalAfgewezen } = (await tryOut(verhuurder, '{}\n'.repeat(5_300))).json()
  t.equal(aantalAfgewezen, 5_300)
  t.equal(regels.length, 5_000)
  t.equal((regels as Line[]).at(-1)!.regel, 5_000)
})

t.test(
  'a trial is no way to find out who objected: only of a known customer it tells, and that is logged',
  async (t) => {
    const { hub, verhuurder, raalte } = await openHub(t)
    const objector = (n: number) => ({
      betrokkene: { soort: 'natuurlijk-persoon', naam: { geslachtsnaam: `Bezwaarde ${n}` } },
      adres: { postcode: '8101AA', huisnummer: 40 + n, woonplaats: 'Raalte' }
    })
    const object = async (n: number) => {
      const { betrokkene, adres } = objector(n)
      const { postcode, huisnummer } = adres
      const search = { naam: betrokkene.naam, adres: { postcode, huisnummer } }
      t.equal((await raalte.post('/v1/bezwaren', search)).statusCode, 201)
    }
    const tried = () =>
      hub.admin<{ objecten: string[] }>(
        `select object_ids as objecten from verwerkingsblad
          where activiteit = 'vroegsignaal-inzien' and client_id = $1 order by id`,
        [verhuurder.clientId]
      )
    await object(1)
    const signal = aSignal({ referentie: 'VRAAG', ...objector(1) } as never)
    t.equal((await verhuurder.post('/v1/proefbeoordelingen', signal)).json().toelaatbaar, true)
    t.equal((await tryOut(verhuurder, ndjson([signal]))).json().aantalAfgewezen, 0)
    t.same(await tried(), [])
    const refused = await verhuurder.post('/v1/vroegsignalen', signal)
    t.equal(refused.statusCode, 422, 'the signal itself is refused')

    // Another person of the same customer: what was reported of who objects is gone.
    const ofCustomer = (referentie: string, n: number) =>
      aSignal({ referentie, klantnummer: 'K-2', ...objector(n) })
    const first = await verhuurder.post('/v1/vroegsignalen', ofCustomer('EERST', 3))
    t.equal(first.statusCode, 201)
    await object(2)
    const next = ofCustomer('DAARNA', 2)
    t.equal((await verhuurder.post('/v1/proefbeoordelingen', next)).json().toelaatbaar, false)
    t.equal((await tryOut(verhuurder, ndjson([next]))).json().aantalAfgewezen, 1)
    const { id } = first.json()
    t.same(await tried(), [{ objecten: [id] }, { objecten: [id] }])
  }
)
