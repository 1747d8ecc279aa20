import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { matchHuishoudens } from '../../../src/huishoudens/match-huishoudens.ts'
import {
  beginDelivery,
  listen,
  manySignals,
  ndjson,
  untilWriting
} from '../../aanlevering/leveringen/deliveries.ts'
import { takeIn } from '../../aanlevering/take-in.ts'
import { aSignal, type Overrides } from '../../helpers/builders.ts'
import { type Answer, openTestHub, type Party, type TestHub } from '../../helpers/test-hub.ts'
import { kinds } from './delta-commands.ts'
import {
  checkChain,
  type Delta,
  feedUrl,
  type Household,
  listed,
  openFollower,
  readFeed,
  rememberedDays
} from './delta-follower.ts'
import { openHolds } from './delta-hold.ts'
import { everything, play, scenario } from './delta-scenario.ts'
import { moveClock, openWorld, today } from './delta-world.ts'

// Slow machines need more than the default 30 seconds when this file is run without the test runner.
t.setTimeout(240_000)

const signalen = '/v1/vroegsignalen'
const zaken = '/v1/vroegsignaalzaken'
const anyVersion = { 'if-match': '*' }
const gone = { type: '/v1/problemen/positie-onbekend', status: 410 }

async function openHub(t: Test) {
  const hub = await openTestHub(t, { now: '2026-04-15T09:00:00Z' })
  const raalte = await hub.gemeente('0177')
  const olst = await hub.gemeente('1773')
  const verhuurder = await hub.signaalpartner(['huur'], ['0177', '1773'])
  let sent = 0
  const signal = (huisnummer: number, overrides: Overrides = {}) => {
    sent += 1
    const usual = { referentie: `R-${sent}`, klantnummer: `K-${sent}`, signaaldatum: today(hub) }
    return aSignal({ ...usual, adres: { huisnummer }, ...overrides })
  }
  /** Posts a signal about the residents of this house number. Returns its id. */
  const post = async (huisnummer: number, overrides?: Overrides) =>
    made(await verhuurder.post(signalen, signal(huisnummer, overrides))).id as string
  const withdraw = async (id: string) =>
    made(await verhuurder.post(`${signalen}/${id}/intrekkingen`, { reden: 'betaald' }))
  const feed = (after?: string, limit?: number, party: Party = raalte) => readFeed(party, after, limit)
  return { hub, raalte, olst, verhuurder, signal, post, withdraw, feed }
}

function made(answer: Answer) {
  if (answer.statusCode !== 201) throw new Error(`expected 201, got ${answer.statusCode}: ${answer.body}`)
  return answer.json()
}

/** Resolves when a transaction waits for a lock. */
async function untilWaiting(hub: TestHub): Promise<void> {
  const waiting = () =>
    hub.admin(
      'select from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())'
    )
  while ((await waiting()).length === 0) await sleep(5)
}

const numbersOf = (households: Iterable<Household>) =>
  [...households].map(({ adres }) => (adres as { huisnummer: number }).huisnummer).sort((a, b) => a - b)
const shownIn = (deltas: readonly Delta[]) => deltas.flatMap(({ huishouden }) => huishouden ?? [])
const saidOf = (deltas: readonly Delta[]) => deltas.map(({ soort, huishoudenId }) => [soort, huishoudenId])

t.test('a new follower gets every live household, oldest change first, and then only changes', async (t) => {
  const { raalte, post, withdraw, feed } = await openHub(t)
  await post(2)
  await feed()
  const first = await post(1)
  await feed()
  await post(2)
  const begun = await feed()
  checkChain(begun, undefined, 100)
  t.same(
    shownIn(begun.deltas).map((household) => numbersOf([household])),
    [[1], [2]]
  )
  t.same(await feed(begun.stateId), { deltas: [], stateId: begun.stateId }, 'nothing happened since')
  const [one, two] = begun.deltas.map(({ huishoudenId }) => huishoudenId)
  t.same((await raalte.get(`/v1/huishoudens/${one}`)).json(), begun.deltas[0]!.huishouden)

  await post(2)
  await withdraw(first)
  const { deltas } = await feed(begun.stateId)
  t.same(saidOf(deltas).sort(), [
    ['gewijzigd', two],
    ['vervallen', one]
  ])
  const [went] = deltas.filter(({ soort }) => soort === 'vervallen')
  t.strictSame(Object.keys(went!).sort(), ['huishoudenId', 'prevStateId', 'soort', 'stateId'])
  t.same(saidOf((await feed()).deltas), [['gewijzigd', two]], 'and who begins never knew it')
})

t.test('a household that expired unseen, and the new one on its address: both are told', async (t) => {
  const { hub, post, feed } = await openHub(t)
  await post(1)
  const begun = await feed()
  const [before] = begun.deltas.map(({ huishoudenId }) => huishoudenId)
  hub.setClock('2026-10-15T09:00:00Z')
  await post(1)
  const { deltas } = await feed(begun.stateId)
  const [after] = (await feed()).deltas.map(({ huishoudenId }) => huishoudenId)
  t.not(after, before)
  t.same(saidOf(deltas).sort(), [
    ['gewijzigd', after],
    ['vervallen', before]
  ])
})

t.test('at most as many changes as asked for: 100 unless told, and up to 1000', async (t) => {
  const { hub, raalte, verhuurder, signal, feed } = await openHub(t)
  await takeIn(
    hub,
    verhuurder,
    Array.from({ length: 1001 }, (_, n) => signal(n + 1))
  )
  for (const [limit, expected] of [
    [undefined, 100],
    [1, 1],
    [1000, 1000]
  ] as const) {
    const answered = await feed(undefined, limit)
    t.equal(answered.deltas.length, expected)
    checkChain(answered, undefined, expected)
  }
  const { stateId } = await feed(undefined, 1000)
  t.equal((await feed(stateId, 1000)).deltas.length, 1)
  for (const wrong of ['limit=1001', 'limit=0', 'limit=-1', 'limit=2.5', 'limit=x', 'cursor=x']) {
    t.equal((await raalte.get(`/v1/huishoudens/_deltas?${wrong}`)).statusCode, 400, wrong)
  }
})

t.test('a position tells nothing of what happens in other municipalities', async (t) => {
  const { raalte, post, feed } = await openHub(t)
  await post(1)
  await post(2)
  const before = await feed()
  for (let n = 1; n <= 5; n += 1) await post(n, { gemeentecode: '1773' })
  t.same(await feed(), before, 'from the beginning')
  t.same(await feed(before.stateId), { deltas: [], stateId: before.stateId }, 'and from where one was')
  const { deltas } = before
  t.match(before.stateId, /^[\w-]{43}$/)
  t.equal(new Set(deltas.map(({ stateId }) => stateId)).size, 2)
  t.equal((await raalte.get(feedUrl(deltas[0]!.stateId))).json().deltas.length, 1)
})

t.test('410 positie-onbekend: a position that was not given out here', async (t) => {
  const { raalte, post, feed } = await openHub(t)
  await post(1)
  const { stateId } = await feed()
  const altered = [...stateId].map((letter, place) => {
    const other = letter === 'A' ? 'B' : 'A'
    return `${stateId.slice(0, place)}${other}${stateId.slice(place + 1)}`
  })
  for (const unknown of [
    ...altered,
    'x',
    '.',
    '0.0.',
    `0${stateId}`,
    `${stateId}A`,
    `${stateId}.A`,
    `${stateId.slice(0, -1)}`,
    stateId.toUpperCase() === stateId ? stateId.toLowerCase() : stateId.toUpperCase()
  ]) {
    const answer = await raalte.get(feedUrl(unknown))
    t.match(answer.json(), gone, unknown)
  }
  t.equal((await raalte.get(feedUrl(stateId))).statusCode, 200, 'and the real one is known')
})

t.test(
  "410: another municipality's position, or one of before the client's municipalities changed",
  async (t) => {
    const { hub, raalte, olst, post, feed } = await openHub(t)
    const both = await hub.client({
      naam: 'Uitvoerder',
      rol: 'gemeente',
      gemeentecodes: ['1773', '0177'],
      scopes: ['huishoudens:lezen']
    })
    await post(1)
    await post(2, { gemeentecode: '1773' })
    const parties = [raalte, olst, both]
    const given = await Promise.all(parties.map(async (party) => (await feed(undefined, 1, party)).stateId))
    for (const [at, party] of parties.entries()) {
      for (const [from, stateId] of given.entries()) {
        const answer = await party.get(feedUrl(stateId))
        if (from === at) t.equal(answer.statusCode, 200)
        else t.match(answer.json(), gone, `position of ${from} brought by ${at}`)
      }
    }

    const [{ id }] = (await hub.admin('select id from client where client_id = $1', [both.clientId])) as [
      { id: string }
    ]
    const patched = await hub.beheer.patch(`/v1/clients/${id}`, { gemeentecodes: ['0177'] }, anyVersion)
    t.equal(patched.statusCode, 200)
    t.match((await both.get(feedUrl(given[2]))).json(), gone)
    t.same(numbersOf(shownIn((await feed(undefined, 10, both)).deltas)), [1], 'it begins with what is left')
  }
)

t.test('410: a position of before what has been forgotten, 35 days after it went', async (t) => {
  const { hub, raalte, olst, post, withdraw, feed } = await openHub(t)
  await post(1, { gemeentecode: '1773' })
  const ofAnother = await feed(undefined, 10, olst)
  const [goes] = [await post(1), await post(2)]
  const before = await feed()
  await withdraw(goes)
  const after = await feed(before.stateId)
  t.same(
    after.deltas.map(({ soort }) => soort),
    ['vervallen']
  )

  moveClock(hub, rememberedDays)
  await hub.sweep()
  t.same((await feed(before.stateId)).deltas, after.deltas, 'until then it is told again')
  moveClock(hub, 1)
  t.same((await feed(before.stateId)).deltas, after.deltas, 'and as long as no sweep has come by')
  await hub.sweep()
  t.match((await raalte.get(feedUrl(before.stateId))).json(), gone)
  t.same((await feed(after.stateId)).deltas, [], 'who had heard of it goes on')
  t.same(numbersOf(shownIn((await feed()).deltas)), [2], 'who was refused begins anew')
  t.same((await feed(ofAnother.stateId, 10, olst)).deltas, [], 'and another municipality forgot nothing')
})

t.test('a first walk continues when the hub forgets what went before it', async (t) => {
  const { hub, raalte, post, withdraw, feed } = await openHub(t)
  for (const huisnummer of [1, 2, 3, 4]) await post(huisnummer)
  const goes = await post(5)
  await feed()
  await withdraw(goes)
  await feed()

  const follower = openFollower(hub, raalte)
  await follower.read(2)
  moveClock(hub, rememberedDays + 1)
  await hub.sweep()
  const [forgotten] = await hub.admin('select from huishouden_vervallen')
  t.equal(forgotten, undefined, 'it really is forgotten')
  t.equal((await raalte.get(feedUrl(follower.stateId()))).statusCode, 200)
  await follower.catchUp(2)
  t.same(numbersOf(follower.households.values()), [1, 2, 3, 4])
  t.equal(follower.restarts(), 0)
})

t.test('410: a first walk missed a household that went during it and is forgotten now', async (t) => {
  const { hub, raalte, post, withdraw, feed } = await openHub(t)
  const [goes] = [await post(1), await post(2), await post(3)]
  const { deltas, stateId } = await feed(undefined, 2)
  t.equal(deltas.length, 2)
  await withdraw(goes)
  await feed()
  moveClock(hub, rememberedDays + 1)
  await hub.sweep()
  t.match((await raalte.get(feedUrl(stateId))).json(), gone)
})

t.test('410: a position ahead of all that was ever published, as after a database is put back', async (t) => {
  const { hub, raalte, post, feed } = await openHub(t)
  await post(1)
  const [{ volgnummer }] = (await hub.admin(
    'select last_value as volgnummer from huishouden_volgnummer'
  )) as [{ volgnummer: string }]
  const early = await feed()
  await post(2)
  await post(3)
  const { stateId } = await feed()
  t.equal((await raalte.get(feedUrl(stateId))).statusCode, 200)
  await hub.admin(`select setval('huishouden_volgnummer', $1)`, [Number(volgnummer) + 1])
  t.match((await raalte.get(feedUrl(stateId))).json(), gone)
  t.equal((await raalte.get(feedUrl(early.stateId))).statusCode, 200, 'one of before that is known')
})

t.test(
  'a household keeps its id through all that happens to it, goes once, and what follows is new',
  async (t) => {
    const { hub, raalte, verhuurder, post, withdraw } = await openHub(t)
    const water = await hub.signaalpartner(['drinkwater'], ['0177'])
    const follower = openFollower(hub, raalte)
    const current = async () => {
      await follower.catchUp(1)
      return [...follower.households.values()]
    }
    const first = await post(1)
    const [born] = await current()
    const { id } = born!

    const happenings: Record<string, () => Promise<unknown>> = {
      'a second signal of its own month': () => post(1, { klantnummer: 'K-een' }),
      'a correction': () =>
        verhuurder.patch(`${signalen}/${first}`, { achterstand: { bedragInCenten: 99_900 } }, anyVersion),
      'doubt about its address': () =>
        raalte.call({
          method: 'PUT',
          url: `/v1/huishoudens/${id}/adresindicatie`,
          headers: anyVersion,
          payload: { bron: 'laa', datum: today(hub) }
        } as never),
      'being taken up': () => raalte.post(zaken, { huishoudenId: id }),
      "another partner's crisis, a month on": async () => {
        moveClock(hub, 31)
        const body = { sector: 'drinkwater', soort: 'afsluitsignaal', geplandeDatum: '2026-07-20' }
        const usual = {
          referentie: 'W-1',
          klantnummer: 'W',
          signaaldatum: today(hub),
          adres: { huisnummer: 1 }
        }
        return water.post(signalen, aSignal({ ...usual, ...body }))
      },
      'its first signal leaving': () => withdraw(first),
      'its second signal expiring': async () => moveClock(hub, 5 * 31)
    }
    let before = born
    for (const [what, happen] of Object.entries(happenings)) {
      await happen()
      const [now, ...more] = await current()
      t.equal(now?.id, id, what)
      t.same(more, [])
      t.notSame(now, before, `${what} is told`)
      before = now
    }
    moveClock(hub, 31)
    t.same(await current(), [], 'its last signal has expired')
    t.same([...follower.gone], [id])
    await hub.sweep()
    t.same(await current(), [])

    await post(1)
    const [next] = await current()
    t.not(next!.id, id)
    t.notOk('adresindicatie' in next!, 'nothing of the old one clings to it')
  }
)

t.test('a signal that came in time keeps its household, whenever the matcher comes by', async (t) => {
  const { hub, raalte, post } = await openHub(t)
  await post(1)
  const follower = openFollower(hub, raalte)
  await follower.catchUp(1)
  const [id] = follower.households.keys()
  moveClock(hub, 150)
  await post(1)
  moveClock(hub, 50)
  await follower.catchUp(1)
  t.same([...follower.households.keys()], [id])
  t.same([...follower.gone], [], 'it was never told to be gone')
})

t.test(
  'a signal that commits or is sent on after its household was told to be gone makes a new one',
  async (t) => {
    const { hub, raalte, olst, verhuurder, signal, post } = await openHub(t)
    const holds = openHolds(hub)
    const instellingen = { bewaartermijnMaanden: 1 }
    await raalte.patch('/v1/gemeenten/0177', { instellingen }, anyVersion)
    await post(1)
    await post(2)
    const elsewhere = await post(2, { gemeentecode: '1773' })
    const follower = openFollower(hub, raalte)
    await follower.catchUp(1)
    const old = [...follower.households.keys()]
    moveClock(hub, 29)
    const late = await holds.request(() =>
      verhuurder.post('/v1/aanleveringen', { vroegsignalen: [signal(1)] })
    )
    t.ok(late.isHeld)
    moveClock(hub, 1)
    await follower.catchUp(1)
    t.same([...follower.gone].sort(), old.sort())

    t.equal((await late.release()).statusCode, 201)
    const sentOn = await olst.post(`${signalen}/${elsewhere}/doorzendingen`, { gemeentecode: '0177' })
    t.equal(sentOn.statusCode, 201)
    await follower.catchUp(1)
    t.same(numbersOf(follower.households.values()), [1, 2])
    t.ok(
      [...follower.households.keys()].every((id) => !old.includes(id)),
      'and none has come back'
    )
    t.same(follower.households, await listed(raalte))
  }
)

t.test(
  'a matcher that waited past midnight does not bring back a household that was told to be gone',
  async (t) => {
    const { hub, raalte, post } = await openHub(t)
    const holds = openHolds(hub)
    await raalte.patch('/v1/gemeenten/0177', { instellingen: { bewaartermijnMaanden: 1 } }, anyVersion)
    await post(1)
    const follower = openFollower(hub, raalte)
    await follower.catchUp(1)
    const [id] = follower.households.keys()
    const [lastDay, expired] = ['2026-05-14T09:00:00Z', '2026-05-15T09:00:00Z']

    hub.setClock(expired)
    const ahead = await holds.matcher(() => matchHuishoudens(hub.database, ['0177']))
    t.ok(ahead.isHeld)
    hub.setClock(lastDay)
    const behind = matchHuishoudens(hub.database, ['0177'])
    await untilWaiting(hub)
    await hub.admin(
      'insert into huishouden_markering (gemeentecode, adres_index) select gemeentecode, adres_index from huishouden'
    )
    hub.setClock(expired)
    await ahead.release()
    await behind
    const published = await hub.admin(
      'select h.id from huishouden h join huishouden_vervallen v using (gemeentecode, id) where v.volgnummer > h.volgnummer'
    )
    t.same(published, [{ id }], 'its end is the last that was published of it')
    await follower.catchUp(1)
    t.same([...follower.gone], [id])
  }
)

t.test('a household that no sweep removed for 35 days is told to be gone once', async (t) => {
  const { hub, raalte, post } = await openHub(t)
  await raalte.patch('/v1/gemeenten/0177', { instellingen: { bewaartermijnMaanden: 1 } }, anyVersion)
  await post(1)
  const follower = openFollower(hub, raalte)
  await follower.catchUp(1)
  const [id] = follower.households.keys()
  moveClock(hub, 30)
  await follower.catchUp(1)
  moveClock(hub, rememberedDays + 1)
  await post(1)
  await hub.sweep()
  await follower.catchUp(1)
  t.same([...follower.gone], [id])
  t.equal(follower.restarts(), 0)
  t.equal(follower.households.size, 1)
})

t.test('where another instance has begun the next day, that day counts; a later one is 503', async (t) => {
  const { hub, raalte, post } = await openHub(t)
  await raalte.patch('/v1/gemeenten/0177', { instellingen: { bewaartermijnMaanden: 1 } }, anyVersion)
  await post(1)
  const follower = openFollower(hub, raalte)
  await follower.catchUp(1)
  const [first] = follower.households.keys()
  hub.setClock('2026-05-15T09:00:00Z')
  await matchHuishoudens(hub.database, ['0177'])
  hub.setClock('2026-05-14T22:00:00+02:00')
  await post(2)
  t.equal((await raalte.get('/v1/huishoudens')).statusCode, 200)
  await follower.catchUp(1)
  t.same([...follower.gone], [first], 'what ended stays ended')
  t.equal(follower.households.size, 1, 'and what came is there')
  hub.setClock('2026-05-13T22:00:00+02:00')
  await post(3)
  const answer = await raalte.get('/v1/huishoudens')
  t.equal(answer.statusCode, 503)
  t.equal(answer.headers['retry-after'], '1')
  hub.setClock('2026-05-15T00:00:00+02:00')
  t.equal((await raalte.get('/v1/huishoudens')).statusCode, 200)
})

type Stage = Awaited<ReturnType<typeof openHub>>
const changes: Record<string, (stage: Stage, id: string, huisnummer: number) => Promise<Answer>> = {
  'a delivery': ({ verhuurder, signal }, _id, huisnummer) =>
    verhuurder.post('/v1/aanleveringen', { vroegsignalen: [signal(huisnummer), signal(huisnummer + 50)] }),
  'a single post': ({ verhuurder, signal }, _id, huisnummer) => verhuurder.post(signalen, signal(huisnummer)),
  'a correction': ({ verhuurder }, id) =>
    verhuurder.patch(`${signalen}/${id}`, { achterstand: { bedragInCenten: 77_700 } }, anyVersion),
  'a withdrawal': ({ verhuurder }, id) =>
    verhuurder.post(`${signalen}/${id}/intrekkingen`, { reden: 'foutief' }),
  'a case': async ({ raalte }, _id, huisnummer) => {
    const households = [...(await listed(raalte)).values()]
    const household = households.find((one) => numbersOf([one])[0] === huisnummer)
    return raalte.post(zaken, { huishoudenId: household!.id })
  },
  'a forward': ({ raalte }, id) => raalte.post(`${signalen}/${id}/doorzendingen`, { gemeentecode: '1773' })
}

t.test('a change that commits long after others read past it is not skipped', async (t) => {
  const stage = await openHub(t)
  const { hub, raalte, olst, signal } = stage
  const holds = openHolds(hub)
  const other = await hub.signaalpartner(['huur'], ['0177', '1773'])
  const followers = [raalte, olst].map((party) => openFollower(hub, party))
  const catchUp = () => Promise.all(followers.map((follower) => follower.catchUp(1)))
  for (const [at, [what, change]] of Object.entries(changes).entries()) {
    const [huisnummer, neighbour] = [100 * at + 1, 100 * at + 2]
    const id = await stage.post(huisnummer)
    await catchUp()
    const before = followers.map(({ stateId }) => stateId())
    const late = await holds.request(() => change(stage, id, huisnummer))
    t.ok(late.isHeld, what)
    for (const gemeentecode of ['0177', '1773'])
      made(await other.post(signalen, signal(neighbour, { gemeentecode })))
    await catchUp()
    const past = followers.map(({ households }) => new Map(households))
    for (const [index, { households, stateId }] of followers.entries()) {
      t.ok(numbersOf(households.values()).includes(neighbour))
      t.not(stateId(), before[index], 'they read past it')
    }

    t.ok((await late.release()).statusCode < 300)
    await catchUp()
    for (const { households, party } of followers) t.same(households, await listed(party), what)
    t.notSame(followers[0]!.households, past[0], 'and it did change something')
  }
})

t.test('a reader for two municipalities misses nothing of the one that publishes last', async (t) => {
  const { hub, raalte, post } = await openHub(t)
  const holds = openHolds(hub)
  const both = await hub.client({
    naam: 'Uitvoerder',
    rol: 'gemeente',
    gemeentecodes: ['0177', '1773'],
    scopes: ['huishoudens:lezen']
  })
  const match = (gemeentecode: string) => matchHuishoudens(hub.database, [gemeentecode])
  const follower = openFollower(hub, both)
  await post(1)
  await follower.catchUp(10)
  const reading = await holds.reading(() => follower.read(10))
  await post(2)
  const early = await holds.matcher(() => match('0177'))
  t.ok(reading.isHeld && early.isHeld)
  await post(3, { gemeentecode: '1773' })
  await match('1773')

  const read = reading.release()
  // A read that skips the earlier change would have answered by now, with only the later change.
  await Promise.race([read, sleep(300)])
  await early.release()
  await read
  await follower.catchUp(10)
  t.same(numbersOf(follower.households.values()), [1, 2, 3])
  t.same(numbersOf((await listed(raalte)).values()), [1, 2])
})

t.test(
  'a signal is in the feed and the list within a second of its 201, also while a delivery runs',
  async (t) => {
    const { hub, raalte, verhuurder, signal } = await openHub(t)
    const other = await hub.signaalpartner(['huur'], ['0177'])
    const many = manySignals(700, 'M', 5, { signaaldatum: today(hub) })
    const running = beginDelivery(await listen(hub), other.token)
    running.write(ndjson(many.slice(0, 600)))
    await untilWriting(hub)
    const follower = openFollower(hub, raalte)
    for (const huisnummer of [1, 2, 99]) {
      made(await verhuurder.post(signalen, signal(huisnummer)))
      const started = performance.now()
      await follower.read(100)
      t.ok(performance.now() - started < 1000, 'the feed is quick')
      t.ok(numbersOf(follower.households.values()).includes(huisnummer))
      const asked = performance.now()
      const list = await listed(raalte)
      t.ok(performance.now() - asked < 1000, 'and the list is')
      t.same(follower.households, list)
    }
    t.same(
      [...follower.households.values()].map(({ aantalSignalen }) => aantalSignalen),
      [1, 1, 1],
      'nothing of the delivery shows'
    )
    t.equal((await running.end(ndjson(many.slice(600)))).status, 201)
    await follower.read(100)
    t.same(
      [...follower.households.values()].map(({ aantalSignalen }) => aantalSignalen).sort(),
      [1, 140, 140, 140, 141, 141],
      'and all of it does after its 201'
    )
  }
)

const runs = Number(process.env.DELTA_RUNS ?? 12)

t.test(
  'whatever happens at once, and however late it commits, every follower ends with exactly the list',
  async (t) => {
    const world = await openWorld(t)
    const seed = Number(process.env.DELTA_SEED ?? Date.now() % 1_000_000_000)
    t.comment(`DELTA_SEED=${seed}`)
    const counts = new Map<string, number>()
    const happened = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1)
    const property = fc.asyncProperty(scenario, (one) => play(world, one, happened))
    await fc.assert(property, { seed, numRuns: runs, examples: [[everything]], endOnFailure: true })
    t.comment(JSON.stringify(Object.fromEntries(counts)))
    t.same(
      [...kinds, 'read', 'gone'].filter((what) => !counts.has(what)),
      [],
      'each of them really happened'
    )
  }
)

t.test('a change shows the evidence of its signals only where it is asked for', async (t) => {
  const { raalte, verhuurder, signal } = await openHub(t)
  const posted = made(await verhuurder.post(signalen, signal(1)))
  const { beoordeling: _, ...bare } = posted
  const shown = async (query: string) =>
    (await raalte.get(`/v1/huishoudens/_deltas${query}`)).json().deltas[0].huishouden.vroegsignalen
  t.same(await shown(''), [bare])
  t.same(await shown('?expand=beoordeling'), [posted])
  t.equal((await raalte.get('/v1/huishoudens/_deltas?expand=iets')).statusCode, 400)
  const { stateId } = (await raalte.get('/v1/huishoudens/_deltas?expand=beoordeling')).json()
  t.same(
    (await raalte.get(`/v1/huishoudens/_deltas?after=${stateId}`)).json().deltas,
    [],
    'one stand for both'
  )
})
