import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

// Checks which file may import which, and what each rule protects. Rules name files by their path below src.

type Import = { readonly from: string; readonly isType: boolean; readonly names: string }
type Source = { readonly path: string; readonly text: string; readonly imports: readonly Import[] }
type Kind =
  | 'entry'
  | 'app'
  | 'config'
  | 'routes'
  | 'schedule'
  | 'store'
  | 'schema'
  | 'pure'
  | 'platform'
  | 'use case'

/**
 * The rooms in import order: a room may only import rooms listed before it. So to read one room you only need those
 * before it, and you can remove a room together with everything after it.
 */
const rooms = [
  'time.ts',
  'config.ts',
  'begrippen',
  'platform',
  'toegang',
  'sporen',
  'organisaties',
  'adressen',
  'personen',
  'beoordeling',
  'vroegsignalen',
  'weging',
  'aanlevering',
  'huishoudens',
  'wijzigingen',
  'zaken',
  'betrokkenen',
  'abonnementen',
  'vernietiging',
  'verantwoording',
  'app.ts',
  'start-hub.ts',
  'server.ts',
  'commands'
] as const

const entries = /^(server|start-hub)\.ts$|^commands\//

// These files use no I/O and no clock, so their decisions can be read and tested without running anything.
const pure = new RegExp(
  `^(${[
    'time',
    'begrippen/.*',
    'adressen/(aanduiding|usual-aanduiding|adressleutel|normalise-adres|open-resolver|resolve-adres|register/(gemeentenamen|register-columns))',
    'personen/.*',
    'beoordeling/(?!.*-(?:routes|schema)).*',
    'organisaties/overeenkomsten/overeenkomst',
    'aanlevering/leveringen/(csv-columns|read-cell|voorbeeldaanlevering)',
    'platform/batch',
    'platform/database/database-errors',
    'platform/http/(csv-row|merge-patch|parse-json|tidy-text)',
    'vernietiging/data-map',
    'huishoudens/huishouden-columns',
    'vroegsignalen/(is-jongere|is-shortened|voorbeeldsignaal|vroegsignaal-columns)'
  ].join('|')})\\.ts$`
)

function kindOf(path: string): Kind {
  if (entries.test(path)) return 'entry'
  if (path === 'app.ts') return 'app'
  if (path === 'config.ts') return 'config'
  if (path.endsWith('-store.ts')) return 'store'
  if (pure.test(path)) return 'pure'
  if (path.startsWith('platform/')) return 'platform'
  if (path.endsWith('-routes.ts')) return 'routes'
  if (path.endsWith('-schema.ts')) return 'schema'
  return /\/schedule-[^/]+$/.test(path) ? 'schedule' : 'use case'
}

type Rule = {
  readonly protects: string
  /** Whether a file of this kind may import another file below src. */
  readonly allows: (path: string, target: string, isType: boolean) => boolean
}

const stationOf = (path: string) => path.split('/')[0]!

const rules: Readonly<Record<Kind, Rule>> = {
  entry: { protects: 'the whole is put together in one place', allows: () => true },
  app: {
    protects: 'the map of the service reads as a list of its routes',
    allows: (_, target) => isOf(target, 'routes', 'platform') || target.startsWith('toegang/')
  },
  config: { protects: 'settings are read before anything else exists', allows: () => false },
  routes: {
    protects: 'HTTP stays thin: shape in, one call, reply out',
    allows: (path, target) =>
      isOf(target, 'use case', 'store', 'pure', 'platform') ||
      (isOf(target, 'schema') && stationOf(target) === stationOf(path))
  },
  schedule: {
    protects: 'a job only wakes a use case that also runs without it',
    allows: (_, target) => isOf(target, 'use case', 'store', 'pure', 'platform')
  },
  store: {
    protects: 'SQL knows no HTTP and no caller, so what it shows is decided by row level security alone',
    allows: (_, target, isType) =>
      /^platform\/(database|crypto)\/(?!.*-store)/.test(target) ||
      /(^|\/)(vroegsignaal|huishouden)-columns\.ts$/.test(target) ||
      (isType && isOf(target, 'pure'))
  },
  schema: {
    protects: 'the wire can be read, and written out as a document, without the rest',
    allows: (_, target) => isOf(target, 'pure') || /^platform\/http\/[a-z]+-schema\.ts$/.test(target)
  },
  pure: {
    protects: 'rules of law are decided by their arguments alone',
    allows: (_, target) => isOf(target, 'pure')
  },
  platform: {
    protects: 'what every station stands on knows none of them',
    allows: (_, target) =>
      target.startsWith('platform/') || target.startsWith('begrippen/') || target === 'time.ts'
  },
  'use case': {
    protects: 'what the hub does can be called without HTTP',
    allows: (path, target, isType) =>
      path.startsWith('toegang/') ||
      isOf(target, 'use case', 'store', 'pure') ||
      callable.test(target) ||
      (isType && (isOf(target, 'schema') || target.startsWith('platform/database/')))
  }
}

// The parts of the platform that a use case may call.
const callable =
  /^platform\/(crypto\/.*|map-in-turns|database\/(under-duty|locks)|outgoing\/outgoing|http\/(decode-body|decode-text|hash-body|problem|schema-order|typebox))\.ts$/

const wireOfSignal = 'a signal has one form on the wire, which is described once, where it lives'

/** Imports that break a rule on purpose, as `file → file`, with the reason. */
const exceptions: Readonly<Record<string, string>> = {
  'aanlevering/aanlevering-routes.ts → vroegsignalen/vroegsignaal-schema.ts': wireOfSignal,
  'aanlevering/aanlevering-schema.ts → vroegsignalen/vroegsignaal-schema.ts': wireOfSignal,
  'aanlevering/leveringen/levering-schema.ts → vroegsignalen/vroegsignaal-schema.ts': wireOfSignal,
  'betrokkenen/inzage/inzage-schema.ts → vroegsignalen/vroegsignaal-schema.ts': wireOfSignal,
  'betrokkenen/rectificaties/rectificatie-routes.ts → vroegsignalen/vroegsignaal-schema.ts': wireOfSignal,
  'betrokkenen/rectificaties/rectificatie-schema.ts → vroegsignalen/vroegsignaal-schema.ts': wireOfSignal,
  'betrokkenen/verzoek-schema.ts → vroegsignalen/vroegsignaal-schema.ts':
    'a right is asked for as a search is',
  'huishoudens/huishouden-routes.ts → vroegsignalen/vroegsignaal-schema.ts': wireOfSignal,
  'huishoudens/huishouden-schema.ts → vroegsignalen/vroegsignaal-schema.ts': wireOfSignal,
  'vroegsignalen/meldbewijzen/meldbewijs-schema.ts → vroegsignalen/vroegsignaal-schema.ts': wireOfSignal,
  'wijzigingen/wijziging-routes.ts → vroegsignalen/vroegsignaal-schema.ts': wireOfSignal,
  'wijzigingen/wijziging-schema.ts → vroegsignalen/vroegsignaal-schema.ts': wireOfSignal,
  'huishoudens/volgen/delta-schema.ts → huishoudens/huishouden-schema.ts':
    'a change shows the household exactly as the list does',
  'vroegsignalen/check-vroegsignaal.ts → vroegsignalen/vroegsignaal-schema.ts':
    'each line of a delivery is checked exactly as the body of a single signal is',
  'vroegsignalen/normalise-vroegsignaal.ts → vroegsignalen/vroegsignaal-schema.ts':
    'fields are put in the order of the schema, so that no field is listed twice'
}

type Door = { readonly values: RegExp; readonly types?: RegExp }

/** One door per package: a package that enters through one file can be replaced, limited and understood there. */
const doors: Readonly<Record<string, Door>> = {
  pg: { values: /^platform\/database\/open-database\.ts$/ },
  kysely: { values: /^platform\/database\/|-store\.ts$/, types: /^begrippen\/tables\.ts$/ },
  typebox: { values: /-schema\.ts$|^platform\/http\// },
  fastify: { values: /^app\.ts$/, types: /-routes\.ts$|^platform\/http\/|^toegang\/|open-aanlevering\.ts$/ },
  '@fastify/accepts': { values: /^platform\/http\/negotiation\.ts$/ },
  '@fastify/formbody': { values: /^toegang\/token-routes\.ts$/ },
  '@fastify/jwt': { values: /^toegang\/own-tokens\.ts$/ },
  '@fastify/under-pressure': { values: /^platform\/http\/load-shedding\.ts$/ },
  '@fastify/rate-limit': { values: /^platform\/http\/rate-limit\.ts$/ },
  '@fastify/swagger': { values: /^platform\/http\/openapi\.ts$/ },
  '@fastify/swagger-ui': { values: /^platform\/http\/docs\.ts$/ },
  yaml: { values: /^platform\/http\/openapi\.ts$|^commands\/beheer\/landschap\/read-landschap\.ts$/ },
  pino: { values: /^platform\/http\/logger\.ts$/, types: /^(app|server|start-hub)\.ts$|\/schedule-[^/]+$/ },
  'prom-client': { values: /^platform\/metrics\/open-metrics\.ts$/ },
  '@opentelemetry/api': { values: /^platform\/traces\/send-spans\.ts$/ },
  '@opentelemetry/exporter-trace-otlp-http': { values: /^platform\/traces\/send-spans\.ts$/ },
  '@opentelemetry/resources': { values: /^platform\/traces\/send-spans\.ts$/ },
  '@opentelemetry/sdk-trace': { values: /^platform\/traces\/send-spans\.ts$/ },
  'node-cron': { values: /^vernietiging\/schedule-sweep\.ts$|^config\.ts$/ },
  jose: {
    values:
      /^platform\/crypto\/|^toegang\/(authenticate-client|external-tokens|issuer-keys|verify-with-any)\.ts$/
  },
  'rate-limiter-flexible': { values: /^toegang\/(failed-logins|limit-clients)\.ts$/ },
  'fastest-levenshtein': { values: /^(config|platform\/http\/typebox)\.ts$/ },
  'ipaddr.js': { values: /^platform\/outgoing\/address-guard\.ts$/ },
  'any-ascii': { values: /^personen\/fold-name\.ts$/ },
  'csv-parse': { values: /^aanlevering\/leveringen\/read-rows\.ts$|^adressen\/register\/split-rows\.ts$/ }
}

type Words = { readonly pattern: RegExp; readonly in: RegExp; readonly rule: string }

/** Patterns that may only occur in some files. */
const words: readonly Words[] = [
  {
    pattern: /\bprocess\.env\b/,
    // Commands run on another machine, without the settings of a hub.
    in: /^(server|commands\/(aanleveren|beheer|wie-mag-wat))\.ts$/,
    rule: 'only server.ts reads process.env, to hand it to config.ts and to know whether npm started it'
  },
  {
    // Other machines check tokens too, so tokens use the machine's own time, even under a proefklok.
    pattern: /\bnew Date\(\)|\bDate\.now\(\)/,
    in: /^time\.ts$|^toegang\/(authenticate-client|verify-token|token-routes)\.ts$/,
    rule: 'only time.ts asks the time; everybody else is given a clock'
  },
  {
    pattern: /\bsql(<[^`]*>)?`|\.query\(/,
    // start-hub.ts only checks whether the key database answers.
    in: /-store\.ts$|^platform\/database\/|^start-hub\.ts$/,
    rule: 'SQL stands in stores and platform/database'
  },
  {
    pattern: /advisory_/,
    in: /^platform\/database\/(locks|migrate)\.ts$/,
    rule: 'locks stand in platform/database/locks.ts, where their order can be seen'
  },
  { pattern: /^export default\b/m, in: /^$/, rule: 'no default exports: a thing has one name everywhere' },
  { pattern: /^export (\*|\{[^}]*\}) from\b/m, in: /^$/, rule: 'no barrels: import from where it is made' },
  { pattern: /\bimport\(|\brequire\(/, in: /^$/, rule: 'imports stand at the top, where they can be read' }
]

const vague = /(^|[/-])(index|utils?|commons?|helpers?|types?|misc|shared)(\/|\.ts$)/

function faultsIn(sources: readonly Source[]): string[] {
  return [
    ...sources.flatMap(faultsOf),
    ...cyclesIn(sources),
    ...circlesOfRooms(sources),
    ...unusedIn(sources)
  ].sort()
}

function faultsOf(source: Source): string[] {
  const { path, text } = source
  const plain = withoutComments(text)
  return [
    ...(vague.test(path) ? [`${path}: name it after what it does`] : []),
    ...(positionOf(path) < 0 ? [`${path}: no room of the house`] : []),
    ...words
      .filter((word) => word.pattern.test(plain) && !word.in.test(path))
      .map(({ rule }) => `${path}: ${rule}`),
    ...source.imports.flatMap((item) => (isOurs(item.from) ? ownFault(path, item) : packageFault(path, item)))
  ]
}

function ownFault(path: string, { from, isType }: Import): string[] {
  const edge = `${path} → ${from}`
  const { allows, protects } = rules[kindOf(path)]
  return [
    ...(positionOf(from) > positionOf(path) ? [`${edge}: that room stands after this one`] : []),
    ...(allows(path, from, isType) || edge in exceptions
      ? []
      : [`${edge}: a ${kindOf(path)} file may not import this (${protects})`])
  ]
}

function packageFault(path: string, { from, isType }: Import): string[] {
  if (from.startsWith('node:'))
    return kindOf(path) === 'pure' ? [`${path} → ${from}: a pure file imports no I/O`] : []
  const name = from.split('/', from.startsWith('@') ? 2 : 1).join('/')
  const door = doors[name]
  if (door === undefined) return [`${path} → ${name}: a new package needs a door`]
  const isOpen = door.values.test(path) || (isType && door.types?.test(path))
  return isOpen ? [] : [`${path} → ${name}: not the door of this package`]
}

function positionOf(path: string): number {
  return rooms.findIndex((room) => path === room || path.startsWith(`${room}/`))
}

/** Rooms and sub-rooms that import each other. The files directly in a room count as a sub-room. */
function circlesOfRooms(sources: readonly Source[]): string[] {
  const edges = sources.flatMap(({ path, imports }) =>
    imports
      .filter(({ from }) => isOurs(from) && posix.dirname(from) !== posix.dirname(path))
      .map(({ from }) => [posix.dirname(path), posix.dirname(from)] as const)
  )
  const top = edges.filter(([from, to]) => from !== '.' && to !== '.')
  return cyclesIn(
    [...Map.groupBy(top, ([from]) => from)].map(([path, ofOne]) => ({
      path,
      text: '',
      imports: ofOne.map(([, to]) => ({ from: to, isType: false, names: '' }))
    })),
    () => true
  )
}

/** Each import cycle once, listed from its first file. Type imports count too. */
function cyclesIn(sources: readonly Source[], isNode = isOurs): string[] {
  const graph = new Map(
    sources.map(({ path, imports }) => [path, imports.map(({ from }) => from).filter(isNode)])
  )
  const found = new Set<string>()
  const done = new Set<string>()
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path)
    if (start >= 0) found.add(`cycle: ${[...trail.slice(start), path].join(' → ')}`)
    if (start >= 0 || done.has(path)) return
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path])
    done.add(path)
  }
  for (const path of graph.keys()) visit(path, [])
  return [...found]
}

/** Files that nothing imports and that are not an entry point. */
function unusedIn(sources: readonly Source[]): string[] {
  const imported = new Set(sources.flatMap(({ imports }) => imports.map(({ from }) => from)))
  return sources
    .filter(({ path }) => !imported.has(path) && !isEntry(path))
    .map(({ path }) => `${path}: nothing imports it`)
}

// The compiler reads declaration files by itself.
function isEntry(path: string): boolean {
  return entries.test(path) || path.endsWith('.d.ts')
}

function isOf(path: string, ...kinds: readonly Kind[]): boolean {
  return kinds.includes(kindOf(path))
}

function isOurs(from: string): boolean {
  return from.endsWith('.ts')
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '')
}

const importLine = /^import\s+(type\s+)?([^'"]*?)\s*(?:from\s+)?'([^']+)'/gm

function parse(path: string, text: string): Source {
  const imports = [...text.matchAll(importLine)].map(([, type, names = '', from = '']) => ({
    from: from.startsWith('.') ? posix.join(posix.dirname(path), from) : from,
    isType: type !== undefined || /^\{\s*(type \w+[\s,]*)+\}$/.test(names),
    names
  }))
  return { path, text, imports }
}

function readSources(): Source[] {
  const root = fileURLToPath(new URL('../src', import.meta.url))
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts')
  )
  return files.sort().map((path) => parse(path, readFileSync(join(root, path), 'utf8')))
}

const sources = readSources()

t.test('the source keeps to the architecture', async (t) => {
  for (const fault of faultsIn(sources)) t.fail(fault)
  t.ok(sources.length > 50, 'the files were found')
})

t.test('every exception is still needed', async (t) => {
  const edges = sources.flatMap(({ path, imports }) =>
    imports
      .filter(({ from, isType }) => isOurs(from) && !rules[kindOf(path)].allows(path, from, isType))
      .map(({ from }) => `${path} → ${from}`)
  )
  t.same(
    Object.keys(exceptions).filter((edge) => !edges.includes(edge)),
    []
  )
  const used = new Set(sources.flatMap(({ imports }) => imports.map(({ from }) => from)))
  const isUsed = (name: string) => [...used].some((from) => from === name || from.startsWith(`${name}/`))
  t.same(
    Object.keys(doors).filter((name) => !isUsed(name)),
    [],
    'and every door is used'
  )
})

const offences: readonly (readonly [path: string, text: string, fault: string])[] = [
  ['app.ts', "import { a } from './zaken/zaak-store.ts'", 'a app file may not import this'],
  ['app.ts', "import pg from 'pg'", 'not the door'],
  [
    'zaken/zaak-routes.ts',
    "import { a } from '../huishoudens/huishouden-routes.ts'",
    'a routes file may not'
  ],
  [
    'zaken/zaak-routes.ts',
    "import { A } from '../huishoudens/huishouden-schema.ts'",
    'a routes file may not'
  ],
  ['zaken/zaak-routes.ts', "import { sql } from 'kysely'", 'not the door'],
  [
    'zaken/schedule-zaken.ts',
    "import { A } from '../huishoudens/huishouden-schema.ts'",
    'a schedule file may not'
  ],
  ['zaken/open-zaak.ts', "import type { FastifyRequest } from 'fastify'", 'not the door'],
  ['zaken/open-zaak.ts', "import { A } from './zaak-schema.ts'", 'a use case file may not'],
  [
    'zaken/open-zaak.ts',
    "import { operation } from '../platform/http/operation.ts'",
    'a use case file may not'
  ],
  [
    'zaken/open-zaak.ts',
    "import { openDatabase } from '../platform/database/open-database.ts'",
    'a use case file may not'
  ],
  ['zaken/open-zaak.ts', 'const { rows } = await sql<Row>`select 1`.execute(tx)', 'SQL stands in stores'],
  ['zaken/open-zaak.ts', "await pool.query('select 1')", 'SQL stands in stores'],
  ['zaken/open-zaak.ts', 'const now = new Date()', 'only time.ts asks the time'],
  ['zaken/open-zaak.ts', 'const now = Date.now()', 'only time.ts asks the time'],
  ['zaken/open-zaak.ts', 'const url = process.env.URL', 'only server.ts reads'],
  ['zaken/open-zaak.ts', 'export default function open() {}', 'no default exports'],
  ['zaken/open-zaak.ts', "export { a } from './zaak-store.ts'", 'no barrels'],
  ['zaken/open-zaak.ts', "export * from './zaak-store.ts'", 'no barrels'],
  ['zaken/open-zaak.ts', "const a = await import('./zaak-store.ts')", 'imports stand at the top'],
  ['zaken/open-zaak.ts', "import lodash from 'lodash/fp'", 'lodash: a new package needs a door'],
  [
    'zaken/open-zaak.ts',
    "import x from '@invented/package/part'",
    '@invented/package: a new package needs a door'
  ],
  ['zaken/zaak-store.ts', "import { a } from './dossier-store.ts'", 'a store file may not'],
  ['zaken/zaak-store.ts', "import { Problem } from '../platform/http/problem.ts'", 'a store file may not'],
  ['zaken/zaak-store.ts', "import { sectoren } from '../begrippen/vroegsignaal.ts'", 'a store file may not'],
  ['zaken/zaak-schema.ts', "import { a } from './zaak-store.ts'", 'a schema file may not'],
  [
    'zaken/zaak-schema.ts',
    "import { A } from '../huishoudens/huishouden-schema.ts'",
    'a schema file may not'
  ],
  ['beoordeling/zaak-criteria.ts', "import { a } from '../zaken/zaak-store.ts'", 'a pure file may not'],
  ['beoordeling/zaak-criteria.ts', "import { readFile } from 'node:fs/promises'", 'imports no I/O'],
  [
    'beoordeling/zaak-criteria.ts',
    "import type { Problem } from '../platform/http/problem.ts'",
    'a pure file may not'
  ],
  ['platform/http/zaak.ts', "import type { Zaak } from '../../zaken/zaak.ts'", 'a platform file may not'],
  ['config.ts', "import { a } from './time.ts'", 'a config file may not'],
  ['sporen/log.ts', "import { a } from '../zaken/zaak.ts'", 'that room stands after this one'],
  ['begrippen/zaak.ts', "import { a } from '../platform/batch.ts'", 'that room stands after this one'],
  ['kelder/zaak.ts', '', 'no room of the house'],
  ['zaken/index.ts', '', 'name it after what it does'],
  ['zaken/zaak-utils.ts', '', 'name it after what it does'],
  ['platform/helpers/zaak.ts', '', 'name it after what it does'],
  ['platform/common.ts', '', 'name it after what it does'],
  ['zaken/types.ts', '', 'name it after what it does'],
  ['zaken/open-zaak.ts', '', 'nothing imports it']
]

t.test('a file that breaks a rule is found out', async (t) => {
  for (const [path, text, fault] of offences) {
    const faults = faultsIn([parse(path, `${text}\n`)])
    t.ok(
      faults.some((found) => found.startsWith(path) && found.includes(fault)),
      `${path}: ${text || fault}`
    )
  }
})

t.test('a ring of imports is found out, once', async (t) => {
  const ring = [
    parse('zaken/a.ts', "import { b } from './b.ts'"),
    parse('zaken/b.ts', "import type {\n  C\n} from './c.ts'"),
    parse('zaken/c.ts', "import { type A } from './a.ts'")
  ]
  t.same(cyclesIn(ring), ['cycle: zaken/a.ts → zaken/b.ts → zaken/c.ts → zaken/a.ts'])
})

t.test('a circle of rooms is found out where no file is in one', async (t) => {
  const circle = [
    parse('zaken/a.ts', "import { b } from './betwistingen/b.ts'"),
    parse('zaken/betwistingen/c.ts', "import { d } from '../d.ts'")
  ]
  t.same(cyclesIn(circle), [])
  t.same(circlesOfRooms(circle), ['cycle: zaken → zaken/betwistingen → zaken'])
})

t.test('what keeps to the rules passes', async (t) => {
  const good = [
    parse('server.ts', "import { open } from './zaken/open-zaak.ts'\nconst { env } = process.env"),
    parse(
      'zaken/open-zaak.ts',
      "// process.env\nimport type { Tx } from '../platform/database/open-database.ts'\nimport { a } from './zaak-store.ts'"
    ),
    parse('zaken/zaak-store.ts', "import { sql } from 'kysely'\nawait sql`select 1`.execute(tx)"),
    parse('platform/database/open-database.ts', "import pg from 'pg'")
  ]
  t.same(faultsIn(good), [])
})

t.test('how large files and functions are, to look at', async (t) => {
  const lines = sources.map(({ text }) => text.split('\n').length - 1)
  const functions = sources.flatMap(({ text }) => functionSizes(text))
  t.comment(`${lines.length} files: median ${quantile(lines, 0.5)} lines, p90 ${quantile(lines, 0.9)}`)
  t.comment(
    `${functions.length} functions: median ${quantile(functions, 0.5)} lines, p90 ${quantile(functions, 0.9)}`
  )
  t.same(functionSizes('function a() {\n  b()\n}\nconst c = () => {\n  d()\n  e()\n}\n'), [3, 4])
})

/** The number of lines of each function with a body. It relies on indentation, which the formatter guarantees. */
function functionSizes(text: string): number[] {
  const lines = text.split('\n')
  return lines.flatMap((line, start) => {
    if (!/\bfunction\b.*\(|=> \{$/.test(line) || line.trim().startsWith('*')) return []
    const indent = /^\s*/.exec(line)![0]
    const end = lines.findIndex((later, index) => index > start && later.startsWith(`${indent}}`))
    return end < 0 ? [] : [end - start + 1]
  })
}

function quantile(numbers: readonly number[], share: number): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) * share)]!
}
