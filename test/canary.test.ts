import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import t from 'tap'
import { identifyVroegsignaal } from '../src/vroegsignalen/identify-vroegsignaal.ts'
import { aSignalFor, type Overrides } from './helpers/builders.ts'
import { type Answer, openTestHub, type TestHub } from './helpers/test-hub.ts'
import {
  dumpTables,
  encodings,
  exposedPart,
  guisesOf,
  pgDump,
  serverNotes,
  tracesIn
} from './verantwoording/traces.ts'

const canary = {
  geslachtsnaam: 'Kanariegeelvink',
  straat: 'Zangvogelstraatje',
  woonplaats: 'Vogelzangdorp',
  burgerservicenummer: '999993653',
  telefoonnummer: '+31687651234',
  emailadres: 'vink.kanarie@voliere-post.example',
  geboortedatum: '1979-03-07',
  klantnummer: 'KOOI-5519-773',
  referentie: 'FLUIT-2026-88321'
}
const values = Object.values(canary)
const guises = values.flatMap(guisesOf)

function aCanary(overrides: Overrides = {}) {
  const { geslachtsnaam, straat, woonplaats, referentie, klantnummer, ...betrokkene } = canary
  const named = aSignalFor('zorgverzekering', {
    referentie,
    klantnummer,
    betrokkene: { ...betrokkene, naam: { geslachtsnaam } },
    adres: { straat, woonplaats }
  })
  return { ...named, ...overrides }
}

async function openHub(t: Parameters<typeof openTestHub>[0]) {
  const hub = await openTestHub(t)
  const raalte = await hub.gemeente('0177')
  const partner = await hub.signaalpartner(['zorgverzekering', 'huur'], ['0177'])
  const answers: Answer[] = []
  const post = async (url: string, body: object, headers = {}) => {
    const answer = await partner.post(url, body, headers)
    answers.push(answer)
    return answer.statusCode
  }
  const call = async (request: Parameters<typeof partner.call>[0]) => {
    const answer = await partner.call(request)
    answers.push(answer)
    return answer.statusCode
  }
  return { hub, raalte, partner, answers, post, call }
}

/** Fails for every place outside the sealed content where the canary, or a keyed hash of it, turns up. */
async function expectNoTrace(
  t: Parameters<typeof openTestHub>[0],
  hub: TestHub,
  signaalpartnerId: string,
  answers: Answer[]
) {
  const canary = identifyVroegsignaal(hub.keys, signaalpartnerId, aCanary() as never)
  const { inhoudHash, ...indexes } = canary.indexes
  const blind = [inhoudHash, ...Object.values(indexes)].flatMap((index) => encodings(index!))
  t.same(tracesIn(hub.logLines.join('\n'), [...guises, ...blind]), [], 'in the log')
  t.same(tracesIn(answers.map(exposedPart).join('\n'), [...guises, ...blind]), [], 'in an error or a header')
  t.same(tracesIn(await serverNotes(hub), [...guises, ...blind]), [], 'in what PostgreSQL notes')
  const mayHoldIndexes = ['vroegsignaal', 'huishouden', 'huishouden_markering', 'bezwaar']
  for (const [table, rows] of await dumpTables(hub)) {
    t.same(
      tracesIn(rows, mayHoldIndexes.includes(table) ? guises : [...guises, ...blind]),
      [],
      `in table ${table}`
    )
  }
  t.same(tracesIn(pgDump(hub) ?? '', guises), [], 'in a backup')
}

t.test('the search for traces itself finds a value in every guise', async (t) => {
  for (const value of values) {
    t.not(tracesIn(`?q=${encodeURIComponent(value)}`, guisesOf(value)).length, 0)
    for (const text of [value, value.toUpperCase(), value.toLowerCase()]) {
      t.not(tracesIn(`(7,${text})`, guisesOf(value)).length, 0)
      t.not(tracesIn(Buffer.from(text).toString('hex'), guisesOf(value)).length, 0)
      for (const before of ['', '{', '{"']) {
        const inside = Buffer.from(`${before}${text}"}`)
        t.not(tracesIn(inside.toString('base64'), guisesOf(value)).length, 0)
        t.not(tracesIn(inside.toString('base64url'), guisesOf(value)).length, 0)
      }
    }
  }
})

t.test(
  'accepted, repeated, refused and searched: personal data stay inside the sealed content',
  async (t) => {
    const { hub, raalte, partner, answers, post } = await openHub(t)
    const path = '/v1/vroegsignalen'
    t.equal(await post(path, aCanary(), { 'idempotency-key': canary.referentie }), 201)
    t.equal(await post(path, aCanary(), { 'idempotency-key': canary.referentie }), 201)
    t.equal(await post(path, aCanary()), 200)
    t.equal(await post(path, aCanary({ klantnummer: 'anders' })), 409)
    t.equal(
      await post(path, aCanary({ klantnummer: 'anders' }), { 'idempotency-key': canary.referentie }),
      422
    )
    t.equal(await post(path, aCanary({ referentie: 'X', socialeIncasso: {} })), 422)
    t.equal(await post(path, aCanary({ referentie: 'X', sector: 'huur' })), 422)
    t.equal(await post(path, aCanary({ referentie: 'X', gemeentecode: '0150' })), 403)
    t.equal(await post('/v1/proefbeoordelingen', aCanary({ referentie: 'X' })), 200)
    t.equal(await post('/v1/vroegsignalen/_zoek?limit=1', { referentie: canary.referentie }), 200)
    t.equal(await post('/v1/vroegsignalen/_zoek', { burgerservicenummer: canary.burgerservicenummer }), 400)
    t.equal(await post('/v1/vroegsignalen/_zoek', { naam: { geslachtsnaam: canary.geslachtsnaam } }), 400)

    const questions = [
      { burgerservicenummer: canary.burgerservicenummer },
      {
        naam: { geslachtsnaam: canary.geslachtsnaam },
        adres: { postcode: '8101AA', huisnummer: 10 },
        geboortedatum: canary.geboortedatum
      }
    ]
    for (const question of questions) {
      for (const url of ['/v1/vroegsignalen/_zoek', '/v1/huishoudens/_zoek']) {
        const answer = await raalte.post(url, question)
        answers.push(answer)
        for (const value of values) t.ok(answer.body.includes(value), 'whoever may see it, does')
      }
    }
    const own = await partner.post('/v1/vroegsignalen/_zoek', { referentie: canary.referentie })
    for (const value of values) t.ok(own.body.includes(value), 'its own partner finds it')
    await expectNoTrace(t, hub, partner.id, answers)
  }
)

t.test(
  'malformed requests: no value, field name, parameter or header of theirs comes back or is kept',
  async (t) => {
    const { hub, answers, post, call, partner } = await openHub(t)
    const json = { 'content-type': 'application/json' }
    for (const value of values) {
      t.equal(await post('/v1/vroegsignalen', aCanary({ [value]: value })), 400)
      t.equal(
        await post('/v1/vroegsignalen', aCanary({ adres: { [value]: { [value]: value } }, soort: value })),
        400
      )
      t.equal(
        await post(
          '/v1/vroegsignalen',
          aCanary({ signaaldatum: value, achterstand: value, sector: [value] })
        ),
        400
      )
      t.equal(
        await post('/v1/vroegsignalen/_zoek', {
          [value]: value,
          adres: { postcode: value, huisnummer: value }
        }),
        400
      )
      for (const payload of [
        `{"${value}`,
        `{"${value}":1,"${value}":2}`,
        `"${value}"`,
        `${value}\uFFFF`,
        `["${value}"]`
      ]) {
        t.equal(await call({ method: 'POST', url: '/v1/vroegsignalen', payload, headers: json }), 400)
      }
      const type = { 'content-type': `text/${value}; charset=${value}` }
      t.equal(await call({ method: 'POST', url: '/v1/vroegsignalen', payload: value, headers: type }), 415)
      const inUrl = encodeURIComponent(value)
      t.equal(await call({ method: 'GET', url: `/v1/vroegsignalen?${inUrl}=${inUrl}` }), 400)
      t.equal(await call({ method: 'GET', url: `/v1/vroegsignalen?cursor=${inUrl}&limit=${inUrl}` }), 400)
      t.equal(await call({ method: 'GET', url: `/v1/vroegsignalen/${inUrl}` }), 400)
      t.equal(await call({ method: 'DELETE', url: `/v1/vroegsignalen/${inUrl}` }), 405)
      t.equal(await call({ method: 'GET', url: `/v1/${inUrl}?${inUrl}` }), 404)
      t.equal(await call({ method: 'GET', url: `/v1/%${inUrl}` }), 404)
      const headers = {
        traceparent: value,
        'if-match': value,
        'user-agent': value,
        referer: value,
        cookie: value
      }
      t.equal(await call({ method: 'GET', url: '/v1/vroegsignalen', headers }), 200)
      t.equal(await call({ method: 'GET', url: '/v1/vroegsignalen', headers: { accept: `${value}/x` } }), 406)
      t.equal(
        await call({
          method: 'GET',
          url: '/v1/vroegsignalen',
          headers: { authorization: `Bearer ${value}` }
        }),
        401
      )
      t.equal(await post('/v1/vroegsignalen', aCanary(), { 'idempotency-key': `${value} ${value}` }), 400)
      const form = new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: value,
        client_secret: value,
        scope: value
      })
      const formType = { 'content-type': 'application/x-www-form-urlencoded', authorization: '' }
      t.equal(
        await call({ method: 'POST', url: '/oauth/token', payload: form.toString(), headers: formType }),
        400
      )
    }
    const huge = { x: values.join(' ').repeat(1000) }
    t.equal(await post('/v1/vroegsignalen', huge), 413)
    const noHttp = await sendRaw(
      hub,
      `GET /${values.join(' ')} HTTP/1.1\r\n${canary.referentie}\r\nauthorization: ${partner.token}\r\n\r\n`
    )
    t.match(noHttp, /^HTTP\/1.1 400 .*application\/problem\+json/s)
    t.same(tracesIn(noHttp, guises), [])
    t.same(await hub.admin('select from vroegsignaal'), [])
    await expectNoTrace(t, hub, partner.id, answers)
  }
)

t.test(
  'when the database fails in the middle: an answer that says nothing, a log that says nothing',
  async (t) => {
    const { hub, partner, answers, post } = await openHub(t)
    const send = () => post('/v1/vroegsignalen', aCanary({ referentie: canary.referentie }))
    // PostgreSQL reports a failed check with the whole row.
    await hub.admin(`alter table vroegsignaal add constraint nooit check (sector = 'huur')`)
    t.equal(await send(), 500)
    await hub.admin('alter table vroegsignaal drop constraint nooit')
    await hub.admin(`alter table vroegsignaal add constraint kort check (octet_length(inhoud) < 10)`)
    t.equal(await send(), 500)
    await hub.admin('alter table vroegsignaal drop constraint kort')
    await hub.admin('revoke insert on verwerkingsblad from signaalhub_signaalpartner')
    t.equal(await send(), 503, 'without the processing log nothing is taken in')
    t.same(await hub.admin('select from vroegsignaal'), [])
    await hub.admin('grant insert on verwerkingsblad to signaalhub_signaalpartner')

    await hub.admin(`create function sterf() returns trigger language plpgsql security definer as
    $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$`)
    await hub.admin(
      'create trigger sterf before insert on vroegsignaal for each row execute function sterf()'
    )
    t.equal(await send(), 503, 'the connection is lost in the middle of the transaction')
    t.ok(answers.at(-1)!.headers['retry-after'])
    await hub.admin('drop trigger sterf on vroegsignaal')
    t.equal(await send(), 201, 'and it works again')
    await expectNoTrace(t, hub, partner.id, answers)
  }
)

async function sendRaw({ app }: TestHub, text: string): Promise<string> {
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1', () => socket.write(text))
  return Buffer.concat(await socket.toArray()).toString()
}
