import t, { type Test } from 'tap'
import {
  type Aanleveringsvorm,
  readAanlevering
} from '../../../src/aanlevering/leveringen/read-aanlevering.ts'
import { readJsonArray } from '../../../src/aanlevering/leveringen/read-json-array.ts'
import { maxPieceBytes, type Piece, readLines } from '../../../src/aanlevering/leveringen/read-lines.ts'
import { aSignal } from '../../helpers/builders.ts'
import { ndjson } from './deliveries.ts'

async function collect<Item>(groups: AsyncIterable<readonly Item[]>): Promise<Item[]> {
  const collected: Item[] = []
  for await (const group of groups) collected.push(...group)
  return collected
}

type Reader = (input: AsyncIterable<Buffer>) => AsyncIterable<readonly Piece[]>

async function* inChunks(body: Buffer, size: number) {
  for (let start = 0; start < body.length; start += size) yield body.subarray(start, start + size)
}

async function* cutAt(body: Buffer, at: number) {
  yield body.subarray(0, at)
  yield body.subarray(at)
}

async function piecesOf(read: Reader, input: AsyncIterable<Buffer>) {
  const pieces = await collect(read(input))
  return pieces.map((piece) =>
    'bytes' in piece ? [piece.regel, piece.bytes.toString().trim()] : [piece.regel, 'te lang']
  )
}

/** Checks that the pieces are the same wherever the network splits the body. */
async function sameInEveryCut(t: Pick<Test, 'same'>, read: Reader, text: string) {
  const body = Buffer.from(text)
  const whole = await piecesOf(read, inChunks(body, body.length))
  t.same(await piecesOf(read, inChunks(body, 1)), whole, 'byte by byte')
  for (let at = 1; at < body.length; at += 1) {
    const pieces = await piecesOf(read, cutAt(body, at))
    if (JSON.stringify(pieces) !== JSON.stringify(whole)) t.same(pieces, whole, `cut at byte ${at}`)
  }
  return whole
}

const badInput = { message: 'ongeldige-invoer' }
const asList = (inner: string) => `{"vroegsignalen":[${inner}]}`

t.test('NDJSON is the same lines wherever it is cut: LF, CRLF, blank lines, no last newline', async (t) => {
  const text = '{"a":"é€😀"}\n\n  \t\r\n{"b":1}\r\n\r\n{"c":"\\n"}'
  t.same(await sameInEveryCut(t, readLines, text), [
    [1, '{"a":"é€😀"}'],
    [4, '{"b":1}'],
    [6, '{"c":"\\n"}']
  ])
})

t.test('a JSON list is the same elements wherever it is cut, whatever its strings hold', async (t) => {
  const elements = [
    '{"a":"],}[{","b":{"c":[[],{}]}}',
    '{"d":"een \\"aanhaling\\" en \\\\","e":"\\\\\\""}',
    '"los, woord]"',
    '12',
    '[{"f":"é😀"}]'
  ]
  const text = ` \n{ "vroegsignalen"\t: [ ${elements.join(' ,\n')} ] \r\n} \n`
  t.same(
    await sameInEveryCut(t, readJsonArray, text),
    elements.map((element, index) => [index + 1, element])
  )
})

const malformed = {
  'a trailing comma': asList('{},'),
  'a leading comma': asList(',{}'),
  'two commas': asList('{},,{}'),
  'a lone comma': asList(','),
  'text after the end': `${asList('{}')}x`,
  'a second list': `${asList('{}')}${asList('{}')}`,
  'a further field': '{"vroegsignalen":[{}],"extra":1}',
  'an unclosed list': '{"vroegsignalen":[{}',
  'an unclosed element': '{"vroegsignalen":[{"a":[1]}',
  'an unclosed string': '{"vroegsignalen":["a]}',
  'no closing brace': '{"vroegsignalen":[{}]',
  'another wrapper': '{"signalen":[{}]}',
  'a bare list': '[{}]',
  'a bare object': '{}',
  'a field before it': '{"a":1,"vroegsignalen":[{}]}',
  'a byte order mark': `\uFEFF${asList('{}')}`,
  'nothing at all': '',
  'blanks only': ' '.repeat(5000)
}
t.test('JSON that is not exactly the list is refused as a whole, wherever it is cut', async (t) => {
  for (const [name, text] of Object.entries(malformed)) {
    const body = Buffer.from(text)
    for (const size of [1, 2, 3, body.length || 1]) {
      await t.rejects(piecesOf(readJsonArray, inChunks(body, size)), badInput, name)
    }
  }
})

t.test('a delivery without a single signal is refused in every form', async (t) => {
  const empties: [Aanleveringsvorm, string][] = [
    ['ndjson', ''],
    ['ndjson', '\n\r\n  \n'],
    ['json', asList('')],
    ['json', asList(' \n ')],
    ['csv', ''],
    ['csv', 'referentie;soort\r\n']
  ]
  for (const [type, text] of empties) {
    const reading = collect(readAanlevering(inChunks(Buffer.from(text), 7), type))
    await t.rejects(reading, badInput, `${type} ${JSON.stringify(text)}`)
  }
})

t.test('a line over 16 KiB is one rejected line; its neighbours stand, in every form', async (t) => {
  const long = aSignal({ referentie: 'LANG', betrokkene: { naam: { geslachtsnaam: 'x'.repeat(17_000) } } })
  const signals = [aSignal({ referentie: 'A' }), long, aSignal({ referentie: 'B' })]
  const csv = ['referentie', ...signals.map(({ referentie }) => referentie)]
  csv[2] = 'L'.repeat(17_000)
  const bodies: [Aanleveringsvorm, string][] = [
    ['ndjson', ndjson(signals)],
    ['json', asList(signals.map((one) => JSON.stringify(one)).join())]
  ]
  for (const [type, text] of bodies) {
    for (const size of [100, text.length]) {
      const lines = await collect(readAanlevering(inChunks(Buffer.from(text), size), type))
      t.match(lines, [{ signaal: {} }, { regel: 2, faults: [{ code: 'maxLength' }] }, { signaal: {} }])
      t.equal(lines.length, 3)
      t.same(
        lines.map(({ referentie }) => referentie),
        ['A', undefined, 'B']
      )
    }
  }
  const rows = await collect(readAanlevering(inChunks(Buffer.from(csv.join('\n')), 100), 'csv'))
  t.same(
    rows.map(({ regel }) => regel),
    [2, 3, 4]
  )
  t.same(
    rows.map(({ referentie }) => referentie),
    ['A', undefined, 'B']
  )
})

t.test('a line of exactly the limit is read, one byte more is not', async (t) => {
  for (const [extra, expected] of [
    [0, 'bytes'],
    [1, 'tooLong']
  ] as const) {
    for (const size of [1000, maxPieceBytes * 2]) {
      const line = Buffer.from(`"${'x'.repeat(maxPieceBytes - 2 + extra)}"`)
      const [piece] = await collect(readLines(inChunks(line, size)))
      t.ok(expected in piece!, `${extra} over, chunks of ${size}`)
      const list = Buffer.concat([Buffer.from('{"vroegsignalen":['), line, Buffer.from(']}')])
      const [element] = await collect(readJsonArray(inChunks(list, size)))
      t.ok(expected in element!, `in a list, ${extra} over, chunks of ${size}`)
    }
  }
})
