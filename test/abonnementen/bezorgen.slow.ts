import { setTimeout as sleep } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import t, { type Test } from 'tap'
import { type Bezorger, openBezorger } from '../../src/abonnementen/bezorgen/bezorger.ts'
import { nextAttempt } from '../../src/abonnementen/bezorgen/wachttijd.ts'
import { systemClock } from '../../src/time.ts'
import { aSignal } from '../helpers/builders.ts'
import type { TestHub } from '../helpers/test-hub.ts'
import { openStage } from '../zaken/zaak-stage.ts'
import { openReceiver, type Receiver, subscribe, toThisMachine } from './receiver.ts'

const ontvangen = ['nl.vroegsignalering.signaal-ontvangen'] as const
const msPerHour = 3_600_000

async function open(t: Test) {
  const stage = await openStage(t, { outgoing: toThisMachine() })
  const receiver = await openReceiver(t)
  const { id, geheim } = await subscribe(stage.raalte, receiver.url, ontvangen)
  const { hub, raalte } = stage
  const url = `/v1/abonnementen/${id}`
  const begun = hub.hub.clock().getTime()
  return {
    ...stage,
    receiver,
    id,
    geheim,
    url,
    /** Moves the clock to so many hours after the beginning. */
    after: (hours: number) => hub.setClock(new Date(begun + hours * msPerHour).toISOString()),
    deliveries: async () => (await raalte.get(`${url}/bezorgingen`)).json().resultaten,
    state: async () => (await raalte.get(url)).json()
  }
}

const failing = (status: number, headers = {}) => {
  const answer: Receiver['answer'] = (reply) => void reply.writeHead(status, headers).end()
  return answer
}

/** A process that delivers, beside others on the same database. */
function openProcess({ database, keys, hub }: TestHub, onError = (_: unknown) => {}): Bezorger {
  return openBezorger({
    database,
    keys: () => keys,
    clock: hub.clock,
    machineClock: systemClock(),
    publicUrl: hub.publicUrl,
    outgoing: toThisMachine(),
    onSwitchedOff: () => undefined,
    onError
  })
}

t.test('attempts come ever later, spread, for 72 hours with a last one at the end', async (t) => {
  const end = new Date(72 * msPerHour)
  for (const chance of [0, 0.5, 1]) {
    const waits: number[] = []
    let now = new Date(0)
    for (let attempts = 1; ; attempts += 1) {
      const next = nextAttempt({ attempts, now, end }, chance)
      if (next === undefined) break
      waits.push((next.getTime() - now.getTime()) / 1000)
      now = next
    }
    t.equal(now.getTime(), end.getTime())
    t.ok(waits.length >= 15 && waits.length <= 30, `${waits.length} attempts`)
    t.same(
      waits.slice(0, 4),
      [10, 30, 90, 270].map((wait) => wait * (0.75 + chance / 2))
    )
    t.ok(waits.every((wait) => wait <= 7.5 * 3600))
  }
  const at = { attempts: 1, now: new Date(0), end }
  t.equal(nextAttempt(at, 0.5, '120')?.getTime(), 120_000, 'when the receiver asks for it')
  t.equal(nextAttempt(at, 0.5, '1')?.getTime(), 10_000, 'not sooner')
  t.equal(nextAttempt(at, 0.5, '999999999')?.getTime(), end.getTime(), 'not after the end')
  t.equal(nextAttempt(at, 0.5, 'Fri, 20 Nov 2026 09:00:00 GMT')?.getTime(), 10_000)
})

t.test('what fails is tried again by the clock of the hub, and shown; then it is delivered', async (t) => {
  const { hub, huur, send, receiver, deliveries, after } = await open(t)
  receiver.answer = failing(503, { 'retry-after': '3600' })
  await send(huur, 1)
  await hub.deliver()
  const [waiting] = await deliveries()
  t.match(waiting, { status: 'wacht', aantalPogingen: 1, httpStatus: 503, soort: ontvangen[0] })
  t.equal(waiting.volgendePogingOp, '2026-11-20T10:00:00.000Z')
  after(0.99)
  await hub.deliver()
  t.equal(receiver.received.length, 1, 'not before')
  receiver.answer = failing(200)
  after(1)
  await hub.deliver()
  const [delivered] = await deliveries()
  t.match(delivered, { status: 'bezorgd', aantalPogingen: 2, httpStatus: 200, id: waiting.id })
  t.notOk('fout' in delivered || 'volgendePogingOp' in delivered)
  const [first, second] = receiver.received
  t.equal(first?.headers['webhook-id'], second?.headers['webhook-id'], 'with the same id')
  t.equal(first?.body, second?.body)
})

t.test(
  'after 72 hours of failures the delivery is given up and the subscription off, until PATCH',
  async (t) => {
    const { hub, raalte, huur, send, receiver, deliveries, after, state, url } = await open(t)
    receiver.answer = failing(500)
    await send(huur, 1)
    for (let hours = 0; hours <= 72; hours += 6) {
      after(hours)
      await hub.deliver()
      if (hours < 72) t.equal((await state()).status, 'actief', `${hours} hours`)
    }
    t.match(await state(), {
      status: 'uitgeschakeld',
      redenUitgeschakeld: 'onbereikbaar',
      uitgeschakeldOp: '2026-11-23T09:00:00.000Z'
    })
    const [given] = await deliveries()
    t.match(given, { status: 'opgegeven', httpStatus: 500 })
    t.equal((await raalte.post(`${url}/bezorgingen/${given.id}/_opnieuw`)).statusCode, 409)
    await send(huur, 2)
    t.equal((await hub.admin('select from gebeurtenis')).length, 1, 'nothing is kept meanwhile')

    receiver.answer = failing(200)
    t.equal((await raalte.patch(url, { status: 'actief' })).statusCode, 428)
    const on = await raalte.patch(url, { status: 'actief' }, { 'if-match': '*' })
    t.match(on.json(), { status: 'actief', redenUitgeschakeld: undefined })
    t.notOk('uitgeschakeldOp' in on.json())
    receiver.forget()
    t.equal((await raalte.post(`${url}/bezorgingen/${given.id}/_opnieuw`)).statusCode, 200)
    const third = await send(huur, 3)
    await hub.deliver()
    t.equal(receiver.received.length, 2)
    t.ok(receiver.received.some(({ event }) => event.data.vroegsignaalId === third))
    t.match(await deliveries(), [{ status: 'bezorgd' }, { status: 'bezorgd', id: given.id }])
  }
)

t.test('one success in between keeps a subscription on', async (t) => {
  const { hub, huur, send, receiver, after, state } = await open(t)
  receiver.answer = failing(500)
  await send(huur, 1)
  await hub.deliver()
  after(71)
  receiver.answer = failing(204)
  await send(huur, 2)
  await hub.deliver()
  receiver.answer = failing(500)
  await send(huur, 3)
  await hub.deliver()
  after(75)
  await hub.deliver()
  t.equal((await state()).status, 'actief')
})

t.test('410 switches a subscription off at once', async (t) => {
  const { hub, huur, send, receiver, state, deliveries } = await open(t)
  receiver.answer = failing(410)
  await send(huur, 1)
  await hub.deliver()
  t.match(await state(), { status: 'uitgeschakeld', redenUitgeschakeld: 'ontvanger-weg' })
  t.match(await deliveries(), [{ status: 'opgegeven', httpStatus: 410 }])
})

t.test(
  'a trial is delivered once, also when the subscription is off, and keeps nobody on or off',
  async (t) => {
    const { hub, raalte, receiver, url, state, deliveries, geheim } = await open(t)
    await raalte.patch(url, { status: 'uitgeschakeld' }, { 'if-match': '*' })
    t.match(await state(), { status: 'uitgeschakeld', redenUitgeschakeld: 'op-verzoek' })
    receiver.answer = failing(410)
    const made = await raalte.post(`${url}/_test`, undefined, { 'idempotency-key': 'proef' })
    t.equal(made.statusCode, 201)
    t.match(made.json(), { status: 'wacht', soort: 'nl.vroegsignalering.proef', aantalPogingen: 0 })
    await hub.deliver()
    t.match(await deliveries(), [{ id: made.json().id, status: 'opgegeven', httpStatus: 410 }])
    const again = await raalte.post(`${url}/_test`, undefined, { 'idempotency-key': 'proef' })
    t.match([again.headers['idempotency-replayed'], again.json().id], ['true', made.json().id])
    await raalte.patch(url, { status: 'actief' }, { 'if-match': '*' })
    await raalte.post(`${url}/_test`)
    await hub.deliver()
    t.equal((await state()).status, 'actief')
    receiver.answer = failing(200)
    await raalte.post(`${url}/_test`)
    await hub.deliver()
    t.equal(receiver.received.length, 3)
    const [{ headers, body, event }] = receiver.received.slice(-1) as [Receiver['received'][number]]
    t.same(new Webhook(geheim).verify(body, headers as Record<string, string>), event)
    t.same(event.data, { gemeentecode: '0177' })
  }
)

t.test('a secret is renewed without a gap', async (t) => {
  const { hub, raalte, huur, send, receiver, geheim: old, url } = await open(t)
  const listed = async () => (await raalte.get(`${url}/geheimen`)).json().resultaten
  const [{ id: oldId }] = await listed()
  t.equal(
    (await raalte.delete(`${url}/geheimen/${oldId}`, { 'if-match': '*' })).statusCode,
    409,
    'the only one'
  )
  const renewed = await raalte.post(`${url}/geheimen`)
  const { geheim: fresh } = renewed.json()
  t.match(fresh, /^whsec_[A-Za-z0-9+/]{43}=$/)
  t.not(fresh, old)
  t.equal((await raalte.post(`${url}/geheimen`)).statusCode, 409, 'no third')
  t.notMatch(JSON.stringify(await listed()), /whsec/)
  const verified = async () => {
    receiver.forget()
    await send(huur, 1)
    await hub.deliver()
    const [{ body, headers }] = receiver.received as [Receiver['received'][number]]
    return [old, fresh].map((geheim) => {
      try {
        new Webhook(geheim).verify(body, headers as Record<string, string>)
        return true
      } catch {
        return false
      }
    })
  }
  t.same(await verified(), [true, true], 'both sign')
  t.equal((await raalte.delete(`${url}/geheimen/${oldId}`, { 'if-match': '"oud"' })).statusCode, 412)
  t.equal((await raalte.delete(`${url}/geheimen/${oldId}`, { 'if-match': '*' })).statusCode, 204)
  t.same(await verified(), [false, true])
  t.equal(
    (
      await raalte.delete(`${url}/geheimen/${renewed.json().id}`, {
        'if-match': String(renewed.headers.etag)
      })
    ).statusCode,
    409
  )
})

t.test('two processes deliver each event once', async (t) => {
  const { hub, huur, receiver, deliveries } = await open(t)
  const signals = Array.from({ length: 60 }, (_, n) =>
    aSignal({ referentie: `R-${n}`, adres: { huisnummer: 1 + n } })
  )
  await huur.post('/v1/aanleveringen', { vroegsignalen: signals })
  const processes = [openProcess(hub), openProcess(hub), openProcess(hub)]
  const run = async (bezorger: Bezorger) => {
    while ((await bezorger.begin()) > 0) await bezorger.oneEnded()
    await bezorger.allEnded()
  }
  await Promise.all(processes.map(run))
  await Promise.all(processes.map(run))
  t.equal(receiver.received.length, 60)
  t.equal(new Set(receiver.received.map(({ event }) => event.id)).size, 60)
  t.ok((await deliveries()).every(({ status }: { status: string }) => status === 'bezorgd'))
})

t.test('what a process had taken when it died is delivered by another', async (t) => {
  const { hub, huur, send, receiver, after, deliveries } = await open(t)
  await send(huur, 1)
  // It dies between the answer and the record of it: the database is gone for that process.
  let isDead = false
  const { database, keys, hub: inner } = hub
  const dying = openBezorger({
    database: {
      ...database,
      as: (context, work) => (isDead ? new Promise(() => {}) : database.as(context, work))
    },
    keys: () => keys,
    clock: inner.clock,
    machineClock: systemClock(),
    publicUrl: inner.publicUrl,
    outgoing: toThisMachine(),
    onSwitchedOff: () => undefined,
    onError: () => undefined
  })
  receiver.answer = (reply) => {
    isDead = true
    reply.writeHead(204).end()
  }
  await dying.begin()
  while (!isDead) await sleep(5)
  t.match(await deliveries(), [{ status: 'wacht', aantalPogingen: 1 }])
  await hub.deliver()
  t.equal(receiver.received.length, 1, 'not while the first may still be at it')
  after(61 / 3600)
  await hub.deliver()
  t.equal(receiver.received.length, 2, 'twice: at least once')
  t.equal(receiver.received[0]?.event.id, receiver.received[1]?.event.id)
  t.match(await deliveries(), [{ status: 'bezorgd' }])
})

const hostile: Readonly<Record<string, readonly [Receiver['answer'], object]>> = {
  'never answers': [() => undefined, { fout: 'tijd-verstreken' }],
  'never ends its headers': [
    ({ socket }) => void socket!.write('HTTP/1.1 200 OK\r\nX-Een: 1\r\n'),
    { fout: 'tijd-verstreken' }
  ],
  'sends headers without end': [
    ({ socket }) => {
      socket!.write('HTTP/1.1 200 OK\r\n')
      const line = `X-Lang: ${'a'.repeat(1000)}\r\n`
      for (let n = 0; n < 100; n += 1) socket!.write(line)
    },
    { fout: 'antwoord-onleesbaar' }
  ],
  'speaks no HTTP': [
    ({ socket }) => void socket!.end('220 mail.example ESMTP\r\n'),
    { fout: 'antwoord-onleesbaar' }
  ],
  'hangs up': [({ socket }) => void socket!.destroy(), { fout: 'geen-verbinding' }],
  'points elsewhere': [
    failing(302, { location: 'http://169.254.169.254/latest/meta-data/' }),
    { fout: 'doorverwijzing', httpStatus: 302 }
  ]
}

t.test('a receiver that is slow or hostile fails by itself, and keeps no other waiting', async (t) => {
  const { hub, raalte, olst, huur, send, receiver, deliveries } = await open(t)
  const other = await openReceiver(t)
  await subscribe(olst, other.url, ontvangen)
  for (const [what, [answer, expected]] of Object.entries(hostile)) {
    receiver.answer = answer
    await send(huur, 1)
    await send(huur, 2, { gemeentecode: '1773' })
    const began = performance.now()
    const bezorger = openProcess(hub)
    await bezorger.begin()
    const seen = other.received.length
    while (other.received.length === seen) await sleep(5)
    t.ok(performance.now() - began < 1_500, `${what}: the other hears meanwhile`)
    t.equal((await raalte.get('/v1/vroegsignalen')).statusCode, 200)
    await bezorger.allEnded()
    t.ok(performance.now() - began < 4_000, `${what}: within the limit`)
    const waiting = (await deliveries()).filter(({ status }: { status: string }) => status === 'wacht')
    t.match(waiting, [{ aantalPogingen: 1, ...expected }], what)
    await hub.admin(`update bezorging set status = 'opgegeven' where status = 'wacht'`)
  }
})

t.test('an answer without end counts by its status, and is cut off', async (t) => {
  const { hub, huur, send, receiver, deliveries } = await open(t)
  let sent = 0
  receiver.answer = (reply) => {
    reply.writeHead(200)
    const chunk = Buffer.alloc(64 * 1024)
    const pour = () => {
      while (!reply.destroyed && reply.write(chunk)) sent += chunk.length
      if (!reply.destroyed) reply.once('drain', pour)
    }
    pour()
  }
  await send(huur, 1)
  await hub.deliver()
  t.match(await deliveries(), [{ status: 'bezorgd', httpStatus: 200 }])
  t.ok(sent < 16 * 1024 * 1024, `${sent} bytes`)
})

t.test('one subscription has a bounded share, and one attempt at a time once it fails', async (t) => {
  const { hub, raalte, huur, receiver, after } = await open(t)
  const signals = Array.from({ length: 30 }, (_, n) => aSignal({ referentie: `R-${n}` }))
  await huur.post('/v1/aanleveringen', { vroegsignalen: signals })
  let [atOnce, most] = [0, 0]
  receiver.answer = (reply) => {
    atOnce += 1
    most = Math.max(most, atOnce)
    setTimeout(() => {
      atOnce -= 1
      reply.writeHead(500).end()
    }, 50)
  }
  const bezorger = openProcess(hub)
  await bezorger.begin()
  await bezorger.begin()
  await bezorger.allEnded()
  t.equal(most, 5)
  most = 0
  after(0.5)
  await bezorger.begin()
  await bezorger.begin()
  await bezorger.allEnded()
  t.equal(most, 1)
  t.equal((await raalte.get('/v1/abonnementen')).statusCode, 200)
})

t.test('no connection to the database is held while a receiver is waited for', async (t) => {
  const { hub, huur, receiver } = await open(t)
  const signals = Array.from({ length: 5 }, (_, n) => aSignal({ referentie: `R-${n}` }))
  await huur.post('/v1/aanleveringen', { vroegsignalen: signals })
  receiver.answer = () => undefined
  const bezorger = openProcess(hub)
  await bezorger.begin()
  while (receiver.received.length < 5) await sleep(5)
  const busy = await hub.admin(
    `select from pg_stat_activity where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()`
  )
  t.same(busy, [])
  await bezorger.allEnded()
})
