import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { aSignal } from '../../helpers/builders.ts'
import { startSecondHub } from '../../helpers/start-second-hub.ts'
import { openTestHub } from '../../helpers/test-hub.ts'
import { makeGate, throughGate } from '../tcp-gate.ts'

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8')
const rows = [...readme.matchAll(/^ {2}\| (`[^|]+`) \| ([^|]+) \| ([^|]+) \|$/gm)]
const namesIn = (cell: string) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name!)
const documented = new Set(rows.flatMap(([, fields]) => namesIn(fields!)))
const errorFields = new Set(namesIn(rows.find(([, fields]) => fields === '`err`')![3]!))

/** The fields of a line that the README does not tell of. */
function undocumentedIn(line: string): string[] {
  const fields = JSON.parse(line) as Record<string, unknown>
  const faults = Object.keys(fields).filter((name) => !documented.has(name))
  for (let err = fields.err as Record<string, unknown> | undefined; err; err = err.cause as typeof err)
    faults.push(...Object.keys(err).filter((name) => !errorFields.has(name)))
  return faults
}

t.test('no line of a running hub has a field that the README does not tell of', async (t) => {
  const now = '2026-11-20T09:00:00Z'
  const first = await openTestHub(t, { now })
  const raalte = await first.gemeente('0177')
  const partner = await first.signaalpartner(['huur'], ['0177'])
  const gate = await makeGate(first.databases.databaseUrl)
  await gate.open()
  t.teardown(gate.shut)
  const databaseUrl = throughGate(first.databases.databaseUrl, gate)
  const { sleutelDatabaseUrl } = first.databases
  const settings = {
    METRICS_PORT: '0',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
    LOG_LEVEL: 'trace'
  }
  const hub = await startSecondHub(t, first, { databaseUrl, sleutelDatabaseUrl, now, settings })
  await hub.isReady
  const { id } = JSON.parse((await hub.post(partner, '/v1/vroegsignalen', aSignal())).body)
  await hub.get(raalte, '/v1/huishoudens')
  await hub.get(raalte, `/v1/bestaat-niet`)
  await hub.post(partner, '/v1/vroegsignalen', { onzin: true })
  await first.admin('update vroegsignaal set inhoud = $1 where id = $2', [randomBytes(80), id])
  await hub.get(raalte, '/v1/vroegsignalen')
  await first.admin('alter table huishouden rename to verhuisd')
  t.equal((await hub.get(raalte, '/v1/huishoudens')).status, 500)
  await first.admin('alter table verhuisd rename to huishouden')
  await gate.shut()
  await hub.get(raalte, '/v1/huishoudens')
  await hub.ready()
  await sleep(500)
  await gate.open()
  for (let turn = 0; turn < 100 && (await hub.ready()) !== 200; turn += 1) await sleep(50)
  const isBack = () => hub.logLines.some((line) => line.includes('matching works again'))
  for (let turn = 0; turn < 100 && !isBack(); turn += 1) await sleep(50)
  await hub.stop()

  const lines = [...hub.logLines, ...first.logLines]
  const faults = new Set(lines.flatMap(undocumentedIn))
  t.same([...faults], [])
  const seen = new Set(lines.flatMap((line) => Object.keys(JSON.parse(line))))
  for (const name of ['err', 'slug', 'clientId', 'ids', 'herhaald', 'url'])
    t.ok(seen.has(name), `${name} was there to be seen`)
  const said = new Set(lines.map((line) => String(JSON.parse(line).msg)))
  for (const msg of ['request failed', 'swept', 'metrics', 'matching works again', 'being ready works again'])
    t.ok(said.has(msg), msg)
})

t.test('no place in the source logs a field that the README does not tell of', async (t) => {
  const src = new URL('../../../src/', import.meta.url)
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  const logged = files.flatMap((file) => {
    const text = readFileSync(new URL(file, src), 'utf8')
    return [...text.matchAll(/\blog(?:ger)?\.(?:info|warn|error|fatal)\(\s*\{([^}]*)\}/g)].flatMap(
      ([, fields]) =>
        fields!
          .split(',')
          .map((field) => field.trim().split(':')[0]!.trim())
          .filter(Boolean)
          .map((name) => ({ file, name }))
    )
  })
  t.ok(logged.length > 15, 'they were found')
  t.same(
    logged.filter(({ name }) => !documented.has(name)),
    []
  )
  const never = [...documented].filter(
    (name) =>
      !logged.some((one) => one.name === name) && !['level', 'time', 'name', 'msg', 'reqId'].includes(name)
  )
  t.same(never, [], 'and the README tells of no field that there is not')
})

t.test('the fields are found in the README, and another would be', async (t) => {
  t.ok(documented.size > 15)
  t.same([...errorFields], ['type', 'slug', 'code', 'sqlState', 'frames', 'cause'])
  t.same(undocumentedIn('{"level":30,"naam":"x","err":{"type":"E","cause":{"detail":"x"}}}'), [
    'naam',
    'detail'
  ])
})
