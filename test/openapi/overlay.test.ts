import { readFile } from 'node:fs/promises'
import { query } from 'json-p3'
import t from 'tap'
import { parse } from 'yaml'
import { openApiDocument } from '../../src/commands/openapi-document.ts'
import { overlayOf } from '../../src/commands/openapi-overlay.ts'
import { mapTexts, textsOf } from '../../src/platform/http/document-texts.ts'
import { englishOf, inEnglish, sentences } from '../../src/platform/http/in-english.ts'
import { openTestHub } from '../helpers/test-hub.ts'

type Node = { [key: string]: unknown }
type Overlay = { actions: { target: string; update: Node }[] }

const document = JSON.parse(JSON.stringify(await openApiDocument())) as Node
const overlay = JSON.parse(
  await readFile(new URL('../../openapi/overlay-en.json', import.meta.url), 'utf8')
) as Overlay

t.test(
  'openapi/overlay-en.json is what the document and its sentences say: run `npm run openapi`',
  async (t) => {
    t.same(overlay, overlayOf(document))
  }
)

t.test('every text has a translation, and every translation a text', async (t) => {
  const used = new Set<string>()
  const missing = textsOf(document).filter(
    ({ text }) => englishOf(text, (sentence) => used.add(sentence)) === undefined
  )
  t.same(new Set(missing.map(({ text }) => text)), new Set(), 'add them to openapi/teksten-en.json')
  t.same(
    Object.keys(sentences).filter((sentence) => !used.has(sentence)),
    [],
    'take them out of openapi/teksten-en.json'
  )
  t.equal(englishOf('Een tekst die er niet is.'), undefined)
  t.equal(englishOf('De hub is even niet beschikbaar (`onbekend`). Niet vertaald.'), undefined)
})

t.test('a translation keeps every code and every number of its text', async (t) => {
  const kept = (text: string) => [...text.matchAll(/`[^`\n]+`|\d+/g)].map(([part]) => part).sort()
  for (const [dutch, english] of Object.entries(sentences)) t.same(kept(english), kept(dutch), dutch)
})

t.test(
  'the overlay puts the whole document into English, and each of its targets hits something',
  async (t) => {
    const { found, missed } = applied(document, overlay)
    t.same(missed, [])
    t.same(found, inEnglish(document))
    const operation = (document.paths as Record<string, Node>)['/criteria']!
    const without = structuredClone(document)
    delete (without.paths as Node)['/criteria']
    t.ok(operation)
    t.same(applied(without, overlay).missed.slice(0, 1), ["$.paths['/criteria'].get"])
  }
)

t.test('only texts differ: names, codes and examples are the same', async (t) => {
  const bare = (it: object) => mapTexts(it, () => '')
  t.same(bare(inEnglish(document)), bare(document))
  const texts = textsOf(document).map(({ text }) => text)
  t.ok(texts.includes('Signalen aanleveren en vooraf laten beoordelen'), 'of scopes too')
  t.notOk(texts.includes('Raalte'), 'but not of examples')
})

t.test('a hub serves the document in English when asked, in JSON and YAML', async (t) => {
  const hub = await openTestHub(t)
  const get = (url: string) => hub.call({ method: 'GET', url })
  const dutch = await get('/v1/openapi.json')
  const english = await get('/v1/openapi.json?taal=en')
  t.match(english, { statusCode: 200, headers: { 'access-control-allow-origin': '*' } })
  t.same(english.json(), inEnglish(dutch.json()))
  t.equal(english.json().info.summary, 'Intake hub for the early detection of debts')
  t.equal(english.json().servers[0].url, 'http://hub.test/v1')
  t.same(parse((await get('/v1/openapi.yaml?taal=en')).body), english.json())
  t.equal((await get('/v1/openapi.json?taal=nl')).body, dutch.body)
  for (const url of ['/v1/openapi.json?taal=fr', '/v1/openapi.yaml?taal=EN']) {
    const refused = await get(url)
    t.match(refused.json(), { status: 400, errors: [{ in: 'query', location: 'taal' }] }, url)
  }
})

/** Applies an overlay as its specification says, with paths of RFC 9535; `missed` are targets that hit nothing. */
function applied(document: Node, { actions }: Overlay): { found: Node; missed: string[] } {
  const found = structuredClone(document)
  const missed: string[] = []
  for (const { target, update } of actions) {
    const hits = query(target, found as never).values() as Node[]
    if (hits.length === 0) missed.push(target)
    for (const hit of hits) merge(hit, update)
  }
  return { found, missed }
}

function merge(into: Node, update: Node): void {
  for (const [key, value] of Object.entries(update)) {
    if (typeof value === 'object' && value !== null && key in into) merge(into[key] as Node, value as Node)
    else into[key] = value
  }
}
