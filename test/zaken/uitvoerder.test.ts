import t, { type Test } from 'tap'
import { scopesPerRol } from '../../src/begrippen/scopes.ts'
import type { Party, TestHub } from '../helpers/test-hub.ts'
import { close, idsOf, made, openStage, signalen, walk, zaken } from './zaak-stage.ts'

t.setTimeout(120_000)

// A municipality may have another body do its task (Wgs art. 3a). Such an uitvoerder often works for several.

const huishoudens = '/v1/huishoudens'
const contact = { soort: 'telefoon', datum: '2026-11-20', bereikt: true }
type Row = { id: string; gemeentecode: string }
type Delta = { huishoudenId: string; soort: string; huishouden?: Row }

const executing = (hub: TestHub, naam: string, gemeentecodes: string[]) =>
  hub.client({ naam, rol: 'gemeente', gemeentecodes, scopes: scopesPerRol.gemeente })

/** An uitvoerder for Raalte and Olst-Wijhe, another one for Zwolle, and households on the same addresses in each. */
async function openBodies(t: Test) {
  const stage = await openStage(t)
  const { hub, send } = stage
  const zwolle = await hub.gemeente('0193', 'Zwolle')
  const huur = { ...(await hub.signaalpartner(['huur'], ['0177', '1773', '0193'])), sector: 'huur' as const }
  const both = await executing(hub, 'GKB Salland', ['0177', '1773'])
  const elsewhere = await executing(hub, 'GKB Zwolle', ['0193'])
  const signals: Record<string, string[]> = {}
  for (const gemeentecode of ['0177', '1773', '0193']) {
    signals[gemeentecode] = [await send(huur, 1, { gemeentecode }), await send(huur, 2, { gemeentecode })]
  }
  const inRaalte = signals['0177']!
  const inOlst = signals['1773']!
  const inZwolle = signals['0193']!
  return { ...stage, zwolle, huur, both, elsewhere, inRaalte, inOlst, inZwolle }
}

const rowsIn = async (party: Party, path: string): Promise<Row[]> => (await party.get(path)).json().resultaten
const codesIn = (rows: readonly Row[]) => [...new Set(rows.map(({ gemeentecode }) => gemeentecode))].sort()
const householdsIn = async (party: Party, gemeentecode: string) =>
  rowsIn(party, `${huishoudens}?gemeentecode=${gemeentecode}`)
const signalsOf = async (party: Party, { id }: Row): Promise<string[]> =>
  (await party.get(`${huishoudens}/${id}`)).json().vroegsignalen.map(({ id }: Row) => id)

t.test(
  'one client works for two municipalities: each answer says whose it is, and mixes nothing',
  async (t) => {
    const { raalte, olst, both, inRaalte, inOlst } = await openBodies(t)
    const all = await rowsIn(both, huishoudens)
    t.equal(all.length, 4)
    t.same(codesIn(all), ['0177', '1773'])
    for (const [own, gemeentecode, signals] of [
      [raalte, '0177', inRaalte],
      [olst, '1773', inOlst]
    ] as const) {
      const narrowed = await householdsIn(both, gemeentecode)
      t.same(narrowed, await rowsIn(own, huishoudens), 'exactly what the municipality itself sees')
      for (const household of narrowed) {
        const [signal, ...more] = await signalsOf(both, household)
        t.same(more, [], 'the same address in two municipalities is two households')
        t.ok(signals.includes(signal!))
        t.match((await both.get(`${signalen}/${signal}`)).json(), { id: signal, gemeentecode })
      }
    }
    const seen = await rowsIn(both, signalen)
    t.same(seen.map(({ id }) => id).sort(), [...inRaalte, ...inOlst].sort())
    t.same(codesIn(seen), ['0177', '1773'])
    const byAddress = { adres: { postcode: '8101AA', huisnummer: 1 } }
    for (const path of [`${huishoudens}/_zoek`, `${signalen}/_zoek`]) {
      t.same(codesIn((await both.post(path, byAddress)).json().resultaten), ['0177', '1773'], path)
    }
    const { resultaten, pages } = await walk<Row>(both, `${huishoudens}?limit=1`)
    t.same(resultaten, all)
    t.equal(pages, 4)
  }
)

t.test('the delta feed of both holds what the two feeds hold, and follows either', async (t) => {
  const { raalte, olst, huur, both, send, zwolle } = await openBodies(t)
  const feed = async (party: Party, after = ''): Promise<{ deltas: Delta[]; stateId: string }> =>
    (await party.get(`${huishoudens}/_deltas${after && `?after=${after}`}`)).json()
  const ids = ({ deltas }: { deltas: Delta[] }) => deltas.map(({ huishoudenId }) => huishoudenId).sort()
  const first = await feed(both)
  const own = [await feed(raalte), await feed(olst)]
  t.same(ids(first), own.flatMap(ids).sort())
  t.same(codesIn(first.deltas.map(({ huishouden }) => huishouden!)), ['0177', '1773'])
  for (const { stateId } of own) {
    t.equal((await both.get(`${huishoudens}/_deltas?after=${stateId}`)).statusCode, 410)
  }
  t.equal((await raalte.get(`${huishoudens}/_deltas?after=${first.stateId}`)).statusCode, 410)

  for (const gemeentecode of ['0193', '1773', '0177']) await send(huur, 3, { gemeentecode })
  const next = await feed(both, first.stateId)
  t.equal(next.deltas.length, 2)
  t.same(codesIn(next.deltas.map(({ huishouden }) => huishouden!)), ['0177', '1773'])
  t.equal(ids(await feed(zwolle)).length, 3)
})

t.test('a case is of one municipality, which sees it too', async (t) => {
  const { raalte, olst, both, inRaalte, inOlst } = await openBodies(t)
  const [here] = await householdsIn(both, '0177')
  const [there] = await householdsIn(both, '1773')
  const [signalHere] = await signalsOf(both, here!)
  const [signalThere] = await signalsOf(both, there!)
  const mixed = { huishoudenId: here!.id, vroegsignaalIds: [signalHere, signalThere] }
  t.match((await both.post(zaken, mixed)).json(), {
    status: 400,
    errors: [{ location: '/vroegsignaalIds/1' }]
  })

  const zaakHere = made(await both.post(zaken, { huishoudenId: here!.id }))
  const zaakThere = made(await both.post(zaken, { huishoudenId: there!.id }))
  t.match(zaakHere, { gemeentecode: '0177', vroegsignaalIds: [signalHere] })
  t.match(zaakThere, { gemeentecode: '1773', vroegsignaalIds: [signalThere] })
  t.ok(inRaalte.includes(signalHere!) && inOlst.includes(signalThere!))
  const mixing = await both.post(`${zaken}/${zaakHere.id}/vroegsignalen`, { vroegsignaalIds: [signalThere] })
  t.equal(mixing.statusCode, 400)

  t.same(codesIn(await rowsIn(both, zaken)), ['0177', '1773'])
  t.equal((await walk<Row>(both, `${zaken}?limit=1`)).resultaten.length, 2)
  t.same(await rowsIn(both, `${zaken}?gemeentecode=0177`), [zaakHere])
  t.same(await rowsIn(raalte, zaken), [zaakHere])
  t.same(await rowsIn(olst, zaken), [zaakThere])
  made(await both.post(`${zaken}/${zaakThere.id}/contactpogingen`, contact))
  t.equal((await rowsIn(olst, `${zaken}/${zaakThere.id}/contactpogingen`)).length, 1)
  t.equal((await close(both, zaakHere.id)).statusCode, 200)
  t.match((await raalte.get(`${zaken}/${zaakHere.id}`)).json(), { resultaat: 'vervolghulp' })
  t.equal((await olst.get(`${zaken}/${zaakHere.id}`)).statusCode, 404)

  const betwisting = made(await both.post(`${signalen}/${signalThere}/betwistingen`, { reden: 'anders' }))
  t.equal(betwisting.gemeentecode, '1773')
  t.same(await rowsIn(both, '/v1/betwistingen'), [betwisting])
  t.same(await rowsIn(olst, '/v1/betwistingen'), [betwisting])
  t.same(await rowsIn(raalte, '/v1/betwistingen'), [])
})

t.test('404: a municipality that the body does not work for, and all that is there', async (t) => {
  const { zwolle, both, elsewhere, inZwolle, inRaalte } = await openBodies(t)
  for (const path of [huishoudens, zaken]) {
    for (const code of ['0193', '9999']) {
      t.equal((await both.get(`${path}?gemeentecode=${code}`)).statusCode, 404, `${path} ${code}`)
    }
    t.equal((await both.get(`${path}?gemeentecode=177`)).statusCode, 400)
    t.equal((await elsewhere.get(`${path}?gemeentecode=0177`)).statusCode, 404)
  }
  const [household] = await rowsIn(zwolle, huishoudens)
  const [signal] = inZwolle
  const zaak = made(await zwolle.post(zaken, { huishoudenId: household!.id }))
  const answers = [
    await both.get(`${huishoudens}/${household!.id}`),
    await both.get(`${signalen}/${signal}`),
    await both.get(`${zaken}/${zaak.id}`),
    await both.get(`${zaken}/${zaak.id}/contactpogingen`),
    await both.post(zaken, { huishoudenId: household!.id }),
    await both.post(`${zaken}/${zaak.id}/contactpogingen`, contact),
    await both.post(`${signalen}/${signal}/betwistingen`, { reden: 'anders' }),
    await close(both, zaak.id, {}, '*')
  ]
  for (const { statusCode } of answers) t.equal(statusCode, 404)
  t.same(await rowsIn(both, zaken), [])
  t.equal((await elsewhere.get(`${zaken}/${zaak.id}`)).statusCode, 200, 'while the body of Zwolle sees it')
  t.equal((await elsewhere.get(`${signalen}/${inRaalte[0]}`)).statusCode, 404)
  t.same(codesIn(await rowsIn(elsewhere, huishoudens)), ['0193'])
  t.same(codesIn(await rowsIn(elsewhere, signalen)), ['0193'])
})

t.test('each municipality finds what the body did in its own processing log, and no more', async (t) => {
  const { hub, both } = await openBodies(t)
  await rowsIn(both, huishoudens)
  const lines = await hub.admin(
    `select gemeentecode, count(*)::int as regels from verwerking
      where client_id::text = $1 and activiteit = 'huishouden-inzien' group by 1 order by 1`,
    [both.clientId]
  )
  t.same(lines, [
    { gemeentecode: '0177', regels: 2 },
    { gemeentecode: '1773', regels: 2 }
  ])
})

t.test('a mandate that ends altogether works on the very next request', async (t) => {
  const { hub, both, elsewhere, inRaalte } = await openBodies(t)
  const paths = [
    huishoudens,
    `${huishoudens}/_deltas`,
    signalen,
    `${signalen}/${inRaalte[0]}`,
    zaken,
    '/v1/betwistingen'
  ]
  for (const path of paths) t.equal((await both.get(path)).statusCode, 200, path)
  t.equal((await hub.beheer.delete(`/v1/clients/${both.clientId}`)).statusCode, 428)
  const gone = await hub.beheer.delete(`/v1/clients/${both.clientId}`, { 'if-match': '*' })
  t.equal(gone.statusCode, 204)
  for (const path of paths) {
    const answer = await both.get(path)
    t.equal(answer.statusCode, 401, path)
    t.match(answer.headers['www-authenticate'], /^Bearer/)
  }
  t.equal((await elsewhere.get(huishoudens)).statusCode, 200, 'and no other client notices')
})

t.test('a mandate that ends for one of two municipalities works on the very next request', async (t) => {
  const { hub, olst, both, inRaalte, inOlst } = await openBodies(t)
  const [here] = await householdsIn(both, '0177')
  const [there] = await householdsIn(both, '1773')
  const zaakHere = made(await both.post(zaken, { huishoudenId: here!.id }))
  const key = { 'idempotency-key': 'daar' }
  const zaakThere = made(await both.post(zaken, { huishoudenId: there!.id }, key))
  const { stateId } = (await both.get(`${huishoudens}/_deltas`)).json()
  const url = `/v1/clients/${both.clientId}`
  const etag = String((await hub.beheer.get(url)).headers.etag)
  const narrowed = await hub.beheer.patch(url, { gemeentecodes: ['0177'] }, { 'if-match': etag })
  t.match(narrowed, { statusCode: 200 })
  t.same(narrowed.json().gemeentecodes, ['0177'])

  t.same(codesIn(await rowsIn(both, huishoudens)), ['0177'])
  t.same((await rowsIn(both, signalen)).map(({ id }) => id).sort(), [...inRaalte].sort())
  t.same(idsOf(await both.get(zaken)), [zaakHere.id])
  const lost = [
    await both.get(`${huishoudens}?gemeentecode=1773`),
    await both.get(`${huishoudens}/${there!.id}`),
    await both.get(`${signalen}/${inOlst[0]}`),
    await both.get(`${zaken}/${zaakThere.id}`),
    await both.get(`${zaken}/${zaakThere.id}/contactpogingen`),
    await both.post(`${zaken}/${zaakThere.id}/contactpogingen`, contact),
    await both.post(zaken, { huishoudenId: there!.id }, key),
    await close(both, zaakThere.id, {}, '*')
  ]
  for (const { statusCode } of lost) t.equal(statusCode, 404)
  t.match((await both.get(`${huishoudens}/_deltas?after=${stateId}`)).json(), {
    status: 410,
    type: '/v1/problemen/positie-onbekend'
  })
  const anew = (await both.get(`${huishoudens}/_deltas`)).json().deltas as Delta[]
  t.same(codesIn(anew.map(({ huishouden }) => huishouden!)), ['0177'])
  made(await both.post(`${zaken}/${zaakHere.id}/contactpogingen`, contact))
  t.match((await olst.get(`${zaken}/${zaakThere.id}`)).json(), { id: zaakThere.id }, 'Olst-Wijhe keeps all')

  const widened = await hub.beheer.patch(url, { gemeentecodes: ['0177', '1773'] }, { 'if-match': '*' })
  t.equal(widened.statusCode, 200)
  t.equal((await both.get(`${zaken}/${zaakThere.id}`)).statusCode, 200, 'and a mandate that returns as well')
})
