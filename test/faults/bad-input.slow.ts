import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { SignJWT } from 'jose'
import pg from 'pg'
import t from 'tap'
import { fetchToken } from '../demo/open-party.ts'
import { aSignal } from '../helpers/builders.ts'
import { responseValidator } from '../helpers/validate-response.ts'
import { signingKey } from '../toegang/token-requests.ts'
import { type Case, canary, corpus } from './corpus.ts'
import { settings, spare } from './fault-settings.ts'
import { openFaultStage } from './fault-stage.ts'
import { type RawAnswer, sendRaw } from './raw-request.ts'
import { report } from './report.ts'

t.setTimeout(settings.seconds * 1000 + spare)

const document = JSON.parse(readFileSync(new URL('../../openapi/openapi.json', import.meta.url), 'utf8'))
const stage = await openFaultStage(t)
const hub = await stage.addInstance({
  PROEF_KLOK: '2026-11-20T09:00:00Z',
  LIMIET_VERZOEKEN: '0',
  LIMIET_AANLEVEREN: '0'
})
await hub.start()
const { partners, gemeenten } = await stage.enrol(hub.url, [{ code: 'P', sectoren: ['huur'] }], ['0177'])
const tokens = {
  partner: await fetchToken(hub.url, partners[0]!.credentials),
  gemeente: await fetchToken(hub.url, gemeenten[0]!.credentials),
  beheer: await fetchToken(hub.url, stage.beheer)
}
const good = aSignal({ betrokkene: { naam: { geslachtsnaam: canary } } })
const validate = responseValidator(document)
const longestAnswer = 5_000

// What only counts, of a request that was refused, and what jobs write by themselves.
const counting = [
  'afwijzing_telling',
  'signaalpartner_telling',
  'dagverbruik',
  'job_run',
  'migratie',
  'client'
]
const tables = (
  await stage.admin<{ naam: string }>(`select relname as naam from pg_class
    where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace`)
)
  .map(({ naam }) => naam)
  .filter((naam) => !counting.includes(naam))
const countAll = `select ${tables.map((table) => `(select count(*) from ${table})`).join(` || ',' || `)} as rows`
const counter = new pg.Client(stage.adminUrl)
await counter.connect()
t.teardown(() => counter.end())
const rowsNow = async () => (await counter.query<{ rows: string }>(countAll)).rows[0]!.rows

const revealing =
  /\bat [^ ]+ \(|node_modules|\.ts:\d|\.js:\d|\bselect \b.*\bfrom\b|insert into|SQLSTATE|relation "|syntax error at|ECONN|FST_ERR|ERR_|TypeError|RangeError|ajv|typebox|postgres/i

/** What an answer gets wrong, whatever was asked. */
function faultsOf(answer: RawAnswer, method: string, path: string): string[] {
  const { status, headers, body, milliseconds } = answer
  const faults: string[] = []
  if (status === 0) return ['no answer']
  if (status >= 500) faults.push(`${status}`)
  if (milliseconds > longestAnswer) faults.push(`took ${Math.round(milliseconds)} ms`)
  if (status < 400) return faults
  if (body.includes(canary)) faults.push('echoes the canary')
  if (revealing.test(body)) faults.push(`reveals: ${revealing.exec(body)![0]}`)
  const type = headers['content-type'] ?? ''
  if (path.startsWith('/oauth/')) {
    if (method === 'POST' && typeof JSON.parse(body).error !== 'string')
      faults.push(`no OAuth error: ${body}`)
    return faults
  }
  if (!type.startsWith('application/problem+json')) return [...faults, `${type} where a problem was promised`]
  const problem = JSON.parse(body)
  if (problem.status !== status) faults.push('another status in the problem')
  const route = routeOf(method, path)
  // What is not read so far is of no operation.
  if (route !== undefined && status !== 431)
    faults.push(...validate({ method, route, status, headers, body }))
  return faults
}

const patterns = Object.keys(document.paths)
  .map((route) => ({ route, pattern: new RegExp(`^/v1${route.replace(/\{[^}]+\}/g, '[^/]+')}$`) }))
  .sort((a, b) => a.route.split('{').length - b.route.split('{').length)

function routeOf(method: string, path: string): string | undefined {
  const plain = path.split('?')[0]!
  return patterns.find(
    ({ route, pattern }) => pattern.test(plain) && method.toLowerCase() in document.paths[route]
  )?.route
}

const json = ['Content-Type', 'application/json'] as const
const bearer = (party: Exclude<Case['as'], undefined>) =>
  party === 'nobody' ? [] : [['Authorization', `Bearer ${tokens[party]}`] as const]

/** What the next good request gets. */
async function nextWorks(): Promise<string[]> {
  const request = { method: 'POST', path: '/v1/proefbeoordelingen', headers: [json, ...bearer('partner')] }
  const { status, body } = await sendRaw(hub.url, { ...request, body: JSON.stringify(good) })
  return status === 200 ? [] : [`the next good request: ${status} ${body}`]
}

let tried = 0
async function tryCase({ name, method = 'POST', path, as = 'partner', headers = [], body, statuses }: Case) {
  const isChecked = settings.isWhole || tried % 10 === 0
  tried += 1
  const before = isChecked ? await rowsNow() : undefined
  const answer = await sendRaw(hub.url, { method, path, headers: [...headers, ...bearer(as)], body })
  const faults = faultsOf(answer, method, path)
  if (answer.status > 0 && !statuses!.includes(answer.status))
    faults.push(`${answer.status}, not ${statuses}: ${answer.body.slice(0, 300)}`)
  if (before !== undefined && (await rowsNow()) !== before) faults.push('rows were changed')
  if (isChecked) faults.push(...(await nextWorks()))
  return faults.map((fault) => `${name}: ${fault}`)
}

const cases = corpus(good)
let made = 0
t.test(`${cases.length} requests that are no good are refused as promised, and leave nothing`, async (t) => {
  t.ok(cases.length >= 300)
  await sendRaw(hub.url, { method: 'GET', path: '/v1/criteria', headers: [] })
  const memory = hub.memory()
  const found: string[] = []
  const rows = await rowsNow()
  for (const one of cases) found.push(...(await tryCase(one)))
  t.same(found, [])
  t.equal(await rowsNow(), rows)
  t.ok(hub.memory() - memory < 150, `memory: ${Math.round(memory)} to ${Math.round(hub.memory())} MB`)
  made += cases.length
})

t.test('tokens that are no good are refused, whatever they say', async (t) => {
  const [own, stranger] = [tokens.partner, await signingKey('ES256', 'vreemd')]
  const [head, payload, signature] = own.split('.') as [string, string, string]
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
  const header = JSON.parse(Buffer.from(head, 'base64url').toString())
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const forged = (changed: object, of: object = {}) =>
    new SignJWT({ ...claims, ...of })
      .setProtectedHeader({ ...header, alg: 'ES256', ...changed })
      .sign(stranger.privateKey)
  const jwks = await (await fetch(`${hub.url}/.well-known/jwks.json`)).text()
  const hmac = (secret: string) =>
    new SignJWT(claims).setProtectedHeader({ ...header, alg: 'HS256' }).sign(Buffer.from(secret))
  const bad: Record<string, string> = {
    'alg none': `${encode({ ...header, alg: 'none' })}.${payload}.`,
    'alg nOnE': `${encode({ ...header, alg: 'nOnE' })}.${payload}.${signature}`,
    'no signature': `${head}.${payload}.`,
    'a signature of zeros': `${head}.${payload}.${'A'.repeat(86)}`,
    'HS256 with the public keys': await hmac(jwks),
    'HS256 with nothing known': await hmac('x'.repeat(32)),
    'the key of a stranger': await forged({}),
    'a key of its own in jwk': await forged({ jwk: stranger.jwk }),
    'a key of its own at jku': await forged({ jku: 'http://127.0.0.1:9/jwks.json' }),
    'a key of its own at x5u': await forged({ x5u: 'http://127.0.0.1:9/x.pem' }),
    'kid of a path': await forged({ kid: '../../../../dev/null' }),
    'kid of SQL': await forged({ kid: "x' union select 'y" }),
    'kid of __proto__': await forged({ kid: '__proto__' }),
    'crit that is not known': await forged({ crit: ['b64'], b64: false }).catch(
      () => `${encode({ ...header, crit: ['x'], x: 1 })}.${payload}.${signature}`
    ),
    'other claims under its signature': `${head}.${encode({ ...claims, scope: 'beheer' })}.${signature}`,
    'another client under its signature': `${head}.${encode({ ...claims, client_id: 'beheer', azp: 'beheer' })}.${signature}`,
    'claims twice': `${head}.${payload}.${payload}.${signature}`,
    'five parts': `${head}.${payload}.${signature}.a.b`,
    'one part': head,
    nothing: '',
    'a lone dot': '.',
    'no base64url': `${head}.${payload}.%%%`,
    'padding and spaces': `${head}. ${payload}.${signature}`,
    'claims that are no object': `${head}.${Buffer.from('[]').toString('base64url')}.${signature}`,
    'claims of 7 kB': `${head}.${encode({ ...claims, x: 'x'.repeat(7_000) })}.${signature}`,
    'a thousand levels': `${head}.${Buffer.from('['.repeat(1_000)).toString('base64url')}.${signature}`
  }
  const headers: Record<string, readonly (readonly [string, string])[]> = {
    ...Object.fromEntries(
      Object.entries(bad).map(([name, token]) => [name, [['Authorization', `Bearer ${token}`]]])
    ),
    Basic: [['Authorization', `Basic ${Buffer.from('beheer:x').toString('base64')}`]],
    'another scheme': [['Authorization', `DPoP ${own}`]],
    'no scheme': [['Authorization', own]],
    'in a cookie': [['Cookie', `access_token=${own}`]],
    'in a header of its own': [['X-Access-Token', own]]
  }
  const found: string[] = []
  for (const [name, sent] of Object.entries(headers)) {
    const answer = await sendRaw(hub.url, { method: 'GET', path: '/v1/vroegsignalen', headers: sent })
    const faults = faultsOf(answer, 'GET', '/v1/vroegsignalen')
    if (answer.status !== 401) faults.push(`${answer.status}`)
    found.push(...faults.map((fault) => `${name}: ${fault}`))
  }
  const inQuery = await sendRaw(hub.url, {
    method: 'GET',
    path: `/v1/vroegsignalen?access_token=${own}`,
    headers: []
  })
  if (inQuery.status !== 401 && inQuery.status !== 400) found.push(`in the query: ${inQuery.status}`)
  t.same([...found, ...(await nextWorks())], [])
  made += Object.keys(headers).length + 1
})

type Operation = {
  readonly method: string
  readonly route: string
  readonly base: string
  readonly type: string | undefined
  readonly example: unknown
  readonly as: 'partner' | 'gemeente' | 'beheer' | 'nobody'
}

type Described = {
  readonly description?: string
  readonly security?: readonly object[]
  readonly servers?: readonly { readonly url: string }[]
  readonly requestBody?: {
    readonly content: Record<string, { example?: unknown; examples?: Record<string, { value: unknown }> }>
  }
}

// What would take a right away from who asks, or make the hub send something.
const passedOver = /^(DELETE .*|POST \/clients.*|PATCH \/clients.*|.*\/abonnementen.*)$/

const operations: Operation[] = Object.entries<Record<string, Described>>(document.paths).flatMap(
  ([route, methods]) =>
    Object.entries(methods).flatMap(([method, described]) => {
      if (passedOver.test(`${method.toUpperCase()} ${route}`)) return []
      const [type, content] = Object.entries(described.requestBody?.content ?? {})[0] ?? []
      const example = content?.example ?? Object.values(content?.examples ?? {})[0]?.value
      const voor = String(described.description ?? '')
      const as = /signaalpartner/.test(voor.slice(voor.lastIndexOf('Voor:')))
        ? 'partner'
        : /gemeente/.test(voor.slice(voor.lastIndexOf('Voor:')))
          ? 'gemeente'
          : described.security?.length === 0
            ? 'nobody'
            : 'beheer'
      const base = described.servers === undefined ? '/v1' : new URL(described.servers[0]!.url).pathname
      return [{ method: method.toUpperCase(), route, base, type, example, as } as Operation]
    })
)

const junk = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    2 ** 53 + 2,
    1e308,
    '',
    ' ',
    [],
    {},
    [[]],
    '2026-02-29',
    '0177',
    'infinity',
    '\u0000',
    '\ud800',
    '\u202e',
    '__proto__',
    'a'.repeat(3_000),
    canary
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.jsonValue({ maxDepth: 3 }),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString())
)
const identifiers = fc.oneof(
  fc.constantFrom(
    '0190c9a4-7e9d-4c3e-8b53-1e9c6f1d2a3b',
    '0177',
    '9999',
    'x',
    '%00',
    '..',
    '%2e%2e%2f',
    '__proto__',
    '-1',
    "'"
  ),
  fc.string({ maxLength: 30 }).map(encodeURIComponent)
)
const queries = fc.array(
  fc.tuple(
    fc.constantFrom(
      'limit',
      'cursor',
      'gemeentecode',
      'van',
      'totEnMet',
      'expand',
      'after',
      'sector',
      'matchsoort',
      'datum',
      'maand',
      'x',
      '__proto__',
      'crisis'
    ),
    fc.oneof(
      fc.constantFrom('', '0', '1', '100', '1e9', 'true', '2026-02-30', '2026-13', '0177', '%00', '[]'),
      fc.string({ maxLength: 20 }).map(encodeURIComponent)
    )
  ),
  { maxLength: 3 }
)
const changes = fc.array(fc.tuple(fc.nat(), fc.constantFrom('replace', 'remove', 'add', 'double'), junk), {
  maxLength: 3
})

/** Changes a copy at the place that a number happens to name. */
function change(value: unknown, edits: readonly [number, string, unknown][]): unknown {
  let changed = structuredClone(value)
  for (const [at, how, put] of edits) {
    const places: [Record<string, unknown>, string][] = []
    const walk = (node: unknown) => {
      if (typeof node !== 'object' || node === null) return
      for (const key of Object.keys(node)) {
        places.push([node as Record<string, unknown>, key])
        walk((node as Record<string, unknown>)[key])
      }
    }
    walk(changed)
    const place = places[at % Math.max(1, places.length)]
    if (place === undefined) {
      changed = put
      continue
    }
    const [node, key] = place
    if (how === 'remove') delete node[key]
    else if (how === 'double') node[key] = [node[key], node[key]]
    else if (how === 'add') node[`onbekend${at % 9}`] = put
    else node[key] = put
  }
  return changed
}

t.test('what is made from the document and spoiled is answered as the document says', async (t) => {
  let asked = 0
  const runs = settings.isWhole ? 6_000 : 150
  const found: string[] = []
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...operations),
      changes,
      queries,
      identifiers,
      async (operation, edits, query, id) => {
        const { method, route, base, type, example, as } = operation
        const path = `${base}${route.replace(/\{\w+\}/g, () => id || 'x')}${query.length > 0 && method === 'GET' ? `?${query.map(([name, value]) => `${name}=${value}`).join('&')}` : ''}`
        const value = typeof example === 'string' ? example : JSON.stringify(change(example ?? {}, edits))
        const body = type === undefined ? undefined : (value ?? 'null')
        const headers = [
          ...(type === undefined ? [] : [['Content-Type', type] as const]),
          ['If-Match', '*'] as const,
          ...bearer(as)
        ]
        const answer = await sendRaw(hub.url, { method, path, headers, body })
        asked += 1
        const faults = faultsOf(answer, method, path)
        if (asked % 20 === 0) faults.push(...(await nextWorks()))
        if (faults.length > 0) found.push(`${method} ${path} ${body?.slice(0, 300)}: ${faults.join('; ')}`)
      }
    ),
    { numRuns: runs, seed: settings.seed, endOnFailure: true }
  )
  t.same(found.slice(0, 10), [], `${found.length} of ${asked}`)
  t.ok(asked >= runs)
  made += asked
})

t.test('no line of the log holds what was sent, and none tells of a fault of ours', async (t) => {
  const { lines } = hub.process()
  t.same(
    lines.filter((line) => line.includes(canary)),
    []
  )
  t.same(lines.filter((line) => line.includes('interne-fout')).slice(0, 3), [])
  report({
    order: 3,
    what: 'bad input: a corpus, forged tokens and requests made from openapi.json',
    done: `${made} requests`,
    held: 'never 5xx, each a problem as documented, no echo, no row changed, the next good request works'
  })
})
