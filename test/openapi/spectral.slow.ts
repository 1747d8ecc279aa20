import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import t from 'tap'
import { baseline } from './baseline.ts'

type Node = Record<string, unknown>
type Change = (document: Node) => void
/** A rule, a change that must make it fire, and the other rules that fire on the same change. */
type Row = [rule: string, change: Change, ...also: string[]]
type Finding = { code: string; source: string }

const ruleset = join(import.meta.dirname, '../../openapi/spectral.yaml')
const spectral = createRequire(import.meta.url).resolve('@stoplight/spectral-cli/dist/index.js')

const list = ['paths', '/vroegsignalen', 'get']
const send = ['paths', '/vroegsignalen', 'post']
const search = ['paths', '/vroegsignalen/_zoek', 'post']
const one = ['paths', '/vroegsignalen/{vroegsignaalId}', 'get']
const correct = ['paths', '/vroegsignalen/{vroegsignaalId}', 'patch']
const criteria = ['paths', '/criteria', 'get']
const proof = ['paths', '/meldbewijzen/{vroegsignaalId}', 'get']
const webhook = ['webhooks', 'signaalOntvangen', 'post']
const schemas = ['components', 'schemas']
const signal = [...schemas, 'Vroegsignaal', 'properties']
const parameters = ['components', 'parameters']
const problem = ['components', 'responses', 'Fout', 'content']

const rows: Row[] = [
  ['oas3-schema', set('ja', 'info', 'onbekend')],
  ['operation-operationId-unique', set('criteriaOpvragen', ...list, 'operationId')],
  ['path-params', set([], ...proof, 'parameters')],
  ['openapi-tags-uniqueness', set({ name: 'criteria' }, 'tags', '0')],
  [
    'oas3-valid-media-example',
    set(17, ...proof, 'responses', '200', 'content', 'application/json', 'example')
  ],
  ['oas3-valid-schema-example', set('veel', ...signal, 'bedragInCenten', 'example')],
  ['hub-valid-schema-examples', set([17], ...signal, 'kenmerken', 'examples', '0')],
  ['oas3-server-variables', remove('servers', '0', 'variables')],
  ['oas3-api-servers', set([], 'servers')],
  ['path-keys-no-trailing-slash', rename('/criteria/', 'paths', '/criteria'), 'adr-no-trailing-slash'],

  ['adr-openapi-root-exists', remove('openapi'), 'unrecognized-format'],
  ['adr-openapi-3-1', set('2.0', 'openapi'), 'unrecognized-format'],
  ['adr-info-contact', remove('info', 'contact')],
  ['adr-info-contact-fields', remove('info', 'contact', 'name')],
  ['adr-info-contact-fields', remove('info', 'contact', 'email')],
  ['adr-info-contact-fields', remove('info', 'contact', 'url')],
  ['adr-semver', set('1.0', 'info', 'version')],
  ['adr-semver', set('v1.0.0', 'info', 'version')],
  ['adr-uri-version', set('/api', 'servers', '1', 'url')],
  ['adr-uri-version', set('/v1.0', 'servers', '1', 'url')],
  ['adr-uri-version', set([{ url: '/' }], 'paths', '/criteria', 'servers')],
  ['adr-servers-use-https', set('http://example.nl/v1', 'servers', '1', 'url')],
  ['adr-no-trailing-slash', rename('/criteria/', 'paths', '/criteria'), 'path-keys-no-trailing-slash'],
  ['adr-path-segments-kebab-case', rename('/deCriteria', 'paths', '/criteria')],
  ['adr-path-segments-kebab-case', rename('/_alle/criteria', 'paths', '/criteria')],
  ['adr-path-segments-kebab-case', rename('/criteria.json', 'paths', '/criteria')],
  ['adr-http-methods', rename('trace', ...criteria)],
  ['adr-query-keys-camel-case', set('soort_signaal', ...parameters, 'Datum', 'name')],
  ['adr-query-keys-camel-case', set('ProefSleutel', 'components', 'securitySchemes', 'sleutel', 'name')],
  ['adr-no-sensitive-uris', set('postcode', ...parameters, 'Cursor', 'name'), 'hub-collection-parameters'],
  ['adr-no-sensitive-uris', set('BSN', ...parameters, 'Datum', 'name'), 'adr-query-keys-camel-case'],
  [
    'adr-no-sensitive-uris',
    set({ name: 'bsn', in: 'header', schema: { type: 'boolean' } }, ...send, 'parameters', '1')
  ],

  ['adr-version-header', remove(...list, 'responses', '200', 'headers', 'API-Version')],
  ['adr-version-header', remove(...one, 'responses', '304', 'headers')],
  ['adr-version-header', remove(...webhook, 'responses', '200', 'headers')],
  ['adr-problem-details', remove('components', 'responses', 'Fout', 'content')],
  ['adr-problem-details', set({ description: 'Fout' }, ...send, 'responses', '503')],
  ['adr-problem-details', set({ description: 'Fout' }, ...webhook, 'responses', '500')],
  ['adr-problem-details-only', set({}, ...problem, 'application/json')],
  ['adr-problem-schema-members', remove(...schemas, 'Probleem', 'allOf', '0', 'properties', 'detail')],
  ['adr-problem-schema-members', set(['status'], ...schemas, 'Probleem', 'allOf', '0', 'required')],
  ['adr-problem-schema-members', remove(...problem, 'application/problem+json', 'schema')],
  ['adr-invalid-input', remove(...search, 'responses', '400')],
  ['adr-invalid-input', remove(...list, 'responses', '400')],
  ['adr-invalid-input', set([{ $ref: '#/components/parameters/Datum' }], 'paths', '/criteria', 'parameters')],
  ['adr-date-time-timezone', set({ type: 'string', format: 'date-time-local' }, ...signal, 'tijdstip')],
  ['adr-time-without-timezone', set({ type: 'string', format: 'time' }, ...signal, 'tijdstip')],
  ['adr-date-omit-time-portion', set('date-time', ...schemas, 'Datum', 'format')],
  ['adr-date-omit-time-portion', set({ type: 'string', maxLength: 10 }, ...signal, 'geboortedatum')],
  ['adr-date-omit-time-portion', set({ type: 'string', maxLength: 10 }, ...signal, 'datumOpgepakt')],
  ['adr-date-omit-time-portion', set({ type: 'string', maxLength: 10 }, ...parameters, 'Datum', 'schema')],
  ['hub-instant-is-date-time', set('date', ...signal, 'ontvangenOp', 'format')],

  ['adr-schema-pascal-case', set({ type: 'boolean' }, ...schemas, 'kleineLetter')],
  ['adr-property-casing', set({ type: 'boolean' }, ...signal, 'warme_overdracht')],
  ['adr-property-casing', remove(...schemas, 'Gebeurtenis', 'x-extern-model'), 'hub-enum-kebab-case'],
  [
    'hub-path-parameter-camel-case',
    all(
      rename('/meldbewijzen/{signaal-id}', 'paths', '/meldbewijzen/{vroegsignaalId}'),
      set(
        [{ name: 'signaal-id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }],
        'paths',
        '/meldbewijzen/{signaal-id}',
        'get',
        'parameters'
      )
    )
  ],
  ['hub-enum-kebab-case', set('Vroeg_Signaal', ...schemas, 'Soort', 'enum', '0')],
  ['hub-enum-kebab-case', set({ const: 'nietVanToepassing' }, ...signal, 'uitkomst')],

  ['hub-string-bounded', set({ type: 'string' }, ...signal, 'referentie')],
  ['hub-string-bounded', set({ type: ['null', 'string'] }, ...parameters, 'Cursor', 'schema')],
  ['hub-string-bounded', set({ type: 'string' }, 'components', 'headers', 'ETag', 'schema')],
  ['hub-array-bounded', remove(...signal, 'kenmerken', 'maxItems')],
  ['hub-integer-bounded', remove(...parameters, 'Limit', 'schema', 'maximum')],
  ['hub-money-is-integer', set({ type: 'number' }, ...signal, 'bedragInCenten')],
  [
    'hub-money-is-integer',
    set({ type: 'number' }, ...signal, 'drempelbedragenInCenten', 'properties', 'huur')
  ],
  [
    'hub-money-is-integer',
    set(
      { type: 'object', additionalProperties: { type: 'number' } },
      ...schemas,
      'Criterium',
      'properties',
      'totaalInCenten'
    )
  ],
  ['hub-request-body-closed', remove(...schemas, 'Vroegsignaal', 'additionalProperties')],
  ['hub-request-body-closed', set({ type: 'object', properties: {} }, ...signal, 'adres')],

  ['hub-operation-id', remove(...list, 'operationId')],
  ['hub-operation-summary', remove(...list, 'summary')],
  ['hub-operation-summary', set(' ', ...list, 'summary')],
  ['hub-operation-description', remove(...list, 'description')],
  ['hub-operation-description', set('', ...list, 'description')],
  ['adr-doc-language', set('Get signals', ...list, 'summary')],
  ['adr-doc-language', set('Lists the signals of a partner.', ...list, 'description')],
  ['hub-operation-tags', set([], ...list, 'tags')],
  ['hub-operation-security', remove(...criteria, 'security')],
  ['hub-operation-security', set([{}], ...criteria, 'security'), 'hub-documents-401', 'hub-documents-403'],
  ['hub-documents-401', remove(...list, 'responses', '401')],
  ['hub-documents-403', remove(...list, 'responses', '403')],
  ['hub-documents-429', remove(...criteria, 'responses', '429')],
  ['hub-documents-500', remove(...criteria, 'responses', '500')],

  ['hub-idempotency-key', set([], ...send, 'parameters')],
  ['hub-idempotency-key', remove(...correct, 'parameters', '1')],
  ['hub-if-match', remove(...correct, 'parameters', '2')],
  ['hub-if-match', all(remove(...correct, 'parameters', '2'), rename('put', ...correct))],
  ['hub-if-match', all(remove(...correct, 'parameters', '2'), rename('delete', ...correct))],
  ['hub-etag', remove(...one, 'responses', '200', 'headers', 'ETag')],
  ['hub-etag', remove(...proof, 'x-onveranderlijk')],
  ['hub-collection-parameters', remove(...list, 'parameters', '0')],
  ['hub-collection-parameters', remove(...list, 'parameters', '1')],
  ['hub-collection-link', remove(...list, 'responses', '200', 'headers', 'Link')],
  ['hub-collection-link', remove(...criteria, 'x-volledig'), 'hub-collection-parameters']
]

t.setTimeout(120_000)

const findings = await lintOnce(t.testdir(documents()))

t.test('the baseline has no finding', async (t) => {
  t.same(findings.get('baseline.json') ?? [], [])
})

t.test('a fault makes its own rule fire and no other', async (t) => {
  for (const [index, [rule, , ...also]] of rows.entries()) {
    t.same(codes(fileOf(index)), [rule, ...also].sort(), `${rule} (${index})`)
  }
})

t.test('a fault in a shared component is reported once', async (t) => {
  const index = rows.findIndex(([rule]) => rule === 'hub-array-bounded')
  t.equal(findings.get(fileOf(index))?.length, 1)
})

t.test('every rule of the ruleset is in the table', async (t) => {
  t.same([...new Set(rows.map(([rule]) => rule))].sort(), (await ruleIds()).sort())
})

function documents(): Record<string, string> {
  const changed = rows.map(([, change], index) => [fileOf(index), JSON.stringify(changedBy(change))])
  return Object.fromEntries([['baseline.json', JSON.stringify(baseline())], ...changed])
}

function changedBy(change: Change): Node {
  const document = baseline()
  change(document)
  return document
}

function fileOf(index: number): string {
  return `${index}.json`
}

function codes(file: string): string[] {
  return [...new Set(findings.get(file)?.map(({ code }) => code))].sort()
}

// Lints all documents in one call, because starting the command takes longer than linting.
async function lintOnce(directory: string): Promise<Map<string, Finding[]>> {
  const args = [spectral, 'lint', `${directory}/*.json`, '--ruleset', ruleset, '--format', 'json', '--quiet']
  const { promise, resolve } = Promise.withResolvers<string>()
  execFile(process.execPath, args, { maxBuffer: 2 ** 26 }, (_, stdout, stderr) => resolve(stdout || stderr))
  const found: Finding[] = JSON.parse(await promise)
  return Map.groupBy(found, ({ source }) => basename(source))
}

async function ruleIds(): Promise<string[]> {
  const [, rules = ''] = (await readFile(ruleset, 'utf8')).split('\nrules:\n')
  return [...rules.matchAll(/^ {2}([\w-]+):/gm)].map(([, id = '']) => id)
}

function set(value: unknown, ...path: string[]): Change {
  return (document) => {
    parentOf(document, path)[path.at(-1)!] = value
  }
}

function remove(...path: string[]): Change {
  return (document) => {
    const parent = parentOf(document, path)
    if (Array.isArray(parent)) parent.splice(Number(path.at(-1)), 1)
    else delete parent[path.at(-1)!]
  }
}

function rename(name: string, ...path: string[]): Change {
  return (document) => {
    const { [path.at(-1)!]: value } = parentOf(document, path)
    remove(...path)(document)
    set(value, ...path.slice(0, -1), name)(document)
  }
}

function all(...changes: Change[]): Change {
  return (document) => {
    for (const change of changes) change(document)
  }
}

function parentOf(document: Node, path: string[]): Node {
  return path.slice(0, -1).reduce((node, key) => node[key] as Node, document)
}
