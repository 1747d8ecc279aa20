import { spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { withConnection } from '../../src/platform/database/open-database.ts'
import { beginDelivery } from '../aanlevering/leveringen/deliveries.ts'
import { fetchToken } from '../demo/open-party.ts'
import { aSignal } from '../helpers/builders.ts'
import { openFolder } from '../helpers/own-server.ts'
import { startServer } from '../platform/server-process.ts'
import { makeGate, throughGate } from '../platform/tcp-gate.ts'
import { settings, spare } from './fault-settings.ts'
import { openFaultStage } from './fault-stage.ts'
import { report } from './report.ts'
import { ask, openRequests, type Seen } from './watched-load.ts'

t.setTimeout(settings.seconds * 1000 + spare)

const stage = await openFaultStage(t)
const hub = await stage.addInstance()
await hub.start()
const { partners, gemeenten } = await stage.enrol(hub.url, [{ code: 'P', sectoren: ['huur'] }], ['0177'])
const who = { beheer: stage.beheer, partner: partners[0]!.credentials, gemeente: gemeenten[0]!.credentials }
const rounds = settings.isWhole ? 8 : 1

async function allThere(t: Test, seen: readonly Seen[], title: string) {
  const ids = seen.flatMap(({ what, id }) => (what === 'POST vroegsignalen' && id ? [id] : []))
  t.ok(ids.length > 0)
  const found = await stage.admin<{ id: string }>('select id from vroegsignaal where id = any($1)', [ids])
  t.equal(found.length, ids.length, title)
  return ids.length
}

t.test('SIGTERM under load: exit 0, and what was answered is there', async (t) => {
  let acknowledged = 0
  for (let round = 0; round < rounds; round += 1) {
    const requests = await openRequests(hub.url, who)
    const asking = ask(hub.url, requests, AbortSignal.timeout(2_500), 16)
    await sleep(1_000 + 200 * round)
    t.equal(await hub.process().end('SIGTERM'), 0)
    const seen = await asking
    t.same(
      seen
        .filter(
          ({ status, isProblem, mayRetry }) => status >= 500 && !(status === 503 && isProblem && mayRetry)
        )
        .slice(0, 3),
      []
    )
    acknowledged += await allThere(t, seen, 'everything that was acknowledged')
    await hub.start()
  }
  report({
    order: 4,
    what: 'stopping and starting',
    done: `${rounds} × SIGTERM under load, a second SIGTERM, a migration killed in the middle, a schema that is newer`,
    held: `${acknowledged} acknowledged signals all there, exit 0 (1 at once on the second signal), the next start goes on, the newer schema is refused with what to do`
  })
})

t.test(
  'a second SIGTERM ends it at once with exit 1; what was answered is there, what was not is not',
  async (t) => {
    const requests = await openRequests(hub.url, who)
    const seen = await ask(hub.url, requests, AbortSignal.timeout(1_500))
    const delivery = beginDelivery(hub.url, await fetchToken(hub.url, who.partner))
    delivery.write(
      `${JSON.stringify(aSignal({ referentie: 'HALF', signaaldatum: '2026-11-20' }))}\n`.repeat(200)
    )
    await sleep(500)
    const server = hub.process()
    server.signal('SIGTERM')
    await sleep(500)
    const began = performance.now()
    t.equal(await server.end('SIGTERM'), 1)
    t.ok(performance.now() - began < 3_000)
    await t.rejects(delivery.reply)
    await allThere(t, seen, 'everything that was acknowledged')
    await hub.start()
    const [half] = await stage.admin<{ aantal: number }>(
      `select count(*)::int as aantal from aanlevering where aantal_regels = 200`
    )
    t.equal(half!.aantal, 0)
  }
)

t.test('a start that is killed while it migrates leaves nothing in the way of the next', async (t) => {
  const name = `hub_half_${Date.now()}`
  await stage.admin(`create database ${name} owner signaalhub_test_eigenaar`)
  await stage.admin(`create database ${name}_sleutels owner signaalhub_test_eigenaar`)
  const address = new URL(stage.adminUrl)
  address.username = address.password = 'signaalhub_test_eigenaar'
  address.pathname = `/${name}`
  const gate = await makeGate(address.toString())
  await gate.open()
  t.teardown(gate.shut)
  const start = () =>
    startServer(t, {
      NODE_ENV: 'test',
      DATABASE_URL: throughGate(address.toString(), gate),
      KEK: Buffer.alloc(32, 1).toString('base64')
    })
  // So slow that it is caught between two of its statements.
  gate.delay(150)
  const first = start()
  const migrating = `select from pg_stat_activity where datname = $1 and state <> 'idle' and xact_start is not null`
  while ((await stage.admin(migrating, [name])).length === 0) await sleep(20)
  await sleep(400)
  await first.end('SIGKILL')
  gate.delay(0)
  t.notOk(first.lines.some((line) => line.includes('gereed')))
  const next = start()
  await next.said('gereed')
  t.equal(await next.end('SIGTERM'), 0)
})

t.test('a newer schema of rows or keys is refused with what to do', async (t) => {
  await hub.process().end('SIGTERM')
  for (const [MIGREREN, url] of [
    ['ja', stage.adminUrl],
    ['nee', `${stage.adminUrl}_sleutels`]
  ] as const) {
    const change = (text: string) => withConnection(url, (client) => client.query(text))
    await change(`insert into migratie (naam, hash) values ('9999-later.sql', 'x')`)
    await t.rejects(hub.start({ MIGREREN }), {
      message:
        /ended with 1 .*migrated by another version of signaalhub.*9999-later\.sql.*start that version, or/s
    })
    await change(`delete from migratie where naam = '9999-later.sql'`)
  }
  await hub.start()
})

t.test('a disk that is full when the hub starts its own PostgreSQL: the error says what to do', async (t) => {
  const folder = await openFolder(t)
  const isMounted =
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m,mode=755', 'tmpfs', folder]).status === 0
  if (!isMounted) return t.comment('NOT RUN: this process may not mount a disk of its own')
  t.teardown(() => spawnSync('umount', ['-l', folder]))
  await t.rejects(startServer(t, { DATA_DIR: folder }).said('gereed'), {
    message: /DATA_DIR.*there is no room on the disk of .*make some, and start again/is
  })
})
