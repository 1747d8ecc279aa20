import t from 'tap'
import { aSignal } from '../../helpers/builders.ts'
import { openTestHub } from '../../helpers/test-hub.ts'

const hub = await openTestHub(t)
await hub.gemeente('0177')
const partner = await hub.signaalpartner(['huur'], ['0177'])
let numbers = 0

t.test('a body that is JSON to every reader is taken, however it is written', async (t) => {
  const written = [
    '{"naam":"A","sectoren":["huur"]}',
    ' \t\r\n{ "sectoren" : [ "huur" ] , "naam" : "\\u0041" }\n'
  ]
  for (const body of written) t.equal((await send(body)).json().naam, 'A')
  const types = [
    'application/json',
    'APPLICATION/JSON',
    'application/json;charset=UTF-8',
    'application/json; charset="utf-8"'
  ]
  for (const type of types) t.equal((await send(written[0]!, type)).statusCode, 201, type)
})

t.test('a type without a body is no body: fine where none is wanted, named where one is', async (t) => {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${hub.beheer.token}` }
  const client = await hub.client({ naam: 'Kas', rol: 'beheer', scopes: ['beheer'] })
  const url = `/v1/clients/${client.clientId}`
  const post = (path: string) => hub.app.inject({ method: 'POST', url: path, headers, payload: '' })
  t.equal((await post(`${url}/geheimen`)).statusCode, 201)
  const removed = await hub.app.inject({ method: 'DELETE', url, headers: { ...headers, 'if-match': '*' } })
  t.equal(removed.statusCode, 204, removed.body)
  const missing = await post('/v1/signaalpartners')
  t.equal(missing.statusCode, 400)
  t.match(missing.json().errors, [{ in: 'body', location: '', code: 'object' }])
})

t.test('what is not JSON to every reader is 400 with the code json, and says not what it was', async (t) => {
  const bytes = (...parts: (string | number[])[]) =>
    Buffer.concat(parts.map((part) => Buffer.from(part as never)))
  const nested = (depth: number) => `{"naam":${'['.repeat(depth)}1${']'.repeat(depth)}}`
  const wrong: Record<string, string | Buffer> = {
    'only white space': '  \n',
    'invalid UTF-8': bytes('{"naam":"Kanarie', [0xc3, 0x28], '"}'),
    'overlong UTF-8': bytes('{"naam":"Kanarie', [0xc0, 0xaf], '"}'),
    'a surrogate in UTF-8': bytes('{"naam":"Kanarie', [0xed, 0xa0, 0x80], '"}'),
    'UTF-16': Buffer.from('{"naam":"Kanarie"}', 'utf16le'),
    'a key twice': '{"naam":"Kanarie","sectoren":["huur"],"naam":"B"}',
    'a key twice, once escaped': '{"naam":"Kanarie","\\u006eaam":"B"}',
    'a key twice, deeper': '{"naam":"Kanarie","sectoren":[{"a":1,"a":2}]}',
    __proto__: '{"naam":"Kanarie","__proto__":{"status":"actief"}}',
    'escaped __proto__': '{"naam":"Kanarie","\\u005f_proto__":{}}',
    constructor: '{"naam":"Kanarie","constructor":{"prototype":{}}}',
    'seventeen levels': nested(16),
    'ten thousand levels': nested(10_000),
    'trailing garbage': '{"naam":"Kanarie"} x',
    'two documents': '{"naam":"Kanarie"}{"naam":"B"}',
    'a trailing comma': '{"naam":"Kanarie",}',
    'a comment': '{"naam":"Kanarie"/* x */}',
    'single quotes': "{'naam':'Kanarie'}",
    NaN: '{"naam":NaN}',
    'a leading zero': '{"naam":01}',
    'a bare control character': '{"naam":"Kanarie\u0001"}',
    'half a body': '{"naam":"Kanarie'
  }
  for (const [name, body] of Object.entries(wrong)) {
    const answer = await send(body)
    t.equal(answer.statusCode, 400, name)
    t.match(answer.json().errors, [{ in: 'body', location: '', code: 'json' }], name)
    t.notMatch(answer.body, /Kanarie|Unexpected|position|token/, name)
  }
})

t.test('sixteen levels are read; that they are no signalpartner is another matter', async (t) => {
  const answer = await send(`{"sectoren":["huur"],"naam":${'['.repeat(15)}1${']'.repeat(15)}}`)
  t.match(answer.json(), { status: 400, errors: [{ location: '/naam', code: 'string' }] })
})

t.test('strings with control characters, bidi overrides or half a character are refused', async (t) => {
  const wrong = [
    '\\u0000',
    '\\u0007',
    '\\n',
    '\\u007f',
    '\\u0085',
    '\\u202e',
    '\\u2066',
    '\\ud800',
    '\\udc00',
    '\\udc00\\ud800'
  ]
  for (const text of wrong) {
    const answer = await send(`{"naam":"Jan${text}sen","sectoren":["huur"]}`)
    t.match(answer.json(), { status: 400, errors: [{ location: '/naam', code: 'pattern' }] }, text)
  }
})

t.test('text of every script is kept as it was, trimmed and in NFC', async (t) => {
  for (const naam of ["Đỗ-O'Neill", 'Ωμέγα', '建設', '𠮷野', '👩‍👧 Wonen', 'שלום', 'Café']) {
    const answer = await send(
      JSON.stringify({ naam: ` ${naam.normalize('NFD')}\u00a0 `, sectoren: ['huur'] })
    )
    t.equal(answer.statusCode, 201, answer.body)
    t.equal(answer.json().naam, naam)
  }
  t.equal((await send('{"naam":"   ","sectoren":["huur"]}')).json().errors[0].location, '/naam')
})

t.test('length counts characters, not code units', async (t) => {
  const answer = (naam: string) => send(JSON.stringify({ naam, sectoren: ['huur'] }))
  t.equal((await answer('é'.repeat(200))).statusCode, 201)
  t.equal((await answer('𠮷'.repeat(200))).statusCode, 201)
  t.match((await answer('a'.repeat(201))).json(), { status: 400, errors: [{ code: 'maxLength' }] })
})

t.test('content-type tricks never get a body past its checks', async (t) => {
  const body = '{"naam":5}'
  const tricks = [
    'application/json\t',
    ' application/json',
    'application/json;',
    'application/json; charset',
    'application/json;a'
  ]
  for (const type of [
    ...tricks,
    'application/json,text/plain',
    'text/json',
    'application/vnd.api+json',
    '*/*',
    'json'
  ]) {
    const answer = await send(body, type)
    t.ok([400, 415].includes(answer.statusCode), `${JSON.stringify(type)}: ${answer.statusCode}`)
  }
  t.equal((await send(body, '')).statusCode >= 400, true)
})

t.test('nothing is coerced: a number is a number, a list a list', async (t) => {
  const wrong: [location: string, value: unknown][] = [
    ['/achterstand/bedragInCenten', '84500'],
    ['/achterstand/bedragInCenten', true],
    ['/achterstand/bedragInCenten', null],
    ['/achterstand/bedragInCenten', 84500.5],
    ['/achterstand/bedragInCenten', [84500]],
    ['/achterstand/bedragInCenten', 0],
    ['/achterstand/bedragInCenten', 100_000_001],
    ['/achterstand/bedragInCenten', 1e300],
    ['/adres/huisnummer', '10'],
    ['/warmeOverdracht', 'true'],
    ['/warmeOverdracht', 0],
    ['/socialeIncasso/herinneringen', '2026-10-01'],
    ['/betrokkene', []],
    ['/referentie', 5],
    ['/sector', 'HUUR']
  ]
  for (const [location, value] of wrong) {
    const answer = await partner.post('/v1/vroegsignalen', withAt(location, value))
    t.match(answer.json(), { status: 400, type: '/v1/problemen/ongeldige-invoer' }, `${location} ${value}`)
    const places = answer.json().errors.map((fault: { location: string }) => fault.location)
    t.same([...new Set(places)], [location], `${location} ${value}`)
  }
  const exact = await partner.post('/v1/vroegsignalen', withAt('/achterstand/bedragInCenten', 100_000_000))
  t.equal(exact.statusCode, 201)
  const float = JSON.stringify(withAt('/achterstand/bedragInCenten', 4321)).replace('4321', '4321.0')
  const headers = { 'content-type': 'application/json' }
  const answer = await partner.call({ method: 'POST', url: '/v1/vroegsignalen', headers, payload: float })
  t.equal(answer.json().achterstand.bedragInCenten, 4321, '4321.0 is the same JSON number')
})

t.test('an unknown field is refused wherever it stands, and its name is not repeated', async (t) => {
  for (const location of [
    '/jansen',
    '/betrokkene/jansen',
    '/betrokkene/naam/jansen',
    '/socialeIncasso/persoonlijkContact/0/jansen'
  ]) {
    const answer = await partner.post('/v1/vroegsignalen', withAt(location, 'Kanarie'))
    const owner = location.replace('/jansen', '')
    t.match(answer.json(), { status: 400, errors: [{ in: 'body', location: owner, code: 'unknownParam' }] })
    t.notMatch(answer.body, /jansen|Kanarie/)
  }
})

t.test('all faults come at once, each with a JSON Pointer to its place', async (t) => {
  const { statusCode, body } = await partner.post('/v1/vroegsignalen', {
    ...aSignal({
      betrokkene: { naam: { geslachtsnaam: undefined } },
      adres: { postcode: '12', huisnummer: -1 }
    }),
    signaaldatum: 'gisteren',
    socialeIncasso: { persoonlijkContact: [{ datum: '2026-10-10', kanaal: 'rook' }] },
    extra: 1
  })
  t.equal(statusCode, 400)
  const places = JSON.parse(body).errors.map((fault: { location: string }) => fault.location)
  t.same([...new Set(places)].sort(), [
    '',
    '/adres/huisnummer',
    '/adres/postcode',
    '/betrokkene/naam/geslachtsnaam',
    '/signaaldatum',
    '/socialeIncasso/persoonlijkContact/0/kanaal'
  ])
})

function send(payload: string | Buffer, type = 'application/json') {
  const headers = { authorization: `Bearer ${hub.beheer.token}`, 'content-type': type }
  return hub.app.inject({ method: 'POST', url: '/v1/signaalpartners', headers, payload })
}

/** A signal with the value at a JSON Pointer replaced or added. */
function withAt(location: string, value: unknown): object {
  numbers += 1
  const signal = aSignal({ referentie: `REF-${numbers}` }) as object
  const path = location.split('/').slice(1)
  const owner = path.slice(0, -1).reduce<Record<string, never>>((node, key) => node[key]!, signal as never)
  Object.assign(owner, { [path.at(-1)!]: value })
  return signal
}
