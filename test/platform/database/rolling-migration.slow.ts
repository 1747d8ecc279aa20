import { cp, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { withConnection } from '../../../src/platform/database/open-database.ts'
import { settings, spare } from '../../faults/fault-settings.ts'
import { type FaultStage, openFaultStage } from '../../faults/fault-stage.ts'
import { type Complaints, openPatientClient, type PatientClient } from '../../faults/patient-client.ts'
import { report } from '../../faults/report.ts'
import { ask, openRequests, type Seen } from '../../faults/watched-load.ts'
import { openFolder } from '../../helpers/own-server.ts'

// The next version beside this one, on the same databases, while a partner delivers and a municipality follows.

t.setTimeout(settings.seconds * 1000 + spare)

const root = fileURLToPath(new URL('../../..', import.meta.url))
const everyTable = (suffix: string) => `do $$ declare naam text; begin
  for naam in select c.oid::regclass from pg_class c where c.relnamespace = 'public'::regnamespace
    and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'migratie' order by c.relname loop
    execute format('alter table %s add column later_${suffix} text', naam);
  end loop; end $$;\n`

/** A copy of this source with one more migration for rows and one for keys; the path of its server. */
async function copyWith(t: Test, name: string, rows: string, keys: string): Promise<string> {
  const folder = await openFolder(t)
  for (const part of ['src', 'migrations', 'openapi', 'package.json'])
    await cp(join(root, part), join(folder, part), { recursive: true })
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  await mkdir(join(folder, 'migrations', 'sleutels'), { recursive: true })
  await writeFile(join(folder, 'migrations', name), rows)
  await writeFile(join(folder, 'migrations', 'sleutels', name), keys)
  return join(folder, 'src', 'server.ts')
}

/** Follows the households from the beginning until told to end; the state of every household that is there. */
async function follow(municipality: PatientClient, ends: AbortSignal): Promise<Map<string, unknown>> {
  const known = new Map<string, unknown>()
  let after: string | undefined
  for (;;) {
    const isLast = ends.aborted
    const { statusCode, json, body } = await municipality.get(
      `/v1/huishoudens/_deltas?limit=50${after === undefined ? '' : `&after=${after}`}`
    )
    if (statusCode !== 200) throw new Error(`_deltas: ${statusCode} ${body}`)
    const { deltas, stateId } = json()
    for (const { huishoudenId, soort, huishouden } of deltas)
      if (soort === 'vervallen') known.delete(huishoudenId)
      else known.set(huishoudenId, huishouden)
    after = stateId
    if (isLast && deltas.length === 0) return known
    await sleep(50)
  }
}

async function listAll(municipality: PatientClient): Promise<Map<string, unknown>> {
  const known = new Map<string, unknown>()
  let path: string | undefined = '/v1/huishoudens?limit=100'
  while (path !== undefined) {
    const { headers, json } = await municipality.get(path)
    for (const one of json().resultaten) known.set(one.id, one)
    const next: string | undefined = /<([^>]+)>; rel="next"/.exec(headers.link ?? '')?.[1]
    path = next && new URL(next, 'http://hub').pathname + new URL(next, 'http://hub').search
  }
  return known
}

const ofMigration = ({ ownerUrl }: FaultStage) => ({
  MIGRATIE_DATABASE_URL: ownerUrl,
  MIGRATIE_SLEUTEL_DATABASE_URL: `${ownerUrl}_sleutels`
})

const isFault = ({ status }: Seen) => !(status >= 200 && status < 300)
// What a client sees of a hub that ends: an answer that says when to ask again, or nobody there.
const isRestart = ({ status, isProblem, mayRetry }: Seen) =>
  status === 0 || (status === 503 && isProblem && mayRetry)
const summary = (seen: readonly Seen[]) =>
  Object.entries(Object.groupBy(seen, ({ what, status }) => `${what} ${status}`)).map(
    ([what, all]) => `${what} ×${all!.length}, longest ${slowest(all!)} ms`
  )
const slowest = (seen: readonly Seen[]) => Math.round(Math.max(...seen.map((one) => one.milliseconds)))

const stage = await openFaultStage(t)
const old = await stage.addInstance()
await old.start()
const { partners, gemeenten } = await stage.enrol(old.url, [{ code: 'P', sectoren: ['huur'] }], ['0177'])
const who = { beheer: stage.beheer, partner: partners[0]!.credentials, gemeente: gemeenten[0]!.credentials }
const later = await copyWith(
  t,
  '9001-later.sql',
  `${everyTable('a')}create table later (id int);\n`,
  everyTable('a')
)
const next = await stage.addInstance(ofMigration(stage), later)

/** Asks everything without pause; a partner has one delivery at a time, of which `withDeliveries` is the whole load. */
async function beginLoad(url: string, { withDeliveries = true } = {}) {
  const { 'POST aanleveringen': delivery, ...rest } = await openRequests(url, who)
  const ending = new AbortController()
  const seen = Promise.all([
    ask(url, rest, ending.signal, 6),
    ...(withDeliveries ? [ask(url, { 'POST aanleveringen': delivery! }, ending.signal, 1)] : [])
  ])
  return async () => {
    ending.abort()
    return (await seen).flat()
  }
}

async function requireAll(t: Test, seen: readonly Seen[]): Promise<number> {
  const ids = seen.flatMap(({ what, id }) => (what === 'POST vroegsignalen' && id ? [id] : []))
  t.ok(ids.length > 20, `${ids.length} signals`)
  const found = await stage.admin('select from vroegsignaal where id = any($1)', [ids])
  t.equal(found.length, ids.length, 'everything that was acknowledged is there')
  const deliveries = seen.flatMap(({ what, id }) => (what === 'POST aanleveringen' && id ? [id] : []))
  t.ok(deliveries.length > 2, `${deliveries.length} deliveries`)
  const whole = await stage.admin('select from aanlevering where id = any($1) and aantal_regels = 20', [
    deliveries
  ])
  t.equal(whole.length, deliveries.length, 'and so is every delivery')
  return ids.length
}

t.test('the next version migrates and serves beside this one, which is then ended', async (t) => {
  const complaints: Complaints = []
  const urls = [old.url]
  const municipality = openPatientClient(() => urls, who.gemeente, complaints)
  const following = new AbortController()
  const followed = follow(municipality, following.signal)

  const endAlone = await beginLoad(old.url)
  await sleep(1_000)
  await next.start()
  const [there] = await stage.admin<{ n: number }>(
    `select count(*)::int as n from information_schema.columns where column_name = 'later_a'`
  )
  t.ok(there!.n > 30, 'every table has one more column')
  urls.push(next.url)
  await sleep(2_000)
  const alone = await endAlone()
  t.same(summary(alone.filter(isFault)), [], 'no request fails while the other migrates and both serve')

  const endOld = await beginLoad(old.url, { withDeliveries: false })
  const endNext = await beginLoad(next.url)
  await sleep(1_500)
  urls.shift()
  t.equal(await old.process().end('SIGTERM'), 0)
  const ofOld = await endOld()
  await sleep(1_000)
  const ofNext = await endNext()
  t.same(summary(ofOld.filter((one) => isFault(one) && !isRestart(one))), [], 'it ends as every restart does')
  t.same(summary(ofNext.filter(isFault)), [], 'and nobody notices at the new one')

  following.abort()
  const state = await followed
  const list = await listAll(municipality)
  t.ok(state.size > 0)
  t.same([...state.keys()].sort(), [...list.keys()].sort(), 'who followed has the list')
  t.same(complaints, [])
  const signals = await requireAll(t, [...alone, ...ofOld, ...ofNext])

  await t.rejects(
    old.start(),
    {
      message:
        /ended with 1 .*migrated by another version of signaalhub.*9001-later\.sql.*start that version, or/s
    },
    'this version does not start on the newer schema'
  )
  report({
    order: 6,
    what: 'a newer version beside a running one',
    done: 'a migration of every table under load, both serving, the old one ended',
    held: `${signals} acknowledged signals all there, who followed has every household, no answer but those of a restart; the old version then refuses to start`
  })
})

t.test('a migration that must wait for somebody keeps nobody else waiting', async (t) => {
  const server = await copyWith(t, '9002-later.sql', everyTable('b'), everyTable('b'))
  await cp(join(later, '../../migrations'), join(server, '../../migrations'), { recursive: true })
  const third = await stage.addInstance(ofMigration(stage), server)
  const end = await beginLoad(next.url)
  let started: Promise<void> | undefined
  // As a dump does, or a report.
  await withConnection(stage.adminUrl, async (client) => {
    await client.query('begin; lock table vroegsignaal in access share mode')
    started = third.start()
    await third.process().matching(/^a migration waits for a table that somebody else uses/)
    const [there] = await stage.admin<{ n: number }>(
      `select count(*)::int as n from information_schema.columns where column_name = 'later_b'`
    )
    t.equal(there!.n, 0)
    await client.query('commit')
  })
  await started
  await sleep(500)
  const seen = await end()
  t.same(summary(seen.filter(isFault)), [])
  await requireAll(t, seen)
  t.equal(await next.process().end('SIGTERM'), 0)
  t.equal(await third.process().end('SIGTERM'), 0)
})
