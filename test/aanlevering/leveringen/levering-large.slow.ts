import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'

const reader = new URL('../../../src/aanlevering/leveringen/read-aanlevering.ts', import.meta.url)
const opener = new URL('../../../src/aanlevering/leveringen/open-aanlevering.ts', import.meta.url)
const decoder = new URL('../../../src/platform/http/decode-body.ts', import.meta.url)

type Outcome = {
  readonly lines?: unknown
  readonly refused?: unknown
  readonly read?: number
  readonly decoded?: number
  readonly grownMiB: number
}

// Runs `body` in a separate process, so that only this delivery uses its memory. Returns the result of `body` and how
// far the peak memory rose above the memory at the start.
async function run(body: string): Promise<Outcome> {
  const script = `
    import { createGzip, gzipSync } from 'node:zlib'
    import { Readable } from 'node:stream'
    const { readAanlevering } = await import(${JSON.stringify(reader.href)})
    const { aanleveringLimits } = await import(${JSON.stringify(opener.href)})
    const { decodeBody } = await import(${JSON.stringify(decoder.href)})
    const before = process.memoryUsage.rss()
    const result = await (async () => { ${body} })()
    const peak = process.resourceUsage().maxRSS * 1024
    console.log(JSON.stringify({ ...result, grownMiB: Math.round((peak - before) / 1024 / 1024) }))`
  const { PATH = '' } = process.env
  const cwd = fileURLToPath(new URL('../../..', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    cwd,
    env: { PATH }
  })
  return JSON.parse(stdout)
}

const collect = `
  const lines = []
  let refused = null
  try {
    for await (const group of readAanlevering(chunks(), type))
      for (const { regel, faults } of group) lines.push([regel, faults?.[0].code])
  } catch (error) { refused = error.slug }
  return { lines, refused }`

const endless = {
  ndjson: [
    '',
    '\\n{}',
    [
      [1, 'maxLength'],
      [2, 'required']
    ]
  ],
  json: [
    '{"vroegsignalen":["',
    '",{}]}',
    [
      [1, 'maxLength'],
      [2, 'required']
    ]
  ],
  csv: [
    'referentie\\r\\n',
    '\\r\\nR-1',
    [
      [2, 'maxLength'],
      [3, 'required']
    ]
  ]
} as const
for (const [type, [opening, closing, expected]] of Object.entries(endless)) {
  t.test(`${type}: 48 MB without a line end is one rejected line and takes no memory`, async (t) => {
    const { lines, grownMiB } = await run(`
      const type = '${type}'
      const chunk = Buffer.alloc(65536, 0x78)
      async function* chunks() {
        yield Buffer.from('${opening}')
        for (let n = 0; n < 768; n += 1) yield chunk
        yield Buffer.from('${closing}')
      }
      ${collect}`)
    t.same(lines, expected)
    t.ok(grownMiB < 80, `${grownMiB} MiB`)
  })
}

t.test('250,000 lines are read and one more is refused, in flat memory', async (t) => {
  const { read, refused, grownMiB } = await run(`
    async function* chunks() {
      for (let n = 0; n < 25; n += 1) yield Buffer.from('1\\n'.repeat(10_000))
      yield Buffer.from('1')
    }
    let read = 0
    let refused = null
    try {
      for await (const lines of readAanlevering(chunks(), 'application/x-ndjson')) read += lines.length
    } catch (error) { refused = [error.slug, error.status] }
    return { read, refused }`)
  t.equal(read, 250_000)
  t.same(refused, ['te-groot', 413])
  t.ok(grownMiB < 150, `${grownMiB} MiB`)
})

t.test('a gzip bomb is refused long before it is unpacked, in flat memory', async (t) => {
  const {
    decoded = 0,
    refused,
    grownMiB
  } = await run(`
    const bomb = createGzip({ level: 9 })
    Readable.from((function* () { for (let n = 0; n < 4096; n += 1) yield Buffer.alloc(262_144, 0x20) })()).pipe(bomb)
    let decoded = 0
    let refused = null
    try {
      for await (const chunk of decodeBody(bomb, 'gzip', aanleveringLimits)) decoded += chunk.length
    } catch (error) { refused = [error.slug, error.status] }
    return { decoded, refused }`)
  t.same(refused, ['te-groot', 413])
  t.ok(decoded < 64 * 1024 * 1024, `${decoded} bytes of 1 GiB were unpacked`)
  t.ok(grownMiB < 150, `${grownMiB} MiB`)
})
