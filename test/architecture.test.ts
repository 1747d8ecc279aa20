import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

// Who may import what. A rule names files by their path below src; an exception stands beside its reason.

type Import = { readonly from: string; readonly isType: boolean; readonly names: string }
type Source = { readonly path: string; readonly text: string; readonly imports: readonly Import[] }
type Kind =
  | 'command'
  | 'app'
  | 'config'
  | 'routes'
  | 'schedule'
  | 'store'
  | 'schema'
  | 'pure'
  | 'platform'
  | 'use case'

const commands = /^(server|start-hub|aanleveren|platform\/http\/(openapi-document|write-openapi))\.ts$/

// Neither packages nor I/O nor the clock: what these decide can be read, and tried, without anything running.
const pure = new RegExp(
  `^(${[
    'time',
    'beoordeling/(?!.*-(?:routes|schema)).*',
    'huishoudens/address-key',
    'vroegsignalen/(burgerservicenummer|intrekkingsreden|person-key|vroegsignaal)',
    'organisaties/overeenkomst',
    'aanlevering/(csv-columns|normalise-signal|voorbeeldsignaal)',
    'platform/access/scopes',
    'platform/batch',
    'platform/database/database-errors',
    'platform/http/(csv-row|merge-patch|parse-json|tidy-text)',
    'verantwoording/gebeurtenis',
    'vernietiging/data-map',
    'zaken/(betwistingsreden|contactsoort|eindresultaat|terugkoppelcode)'
  ].join('|')})\\.ts$`
)

function kindOf(path: string): Kind {
  if (commands.test(path)) return 'command'
  if (path === 'app.ts') return 'app'
  if (path === 'config.ts') return 'config'
  if (path.endsWith('-store.ts')) return 'store'
  if (pure.test(path)) return 'pure'
  if (path.startsWith('platform/')) return 'platform'
  if (path.endsWith('-routes.ts')) return 'routes'
  if (path.endsWith('-schema.ts')) return 'schema'
  return /\/schedule-[^/]+$/.test(path) ? 'schedule' : 'use case'
}

const stationOf = (path: string) => path.split('/')[0]!
const anything = () => true

/** Whether a file of this kind may import a file of ours. */
const mayImport: Readonly<Record<Kind, (path: string, target: string, isType: boolean) => boolean>> = {
  command: anything,
  app: (_, target) => kindOf(target) === 'routes' || isPlatformNotStore(target),
  config: () => false,
  routes: (path, target) =>
    isOf(target, 'use case', 'store', 'pure', 'platform') ||
    (kindOf(target) === 'schema' && stationOf(target) === stationOf(path)),
  schedule: (path, target) => mayImport.routes(path, target, false),
  store: (_, target, isType) =>
    /^platform\/(database|crypto)\/(?!.*-store)/.test(target) || (isType && kindOf(target) === 'pure'),
  schema: (_, target) => /^platform\/http\/[a-z]+-schema\.ts$/.test(target) || kindOf(target) === 'pure',
  pure: (_, target) => kindOf(target) === 'pure',
  platform: (_, target) => target.startsWith('platform/') || target === 'time.ts',
  'use case': (_, target, isType) =>
    isOf(target, 'use case', 'store', 'pure') ||
    target === 'platform/http/problem.ts' ||
    target.startsWith('platform/crypto/') ||
    // On whose behalf a transaction runs, made of the caller that the route was given.
    target === 'toegang/caller.ts' ||
    target === 'platform/database/under-duty.ts' ||
    target === 'platform/map-in-turns.ts' ||
    (isType && (kindOf(target) === 'schema' || /^platform\/(database\/|hub\.ts)/.test(target)))
}

const wireOfSignal =
  'the signal is shown by three stations in one form, which is described once, where it lives'

const linesAreBodies = 'each line of a delivery is read and checked exactly as the body of a single signal is'

const wordsOfColumns = 'types only: a column holds the words of the domain'

/** Imports against the rules that are wanted all the same, as `file → file`. */
const exceptions: Readonly<Record<string, string>> = {
  'aanlevering/aanlevering-routes.ts → vroegsignalen/vroegsignaal-schema.ts': wireOfSignal,
  'huishoudens/huishouden-routes.ts → vroegsignalen/vroegsignaal-schema.ts': wireOfSignal,
  'aanlevering/aanlevering-schema.ts → vroegsignalen/vroegsignaal-schema.ts': wireOfSignal,
  'aanlevering/leveringen/levering-schema.ts → vroegsignalen/vroegsignaal-schema.ts': wireOfSignal,
  'huishoudens/huishouden-schema.ts → vroegsignalen/vroegsignaal-schema.ts': wireOfSignal,
  'vroegsignalen/check-signal.ts → platform/http/typebox.ts': linesAreBodies,
  'vroegsignalen/check-signal.ts → vroegsignalen/vroegsignaal-schema.ts': linesAreBodies,
  'wijzigingen/wijziging-schema.ts → vroegsignalen/vroegsignaal-schema.ts': wireOfSignal,
  'vroegsignalen/meldbewijzen/meldbewijs-schema.ts → vroegsignalen/vroegsignaal-schema.ts': wireOfSignal,
  'aanlevering/receive-singles.ts → platform/http/once.ts':
    'calls that are carried out together are remembered together, in the transaction of all of them',
  'app.ts → time.ts': 'see the next',
  'app.ts → vernietiging/sweep.ts': 'a destruction on request is carried out at once, by whoever asked',
  'organisaties/overeenkomsten/overeenkomst-schema.ts → organisaties/signaalpartners/signaalpartner-schema.ts':
    'an agreement names sectors as its partner does',
  'huishoudens/volgen/delta-schema.ts → huishoudens/huishouden-schema.ts':
    'a change shows the household exactly as the list does',
  'begrippen/tables.ts → begrippen/vroegsignaal.ts': wordsOfColumns,
  'begrippen/tables.ts → begrippen/gebeurtenis.ts': wordsOfColumns,
  'begrippen/tables.ts → begrippen/betwistingsreden.ts': wordsOfColumns,
  'begrippen/tables.ts → begrippen/contactsoort.ts': wordsOfColumns,
  'begrippen/tables.ts → begrippen/eindresultaat.ts': wordsOfColumns,
  'begrippen/tables.ts → begrippen/terugkoppelcode.ts': wordsOfColumns
}

type Door = { readonly values: RegExp; readonly types?: RegExp }

/** One door per package: what comes in through one file can be replaced, limited and understood there. */
const doors: Readonly<Record<string, Door>> = {
  pg: { values: /^platform\/database\/open-database\.ts$/ },
  kysely: { values: /^platform\/database\/|-store\.ts$/ },
  typebox: { values: /-schema\.ts$|^platform\/http\// },
  fastify: { values: /^app\.ts$/, types: /-routes\.ts$|^platform\/(http|access)\// },
  '@fastify/accepts': { values: /^platform\/http\/negotiation\.ts$/ },
  '@fastify/formbody': { values: /^platform\/access\/token-routes\.ts$/ },
  '@fastify/jwt': { values: /^platform\/access\/authenticate\.ts$/ },
  '@fastify/rate-limit': { values: /^platform\/http\/rate-limit\.ts$/ },
  '@fastify/swagger': { values: /^platform\/http\/openapi\.ts$/ },
  '@fastify/swagger-ui': { values: /^platform\/http\/docs\.ts$/ },
  yaml: { values: /^platform\/http\/openapi\.ts$/ },
  pino: { values: /^platform\/http\/logger\.ts$/, types: /^(app|server|start-hub)\.ts$|\/schedule-[^/]+$/ },
  'node-cron': { values: /^vernietiging\/schedule-sweep\.ts$|^config\.ts$/ },
  jose: { values: /^platform\/(crypto|access)\// },
  'csv-parse': { values: /^aanlevering\/read-csv\.ts$/ }
}

type Words = { readonly pattern: RegExp; readonly in: RegExp; readonly rule: string }

/** What may be written only in some files. */
const words: readonly Words[] = [
  {
    pattern: /\bprocess\.env\b/,
    // aanleveren.ts is the partner's command: it runs at the partner, without the settings of a hub.
    in: /^(server|aanleveren)\.ts$/,
    rule: 'only server.ts reads process.env, and only to hand it to config.ts'
  },
  {
    // Tokens are judged by other machines, so they run on the machine's own time even under a trial clock.
    pattern: /\bnew Date\(\)|\bDate\.now\(\)/,
    in: /^time\.ts$|^platform\/access\/(authenticate|token-routes)\.ts$/,
    rule: 'only time.ts asks the time; everybody else is given a clock'
  },
  {
    pattern: /\bsql(<[^`]*>)?`|\.query\(/,
    // start-hub.ts asks the key database whether it answers, which is all it ever asks.
    in: /-store\.ts$|^platform\/database\/|^start-hub\.ts$/,
    rule: 'SQL stands in stores and platform/database'
  },
  { pattern: /^export default\b/m, in: /^$/, rule: 'no default exports: a thing has one name everywhere' },
  { pattern: /^export (\*|\{[^}]*\}) from\b/m, in: /^$/, rule: 'no barrels: import from where it is made' },
  { pattern: /\bimport\(|\brequire\(/, in: /^$/, rule: 'imports stand at the top, where they can be read' }
]

const vague = /(^|[/-])(index|utils?|commons?|helpers?|types?|misc|shared)(\/|\.ts$)/

function faultsIn(sources: readonly Source[]): string[] {
  return [...sources.flatMap(faultsOf), ...cyclesIn(sources), ...unusedIn(sources)].sort()
}

function faultsOf(source: Source): string[] {
  const { path, text } = source
  const plain = withoutComments(text)
  return [
    ...(vague.test(path) ? [`${path}: name it after what it does`] : []),
    ...words
      .filter((word) => word.pattern.test(plain) && !word.in.test(path))
      .map(({ rule }) => `${path}: ${rule}`),
    ...source.imports.flatMap((item) => (isOurs(item.from) ? ownFault(path, item) : packageFault(path, item)))
  ]
}

function ownFault(path: string, { from, isType }: Import): string[] {
  const edge = `${path} → ${from}`
  if (mayImport[kindOf(path)](path, from, isType) || edge in exceptions) return []
  return [`${edge}: a ${kindOf(path)} file may not import this`]
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

/** Each ring of imports once, told from its first file; types count too. */
function cyclesIn(sources: readonly Source[]): string[] {
  const graph = new Map(
    sources.map(({ path, imports }) => [path, imports.map(({ from }) => from).filter(isOurs)])
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

/** Files that nothing imports and that are no command. */
function unusedIn(sources: readonly Source[]): string[] {
  const imported = new Set(sources.flatMap(({ imports }) => imports.map(({ from }) => from)))
  return sources
    .filter(({ path }) => !imported.has(path) && !isEntry(path))
    .map(({ path }) => `${path}: nothing imports it`)
}

// The compiler reads the declarations by itself; the data map is for the test that holds it against the schema.
function isEntry(path: string): boolean {
  return commands.test(path) || path.endsWith('.d.ts') || path === 'vernietiging/data-map.ts'
}

function isOf(path: string, ...kinds: readonly Kind[]): boolean {
  return kinds.includes(kindOf(path))
}

function isPlatformNotStore(path: string): boolean {
  return path.startsWith('platform/') && kindOf(path) !== 'store'
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
      .filter(({ from, isType }) => isOurs(from) && !mayImport[kindOf(path)](path, from, isType))
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
  ['zaken/open-zaak.ts', "import { once } from '../platform/http/once.ts'", 'a use case file may not'],
  [
    'zaken/open-zaak.ts',
    "import { openPool } from '../platform/database/open-database.ts'",
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
  [
    'zaken/zaak-store.ts',
    "import { sectoren } from '../vroegsignalen/vroegsignaal.ts'",
    'a store file may not'
  ],
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

/** Lines per function with a body of its own, by indentation: the formatter sees to it that this holds. */
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
