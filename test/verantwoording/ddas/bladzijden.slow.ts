import t from 'tap'
import { planBladzijde } from '../../../src/verantwoording/ddas/plan-bladzijde.ts'
import { deliver, ndjson } from '../../aanlevering/leveringen/deliveries.ts'
import { aSignal } from '../../helpers/builders.ts'
import { made, openStage, zaken } from '../../zaken/zaak-stage.ts'
import { askGegevens, contentsOf, path } from './ask-gegevens.ts'

t.setTimeout(120_000)

t.test('pages cut the signals of one municipality after another, without a gap or a double', async (t) => {
  const tellingen = [
    { gemeentecode: '0001', aantal: 0 },
    { gemeentecode: '0002', aantal: 5 },
    { gemeentecode: '0003', aantal: 0 },
    { gemeentecode: '0004', aantal: 2 },
    { gemeentecode: '0005', aantal: 0 }
  ]
  for (const pageSize of [1, 2, 3, 4, 5, 6, 7, 8, 50_000]) {
    const { totalPages, totalRecords } = planBladzijde(tellingen, 1, pageSize)
    t.equal(totalRecords, 7)
    t.equal(totalPages, Math.ceil(7 / pageSize))
    const places: string[] = []
    const shown: string[] = []
    for (let page = 1; page <= totalPages; page += 1) {
      const { delen } = planBladzijde(tellingen, page, pageSize)
      const aantal = delen.reduce((sum, deel) => sum + deel.aantal, 0)
      t.equal(
        aantal,
        page < totalPages ? pageSize : 7 - pageSize * (totalPages - 1),
        'a full page but the last'
      )
      for (const { gemeentecode, teller, skip, aantal: here } of delen) {
        t.equal(teller, Number(gemeentecode), 'the number of a levering is the same on every page')
        if (here === 0) shown.push(gemeentecode)
        for (let place = skip; place < skip + here; place += 1) places.push(`${gemeentecode}/${place}`)
      }
    }
    t.same(places, ['0', '1', '2', '3', '4'].map((n) => `0002/${n}`).concat('0004/0', '0004/1'))
    t.same(shown, ['0001', '0003', '0005'], `who has none is there once, by ${pageSize}`)
    t.same(planBladzijde(tellingen, totalPages + 1, pageSize).delen, [], 'nothing beyond the last')
  }
  const none = planBladzijde([{ gemeentecode: '0001', aantal: 0 }], 1, 10)
  t.match(none, { totalPages: 1, totalRecords: 0, delen: [{ teller: 1, skip: 0, aantal: 0 }] })
})

t.test('paging is told when it was asked for, with all four members', async (t) => {
  const { raalte, huur, send } = await openStage(t)
  for (let huisnummer = 1; huisnummer <= 5; huisnummer += 1) await send(huur, huisnummer)
  const told = async (vraag: object) => (await askGegevens(t, raalte, vraag)).paginering
  t.equal(await told({}), undefined)
  const all = { pageSize: 50_000, currentPage: 1, totalPages: 1, totalRecords: 5 }
  t.same(await told({ page: 1 }), all)
  t.same(
    await told({ pageSize: 2 }),
    { ...all, pageSize: 2, totalPages: 3 },
    'the first page when none is named'
  )
  t.same(await told({ pageSize: 2, page: 3 }), { ...all, pageSize: 2, totalPages: 3, currentPage: 3 })

  const beyond = await askGegevens(t, raalte, { pageSize: 2, page: 4 })
  t.same(beyond.paginering, { ...all, pageSize: 2, totalPages: 3, currentPage: 4 })
  t.equal(beyond.gegevens.leveringen, undefined, 'no data on a page that does not exist')
})

t.test('all pages together are the whole delivery, and a case stands in it once', async (t) => {
  const { hub, raalte, huur, water, send, openAt } = await openStage(t)
  const uitvoerder = await hub.client({
    naam: 'Uitvoerder',
    rol: 'gemeente',
    gemeentecodes: ['1773', '0177'],
    scopes: ['ddas:lezen']
  })
  for (const huisnummer of [1, 2, 1, 3, 2, 1]) await send(huisnummer === 3 ? water : huur, huisnummer)
  for (const huisnummer of [1, 2]) await openAt(huisnummer)
  await send(huur, 1, { gemeentecode: '1773' })
  const whole = contentsOf(await askGegevens(t, uitvoerder))
  t.equal(whole.signalen.length, 7)
  t.equal(whole.zaken.length, 2)
  for (const pageSize of [1, 2, 3, 4, 6, 7]) {
    const pages = []
    const { paginering } = await askGegevens(t, uitvoerder, { pageSize })
    for (let page = 1; page <= paginering!.totalPages; page += 1)
      pages.push(contentsOf(await askGegevens(t, uitvoerder, { pageSize, page })))
    t.ok(pages.every(({ signalen }) => signalen.length <= pageSize))
    t.same(
      pages.flatMap(({ signalen }) => signalen),
      whole.signalen,
      `signals by ${pageSize}`
    )
    const inOrder = (cases: typeof whole.zaken) =>
      cases.toSorted((a, b) => (a.vroegsignalen[0]!.ID < b.vroegsignalen[0]!.ID ? -1 : 1))
    t.same(inOrder(pages.flatMap((one) => one.zaken)), inOrder(whole.zaken), `cases by ${pageSize}`)
    for (const { signalen, zaken: cases } of pages)
      for (const { vroegsignalen } of cases)
        t.ok(
          signalen.some(({ ID }) => ID === vroegsignalen[0]!.ID),
          'beside its first signal'
        )
  }
  t.ok(raalte)
})

t.test('more than is read at once comes whole and in order', async (t) => {
  const { hub, raalte, huur, householdAt } = await openStage(t)
  const many = Array.from({ length: 1_203 }, (_, nr) =>
    aSignal({ referentie: `V-${nr}`, signaaldatum: '2026-11-20', adres: { huisnummer: (nr % 700) + 1 } })
  )
  t.equal(made(await deliver(huur, ndjson(many))).aantalOpgenomen, 1_203)
  // Its two signals stand far apart.
  const { id: huishoudenId } = await householdAt(1)
  made(await raalte.post(zaken, { huishoudenId }))
  const { signalen, zaken: cases } = contentsOf(await askGegevens(t, raalte))
  const ids = signalen.map(({ ID }) => ID)
  t.same(ids, ids.toSorted())
  t.equal(new Set(ids).size, 1_203)
  t.same(
    cases.map(({ vroegsignalen }) => vroegsignalen.length),
    [2]
  )
  t.same(
    signalen.filter(({ status }) => status === 'Opgepakt').map(({ ID }) => ID),
    cases[0]!.vroegsignalen.map(({ ID }) => ID)
  )
  const [log] = await hub.admin<{ bladen: number; regels: number }>(
    `select count(*)::int as bladen, sum(cardinality(object_ids))::int as regels from verwerkingsblad
     where activiteit = 'ddas-leveren'`
  )
  t.same(log, { bladen: 3, regels: 1_203 }, 'a line each, on sheets that stay small')
  const skipped = contentsOf(await askGegevens(t, raalte, { pageSize: 601, page: 2 }))
  t.same(
    skipped.signalen.map(({ ID }) => ID),
    ids.slice(601, 1_202)
  )
})

t.test('what no page or period can be is 400 and says what to do', async (t) => {
  const { raalte } = await openStage(t)
  const faultsOf = async (vraag: object) => {
    const answer = await raalte.post(path, vraag)
    t.equal(answer.statusCode, 400, JSON.stringify(vraag))
    return answer.json().errors as { location: string; code: string; detail: string }[]
  }
  t.match(await faultsOf({ pageSize: 50_001 }), [{ location: '/pageSize', code: 'maximum', detail: /50000/ }])
  for (const wrong of [0, -1, 1.5, '2', true]) {
    t.match(await faultsOf({ page: wrong }), [{ location: '/page' }])
    t.match(await faultsOf({ pageSize: wrong }), [{ location: '/pageSize' }])
  }
  const both = { aanleverperiodeStartdatum: '2026-11-02', aanleverperiodeEinddatum: '2026-11-01' }
  t.match(await faultsOf(both), [{ location: '/aanleverperiodeStartdatum', detail: /Verwissel/ }])
  t.match(await faultsOf({ aanleverperiodeStartdatum: '2026-11-21' }), [
    { location: '/aanleverperiodeStartdatum', detail: /na vandaag/ }
  ])
  for (const day of ['2026-02-30', '20261101', '2026-11-01T00:00:00Z', 'november'])
    t.match(await faultsOf({ aanleverperiodeEinddatum: day }), [
      { location: '/aanleverperiodeEinddatum', code: 'date' }
    ])
  t.match(await faultsOf({ startdatum: '2026-11-01' }), [{ code: 'unknownParam' }])
  t.equal((await raalte.call({ method: 'POST', url: path, payload: '[]' })).statusCode, 415)
  t.equal((await raalte.get(path)).statusCode, 405)
})

t.test('a period is of days of receipt, both included, and what is empty counts as left out', async (t) => {
  const { hub, raalte, huur, send } = await openStage(t, { now: '2026-10-31T22:30:00Z' })
  const october = await send(huur, 1, { signaaldatum: '2026-10-31' })
  hub.setClock('2026-10-31T23:30:00Z')
  const november = await send(huur, 2, { signaaldatum: '2026-10-31' })
  hub.setClock('2026-11-20T09:00:00Z')
  const idsIn = async (aanleverperiodeStartdatum: unknown, aanleverperiodeEinddatum: unknown) =>
    contentsOf(
      await askGegevens(t, raalte, { aanleverperiodeStartdatum, aanleverperiodeEinddatum })
    ).signalen.map(({ ID }) => ID)
  t.same(await idsIn('2026-10-31', '2026-10-31'), [october], 'the days are those of Amsterdam')
  t.same(await idsIn('2026-11-01', '2026-11-01'), [november])
  t.same(await idsIn('2026-10-31', '2026-11-01'), [october, november])
  t.same(await idsIn('', null), [october, november])
  t.same(await idsIn(null, '2026-10-31'), [october])
  t.same(await idsIn('2026-11-02', '2026-12-31'), [])

  const empty = await askGegevens(t, raalte, { aanleverperiodeStartdatum: '2026-11-02' })
  t.match(empty.gegevens, {
    startdatumLevering: '2026-11-02',
    einddatumLevering: '2026-11-20',
    leveringen: [{ teller: 1, gemeentecode: '0177', vroegsignalen: [], vroegsignaalzaken: [] }]
  })
  const long = { aanleverperiodeStartdatum: '2020-01-01', aanleverperiodeEinddatum: '2020-12-31', page: 1 }
  t.match((await askGegevens(t, raalte, long)).paginering, { totalPages: 1, totalRecords: 0 })
})
