import { readFile } from 'node:fs/promises'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { buildApp } from '../src/app.ts'
import { openLogger } from '../src/platform/http/logger.ts'
import { type Hub, openHub } from '../src/toegang/hub.ts'
import { aSignal } from './helpers/builders.ts'
import { type Answer, openTestHub } from './helpers/test-hub.ts'
import { answersOfAllKinds, bareRequest, operationsOf } from './platform/http/operations.ts'

const hub = await openTestHub(t, { now: '2026-11-20T09:00:00Z' })
const gemeente = await hub.gemeente('0177', 'Raalte')
const partner = await hub.signaalpartner(['huur'], ['0177'])
const signal = await partner.post('/v1/vroegsignalen', aSignal())
const parties = { beheer: hub.beheer, gemeente, partner }
const document = (await hub.call({ method: 'GET', url: '/v1/openapi.json' })).json()
const answers = await answersOfAllKinds(hub, parties)
const file = (path: string) => readFile(new URL(`../${path}`, import.meta.url), 'utf8')

t.test('/core/version-header: every answer of every kind carries the full version', async (t) => {
  t.match(document.info.version, /^\d+\.\d+\.\d+$/, '/core/semver')
  t.same(
    without((answer) => answer.headers['api-version'] === document.info.version),
    []
  )
  const made = await hub.beheer.post('/v1/gemeenten', { gemeentecode: '0150', naam: 'Deventer' })
  t.match(made, { statusCode: 201, headers: { 'api-version': document.info.version } })
})

t.test('/core/transport/security-headers: every answer of every kind carries them', async (t) => {
  t.same(
    without(({ headers }) => headers['cache-control'] === 'no-store'),
    [],
    'Cache-Control'
  )
  t.same(
    without(({ headers }) => headers['x-content-type-options'] === 'nosniff'),
    [],
    'nosniff'
  )
  t.same(
    without(({ headers }) => headers['x-frame-options'] === 'DENY'),
    [],
    'X-Frame-Options'
  )
  t.same(
    without(({ headers }) => headers['referrer-policy'] === 'no-referrer'),
    [],
    'Referrer-Policy'
  )
  t.same(
    without(({ headers }) => /max-age=\d{8,}/.test(String(headers['strict-transport-security']))),
    []
  )
  const policy = ({ headers }: Answer) => String(headers['content-security-policy'])
  t.same(
    without((answer) => policy(answer).includes("frame-ancestors 'none'")),
    [],
    'frame-ancestors'
  )
  t.same(
    without((answer) => policy(answer).includes("default-src 'none'"), isNoDocs),
    [],
    'default-src'
  )
  t.same(
    without(({ headers, body }) => body === '' || headers['content-type'] !== undefined),
    []
  )
})

t.test('/core/transport/cors: no origin may read an answer but that of the document itself', async (t) => {
  const open = [...answers].filter(([, { headers }]) => headers['access-control-allow-origin'] !== undefined)
  t.same([...new Set(open.map(([name]) => name.split(' ')[0]))], ['getOpenapiJson', 'getOpenapiYaml'])
  for (const operation of operationsOf(hub)) {
    const request = bareRequest(operation)
    const headers = { ...request.headers, origin: 'https://elders.example' }
    const preflight = { ...headers, 'access-control-request-method': operation.method }
    const answered = await hub.app.inject({ ...request, headers })
    const asked = await hub.app.inject({ method: 'OPTIONS', url: operation.url, headers: preflight })
    const isPublic = /^getOpenapi/.test(operation.id)
    t.equal(answered.headers['access-control-allow-origin'], isPublic ? '*' : undefined, operation.id)
    t.equal(asked.headers['access-control-allow-methods'], undefined, `${operation.id} preflight`)
  }
})

t.test('/core/stateless: no cookie, and a second instance goes on where the first stopped', async (t) => {
  t.same(
    without(({ headers }) => headers['set-cookie'] === undefined),
    []
  )
  const other = await instance(t, hub.hub)
  const headers = { authorization: `Bearer ${hub.beheer.token}` }
  const first = await hub.beheer.get('/v1/gemeenten?limit=1')
  const next = /<http:\/\/hub\.test([^>]+)>/.exec(String(first.headers.link))![1]!
  const second = await other.inject({ method: 'GET', url: next, headers })
  t.equal(second.json().resultaten[0].gemeentecode, '0177')
})

t.test('/core/publish-openapi: without a token, for every origin, JSON and YAML the same', async (t) => {
  const json = await hub.call({ method: 'GET', url: '/v1/openapi.json' })
  const yaml = await hub.call({ method: 'GET', url: '/v1/openapi.yaml' })
  t.match(json, { statusCode: 200, headers: { 'access-control-allow-origin': '*' } })
  t.match(yaml, { statusCode: 200, headers: { 'access-control-allow-origin': '*' } })
  t.match(yaml.headers['content-type'], /^application\/yaml/)
  t.same(parse(yaml.body), json.json())
  const published = (await file('openapi/openapi.json')).replaceAll(
    'https://signaalhub.example.nl',
    'http://hub.test'
  )
  t.same(json.json(), JSON.parse(published), 'the published file, apart from the address of the hub')
})

t.test('/core/uri-version: the document and every route stand under the major version only', async (t) => {
  const major = document.info.version.split('.')[0]
  t.same(
    document.servers.map(({ url }: { url: string }) => new URL(url).pathname),
    [`/v${major}`]
  )
})

t.test('/core/changelog: the version has a heading', async (t) => {
  const version = document.info.version.replaceAll('.', '\\.')
  t.match(await file('CHANGELOG.md'), new RegExp(`^## \\[?v?${version}\\b`, 'm'))
})

t.test(
  '/core/hide-implementation: no answer names the framework, the database or a piece of code',
  async (t) => {
    t.same(
      without(({ headers }) => headers.server === undefined && !('x-powered-by' in headers)),
      []
    )
    const traces =
      /fst_|fastify|fast-jwt|postgres|kysely|sqlstate|"\d{2}[0-9A-Z]{3}"|at \/|\.ts:|node_modules/i
    t.same(
      without(({ statusCode, body }) => statusCode < 400 || !traces.test(body)),
      []
    )
    const secret = new Error('relation "client" does not exist at /srv/src/app.ts:1')
    for (const [code, status] of [
      ['42P01', 500],
      ['ECONNREFUSED', 503]
    ] as const) {
      const broken = { ...hub.hub.database, as: () => Promise.reject(Object.assign(secret, { code })) }
      const app = await instance(t, openHub({ ...hub.hub, database: broken }))
      const headers = { authorization: `Bearer ${hub.beheer.token}` }
      const answer = await app.inject({ method: 'GET', url: '/v1/clients', headers })
      t.equal(answer.statusCode, status)
      t.match(answer.headers['content-type'], /^application\/problem\+json/)
      t.equal(answer.headers['api-version'], document.info.version)
      t.equal(answer.headers['retry-after'] !== undefined, status === 503)
      t.notMatch(answer.body, /relation|client"|app\.ts|42P01|ECONNREFUSED/)
    }
  }
)

t.test(
  '/core/transport/no-sensitive-uris: no parameter is personal, no log line keeps an address',
  async (t) => {
    const names = operationsOf(hub).flatMap(({ parameters }) =>
      parameters.filter((parameter) => ['path', 'query'].includes(parameter.in)).map(({ name }) => name)
    )
    const personal =
      /bsn|burgerservice|naam|geboorte|e-?mail|telefoon|postcode|huisnummer|iban|klant|referentie/i
    t.same(
      names.filter((name) => personal.test(name)),
      []
    )
    const before = hub.logLines.length
    const answer = await partner.get('/v1/vroegsignalen?naam=Kanariepiet&bsn=999990019')
    t.equal(answer.statusCode, 400)
    t.notMatch(answer.body, /Kanariepiet|999990019|naam|bsn/)
    t.equal(hub.logLines.length > before, true)
    t.notMatch(hub.logLines.slice(before).join(), /Kanariepiet|999990019|naam=|\?/)
  }
)

t.test('/core/date-time: days are real days without a time, instants are in UTC', async (t) => {
  const shown = leavesOf(signal.json())
  const days = shown.filter(([name]) => /datum$/i.test(name))
  const instants = shown.filter(([name]) => name.endsWith('Op'))
  t.ok(days.length >= 4 && instants.length >= 1)
  for (const [name, value] of days) t.match(value, /^\d{4}-\d{2}-\d{2}$/, name)
  for (const [name, value] of instants) t.match(value, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/, name)
  for (const day of [
    '2026-02-30',
    '2026-11-31',
    '2026-1-1',
    '20261120',
    '2026-11-20T00:00:00Z',
    '+02026-11-20'
  ]) {
    const answer = await partner.post('/v1/vroegsignalen', { ...aSignal(), signaaldatum: day })
    t.match(answer.json(), { status: 400, errors: [{ location: '/signaaldatum', code: 'date' }] }, day)
  }
})

t.test('/core/http-safety: reading changes no table but the processing log', async (t) => {
  const before = await checksums()
  for (const operation of operationsOf(hub).filter(({ method }) => method === 'GET')) {
    for (const party of Object.values(parties)) {
      await party.call({ method: 'GET', url: operation.url })
      await party.call({ method: 'HEAD', url: operation.url })
    }
  }
  await gemeente.get(`/v1/vroegsignalen/${signal.json().id}`)
  const after = await checksums()
  t.same({ ...after, verwerkingsblad: before.verwerkingsblad }, before)
  t.not(after.verwerkingsblad, before.verwerkingsblad, 'and that one keeps what was read')
})

function isNoDocs(name: string): boolean {
  return !name.includes('docs')
}

/** The names of the answers that break a rule. */
function without(
  rule: (answer: Answer) => boolean,
  isAbout: (name: string) => boolean = () => true
): string[] {
  return [...answers].filter(([name, answer]) => isAbout(name) && !rule(answer)).map(([name]) => name)
}

function leavesOf(value: unknown, name = ''): [name: string, value: unknown][] {
  if (typeof value !== 'object' || value === null) return [[name, value]]
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, Array.isArray(value) ? name : key))
}

async function checksums(): Promise<Record<string, string>> {
  const tables = await hub.admin<{ name: string }>(
    `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`
  )
  const sums: Record<string, string> = {}
  for (const { name } of tables) {
    const rows = `select md5(coalesce(string_agg(r::text, ',' order by r::text), '')) as sum from ${name} r`
    sums[name] = (await hub.admin<{ sum: string }>(rows))[0]!.sum
  }
  return sums
}

async function instance(t: Test, hub: Hub) {
  const app = await buildApp({
    hub,
    logger: openLogger('silent'),
    isReady: async () => true
  })
  t.teardown(() => app.close())
  return app
}
