import { readFile } from 'node:fs/promises'
import t from 'tap'
import { breakingChanges, type Node } from './breaking-changes.ts'

const read = async (name: string) =>
  JSON.parse(await readFile(new URL(`../../openapi/${name}`, import.meta.url), 'utf8'))
const [uitgebracht, current] = await Promise.all([read('uitgebracht.json'), read('openapi.json')])
const majorOf = (document: { info: { version: string } }) => Number(document.info.version.split('.')[0])

t.test('what worked with the last release works, or the major version is a new one', async (t) => {
  const changes = majorOf(current) > majorOf(uitgebracht) ? [] : breakingChanges(uitgebracht, current)
  t.same(changes, [], 'keep what clients use, or see Contributing in the README')
})

t.test('a document breaks nothing of itself, nor with other texts and more to choose from', async (t) => {
  t.same(breakingChanges(current, current), [])
  for (const change of [
    set('Anders.', ...signaalpost, 'description'),
    set({ type: 'string' }, ...schema('VroegsignaalInvoer'), 'properties', 'notitie'),
    set({ type: 'string' }, ...schema('Vroegsignaal'), 'properties', 'notitie'),
    set({ name: 'extra', in: 'query', schema: { type: 'string' } }, ...list, 'parameters', '4'),
    add('reiskosten', ...schema('VroegsignaalInvoer'), 'properties', 'sector', 'enum'),
    set([...schemaOf('Vroegsignaal').required, 'klantnummer'], ...schema('Vroegsignaal'), 'required'),
    set(999, ...schema('VroegsignaalInvoer'), 'properties', 'klantnummer', 'maxLength'),
    set([{ oauth2: [] }], ...signaalpost, 'security'),
    set({ description: 'Later.' }, ...signaalpost, 'responses', '202'),
    remove('paths', '/huishoudens', 'get', 'parameters', '0', 'schema', 'maxLength')
  ]) {
    t.same(breakingChanges(current, changed(change)), [])
  }
})

t.test('each kind of change that breaks a client is found', async (t) => {
  const body = ['content', 'application/json']
  const post = 'POST /vroegsignalen'
  const get = 'GET /vroegsignalen'
  const kinds: readonly (readonly [Change, string])[] = [
    [
      set([{ url: 'https://elders.example.nl/v1' }], 'servers'),
      'servers: https://signaalhub.example.nl/v1 is gone'
    ],
    [remove('paths', '/criteria'), 'path /criteria is gone'],
    [remove(...list), '/vroegsignalen: method get is gone'],
    [set('stuurSignaal', ...signaalpost, 'operationId'), `${post}: operationId postVroegsignaal is gone`],
    [remove('webhooks', 'signaalOntvangen'), 'webhook signaalOntvangen is gone'],
    [remove(...signaalpost, 'responses', '200'), `${post}: response 200 is gone`],
    [remove(...signaalpost, 'responses', '201', 'headers', 'ETag'), `${post}: 201: header ETag is gone`],
    [
      remove('paths', '/monitor', 'get', 'responses', '200', 'content', 'text/csv'),
      'GET /monitor: 200: media type text/csv is gone'
    ],
    [
      remove('paths', '/aanleveringen', 'post', 'requestBody', 'content', 'text/csv'),
      'POST /aanleveringen: body: media type text/csv is gone'
    ],
    [remove(...list, 'parameters', '0'), `${get}: parameter cursor in query is gone`],
    [set(true, ...list, 'parameters', '0', 'required'), `${get}: parameter cursor in query is now required`],
    [
      set({ name: 'jaar', in: 'query', required: true, schema: {} }, ...list, 'parameters', '4'),
      `${get}: parameter jaar in query is new and required`
    ],
    [
      set(50, ...list, 'parameters', '1', 'schema', 'maximum'),
      `${get}: parameter limit in query: maximum 1000 became 50`
    ],
    [
      set([{ oauth2: ['vroegsignalen:aanleveren', 'zaken:schrijven'] }], ...signaalpost, 'security'),
      `${post}: oauth2 and vroegsignalen:aanleveren is no longer enough`
    ],
    [
      set([{ oauth2: [] }], 'paths', '/openapi.json', 'get', 'security'),
      'GET /openapi.json: no token is no longer enough'
    ],
    [
      set({ required: true }, 'paths', '/abonnementen/{id}/_test', 'post', 'requestBody'),
      'POST /abonnementen/{id}/_test: body is new and required'
    ],
    [
      remove(...schema('VroegsignaalInvoer'), 'properties', 'klantnummer'),
      `${post}: body ${body[1]}: property klantnummer is gone`
    ],
    [
      set(
        [...schemaOf('VroegsignaalInvoer').required, 'klantnummer'],
        ...schema('VroegsignaalInvoer'),
        'required'
      ),
      `${post}: body ${body[1]}: property klantnummer is now required`
    ],
    [
      drop('gas', ...schema('VroegsignaalInvoer'), 'properties', 'sector', 'enum'),
      `${post}: body ${body[1]}/sector: value "gas" is no longer accepted`
    ],
    [
      set('integer', ...schema('VroegsignaalInvoer'), 'properties', 'klantnummer', 'type'),
      `${post}: body ${body[1]}/klantnummer: type string is no longer accepted`
    ],
    [
      set('uuid', ...schema('VroegsignaalInvoer'), 'properties', 'klantnummer', 'format'),
      `${post}: body ${body[1]}/klantnummer: format changed`
    ],
    [
      set({ type: 'object', additionalProperties: false }, ...signaalpost, 'requestBody', ...body, 'schema'),
      `${post}: body ${body[1]}: property referentie is gone`
    ],
    [
      remove(...schema('Vroegsignaal'), 'properties', 'status'),
      `${post}: 201 ${body[1]}: property status is gone`
    ],
    [
      drop('status', ...schema('Vroegsignaal'), 'required'),
      `${post}: 201 ${body[1]}: property status is no longer required`
    ],
    [
      set(['string', 'null'], ...schema('Vroegsignaal'), 'properties', 'status', 'type'),
      `${post}: 201 ${body[1]}/status: type null is now answered`
    ],
    [
      add('verdwenen', ...schema('Vroegsignaal'), 'properties', 'status', 'enum'),
      `${post}: 201 ${body[1]}/status: value "verdwenen" is now answered`
    ],
    [
      remove(...schema('Vroegsignaal'), 'properties', 'ontvangenOp', 'format'),
      `${post}: 201 ${body[1]}/ontvangenOp: format changed`
    ],
    [
      set({ type: 'string' }, ...schema('Huishoudens'), 'properties', 'resultaten', 'items'),
      'GET /huishoudens: 200 application/json/resultaten[]: type string is now answered'
    ],
    [
      add({ type: 'boolean' }, ...ddasClient, 'anyOf'),
      'POST /gegevens: 200 application/json/gegevens/leveringen[]/vroegsignalen[]/client: variant 2 is new'
    ]
  ]
  for (const [change, expected] of kinds) {
    const found = breakingChanges(current, changed(change))
    t.ok(found.includes(expected), expected, { found: found.slice(0, 5) })
  }
})

t.test('a list of values may grow in answers where the document says that it will', async (t) => {
  const status = [...schema('Vroegsignaal'), 'properties', 'status']
  const open = changed(set(true, ...status, 'x-uitbreidbaar'))
  const grown = structuredClone(open)
  add('verdwenen', ...status, 'enum')(grown)
  t.same(breakingChanges(open, grown), [])
  t.not(breakingChanges(current, grown).length, 0, 'saying so and growing is two releases')
})

type Change = (document: Node) => void

const signaalpost = ['paths', '/vroegsignalen', 'post']
const list = ['paths', '/vroegsignalen', 'get']
const ddasClient = [
  ...schema('DdasUitwisselmodel'),
  ...['properties', 'leveringen', 'items', 'properties', 'vroegsignalen', 'items', 'properties', 'client']
]

function schema(name: string): string[] {
  return ['components', 'schemas', name]
}

function schemaOf(name: string): { required: string[] } {
  return at(current, schema(name)) as { required: string[] }
}

function changed(change: Change): Node {
  const copy = structuredClone(current)
  change(copy)
  return copy
}

function at(node: unknown, path: readonly string[]): unknown {
  return path.reduce((inner, name) => (inner as Record<string, unknown>)[name], node)
}

function set(value: unknown, ...path: string[]): Change {
  return (document) => {
    ;(at(document, path.slice(0, -1)) as Record<string, unknown>)[path.at(-1)!] = value
  }
}

function remove(...path: string[]): Change {
  return (document) => {
    const holder = at(document, path.slice(0, -1)) as Record<string, unknown>
    if (!(path.at(-1)! in holder)) throw new Error(`${path.join(' ')} is not in the document`)
    if (Array.isArray(holder)) holder.splice(Number(path.at(-1)), 1)
    else delete holder[path.at(-1)!]
  }
}

function add(value: unknown, ...path: string[]): Change {
  return (document) => void (at(document, path) as unknown[]).push(value)
}

function drop(value: unknown, ...path: string[]): Change {
  return (document) => {
    const values = at(document, path) as unknown[]
    if (!values.includes(value)) throw new Error(`${path.join(' ')} has no ${value}`)
    values.splice(values.indexOf(value), 1)
  }
}
