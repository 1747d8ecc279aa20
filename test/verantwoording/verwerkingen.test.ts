import t, { type Test } from 'tap'
import { verwerkingsactiviteiten } from '../../src/begrippen/verwerkingsactiviteit.ts'
import type { Party } from '../helpers/test-hub.ts'
import { openStage, signalen, walk } from '../zaken/zaak-stage.ts'

const path = '/v1/verwerkingen'
type Line = Record<string, string>

async function openLog(t: Test) {
  const stage = await openStage(t)
  const { hub, raalte, huur, water, send, openAt } = stage
  const ids = [await send(huur, 1), await send(water, 1), await send(huur, 2)]
  await raalte.call({ method: 'GET', url: '/v1/huishoudens', headers: { gebruiker: 'mw-7f3a', traceparent } })
  const zaak = await openAt(1)
  hub.setClock('2026-11-22T09:00:00Z')
  await raalte.get(`${signalen}/${ids[2]}`)
  return { ...stage, ids, zaak }
}

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`
const linesOf = async (party: Party, query = ''): Promise<Line[]> =>
  (await party.get(`${path}${query}`)).json().resultaten

t.test('the answer, the log of the hub and that of processings name one trace', async (t) => {
  const { hub, raalte, huur, send } = await openStage(t)
  const id = await send(huur, 1)
  for (const headers of [{}, { traceparent }, { traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` }]) {
    hub.logLines.length = 0
    const answer = await raalte.call({ method: 'GET', url: `${signalen}/${id}`, headers })
    const [, trace] = /^00-([0-9a-f]{32})-[0-9a-f]{16}-00$/.exec(String(answer.headers.traceresponse))!
    if (headers.traceparent === traceparent) t.equal(trace, traceId)
    t.match(hub.logLines.join(), trace)
    t.equal((await linesOf(raalte))[0]!.traceId, trace)
  }
})

t.test(
  'a line for every resident of every processing, newest first, with who, why and under which trace',
  async (t) => {
    const { raalte, ids, zaak, huur } = await openLog(t)
    const lines = await linesOf(raalte)
    t.match(lines[0], {
      activiteit: 'vroegsignaal-inzien',
      objectId: ids[2],
      tijdstip: '2026-11-22T09:00:00.000Z'
    })
    const listed = lines.filter(({ activiteit }) => activiteit === 'huishouden-inzien')
    t.ok(listed.length >= 2, 'one for each household of the list')
    t.match(listed.at(-1), { gebruiker: 'mw-7f3a', traceId, gemeentecode: '0177' })
    t.ok(lines.some(({ activiteit, objectId }) => activiteit === 'zaak-openen' && objectId === zaak.id))
    const taken = lines.filter(({ activiteit }) => activiteit === 'vroegsignaal-aannemen')
    t.same(taken.map(({ objectId }) => objectId).sort(), ids.toSorted())
    t.ok(taken.some(({ signaalpartnerId }) => signaalpartnerId === huur.id))
    t.equal(new Set(lines.map(({ id }) => id)).size, lines.length)
    t.notMatch(JSON.stringify(lines), /8101|Raalte|Proef/)
  }
)

t.test('filters, each alone and together', async (t) => {
  const { raalte, ids } = await openLog(t)
  const all = await linesOf(raalte)
  const some = (wanted: (line: Line) => boolean) => all.filter(wanted).map(({ id }) => id)
  const found = async (query: string) => (await linesOf(raalte, query)).map(({ id }) => id)
  t.same(
    await found('?van=2026-11-22'),
    some(({ tijdstip }) => tijdstip! >= '2026-11-21T23:00')
  )
  t.same(
    await found('?totEnMet=2026-11-21'),
    some(({ tijdstip }) => tijdstip! < '2026-11-21T23:00')
  )
  t.same(
    await found('?activiteit=huishouden-inzien'),
    some(({ activiteit }) => activiteit === 'huishouden-inzien')
  )
  t.same(
    await found(`?objectId=${ids[2]}`),
    some(({ objectId }) => objectId === ids[2])
  )
  const { clientId } = raalte
  t.same(
    await found(`?clientId=${clientId}`),
    some((line) => line.clientId === clientId)
  )
  t.ok((await found(`?clientId=${clientId}`)).length > 2)
  t.same(await found('?clientId=niemand'), [])
  t.same(await found(`?clientId=${clientId}&objectId=${ids[2]}`), [all[0]!.id])
  t.equal((await raalte.get(`${path}?van=2026-11-22&totEnMet=2026-11-21`)).statusCode, 400)
  t.equal((await raalte.get(`${path}?activiteit=gluren`)).statusCode, 400)
  t.equal((await raalte.get(`${path}?van=gisteren`)).statusCode, 400)
})

t.test('pages meet without a gap or a double, also within one list that was read', async (t) => {
  const { raalte } = await openLog(t)
  const all = (await linesOf(raalte)).map(({ id }) => id)
  for (const limit of [1, 2, 3]) {
    const paged = (await walk<Line>(raalte, `${path}?limit=${limit}`)).resultaten
    t.same(
      paged.map(({ id }) => id),
      all,
      `by ${limit}`
    )
  }
})

t.test('another municipality, a partner and the operator see nothing of it', async (t) => {
  const { hub, olst, huur, raalte } = await openLog(t)
  t.same(await linesOf(olst), [])
  t.equal((await olst.get(`${path}?gemeentecode=0177`)).statusCode, 404)
  t.equal((await huur.get(path)).statusCode, 403)
  t.equal((await hub.beheer.get(path)).statusCode, 403)
  const narrow = await hub.gemeente('0177', 'Raalte', ['huishoudens:lezen'])
  t.equal((await narrow.get(path)).statusCode, 403)
  t.ok((await linesOf(raalte)).length > 0)
})

t.test('the report says who looked at how much, what was done with it, and at which hours', async (t) => {
  const { hub, raalte, olst, huur, send, openAt } = await openStage(t, { now: '2026-11-02T09:00:00Z' })
  for (const huisnummer of [1, 2, 3]) await send(huur, huisnummer)
  const look = (gebruiker: string) =>
    raalte.call({ method: 'GET', url: '/v1/huishoudens', headers: { gebruiker } })
  await look('mw-1')
  await openAt(1)
  hub.setClock('2026-11-07T22:30:00Z')
  await look('mw-2')
  await look('mw-2')
  hub.setClock('2026-12-01T09:00:00Z')
  await look('mw-1')
  const report = async (party: Party, query: string) => (await party.get(`${path}/rapport?${query}`)).json()
  const { maand, clients } = await report(raalte, 'maand=2026-11')
  t.equal(maand, '2026-11')
  const of = (gebruiker: string | undefined) =>
    clients.find((one: Record<string, unknown>) => one.gebruiker === gebruiker)
  t.match(of('mw-1'), {
    clientId: raalte.clientId,
    aantalInzagen: 3,
    aantalBetrokkenen: 3,
    aantalOpgevolgd: 1,
    aantalBuitenKantoortijd: 0
  })
  t.equal(of('mw-1').inzagenPerUur[10], 3, 'at ten in the morning here')
  t.match(of('mw-2'), {
    aantalInzagen: 6,
    aantalBetrokkenen: 3,
    aantalOpgevolgd: 0,
    aantalBuitenKantoortijd: 6
  })
  t.equal(of('mw-2').inzagenPerUur[23], 6)
  t.same((await report(olst, 'maand=2026-11')).clients, [])
  t.equal((await report(raalte, '')).maand, '2026-12', 'this month when none is asked for')
  t.match((await report(raalte, 'maand=2026-12')).clients, [{ gebruiker: 'mw-1', aantalInzagen: 3 }])
  for (const query of ['maand=2026-13', 'maand=november'])
    t.equal((await raalte.get(`${path}/rapport?${query}`)).statusCode, 400, query)
  t.equal((await huur.get(`${path}/rapport?maand=2026-11`)).statusCode, 403)
})

t.test('the register tells of every activity, to anybody, and each line leads there', async (t) => {
  const { hub, raalte } = await openLog(t)
  const open = async (url: string) => hub.call({ method: 'GET', url })
  const { resultaten } = (await open('/v1/verwerkingsactiviteiten')).json()
  t.same(
    resultaten.map(({ id }: Line) => id),
    [...verwerkingsactiviteiten]
  )
  for (const entry of resultaten as Line[]) {
    for (const [name, text] of Object.entries(entry)) t.ok(text.length > 3, `${entry.id} ${name}`)
  }
  for (const { verwerkingsactiviteit, activiteit } of await linesOf(raalte)) {
    const answer = await open(new URL(verwerkingsactiviteit!).pathname)
    t.match(answer.json(), { id: activiteit, url: verwerkingsactiviteit })
  }
  t.equal((await open('/v1/verwerkingsactiviteiten/gluren')).statusCode, 404)
})
