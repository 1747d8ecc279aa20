import { spawnSync } from 'node:child_process'
import { once as event } from 'node:events'
import { stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { SignJWT } from 'jose'
import t, { type Test } from 'tap'
import { withConnection } from '../../src/platform/database/open-database.ts'
import { must, openParty } from '../demo/open-party.ts'
import { openFolder } from '../helpers/own-server.ts'
import { signingKey } from '../toegang/token-requests.ts'
import { settings, spare } from './fault-settings.ts'
import { openFaultStage } from './fault-stage.ts'
import { report } from './report.ts'
import { ask, once, openRequests, type Seen, statuses } from './watched-load.ts'

t.setTimeout(settings.seconds * 1000 + spare)

/** Milliseconds: a statement may take five seconds, its silence one more, and this machine is busy. */
const longestAnswer = 10_000
const longestRecovery = 10_000
// Megabytes: what a hub takes more of while nothing works, and of a load that it has not had before.
const mostGrowth = 90

const stage = await openFaultStage(t)
const issuer = await openIssuer()
const externalIssuer = 'https://uitgever.voorbeeld.example'
const hub = await stage.addInstance({ EXTERNE_UITGEVERS: `${externalIssuer}|${issuer.url}` })
await hub.start()
const { partners, gemeenten } = await stage.enrol(hub.url, [{ code: 'P', sectoren: ['huur'] }], ['0177'])
const who = { beheer: stage.beheer, partner: partners[0]!.credentials, gemeente: gemeenten[0]!.credentials }
const requests = await openRequests(hub.url, who)
await ask(hub.url, requests, AbortSignal.timeout(2_000))

type Fault = {
  /** Breaks it, and returns what makes it whole. */
  readonly begin: () => Promise<() => Promise<unknown>>
  /** What is true while it is broken: of readiness, and of what needs no database. */
  readonly ready: 200 | 503 | 'either'
  /** What must be refused, for it cannot be done. */
  readonly refused?: readonly string[]
}

const needsRows = [
  'POST vroegsignalen',
  'POST aanleveringen',
  'GET huishoudens',
  'GET _deltas',
  'GET vroegsignalen'
]

const faults: Readonly<Record<string, Fault>> = {
  'database stopped': {
    begin: async () => {
      await stage.server.stop()
      return stage.server.start
    },
    ready: 503,
    refused: [...needsRows, 'GET gemeenten', 'POST token']
  },
  'database silent': {
    begin: async () => {
      for (const gate of [hub.gate, hub.keyGate]) gate.hush(true)
      return async () => {
        for (const gate of [hub.gate, hub.keyGate]) gate.hush(false)
      }
    },
    ready: 503,
    refused: needsRows
  },
  'network slow (300 ms)': {
    begin: async () => {
      hub.gate.delay(150)
      return async () => hub.gate.delay(0)
    },
    ready: 'either'
  },
  'rows locked': {
    begin: async () => {
      const held = Promise.withResolvers<void>()
      const isHeld = Promise.withResolvers<void>()
      const holding = withConnection(stage.adminUrl, async (client) => {
        await client.query('begin; lock table vroegsignaal, huishouden in access exclusive mode')
        isHeld.resolve()
        await held.promise
        await client.query('rollback')
      })
      await isHeld.promise
      return async () => {
        held.resolve()
        await holding
      }
    },
    ready: 200,
    refused: ['POST vroegsignalen']
  },
  'connections all taken': {
    begin: async () => {
      await stage.admin(`alter role signaalhub_test connection limit 0`)
      await stage.server.endSessions(1)
      return () => stage.admin(`alter role signaalhub_test connection limit -1`)
    },
    ready: 503,
    refused: needsRows
  },
  'processing log refused': {
    begin: async () => {
      await stage.admin('alter table verwerkingsblad add constraint weiger check (false) not valid')
      return () => stage.admin('alter table verwerkingsblad drop constraint weiger')
    },
    ready: 200,
    refused: ['POST vroegsignalen', 'POST aanleveringen']
  },
  'key database away': {
    begin: async () => {
      await hub.keyGate.shut()
      return hub.keyGate.open
    },
    ready: 503
  },
  'disk full': { begin: () => fillDisk(), ready: 'either', refused: ['POST aanleveringen'] }
}

const told: string[] = []
const taken: string[] = []
for (const [name, { begin, ready, refused = [] }] of Object.entries(faults)) {
  t.test(
    `${name}: every request is answered in time, the health is told, and it comes back by itself`,
    async (t) => {
      const before = hub.memory()
      const heal = await begin()
      // What is in hand when it begins may still be done.
      await ask(hub.url, requests, AbortSignal.timeout(300))
      const seen = await ask(hub.url, requests, AbortSignal.timeout(Math.max(1_500, settings.seconds * 60)))
      const peak = hub.memory()
      await heal()
      const healed = performance.now()
      t.comment(name, JSON.stringify(statuses(seen)))
      taken.push(...seen.flatMap(({ what, id }) => (what === 'POST vroegsignalen' && id ? [id] : [])))
      const wrong = seen.filter(
        ({ status, isProblem, mayRetry }) =>
          !([200, 201].includes(status) || (status === 503 && isProblem && mayRetry) || status === 409)
      )
      t.same(wrong.slice(0, 3), [], 'done, or refused with when to come back')
      const slow = seen.filter(({ milliseconds }) => milliseconds > longestAnswer)
      t.same(slow.slice(0, 3), [], 'within the time that is documented')
      const of = (wanted: string) => seen.filter(({ what }) => what === wanted).map(({ status }) => status)
      t.same(
        [...new Set([...of('GET live'), ...of('GET criteria')])],
        [200],
        'what needs no database is served'
      )
      if (ready !== 'either') t.same([...new Set(of('GET ready'))], [ready])
      for (const what of refused)
        t.notOk(
          of(what).some((status) => status < 300),
          what
        )
      t.ok(peak - before < mostGrowth, `memory: ${Math.round(before)} to ${Math.round(peak)} MB`)
      await recovered(t, healed)
      told.push(name)
    }
  )
}

async function recovered(t: Test, since: number) {
  const needed = ['POST vroegsignalen', 'GET huishoudens', 'POST token', 'GET ready']
  let last: Seen[] = []
  do {
    last = await Promise.all(needed.map((what) => once(hub.url, what, requests)))
    if (last.every(({ status }) => status < 300)) break
    await sleep(100)
  } while (performance.now() - since < longestRecovery)
  t.equal(last.map(({ status }) => status).join(), '201,200,200,200', 'it works again within ten seconds')
}

t.test('what was taken in meanwhile is there', async (t) => {
  const found = await stage.admin<{ id: string }>('select id from vroegsignaal where id = any($1)', [taken])
  t.equal(found.length, taken.length)
})

t.test(
  'an issuer whose keys cannot be fetched costs its own clients a wait, and nobody else anything',
  async (t) => {
    const operator = await openParty(hub.url, stage.beheer)
    const client = {
      naam: 'Extern',
      rol: 'signaalpartner',
      signaalpartnerId: partners[0]!.id,
      scopes: ['vroegsignalen:lezen'],
      uitgever: externalIssuer
    }
    const { clientId } = await must(201, operator.call('POST', '/v1/clients', client))
    const token = await issuer.token(clientId)
    const asked = {
      external: () => ({ path: '/v1/vroegsignalen', init: { headers: { authorization: `Bearer ${token}` } } })
    }
    for (const way of ['hangs', 'fails'] as const) {
      issuer.now = way
      const seen = await ask(
        hub.url,
        { ...asked, own: requests['GET vroegsignalen']! },
        AbortSignal.timeout(1_000)
      )
      const of = (wanted: string) => [
        ...new Set(seen.filter(({ what }) => what === wanted).map(({ status }) => status))
      ]
      t.same(of('external'), [503], way)
      t.same(of('own'), [200])
      t.ok(
        seen.every(
          ({ status, mayRetry, milliseconds }) => (status === 200 || mayRetry) && milliseconds < longestAnswer
        )
      )
    }
    issuer.now = 'works'
    t.equal((await once(hub.url, 'external', asked)).status, 200)
    told.push('issuer away')
    report({
      order: 2,
      what: `each of ${told.length} ways to be away or full, under load`,
      done: told.join(', '),
      held: `done or 503 with Retry-After within ${longestAnswer / 1000} s, live 200, readiness true, memory flat, back within ${longestRecovery / 1000} s; what was taken in is there`
    })
  }
)

/** Fills a disk of the database's own, where this process may mount one; else has the server say that it is full. */
async function fillDisk(): Promise<() => Promise<unknown>> {
  const folder = await openFolder(t)
  const [{ setting }] = (await stage.admin<{ setting: string }>(
    `select setting from pg_settings where name = 'data_directory'`
  )) as [{ setting: string }]
  const { uid, gid } = await stat(setting)
  const options = `size=8m,uid=${uid},gid=${gid},mode=700`
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]).status !== 0) {
    t.comment('no disk may be mounted here, so the server is made to say that it is full')
    await stage.admin(`create function vol() returns trigger language plpgsql as
      $$ begin raise exception 'no' using errcode = '53100'; end $$`)
    await stage.admin('create trigger vol before insert on aanlevering execute function vol()')
    return () => stage.admin('drop function vol cascade')
  }
  t.teardown(() => spawnSync('umount', ['-l', folder]))
  const moved = ['aanlevering', 'aanlevering_deel', 'idempotentie', 'job_run']
  await stage.admin(`create tablespace klein location '${folder}'`)
  for (const table of moved) await stage.admin(`alter table ${table} set tablespace klein`)
  await stage.admin('create table vulling (tekst text) tablespace klein')
  const fill = (rows: number) =>
    stage.admin(`insert into vulling select repeat(md5(n::text), 60) from generate_series(1, ${rows}) n`)
  for (const rows of [100, 1])
    for (let isFull = false; !isFull; ) {
      isFull = await fill(rows).then(
        () => false,
        ({ code }) => code === '53100'
      )
    }
  // The pages that these have to spare.
  for (let n = 0; n < 400; n += 1) {
    const { status } = await once(hub.url, 'POST aanleveringen', requests)
    if (status === 503) break
  }
  return () => stage.admin('drop table vulling')
}

async function openIssuer() {
  const key = await signingKey('ES256', 'extern')
  const state = { now: 'works' as 'works' | 'hangs' | 'fails' }
  const server = createServer((_, reply) => {
    if (state.now === 'hangs') return
    reply.statusCode = state.now === 'fails' ? 500 : 200
    reply.end(JSON.stringify({ keys: [key.jwk] }))
  })
  server.listen(0, '127.0.0.1')
  await event(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return Object.assign(state, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`,
    token: (clientId: string) =>
      new SignJWT({ azp: clientId, client_id: clientId, scope: 'vroegsignalen:lezen' })
        .setProtectedHeader({ alg: 'ES256', kid: 'extern', typ: 'at+jwt' })
        .setIssuer(externalIssuer)
        .setAudience(hub.url)
        .setSubject(clientId)
        .setJti(crypto.randomUUID())
        .setIssuedAt()
        .setExpirationTime('10m')
        .sign(key.privateKey)
  })
}
