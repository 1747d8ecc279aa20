import { gzipSync } from 'node:zlib'
import t from 'tap'
import { type Answer, openTestHub } from '../../helpers/test-hub.ts'
import { bareRequest, operationsOf } from './operations.ts'

const hub = await openTestHub(t)
const gemeente = await hub.gemeente('0177')
const partner = await hub.signaalpartner(['huur'], ['0177'])
const parties = [hub.beheer, gemeente, partner]
const operations = operationsOf(hub)
const withJson = operations.filter(({ mediaType }) => mediaType === 'application/json')
const problem = { headers: { 'content-type': /^application\/problem\+json/ } }

t.test(
  '/core/no-trailing-slash: a path with a slash at its end is a 404 problem, not a redirect',
  async (t) => {
    for (const { url, method, id } of operations) {
      const answer = await hub.app.inject({ method, url: `${url}/` })
      t.match(answer, { statusCode: 404, ...problem }, id)
      t.equal(answer.json().type, '/v1/problemen/niet-gevonden')
    }
  }
)

t.test('/core/http-methods: what a path does not have is 405, and Allow tells what it has', async (t) => {
  for (const [url, allowed] of methodsByUrl()) {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const) {
      if (allowed.includes(method)) continue
      const answer = await hub.app.inject({ method, url })
      t.equal(answer.statusCode, 405, `${method} ${url}`)
      t.equal(answer.headers.allow, allowed, `${method} ${url}`)
      t.match(answer, problem)
    }
  }
})

t.test('an Accept with a charset, a profile or a weight is what it was without', async (t) => {
  for (const accept of [
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8";q=0.9, text/plain;q=0.1',
    'application/json;profile="https://a.example/b;c", */*;q=0'
  ]) {
    const answer = await hub.app.inject({ method: 'GET', url: '/v1/criteria', headers: { accept } })
    t.equal(answer.statusCode, 200, accept)
  }
  const refused = { accept: 'application/xml;charset=utf-8, application/json;q=0' }
  t.equal((await hub.app.inject({ method: 'GET', url: '/v1/criteria', headers: refused })).statusCode, 406)
})

t.test('HEAD is GET without a body', async (t) => {
  const get = await hub.call({ method: 'GET', url: '/v1/criteria' })
  const head = await hub.app.inject({ method: 'HEAD', url: '/v1/criteria' })
  t.equal(head.statusCode, 200)
  t.equal(head.body, '')
  t.equal(head.headers['content-length'], String(Buffer.byteLength(get.body)))
})

t.test('406 when nothing the route makes is acceptable; what was asked for is never echoed', async (t) => {
  for (const operation of operations) {
    const request = bareRequest(operation)
    const answer = await hub.call({ ...request, headers: { ...request.headers, accept: 'image/png' } })
    t.match(answer, { statusCode: 406, ...problem }, operation.id)
  }
  for (const accept of [
    '*/*',
    'application/*',
    'application/json',
    'text/html, */*;q=0.1',
    'image/png,application/json'
  ]) {
    const answer = await hub.call({ method: 'GET', url: '/v1/criteria', headers: { accept } })
    t.match(answer, { statusCode: 200, headers: { 'content-type': /^application\/json/ } }, accept)
  }
  const refused = await hub.call({
    method: 'GET',
    url: '/v1/criteria',
    headers: { accept: 'application/json;q=0' }
  })
  t.equal(refused.statusCode, 406, 'q=0 means not acceptable')
})

t.test('415 for another media type, charset or coding, on every operation with a JSON body', async (t) => {
  for (const operation of withJson) {
    for (const type of [
      'text/plain',
      'application/xml',
      'application/json; charset=utf-16',
      'application/jsonx'
    ]) {
      const answer = await admitted(operation, { 'content-type': type }, '{}')
      t.match(answer, { statusCode: 415, ...problem }, `${operation.id} ${type}`)
    }
    const packed = gzipSync('{}')
    const answer = await admitted(operation, { ...json, 'content-encoding': 'gzip' }, packed)
    t.match(answer, { statusCode: 415, ...problem }, `${operation.id} gzip`)
  }
})

t.test('application/merge-patch+json is for PATCH only', async (t) => {
  for (const operation of withJson) {
    const answer = await admitted(operation, { 'content-type': 'application/merge-patch+json' }, '{}')
    t.equal(answer.statusCode === 415, operation.method !== 'PATCH', operation.id)
  }
})

t.test('413 for a body of more than 64 KiB, with or without a Content-Length', async (t) => {
  const payload = JSON.stringify({ naam: 'a'.repeat(65 * 1024) })
  for (const operation of withJson) {
    t.match(await admitted(operation, json, payload), { statusCode: 413, ...problem }, operation.id)
  }
})

t.test('/core/error-handling/invalid-input: what breaks the schema is 400, never 422', async (t) => {
  for (const operation of withJson) {
    for (const payload of ['[]', '"x"', '1', 'null', '{"a":1,"b":2}', '{"naam":5,"oin":"x"}', '{', '']) {
      const answer = await admitted(operation, json, payload)
      t.match(answer, { statusCode: 400, ...problem }, `${operation.id} ${payload}`)
      t.ok(answer.json().errors.length > 0, `${operation.id} ${payload} names what is wrong`)
    }
  }
  for (const operation of operations.filter(({ url, isOpen }) => url.includes('/0190') && !isOpen)) {
    const answer = await admitted({ ...operation, url: operation.url.replace(/0190[^/]+/, 'x') }, json, '{}')
    t.match(answer.json(), { status: 400, errors: [{ in: 'path' }] }, `${operation.id} with a malformed id`)
  }
  for (const operation of operations) {
    const answer = await admitted({ ...operation, url: `${operation.url}?bestaatNiet=1` }, {}, undefined)
    const expected = { status: 400, errors: [{ in: 'query', code: 'unknownParam' }] }
    t.match(unknownOf(answer), expected, `${operation.id} with an unknown parameter`)
  }
})

t.test(
  '/core/error-handling/all-errors: the faults of path, query, headers and body come together',
  async (t) => {
    const answer = await hub.beheer.call({
      method: 'PATCH',
      url: '/v1/signaalpartners/x?zomaar=1',
      headers: { 'idempotency-key': 'a'.repeat(256) },
      payload: { naam: '', sectoren: ['huur', 'huur', 'maan'], kvkNummer: 'x', onbekend: 1, nogEen: 2 }
    })
    t.equal(answer.statusCode, 400)
    const places = answer
      .json()
      .errors.map((fault: { in: string; location: string }) => `${fault.in} ${fault.location}`)
    t.same([...new Set(places)].sort(), [
      'body ',
      'body /kvkNummer',
      'body /naam',
      'body /sectoren',
      'body /sectoren/2',
      'header idempotency-key',
      'path id',
      'query '
    ])
  }
)

const json = { 'content-type': 'application/json' }

/** The answer of the first party that the operation admits. */
async function admitted(
  { method, url }: { method: string; url: string },
  headers: Record<string, string>,
  payload: string | Buffer | undefined
): Promise<Answer> {
  for (const party of parties) {
    const body = payload === undefined || method === 'GET' ? {} : { payload }
    const answer = await party.call({
      method,
      url,
      headers: payload === undefined ? {} : headers,
      ...body
    } as never)
    if (answer.statusCode !== 403) return answer
  }
  throw new Error(`${method} ${url} admits nobody`)
}

/** The problem with only the faults about query parameters. */
function unknownOf(answer: Answer): object {
  const problem = answer.json()
  return { ...problem, errors: problem.errors?.filter((fault: { in: string }) => fault.in === 'query') }
}

function methodsByUrl(): Map<string, string> {
  const byUrl = Map.groupBy(operations, ({ url }) => url)
  return new Map(
    [...byUrl].map(([url, present]) => {
      const methods = present.map(({ method }) => method as string)
      return [url, [...methods, ...(methods.includes('GET') ? ['HEAD'] : [])].sort().join(', ')]
    })
  )
}
