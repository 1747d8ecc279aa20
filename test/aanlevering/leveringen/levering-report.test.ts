import t from 'tap'
import { aSignal, type Overrides } from '../../helpers/builders.ts'
import { openTestHub } from '../../helpers/test-hub.ts'
import { countRows, deliver, faultsOf, linesOf, manySignals, ndjson } from './deliveries.ts'

const form = 'application/x-ndjson'

async function openHub(t: Parameters<typeof openTestHub>[0]) {
  const hub = await openTestHub(t)
  await hub.gemeente('0177')
  await hub.gemeente('0150')
  return { hub, verhuurder: await hub.signaalpartner(['huur'], ['0177']) }
}

const text = (overrides: Overrides) => JSON.stringify(aSignal(overrides))
const bytes = (line: string) => Buffer.from(line, 'latin1')

t.test('each kind of bad line has its answer and touches no other; the counts add up', async (t) => {
  const { hub, verhuurder } = await openHub(t)
  const known = await verhuurder.post('/v1/vroegsignalen', aSignal({ referentie: 'KANARIE-staat' }))
  t.equal(known.statusCode, 201)
  const bad: [string | Buffer, string[]][] = [
    ['{"referentie":"KANARIE-stuk"', [' json']],
    ['geen json', [' json']],
    ['{"referentie":"KANARIE-a","referentie":"KANARIE-b"}', [' json']],
    [bytes(text({ referentie: 'KANARIE-\xeb' })), [' json']],
    ['[]', [' object']],
    ['null', [' object']],
    [text({ referentie: 'KANARIE-1', sector: 'internet' }), ['/sector enum']],
    [text({ referentie: 'KANARIE-2', KANARIEVELD: 1 }), [' unknownParam']],
    [
      text({ referentie: 'KANARIE-3', socialeIncasso: { herinneringen: undefined } }),
      [
        '/socialeIncasso/herinneringen schriftelijke-herinnering',
        '/socialeIncasso/aanbodGegevensdeling aanbod-gegevensdeling'
      ]
    ],
    [text({ referentie: 'KANARIE-4', gemeentecode: '0150' }), ['/gemeentecode overeenkomst-actief']],
    [text({ referentie: 'KANARIE-5', gemeentecode: '9999' }), ['/gemeentecode overeenkomst-actief']],
    [text({ referentie: 'KANARIE-6', gemeentecode: undefined }), ['/gemeentecode adres-in-gemeente']],
    [
      text({ referentie: 'KANARIE-staat', achterstand: { bedragInCenten: 99 } }),
      ['/referentie referentie-bestaat']
    ]
  ]
  const good = (n: number) => text({ referentie: `GOED-${n}`, adres: { huisnummer: n + 1 } })
  const parts = bad.flatMap(([line], n) => [good(n), '\n', line, '\n'])
  const answer = await deliver(verhuurder, Buffer.concat(parts.map((part) => Buffer.from(part as string))))
  t.equal(answer.statusCode, 201)
  t.match(answer.json(), {
    aantalRegels: 2 * bad.length,
    aantalOpgenomen: bad.length,
    aantalAfgewezen: bad.length,
    aantalOngewijzigd: 0
  })

  const lines = await linesOf(verhuurder, answer.json().id)
  bad.forEach(([line, faults], n) => {
    t.match(lines[2 * n], { regel: 2 * n + 1, uitkomst: 'opgenomen', referentie: `GOED-${n}`, errors: [] })
    t.match(lines[2 * n + 1], { regel: 2 * n + 2, uitkomst: 'afgewezen' })
    t.same(faultsOf(lines[2 * n + 1]!), faults, String(line).slice(0, 60))
    t.notOk(lines[2 * n + 1]!.vroegsignaalId)
  })
  const perReason = Map.groupBy(
    lines.flatMap(({ errors }) => errors),
    ({ code }) => code
  )
  const reasons = answer.json().redenen as { code: string; aantal: number }[]
  t.same(
    Object.fromEntries(reasons.map(({ code, aantal }) => [code, aantal])),
    Object.fromEntries([...perReason].map(([code, found]) => [code, found.length]))
  )
  for (const { errors } of lines) t.notMatch(JSON.stringify(errors), /KANARIE/, 'never a value')
  const criterion = lines.find(({ referentie }) => referentie === 'KANARIE-3')!
  t.ok(
    criterion.errors.every(({ grondslag }) => grondslag?.startsWith('Bgs art. 2')),
    'but the law'
  )
  t.notMatch(hub.logLines.join(), /KANARIE/)
})

t.test('one reference more than once in a delivery: the first line counts', async (t) => {
  const { hub, verhuurder } = await openHub(t)
  const one = (overrides: Overrides = {}) => aSignal({ referentie: 'DUBBEL', ...overrides })
  const wrong = one({ socialeIncasso: { reactie: 'bezwaar' } })
  const other = one({ achterstand: { bedragInCenten: 90_000 } })
  const outcomes = async (signals: object[], id?: string) => {
    const answer = id ? undefined : await deliver(verhuurder, ndjson(signals))
    return (await linesOf(verhuurder, answer!.json().id)).map(({ uitkomst }) => uitkomst)
  }
  t.same(await outcomes([wrong, one(), one(), other]), ['afgewezen', 'opgenomen', 'ongewijzigd', 'afgewezen'])
  t.same(await outcomes([one(), other]), ['ongewijzigd', 'afgewezen'])
  t.equal((await hub.admin('select from vroegsignaal')).length, 1)
  const far = [one({ referentie: 'VER' }), ...manySignals(700), one({ referentie: 'VER' })]
  t.equal((await outcomes(far)).at(-1), 'ongewijzigd', 'also when they lie far apart')
})

t.test('lines come in pages, in order, all or of one outcome', async (t) => {
  const { verhuurder } = await openHub(t)
  const signals = manySignals(1300).map((one, n) => (n % 3 === 0 ? { ...one, sector: 'internet' } : one))
  const { id, aantalAfgewezen } = (await deliver(verhuurder, ndjson(signals))).json()
  t.equal(aantalAfgewezen, 434)
  const all = await linesOf(verhuurder, id)
  t.same(
    all.map(({ regel }) => regel),
    signals.map((_, n) => n + 1)
  )
  const refused = await linesOf(verhuurder, id, '&uitkomst=afgewezen')
  t.same(
    refused,
    all.filter(({ uitkomst }) => uitkomst === 'afgewezen')
  )
  t.same(await linesOf(verhuurder, id, '&uitkomst=ongewijzigd'), [])
  const page = await verhuurder.get(`/v1/aanleveringen/${id}/regels?uitkomst=afgewezen&limit=2`)
  t.same(
    page.json().resultaten.map(({ regel }: { regel: number }) => regel),
    [1, 4]
  )
  t.match(page.headers.link, /rel="next"/)
  t.equal((await verhuurder.get(`/v1/aanleveringen/${id}/regels?limit=1001`)).statusCode, 400)
  t.equal((await verhuurder.get(`/v1/aanleveringen/${id}/regels?uitkomst=iets`)).statusCode, 400)
})

t.test("another partner's delivery is 404", async (t) => {
  const { hub, verhuurder } = await openHub(t)
  const other = await hub.signaalpartner(['huur'], ['0177'])
  const { id } = (await deliver(verhuurder, ndjson(manySignals(2)))).json()
  for (const url of [`/v1/aanleveringen/${id}`, `/v1/aanleveringen/${id}/regels`]) {
    t.equal((await other.get(url)).statusCode, 404)
    t.equal((await verhuurder.get(url)).statusCode, 200)
  }
})

t.test('after 30 days the report is gone, unread from that day on, and its key is destroyed', async (t) => {
  const { hub, verhuurder } = await openHub(t)
  const key = { 'idempotency-key': 'maand' }
  const body = ndjson(manySignals(2))
  const { id } = (await deliver(verhuurder, body, form, key)).json()
  const url = `/v1/aanleveringen/${id}`
  const day = '2026-12-20'
  hub.setClock('2026-12-19T22:59:00Z')
  await hub.sweep()
  t.equal((await verhuurder.get(`${url}/regels`)).json().resultaten.length, 2)
  t.ok((await hub.keys.findDataKeys([day])).has(day))

  hub.setClock('2026-12-19T23:01:00Z')
  t.equal((await verhuurder.get(url)).statusCode, 404, 'before any sweep')
  t.equal((await verhuurder.get(`${url}/regels`)).statusCode, 404)
  await hub.sweep()
  t.match(await countRows(hub), { aanlevering: 0, aanlevering_deel: 0, vroegsignaal: 2 })
  t.notOk((await hub.keys.findDataKeys([day])).has(day))
  const late = await deliver(verhuurder, body, form, key)
  t.match(late.json(), { status: 409, type: '/v1/problemen/toestand-staat-dit-niet-toe' })
  t.match(await countRows(hub), { vroegsignaal: 2 })
})

t.test('a partner finds its deliveries again, newest first, and no other partner does', async (t) => {
  const { hub, verhuurder } = await openHub(t)
  const other = await hub.signaalpartner(['huur'], ['0177'])
  const sent: string[] = []
  for (const referentie of ['A', 'B', 'C']) {
    const answer = await verhuurder.post('/v1/aanleveringen', { vroegsignalen: [aSignal({ referentie })] })
    sent.push(answer.json().id)
  }
  const { resultaten } = (await verhuurder.get('/v1/aanleveringen')).json()
  t.same(
    resultaten.map(({ id }: { id: string }) => id),
    sent.toReversed()
  )
  const { ontvangenOp, ...counts } = resultaten[0]
  t.equal(ontvangenOp, '2026-11-20T09:00:00.000Z')
  t.same(counts, (await verhuurder.get(`/v1/aanleveringen/${sent[2]}`)).json())
  const page = await verhuurder.get('/v1/aanleveringen?limit=2')
  t.equal(page.json().resultaten.length, 2)
  t.match(page.headers.link, /rel="next"/)
  t.same((await other.get('/v1/aanleveringen')).json().resultaten, [])
  hub.setClock('2026-12-21T09:00:00Z')
  t.same((await verhuurder.get('/v1/aanleveringen')).json().resultaten, [], 'as long as their reports')
})
