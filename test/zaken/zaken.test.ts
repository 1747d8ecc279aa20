import t from 'tap'
import { saveIntrekking } from '../../src/vroegsignalen/vroegsignaal-store.ts'
import { contextOfPartner } from '../aanlevering/take-in.ts'
import type { Overrides } from '../helpers/builders.ts'
import type { Party } from '../helpers/test-hub.ts'
import { nowhere } from '../platform/http/operations.ts'
import {
  close,
  heardOf,
  idsOf,
  made,
  openStage,
  type Partner,
  put,
  recall,
  rowsLeft,
  signalen,
  untilBlocked,
  walk,
  zaken
} from './zaak-stage.ts'

t.setTimeout(120_000)

const today = '2026-11-20'
const conflict = { status: 409, type: '/v1/problemen/toestand-staat-dit-niet-toe' }
const stage = await openStage(t)
const { hub, raalte, olst, huur, water, send, householdAt, openAt } = stage

const withdraw = async (partner: Partner, id: string, reden: string) =>
  made(await partner.post(`${signalen}/${id}/intrekkingen`, { reden }))
const extend = (id: string, vroegsignaalIds: string[], headers = {}) =>
  raalte.post(`${zaken}/${id}/vroegsignalen`, { vroegsignaalIds }, headers)
const statusTo = async (party: Party, id: string) => (await party.get(`${signalen}/${id}`)).json().status
const caseIds = async (party: Party, query = '') => idsOf(await party.get(`${zaken}${query}`))

t.test('a case takes up every waiting signal of its household, which each side sees at once', async (t) => {
  const [rent, tap] = [await send(huur, 1), await send(water, 1)]
  const { id: huishoudenId } = await householdAt(1)
  const answer = await raalte.post(zaken, { huishoudenId })
  t.equal(answer.statusCode, 201)
  const zaak = answer.json()
  const vroegsignaalIds = [rent, tap].sort()
  const { id } = zaak
  t.same(zaak, { id, gemeentecode: '0177', huishoudenId, vroegsignaalIds, datumOpgepakt: today })
  t.equal(answer.headers.location, `${zaken}/${id}`)
  const read = await raalte.get(`${zaken}/${id}`)
  t.same(read.json(), zaak)
  t.equal(read.headers.etag, answer.headers.etag)

  for (const [partner, signal] of [
    [huur, rent],
    [water, tap]
  ] as const) {
    t.equal(await statusTo(raalte, signal), 'opgepakt')
    t.equal(await statusTo(partner, signal), 'opgepakt')
    t.same(await heardOf(partner, signal), ['opgepakt'])
  }
  t.same(await heardOf(huur, tap), [], 'and no partner hears of the signal of another')
  t.match(await householdAt(1), { id: huishoudenId, opgepakt: 2, aantalSignalen: 2 })
  t.notOk(idsOf(await raalte.get('/v1/huishoudens?opgepakt=false')).includes(huishoudenId))
  t.ok(idsOf(await raalte.get('/v1/huishoudens?opgepakt=true')).includes(huishoudenId))
})

t.test('a household names its open case, and followers hear when that changes', async (t) => {
  await send(huur, 40)
  const household = await householdAt(40)
  t.notOk('vroegsignaalzaakId' in household, 'nobody has taken it up')
  const stand = async (after: string) =>
    (await raalte.get(`/v1/huishoudens/_deltas?after=${after}`)).json() as {
      deltas: { huishouden?: object }[]
      stateId: string
    }
  let { stateId } = await stand('')
  const shown = async (wanted: string | undefined) => {
    const own = (await raalte.get(`/v1/huishoudens/${household.id}`)).json()
    t.equal(own.vroegsignaalzaakId, wanted)
    const following = await stand(stateId)
    t.same(following.deltas.at(-1)?.huishouden, own, 'as a follower sees it')
    stateId = following.stateId
  }
  const { id } = await openAt(40)
  await shown(id)
  await close(raalte, id, { resultaat: 'geen-contact' })
  await shown(undefined)
  await recall(raalte, id)
  await shown(id)
})

t.test('of named signals only those are taken up; the household then answers for what waits', async (t) => {
  const crisis = await send(huur, 2, { soort: 'ontruimingssignaal' })
  const ordinary = await send(water, 2)
  const reactiedatum = async (id: string) => (await raalte.get(`${signalen}/${id}`)).json().reactiedatum
  const [soon, later] = [await reactiedatum(crisis), await reactiedatum(ordinary)]
  t.ok(soon < later)
  const { id: huishoudenId, ...before } = await householdAt(2)
  t.match(before, { opgepakt: 0, reactiedatum: soon })
  const datumOpgepakt = '2026-11-18'
  const opened = await raalte.post(zaken, { huishoudenId, vroegsignaalIds: [crisis], datumOpgepakt })
  t.match(made(opened), { vroegsignaalIds: [crisis], datumOpgepakt })
  t.match(await householdAt(2), { opgepakt: 1, reactiedatum: later })
  t.equal(await statusTo(raalte, ordinary), 'ontvangen')
  t.equal(await statusTo(water, ordinary), 'ontvangen')
  t.same(await heardOf(water, ordinary), [])
})

t.test('a household has one open case: 409, until it has its result', async (t) => {
  await send(huur, 3)
  const first = await openAt(3)
  const huishoudenId = first.huishoudenId
  t.match((await raalte.post(zaken, { huishoudenId })).json(), conflict)
  const later = await send(water, 3)
  for (const body of [{ huishoudenId }, { huishoudenId, vroegsignaalIds: [later] }]) {
    t.match((await raalte.post(zaken, body)).json(), conflict, 'also when a signal waits')
  }
  t.equal((await close(raalte, first.id)).statusCode, 200)
  const second = made(await raalte.post(zaken, { huishoudenId }))
  t.match(second, { huishoudenId, vroegsignaalIds: [later] })
  t.not(second.id, first.id)
  t.match((await raalte.post(zaken, { huishoudenId })).json(), conflict)
})

t.test('409 when no signal waits; what was taken up before goes into a new case by its name', async (t) => {
  const signal = await send(huur, 4)
  const { id, huishoudenId } = await openAt(4)
  t.equal((await close(raalte, id)).statusCode, 200)
  t.match((await raalte.post(zaken, { huishoudenId })).json(), conflict)
  const again = made(await raalte.post(zaken, { huishoudenId, vroegsignaalIds: [signal] }))
  t.same(again.vroegsignaalIds, [signal])
  t.same(await heardOf(huur, signal), ['opgepakt', 'hulp-aanvaard', 'opgepakt'])
})

t.test('409: a signal that is over for its partner is not taken up again', async (t) => {
  const signal = await send(huur, 5)
  const { id, huishoudenId } = await openAt(5)
  t.equal((await close(raalte, id, { resultaat: 'geen-contact' })).statusCode, 200)
  t.match((await raalte.post(zaken, { huishoudenId, vroegsignaalIds: [signal] })).json(), conflict)
  t.same(await heardOf(huur, signal), ['opgepakt', 'afgerond'])
})

t.test('of twenty who open at once exactly one succeeds, and each partner hears it once', async (t) => {
  for (const [huisnummer, isNamed] of [
    [6, false],
    [7, true]
  ] as const) {
    const signals = [await send(huur, huisnummer), await send(water, huisnummer)]
    const { id: huishoudenId } = await householdAt(huisnummer)
    const body = { huishoudenId, ...(isNamed && { vroegsignaalIds: signals }) }
    const answers = await Promise.all(Array.from({ length: 20 }, () => raalte.post(zaken, body)))
    const statuses = answers.map(({ statusCode }) => statusCode).sort()
    t.same(statuses, [201, ...Array(19).fill(409)], `named: ${isNamed}`)
    const [standing, ...more] = await caseIds(raalte, `?huishoudenId=${huishoudenId}`)
    t.same(more, [])
    t.equal(standing, answers.find(({ statusCode }) => statusCode === 201)!.json().id)
    t.same(await heardOf(huur, signals[0]!), ['opgepakt'])
    t.same(await heardOf(water, signals[1]!), ['opgepakt'])
  }
})

t.test('a signal that comes later waits outside the case until it is added', async (t) => {
  const first = await send(huur, 8)
  const { id, huishoudenId } = await openAt(8)
  const later = await send(water, 8)
  t.same((await raalte.get(`${zaken}/${id}`)).json().vroegsignaalIds, [first])
  t.match(await householdAt(8), { id: huishoudenId, aantalSignalen: 2, opgepakt: 1 })
  t.ok(idsOf(await raalte.get('/v1/huishoudens?opgepakt=false')).includes(huishoudenId))
  t.equal(await statusTo(water, later), 'ontvangen')

  const answer = await extend(id, [later])
  t.equal(answer.statusCode, 201)
  t.same(answer.json().vroegsignaalIds, [first, later].sort())
  const read = await raalte.get(`${zaken}/${id}`)
  t.same(read.json(), answer.json())
  t.equal(read.headers.etag, answer.headers.etag)
  t.match(await householdAt(8), { opgepakt: 2 })
  t.equal(await statusTo(water, later), 'opgepakt')
  t.same(await heardOf(water, later), ['opgepakt'])
  t.same(await heardOf(huur, first), ['opgepakt'], 'and who heard it hears nothing twice')

  t.match((await extend(id, [later])).json(), conflict, 'one that is in it already')
  t.equal((await close(raalte, id)).statusCode, 200)
  const latest = await send(water, 8)
  t.match((await extend(id, [latest])).json(), conflict, 'a closed case takes nothing more')
  t.equal(await statusTo(raalte, latest), 'ontvangen')
})

t.test('two who add the same signal at once: it is in the case once', async (t) => {
  await send(huur, 9)
  const { id } = await openAt(9)
  const later = await send(water, 9)
  const answers = await Promise.all([extend(id, [later]), extend(id, [later])])
  t.same(answers.map(({ statusCode }) => statusCode).sort(), [201, 409])
  t.same(await heardOf(water, later), ['opgepakt'])
})

t.test('400 names each signal of another household by its place, and nothing is taken up', async (t) => {
  const own = await send(huur, 10)
  const theirs = await send(huur, 11)
  const vroegsignaalIds = [own, theirs, nowhere]
  const { id: huishoudenId } = await householdAt(10)
  const places = (answer: { json(): { errors: { location: string }[] } }) =>
    answer.json().errors.map(({ location }) => location)
  const opening = await raalte.post(zaken, { huishoudenId, vroegsignaalIds })
  t.match(opening.json(), { status: 400, type: '/v1/problemen/ongeldige-invoer' })
  t.same(places(opening), ['/vroegsignaalIds/1', '/vroegsignaalIds/2'])
  t.equal(await statusTo(raalte, own), 'ontvangen')
  t.same(await caseIds(raalte, `?huishoudenId=${huishoudenId}`), [])

  const { id } = await openAt(11)
  const extending = await extend(id, [own])
  t.equal(extending.statusCode, 400)
  t.same(places(extending), ['/vroegsignaalIds/0'])
  t.equal(await statusTo(raalte, own), 'ontvangen')
})

t.test('404: a household that does not exist, or that is of another municipality', async (t) => {
  const signal = await send(huur, 12, { gemeentecode: '1773' })
  const { id } = await householdAt(12, olst)
  for (const huishoudenId of [nowhere, id]) {
    t.match((await raalte.post(zaken, { huishoudenId })).json(), { status: 404 })
    t.equal((await raalte.post(zaken, { huishoudenId, vroegsignaalIds: [signal] })).statusCode, 404)
  }
  t.equal(await statusTo(olst, signal), 'ontvangen')
})

t.test('400: what the contract does not know, and a day that has yet to come in Amsterdam', async (t) => {
  const signal = await send(huur, 13)
  const { id: huishoudenId } = await householdAt(13)
  const faults: [Overrides, string][] = [
    [{ datumOpgepakt: '2026-11-21' }, '/datumOpgepakt'],
    [{ datumOpgepakt: '2026-02-30' }, '/datumOpgepakt'],
    [{ datumOpgepakt: '20-11-2026' }, '/datumOpgepakt'],
    [{ vroegsignaalIds: [] }, '/vroegsignaalIds'],
    [{ vroegsignaalIds: [signal, signal] }, '/vroegsignaalIds'],
    [{ vroegsignaalIds: ['R-1'] }, '/vroegsignaalIds/0'],
    [{ huishoudenId: 'thuis' }, '/huishoudenId'],
    [{ behandelaar: 'X' }, '']
  ]
  for (const [change, location] of faults) {
    const answer = await raalte.post(zaken, { huishoudenId, ...change })
    t.match(answer.json(), { status: 400, errors: [{ in: 'body', location }] }, JSON.stringify(change))
  }
  t.match((await raalte.post(zaken, {})).json(), { status: 400, errors: [{ location: '/huishoudenId' }] })
  t.equal(await statusTo(raalte, signal), 'ontvangen')
  // It is half past midnight on 21 November in the Netherlands.
  hub.setClock('2026-11-20T23:30:00Z')
  const answer = await raalte.post(zaken, { huishoudenId, datumOpgepakt: '2026-11-21' })
  hub.setClock('2026-11-20T09:00:00Z')
  t.match(made(answer), { datumOpgepakt: '2026-11-21' })
})

t.test('what was withdrawn after the household was read is not taken up', async (t) => {
  const [gone, stays] = [await send(huur, 14), await send(water, 14)]
  const { id: huishoudenId } = await householdAt(14)
  await withdraw(huur, gone, 'betaald')
  const named = await raalte.post(zaken, { huishoudenId, vroegsignaalIds: [stays, gone] })
  t.match(named.json(), { status: 400, errors: [{ location: '/vroegsignaalIds/1' }] })
  t.same(made(await raalte.post(zaken, { huishoudenId })).vroegsignaalIds, [stays])

  const only = await send(huur, 15)
  const { id: empty } = await householdAt(15)
  await withdraw(huur, only, 'betaald')
  t.equal((await raalte.post(zaken, { huishoudenId: empty })).statusCode, 404)
})

t.test('409 when a signal is withdrawn at the very moment it is taken up', async (t) => {
  const context = await contextOfPartner(hub, huur)
  for (const isNamed of [true, false]) {
    const huisnummer = isNamed ? 16 : 17
    const gone = await send(huur, huisnummer)
    const { id: huishoudenId } = await householdAt(huisnummer)
    const answer = await hub.database.as(context, async (tx) => {
      await saveIntrekking(tx, { gemeentecode: '0177', id: gone })
      const opening = raalte.post(zaken, { huishoudenId, ...(isNamed && { vroegsignaalIds: [gone] }) })
      await untilBlocked(hub)
      return { opening }
    })
    t.match((await answer.opening).json(), conflict)
    t.same(await heardOf(huur, gone), [])
    t.same(await hub.admin('select from vroegsignaalzaak where huishouden_id = $1', [huishoudenId]), [])
  }
})

t.test(
  'a repeat with the same Idempotency-Key gives the case as it stands, and opens no other',
  async (t) => {
    const signal = await send(huur, 18)
    const { id: huishoudenId } = await householdAt(18)
    const key = { 'idempotency-key': 'zaak-18' }
    const first = await raalte.post(zaken, { huishoudenId }, key)
    const { id } = made(first)
    const again = await raalte.post(zaken, { huishoudenId }, key)
    t.match(again, { statusCode: 201, headers: { 'idempotency-replayed': 'true' } })
    t.same(again.json(), first.json())
    t.equal(again.headers.location, first.headers.location)
    t.equal(again.headers.etag, first.headers.etag)
    const otherBody = { huishoudenId, vroegsignaalIds: [signal] }
    t.match((await raalte.post(zaken, otherBody, key)).json(), {
      status: 422,
      type: '/v1/problemen/idempotentie-conflict'
    })

    const later = await send(water, 18)
    const extended = await extend(id, [later], key)
    const extendedAgain = await extend(id, [later], key)
    t.match(extendedAgain, { statusCode: 201, headers: { 'idempotency-replayed': 'true' } })
    t.same(extendedAgain.json(), extended.json())
    t.equal((await close(raalte, id)).statusCode, 200)
    const afterwards = await raalte.post(zaken, { huishoudenId }, key)
    t.match(afterwards.json(), { id, vroegsignaalIds: [signal, later].sort(), resultaat: 'vervolghulp' })
    t.same(await caseIds(raalte, `?huishoudenId=${huishoudenId}`), [id])
    t.same(await heardOf(huur, signal), ['opgepakt', 'hulp-aanvaard'])
  }
)

t.test('a result is given with If-Match and stays: 428, 412, and 409 for another one', async (t) => {
  await send(huur, 19)
  const { id } = await openAt(19)
  const stale = String((await raalte.get(`${zaken}/${id}`)).headers.etag)
  t.equal((await put(raalte, id)).statusCode, 428)
  const later = await send(water, 19)
  made(await extend(id, [later]))
  t.equal((await close(raalte, id, {}, stale)).statusCode, 412)
  const future = await close(raalte, id, { datum: '2026-11-21' })
  t.match(future.json(), { status: 400, errors: [{ location: '/datum' }] })
  t.equal((await close(raalte, id, { resultaat: 'opgelost' })).statusCode, 400)
  t.notOk((await raalte.get(`${zaken}/${id}`)).json().resultaat)

  const result = { resultaat: 'overleden', datum: '2026-11-19' }
  const closed = await close(raalte, id, result)
  t.equal(closed.statusCode, 200)
  t.same(closed.json(), result)
  const read = (await raalte.get(`${zaken}/${id}`)).json()
  t.match(read, { resultaat: 'overleden', resultaatdatum: '2026-11-19' })
  t.equal((await close(raalte, id, result)).statusCode, 200, 'the same one again')
  t.match((await close(raalte, id, { ...result, resultaat: 'geen-contact' })).json(), conflict)
  t.match((await close(raalte, id, { ...result, datum: today })).json(), conflict)
  t.same((await raalte.get(`${zaken}/${id}`)).json(), read)
  t.same(await heardOf(water, later), ['opgepakt', 'overleden'])
})

t.test('every opening, reading and ending of a case leaves a line in the processing log', async (t) => {
  await send(huur, 20)
  const { id, huishoudenId } = await openAt(20)
  const later = await send(water, 20)
  made(await extend(id, [later]))
  await raalte.get(`${zaken}/${id}`)
  await raalte.get(`${zaken}?huishoudenId=${huishoudenId}`)
  await raalte.get(`${zaken}/${nowhere}`)
  const result = { resultaat: 'geen-reactie-na-contact' }
  t.equal((await close(raalte, id, result, '"stale"')).statusCode, 412)
  t.equal((await close(raalte, id, result, '*')).statusCode, 200)
  t.equal((await recall(raalte, id, '"stale"')).statusCode, 412)
  t.equal((await recall(raalte, id, '*')).statusCode, 204)
  const lines = await hub.admin<{ activiteit: string; pseudoniem: string }>(
    `select activiteit, encode(betrokkene_pseudoniem, 'hex') as pseudoniem from verwerking
      where object_id = $1 and gemeentecode = '0177' and client_id::text = $2 and signaalpartner_id is null
      order by activiteit`,
    [id, raalte.clientId]
  )
  t.same(
    lines.map(({ activiteit }) => activiteit),
    ['zaak-afsluiten', 'zaak-heropenen', 'zaak-inzien', 'zaak-inzien', 'zaak-openen', 'zaak-uitbreiden']
  )
  const [aboutHousehold] = await hub.admin<{ pseudoniem: string }>(
    `select encode(betrokkene_pseudoniem, 'hex') as pseudoniem from verwerking
      where object_id = $1 and activiteit = 'huishouden-inzien' limit 1`,
    [huishoudenId]
  )
  t.same([...new Set(lines.map(({ pseudoniem }) => pseudoniem))], [aboutHousehold!.pseudoniem])
})

t.test('who may only read households reads cases; only zaken:schrijven changes them', async (t) => {
  const signal = await send(huur, 21)
  const { id, huishoudenId } = await openAt(21)
  const contact = { soort: 'telefoon', datum: today, bereikt: true }
  const reader = await hub.gemeente('0177', 'Raalte', ['huishoudens:lezen'])
  const writer = await hub.gemeente('0177', 'Raalte', ['zaken:schrijven'])
  const stranger = await hub.gemeente('0177', 'Raalte', ['vroegsignalen:lezen'])
  for (const path of [zaken, `${zaken}/${id}`, `${zaken}/${id}/contactpogingen`]) {
    t.equal((await reader.get(path)).statusCode, 200, path)
    t.equal((await writer.get(path)).statusCode, 200, path)
    for (const party of [stranger, huur, hub.beheer]) {
      t.equal((await party.get(path)).statusCode, 403, path)
    }
  }
  for (const party of [reader, stranger, huur, hub.beheer]) {
    const answers = [
      await party.post(zaken, { huishoudenId }),
      await party.post(`${zaken}/${id}/vroegsignalen`, { vroegsignaalIds: [signal] }),
      await party.post(`${zaken}/${id}/contactpogingen`, contact),
      await put(party, id, {}, { 'if-match': '*' })
    ]
    t.same(
      answers.map(({ statusCode }) => statusCode),
      [403, 403, 403, 403]
    )
  }
  made(await writer.post(`${zaken}/${id}/contactpogingen`, contact))
  t.equal((await put(writer, id, {}, { 'if-match': '*' })).statusCode, 200)
})

t.test('for another municipality nothing of a case exists, whatever it asks', async (t) => {
  const signal = await send(huur, 22)
  const { id, huishoudenId } = await openAt(22)
  const contact = { soort: 'telefoon', datum: today, bereikt: true }
  made(await raalte.post(`${zaken}/${id}/contactpogingen`, contact))
  const answers = [
    await olst.get(`${zaken}/${id}`),
    await olst.get(`${zaken}/${id}/contactpogingen`),
    await olst.get(`${zaken}?gemeentecode=0177`),
    await olst.post(zaken, { huishoudenId }),
    await olst.post(`${zaken}/${id}/vroegsignalen`, { vroegsignaalIds: [signal] }),
    await olst.post(`${zaken}/${id}/contactpogingen`, contact),
    await put(olst, id, {}, { 'if-match': '*' })
  ]
  for (const { statusCode } of answers) t.equal(statusCode, 404)
  t.same(await caseIds(olst, `?huishoudenId=${huishoudenId}`), [])

  const inOlst = { duty: 'gemeente', gemeentecodes: ['1773'] } as const
  await hub.database.as(inOlst, async (tx) => {
    for (const table of ['vroegsignaalzaak', 'zaakVroegsignaal', 'contactpoging'] as const) {
      t.same(await tx.selectFrom(table).select('gemeentecode').execute(), [], table)
    }
    const changed = await tx.updateTable('vroegsignaalzaak').set({ resultaatdatum: null }).executeTakeFirst()
    t.equal(changed.numUpdatedRows, 0n)
  })
  const link = { gemeentecode: '0177', zaakId: id, vroegsignaalId: nowhere }
  await t.rejects(
    hub.database.as(inOlst, (tx) => tx.insertInto('zaakVroegsignaal').values(link).execute()),
    { code: '42501' }
  )
})

t.test('the list: those taken up last first, by pages of one, and by each filter', async (t) => {
  const { raalte, olst, huur, send, householdAt, openAt } = await openStage(t)
  const opened: Record<number, { id: string; huishoudenId: string }> = {}
  for (const [huisnummer, day] of [
    [1, '18'],
    [2, '20'],
    [3, '19'],
    [4, '20']
  ] as const) {
    await send(huur, huisnummer)
    const { id: huishoudenId } = await householdAt(huisnummer)
    opened[huisnummer] = made(await raalte.post(zaken, { huishoudenId, datumOpgepakt: `2026-11-${day}` }))
  }
  await send(huur, 5, { gemeentecode: '1773' })
  const theirs = await openAt(5, olst)
  const [one, two, three, four] = [1, 2, 3, 4].map((huisnummer) => opened[huisnummer]!.id)
  const inOrder = [...[two!, four!].sort(), three!, one!]
  t.same(await caseIds(raalte), inOrder)
  for (const limit of [1, 2, 4]) {
    const { resultaten, pages } = await walk<{ id: string }>(raalte, `${zaken}?limit=${limit}`)
    t.same(
      resultaten.map(({ id }) => id),
      inOrder
    )
    t.equal(pages, 4 / limit)
  }

  t.equal((await close(raalte, three!)).statusCode, 200)
  t.same(await caseIds(raalte, '?afgesloten=true'), [three])
  t.same(await caseIds(raalte, '?afgesloten=false'), [...[two!, four!].sort(), one])
  const open = await walk<{ id: string }>(raalte, `${zaken}?limit=1&afgesloten=false&gemeentecode=0177`)
  t.equal(open.pages, 3, 'a filter holds on the next page too')
  t.notOk(open.resultaten.some(({ id }) => id === three))
  t.same(await caseIds(raalte, `?huishoudenId=${opened[2]!.huishoudenId}`), [two])
  t.same(await caseIds(raalte, `?huishoudenId=${opened[2]!.huishoudenId}&afgesloten=true`), [])
  t.same(await caseIds(raalte, '?gemeentecode=0177'), inOrder)
  t.equal((await raalte.get(`${zaken}?gemeentecode=1773`)).statusCode, 404)
  t.same(await caseIds(olst), [theirs.id])
  for (const query of ['afgesloten=misschien', 'huishoudenId=1', 'resultaat=overleden', 'limit=1001']) {
    t.equal((await raalte.get(`${zaken}?${query}`)).statusCode, 400, query)
  }
})

t.test('from the day of its last signal a case is hidden, and the sweep destroys it whole', async (t) => {
  const { hub, raalte, huur, water, send, householdAt, openAt } = await openStage(t, {
    now: '2026-05-20T09:00:00Z'
  })
  const first = await send(huur, 1)
  const { id } = await openAt(1)
  const contact = { soort: 'huisbezoek', datum: '2026-05-20', bereikt: false }
  made(await raalte.post(`${zaken}/${id}/contactpogingen`, contact))
  hub.setClock('2026-06-10T09:00:00Z')
  const last = await send(water, 1)
  made(await raalte.post(`${zaken}/${id}/vroegsignalen`, { vroegsignaalIds: [last] }))
  await send(water, 2)
  const other = await openAt(2)

  hub.setClock('2026-11-20T09:00:00Z')
  t.same((await raalte.get(`${zaken}/${id}`)).json().vroegsignaalIds, [last], 'the first has come to its day')
  t.equal(await hub.sweep(), 1)
  t.same((await raalte.get(`${zaken}/${id}`)).json().vroegsignaalIds, [last])
  t.same(await rowsLeft(hub), { zaken: 2, koppelingen: 2, contactpogingen: 1 })
  t.same(await hub.admin('select from zaak_vroegsignaal where vroegsignaal_id = $1', [first]), [])

  hub.setClock('2026-12-09T22:59:00Z')
  t.equal((await raalte.get(`${zaken}/${id}`)).statusCode, 200, 'a minute before midnight there')
  hub.setClock('2026-12-09T23:00:00Z')
  const bodies = { contact: { ...contact, datum: '2026-12-09' }, ids: { vroegsignaalIds: [last] } }
  const answers = [
    await raalte.get(`${zaken}/${id}`),
    await raalte.get(`${zaken}/${id}/contactpogingen`),
    await raalte.post(`${zaken}/${id}/contactpogingen`, bodies.contact),
    await raalte.post(`${zaken}/${id}/vroegsignalen`, bodies.ids),
    await put(raalte, id, { datum: '2026-12-09' }, { 'if-match': '*' })
  ]
  for (const { statusCode } of answers) t.equal(statusCode, 404)
  t.same(idsOf(await raalte.get(zaken)), [])
  t.equal(await householdAt(1), undefined)
  t.same(await rowsLeft(hub), { zaken: 2, koppelingen: 2, contactpogingen: 1 }, 'before any sweep')

  t.equal(await hub.sweep(), 2)
  t.same(await rowsLeft(hub), { zaken: 0, koppelingen: 0, contactpogingen: 0 })
  t.equal((await raalte.get(`${zaken}/${other.id}`)).statusCode, 404)
})

t.test('503 until the sweep, while a case of the household that came to its day still stands', async (t) => {
  const { hub, raalte, huur, send, householdAt, openAt } = await openStage(t, { now: '2026-05-20T09:00:00Z' })
  await send(huur, 1)
  await openAt(1)
  hub.setClock('2026-06-10T09:00:00Z')
  const later = await send(huur, 1)
  hub.setClock('2026-11-20T09:00:00Z')
  const { id: huishoudenId } = await householdAt(1)
  t.same(idsOf(await raalte.get(zaken)), [])
  const answer = await raalte.post(zaken, { huishoudenId })
  t.equal(answer.statusCode, 503)
  t.ok(answer.headers['retry-after'])
  await hub.sweep()
  t.same(made(await raalte.post(zaken, { huishoudenId })).vroegsignaalIds, [later])
})

t.test(
  'when all was paid a case is read and closed as ever, nobody hears of it, and nothing is left',
  async (t) => {
    const [rent, tap] = [await send(huur, 23), await send(water, 23)]
    const { id } = await openAt(23)
    await withdraw(huur, rent, 'betaald')
    t.same((await raalte.get(`${zaken}/${id}`)).json().vroegsignaalIds, [tap])
    await withdraw(water, tap, 'betalingsregeling')
    t.same((await raalte.get(`${zaken}/${id}`)).json().vroegsignaalIds, [])
    t.ok((await caseIds(raalte, '?limit=1000')).includes(id))
    t.equal(await householdAt(23), undefined)

    const contact = { soort: 'telefoon', datum: today, bereikt: true, wenstGeenContact: true }
    made(await raalte.post(`${zaken}/${id}/contactpogingen`, contact))
    t.equal((await close(raalte, id, { resultaat: 'zelf-betaald' })).statusCode, 200)
    t.equal((await raalte.get(`${zaken}/${id}`)).statusCode, 404)
    t.same(await hub.admin('select from vroegsignaal where id = any ($1::uuid[])', [[rent, tap]]), [])
    t.same(await heardOf(huur, rent), [])
    t.same(await heardOf(water, tap), [])

    await send(huur, 23)
    const anew = await openAt(23)
    t.not(anew.id, id, 'and who is signalled again gets a case of their own')
  }
)

t.test('a signal that was wrong leaves its case at once; the case goes with the last of them', async (t) => {
  const { hub, raalte, huur, water, send, openAt } = await openStage(t)
  const [rent, tap] = [await send(huur, 1), await send(water, 1)]
  const { id } = await openAt(1)
  made(
    await raalte.post(`${zaken}/${id}/contactpogingen`, { soort: 'kaartje', datum: today, bereikt: false })
  )
  await withdraw(huur, rent, 'foutief')
  t.same((await raalte.get(`${zaken}/${id}`)).json().vroegsignaalIds, [tap])
  t.same(await rowsLeft(hub), { zaken: 1, koppelingen: 1, contactpogingen: 1 })
  await withdraw(water, tap, 'foutief')
  t.equal((await raalte.get(`${zaken}/${id}`)).statusCode, 404)
  t.same(await caseIds(raalte), [])
  t.same(await rowsLeft(hub), { zaken: 0, koppelingen: 0, contactpogingen: 0 })
})
