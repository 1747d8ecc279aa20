import t from 'tap'
import type { Overrides } from '../../helpers/builders.ts'
import { nowhere } from '../../platform/http/operations.ts'
import { dumpTables, guisesOf, pgDump, serverNotes, tracesIn } from '../../verantwoording/traces.ts'
import { proofsOf, verifyChain } from '../../vernietiging/proof-chain.ts'
import {
  close,
  heardOf,
  idsOf,
  made,
  openStage,
  type Partner,
  type Stage,
  signalen,
  walk,
  zaken
} from '../zaak-stage.ts'

t.setTimeout(120_000)

const betwistingen = '/v1/betwistingen'
const redenen = [
  'te-klein',
  'regeling-loopt',
  'al-betaald',
  'geen-sociale-incasso',
  'onjuiste-gegevens',
  'anders'
]
const upheld = { reactie: 'gehandhaafd', toelichting: 'De regeling is niet nagekomen.' }
const conflict = { status: 409, type: '/v1/problemen/toestand-staat-dit-niet-toe' }
const absent = { status: 404, type: '/v1/problemen/niet-gevonden' }

const stage = await openStage(t)
const { hub, raalte, olst, huur, water, send, householdAt } = stage
let houses = 0
const nextHouse = () => {
  houses += 1
  return houses
}

const contest = (signal: string, body: object = { reden: 'anders' }, headers = {}, by = raalte) =>
  by.post(`${signalen}/${signal}/betwistingen`, body, headers)
const answer = (id: string, body: object, by: Partner = huur, headers = {}) =>
  by.post(`${betwistingen}/${id}/reacties`, body, headers)
const about = async (party: Pick<Stage, 'raalte'>['raalte'], signal: string) =>
  (await party.get(`${betwistingen}?vroegsignaalId=${signal}`)).json().resultaten
const counted = (partner: Partner) =>
  hub.admin(
    `select gebeurtenis, kenmerk, aantal, dag::text from signaalpartner_telling
      where signaalpartner_id = $1 and gebeurtenis in ('betwisting', 'betwisting-ingetrokken',
        'betwisting-gehandhaafd', 'intrekking') order by gebeurtenis, kenmerk`,
    [partner.id]
  )

t.test('for each reason the partner hears betwist, and reads all of it but the municipality', async (t) => {
  for (const reden of redenen) {
    const signal = await send(huur, nextHouse())
    const toelichting = `Waarom: ${reden}`
    const shown = made(await contest(signal, { reden, toelichting }))
    t.same(shown, {
      id: shown.id,
      vroegsignaalId: signal,
      gemeentecode: '0177',
      signaalpartnerId: huur.id,
      reden,
      toelichting,
      ingediendOp: '2026-11-20T09:00:00.000Z'
    })
    t.same(await about(raalte, signal), [shown])
    const { gemeentecode: _, ...toPartner } = shown
    t.same(await about(huur, signal), [toPartner], 'for it may move to another')
    t.same(await heardOf(huur, signal), ['betwist'])
    t.match((await raalte.get(`${signalen}/${signal}`)).json(), { status: 'ontvangen' })
  }
  const silent = made(await contest(await send(huur, nextHouse())))
  t.notOk('toelichting' in silent, 'an explanation may be left out')
})

t.test('one contest waits for an answer at a time; after it a new one may come', async (t) => {
  const signal = await send(huur, nextHouse())
  const first = made(await contest(signal, { reden: 'te-klein' }))
  t.match((await contest(signal, { reden: 'anders' })).json(), conflict)
  t.same(await heardOf(huur, signal), ['betwist'])
  const said = await answer(first.id, upheld)
  t.equal(said.statusCode, 201)
  t.same(said.json(), { betwistingId: first.id, reactie: 'gehandhaafd' })
  const [standing] = await about(raalte, signal)
  t.same(standing, {
    ...first,
    reactie: 'gehandhaafd',
    toelichtingReactie: upheld.toelichting,
    beantwoordOp: '2026-11-20T09:00:00.000Z'
  })
  t.match((await huur.get(`${signalen}/${signal}`)).json(), { status: 'ontvangen' }, 'the signal stands')
  const second = made(await contest(signal, { reden: 'anders' }))
  t.same(
    (await about(huur, signal)).map(({ id }: { id: string }) => id),
    [second.id, first.id],
    'newest first'
  )
  t.same(await heardOf(huur, signal), ['betwist', 'betwist'])
})

t.test('who upholds a signal says why: 400 at /toelichting otherwise', async (t) => {
  const signal = await send(huur, nextHouse())
  const { id } = made(await contest(signal))
  const refused = await answer(id, { reactie: 'gehandhaafd' })
  t.match(refused.json(), { status: 400, errors: [{ in: 'body', location: '/toelichting' }] })
  for (const toelichting of ['', '   ']) {
    t.equal((await answer(id, { reactie: 'gehandhaafd', toelichting })).statusCode, 400)
  }
  t.notOk((await about(huur, signal))[0].reactie)
  t.equal((await answer(id, upheld)).statusCode, 201)
})

t.test('400: what the contract does not know', async (t) => {
  const signal = await send(huur, nextHouse())
  const faults: [Overrides, string][] = [
    [{}, '/reden'],
    [{ reden: 'zomaar' }, '/reden'],
    [{ reden: 'anders', toelichting: 'x'.repeat(1001) }, '/toelichting'],
    [{ reden: 'anders', toelichting: 7 }, '/toelichting'],
    [{ reden: 'anders', bewijs: 'x' }, '']
  ]
  for (const [body, location] of faults) {
    t.match((await contest(signal, body)).json(), { status: 400, errors: [{ in: 'body', location }] })
  }
  t.same(await about(raalte, signal), [])
  const { id } = made(await contest(signal, { reden: 'anders', toelichting: 'x'.repeat(1000) }))
  const answers: [Overrides, string][] = [
    [{}, '/reactie'],
    [{ reactie: 'misschien' }, '/reactie'],
    [{ ...upheld, toelichting: 'x'.repeat(1001) }, '/toelichting'],
    [{ ...upheld, reden: 'anders' }, '']
  ]
  for (const [body, location] of answers) {
    t.match((await answer(id, body)).json(), { status: 400, errors: [{ in: 'body', location }] })
  }
  t.notOk((await about(huur, signal))[0].reactie)
})

for (const reden of redenen) {
  t.test(`${reden}, withdrawn: all is destroyed before the answer, with a proof that says so`, async (t) => {
    const huisnummer = nextHouse()
    const signal = await send(huur, huisnummer)
    t.equal((await householdAt(huisnummer)).aantalSignalen, 1)
    const { id } = made(await contest(signal, { reden, toelichting: 'Zie brief' }))
    t.equal((await answer(id, { reactie: 'ingetrokken', toelichting: 'Excuus' })).statusCode, 201)
    for (const table of ['vroegsignaal where id', 'betwisting where vroegsignaal_id']) {
      t.same(await hub.admin(`select from ${table} = $1`, [signal]), [], table)
    }
    for (const party of [raalte, huur]) {
      t.equal((await party.get(`${signalen}/${signal}`)).statusCode, 404)
      t.same(await about(party, signal), [])
    }
    t.same(await heardOf(huur, signal), [], 'with all that was said of it')
    t.equal(await householdAt(huisnummer), undefined)
    const last = (await verifyChain(hub, await proofsOf(hub, '0177'))).at(-1)
    t.match(last, { aanleiding: 'intrekking', aantalVroegsignalen: 1, aantalHuishoudens: 1 })
  })
}

t.test('an answer is given once: 409 for the second, whatever it says', async (t) => {
  const signal = await send(huur, nextHouse())
  const { id } = made(await contest(signal, { reden: 'te-klein' }))
  t.equal((await answer(id, upheld)).statusCode, 201)
  for (const second of [upheld, { reactie: 'ingetrokken' }]) {
    t.match((await answer(id, second)).json(), conflict)
  }
  t.match((await huur.get(`${signalen}/${signal}`)).json(), { status: 'ontvangen' })
})

t.test('of two answers, and of two contests, at once one is 201 and the other 409', async (t) => {
  const answers: [object, object][] = [
    [upheld, upheld],
    [upheld, { reactie: 'ingetrokken' }],
    [{ reactie: 'ingetrokken' }, { reactie: 'ingetrokken' }]
  ]
  for (const [one, other] of answers) {
    const signal = await send(huur, nextHouse())
    const contests = await Promise.all([contest(signal, { reden: 'al-betaald' }), contest(signal)])
    t.same(contests.map(({ statusCode }) => statusCode).sort(), [201, 409])
    t.same(await heardOf(huur, signal), ['betwist'])
    const [{ id }] = await about(huur, signal)
    await hub.admin(`update betwisting set reden = 'al-betaald' where id = $1`, [id])
    const given = await Promise.all([answer(id, one), answer(id, other)])
    const [accepted, refused] = given.toSorted((a, b) => a.statusCode - b.statusCode)
    t.equal(accepted!.statusCode, 201)
    const { reactie } = accepted!.json()
    const isGone = reactie === 'ingetrokken'
    // What is withdrawn is destroyed, before or after the other looks.
    t.ok((isGone ? [409, 404] : [409]).includes(refused!.statusCode), String(refused!.statusCode))
    t.match(await about(huur, signal), isGone ? [] : [{ reactie }])
    t.equal((await huur.get(`${signalen}/${signal}`)).statusCode, isGone ? 404 : 200)
  }
})

t.test('an answer about a signal that was withdrawn from an open case meanwhile says only so', async (t) => {
  const huisnummer = nextHouse()
  const signal = await send(huur, huisnummer)
  const { id } = made(await contest(signal, { reden: 'te-klein' }))
  await stage.openAt(huisnummer)
  made(await huur.post(`${signalen}/${signal}/intrekkingen`, { reden: 'betaald' }))
  t.equal((await answer(id, { reactie: 'ingetrokken' })).statusCode, 201)
  t.equal((await huur.get(`${signalen}/${signal}`)).statusCode, 404)
  t.match(await about(raalte, signal), [{ id, reactie: 'ingetrokken' }])
})

t.test('404 or 403 for whoever it does not concern, and nothing is contested or answered', async (t) => {
  const signal = await send(huur, nextHouse())
  for (const id of [signal, nowhere]) {
    t.match((await contest(id, { reden: 'anders' }, {}, olst)).json(), absent)
  }
  t.match((await contest(nowhere)).json(), absent)
  t.equal((await contest(signal, { reden: 'anders' }, {}, huur)).statusCode, 403)
  const reader = await hub.gemeente('0177', 'Raalte', ['vroegsignalen:lezen', 'huishoudens:lezen'])
  t.equal((await contest(signal, { reden: 'anders' }, {}, reader)).statusCode, 403)
  t.same(await about(raalte, signal), [])

  const { id } = made(await contest(signal))
  t.match((await answer(id, upheld, water)).json(), absent)
  t.match((await answer(nowhere, upheld)).json(), absent)
  t.equal((await raalte.post(`${betwistingen}/${id}/reacties`, upheld)).statusCode, 403)
  for (const party of [olst, water]) {
    t.same(await about(party, signal), [])
    t.notOk(idsOf(await party.get(`${betwistingen}?limit=1000`)).includes(id))
  }
  t.equal((await hub.beheer.get(betwistingen)).statusCode, 403)
  t.notOk((await about(raalte, signal))[0].reactie)
})

t.test('409: a signal that is over for its partner cannot be contested any more', async (t) => {
  const huisnummer = nextHouse()
  const signal = await send(huur, huisnummer)
  const zaak = await stage.openAt(huisnummer)
  t.equal((await close(raalte, zaak.id, { resultaat: 'geen-contact' })).statusCode, 200)
  t.match((await contest(signal)).json(), conflict)
  t.same(await heardOf(huur, signal), ['opgepakt', 'afgerond'])
})

t.test('a repeat with the same Idempotency-Key contests and answers nothing twice', async (t) => {
  const signal = await send(huur, nextHouse())
  const key = { 'idempotency-key': 'nogmaals' }
  const first = await contest(signal, { reden: 'te-klein' }, key)
  const again = await contest(signal, { reden: 'te-klein' }, key)
  t.match(again, { statusCode: 201, headers: { 'idempotency-replayed': 'true' } })
  t.same(again.json(), first.json())
  t.equal((await contest(signal, { reden: 'anders' }, key)).statusCode, 422)
  t.same(await heardOf(huur, signal), ['betwist'])

  const { id } = made(first)
  const said = await answer(id, { reactie: 'ingetrokken' }, huur, key)
  const saidAgain = await answer(id, { reactie: 'ingetrokken' }, huur, key)
  t.match(saidAgain, { statusCode: 201, headers: { 'idempotency-replayed': 'true' } })
  t.same(saidAgain.json(), said.json(), 'also when all of it is destroyed')
})

t.test('the list: newest first, by pages of one, and by each filter, for either side', async (t) => {
  const { raalte, olst, huur, water, send } = await openStage(t)
  const contested: string[] = []
  const signals: string[] = []
  for (const [index, partner] of [huur, water, huur, water].entries()) {
    const signal = await send(partner, index + 1)
    signals.push(signal)
    contested.push(made(await contest(signal, { reden: 'anders' }, {}, raalte)).id)
  }
  const there = await send(huur, 9, { gemeentecode: '1773' })
  const elsewhere = made(await contest(there, { reden: 'anders' }, {}, olst)).id
  const [one, two, three, four] = contested as [string, string, string, string]
  t.equal((await answer(one, upheld, huur)).statusCode, 201)
  t.equal((await answer(four, upheld, water)).statusCode, 201)

  const lists: [Stage['raalte'], string, string[]][] = [
    [raalte, '', [four, three, two, one]],
    [olst, '', [elsewhere]],
    [huur, '', [elsewhere, three, one]],
    [water, '', [four, two]],
    [raalte, 'beantwoord=false', [three, two]],
    [raalte, 'beantwoord=true', [four, one]],
    [huur, 'beantwoord=false', [elsewhere, three]],
    [water, 'beantwoord=true', [four]],
    [raalte, `vroegsignaalId=${signals[1]}`, [two]],
    [water, `vroegsignaalId=${signals[1]}&beantwoord=true`, []],
    [huur, `vroegsignaalId=${signals[1]}`, []]
  ]
  for (const [party, query, expected] of lists) {
    t.same(idsOf(await party.get(`${betwistingen}?${query}`)), expected, query)
    const { resultaten, pages } = await walk<{ id: string }>(party, `${betwistingen}?limit=1&${query}`)
    t.same(
      resultaten.map(({ id }) => id),
      expected,
      query
    )
    t.equal(pages, Math.max(expected.length, 1))
  }
  for (const query of ['beantwoord=ja', 'reden=anders', 'vroegsignaalId=1']) {
    t.equal((await raalte.get(`${betwistingen}?${query}`)).statusCode, 400, query)
  }
})

t.test('what is written in a contest stands nowhere in readable form', async (t) => {
  const { hub, raalte, huur, send } = await openStage(t)
  const [objection, reply] = ['Zwaluwstaartverhaal', 'Kruisbestuivingsbrief']
  const upheldHere = await send(huur, 1)
  const refusedHere = await send(huur, 2)
  for (const signal of [upheldHere, refusedHere]) {
    made(await contest(signal, { reden: 'anders', toelichting: objection }, {}, raalte))
  }
  const [{ id }] = await about(huur, upheldHere)
  const said = { reactie: 'gehandhaafd', toelichting: reply }
  t.equal((await answer(id, said, huur, { 'idempotency-key': 'k' })).statusCode, 201)
  await contest(refusedHere, { reden: 'anders', toelichting: `${objection}\u0000` }, {}, raalte)
  await contest(refusedHere, { reden: 'anders', toelichting: objection }, {}, raalte)
  t.match(await about(raalte, upheldHere), [{ toelichting: objection, toelichtingReactie: reply }])

  const guises = [...guisesOf(objection), ...guisesOf(reply)]
  const tables = await dumpTables(hub)
  t.ok(tables.get('betwisting')!.includes(upheldHere), 'the dump holds the contests')
  for (const [table, rows] of tables) t.same(tracesIn(rows, guises), [], table)
  t.same(tracesIn(pgDump(hub) ?? '', guises), [])
  t.same(tracesIn(await serverNotes(hub), guises), [])
  t.ok(hub.logLines.length > 0)
  t.same(tracesIn(hub.logLines.join('\n'), guises), [])
})

t.test('a contest goes with its signal on its day; what was counted stays', async (t) => {
  const { hub, raalte, huur, send } = await openStage(t, { now: '2026-05-20T09:00:00Z' })
  const [open, answered] = [await send(huur, 1), await send(huur, 2)]
  for (const signal of [open, answered]) {
    made(await contest(signal, { reden: 'te-klein', toelichting: 'x' }, {}, raalte))
  }
  const [{ id }] = await about(huur, answered)
  t.equal((await answer(id, upheld, huur)).statusCode, 201)
  hub.setClock('2026-11-19T09:00:00Z')
  await hub.sweep()
  t.equal((await about(raalte, open)).length, 1)
  hub.setClock('2026-11-20T09:00:00Z')
  for (const party of [raalte, huur]) t.same(idsOf(await party.get(betwistingen)), [], 'before any sweep')
  t.match(
    (
      await answer((await hub.admin<{ id: string }>('select id from betwisting'))[0]!.id, upheld, huur)
    ).json(),
    absent
  )
  t.equal(await hub.sweep(), 2)
  t.same(await hub.admin('select from betwisting'), [])
  const counts = `select gebeurtenis, kenmerk, aantal, dag::text from signaalpartner_telling
    where gebeurtenis like 'betwisting%' order by gebeurtenis`
  t.same(await hub.admin(counts), [
    { gebeurtenis: 'betwisting', kenmerk: 'te-klein', aantal: 2, dag: '2026-05-20' },
    { gebeurtenis: 'betwisting-gehandhaafd', kenmerk: 'te-klein', aantal: 1, dag: '2026-05-20' }
  ])
})

t.test('each contest, answer and withdrawal is counted per partner and reason, and logged', async (t) => {
  const partner = await stage.partner('huur')
  const signals = [1, 2, 3].map(() => send(partner, nextHouse()))
  const [first, second, third] = (await Promise.all(signals)) as [string, string, string]
  for (const signal of [first, second]) made(await contest(signal, { reden: 'te-klein' }))
  made(await contest(third, { reden: 'al-betaald' }))
  const idAbout = async (signal: string) => (await about(partner, signal))[0].id
  t.equal((await answer(await idAbout(first), upheld, partner)).statusCode, 201)
  for (const signal of [second, third]) {
    t.equal((await answer(await idAbout(signal), { reactie: 'ingetrokken' }, partner)).statusCode, 201)
  }
  const dag = '2026-11-20'
  t.same(await counted(partner), [
    { gebeurtenis: 'betwisting', kenmerk: 'al-betaald', aantal: 1, dag },
    { gebeurtenis: 'betwisting', kenmerk: 'te-klein', aantal: 2, dag },
    { gebeurtenis: 'betwisting-gehandhaafd', kenmerk: 'te-klein', aantal: 1, dag },
    { gebeurtenis: 'betwisting-ingetrokken', kenmerk: 'al-betaald', aantal: 1, dag },
    { gebeurtenis: 'betwisting-ingetrokken', kenmerk: 'te-klein', aantal: 1, dag },
    { gebeurtenis: 'intrekking', kenmerk: 'betaald', aantal: 1, dag },
    { gebeurtenis: 'intrekking', kenmerk: 'foutief', aantal: 1, dag }
  ])
  const lines = await hub.admin<{ activiteit: string; client: string }>(
    `select activiteit, client_id::text as client from verwerking
      where object_id = $1 and activiteit ~ 'betwist|intrek' and activiteit <> 'betwisting-inzien' order by activiteit`,
    [third]
  )
  t.same(lines, [
    { activiteit: 'betwisting-beantwoorden', client: partner.clientId },
    { activiteit: 'vroegsignaal-betwisten', client: raalte.clientId },
    { activiteit: 'vroegsignaal-intrekken', client: partner.clientId }
  ])
  await partner.get('/v1/betwistingen')
  const readers = await hub.admin<{ client: string }>(
    `select distinct client_id::text as client from verwerking
      where object_id = $1 and activiteit = 'betwisting-inzien'`,
    [first]
  )
  t.same(
    readers.map(({ client }) => client).sort(),
    [raalte.clientId, partner.clientId].sort(),
    'and so is who read what was written'
  )
})

t.test('a withdrawn signal is out of its case too', async (t) => {
  const huisnummer = nextHouse()
  const [rent, tap] = [await send(huur, huisnummer), await send(water, huisnummer)]
  const zaak = await stage.openAt(huisnummer)
  const { id } = made(await contest(rent, { reden: 'te-klein' }))
  t.equal((await answer(id, { reactie: 'ingetrokken' })).statusCode, 201)
  t.same((await raalte.get(`${zaken}/${zaak.id}`)).json().vroegsignaalIds, [tap])
})
