import { createHmac } from 'node:crypto'
import { CompactSign, compactVerify, createLocalJWKSet, exportJWK, generateKeyPair, type JWK } from 'jose'
import t from 'tap'
import { signStatement } from '../../../src/platform/crypto/statement.ts'
import { testBsn } from '../../helpers/builders.ts'
import type { TestHub } from '../../helpers/test-hub.ts'
import { nowhere } from '../../platform/http/operations.ts'
import { guisesOf, tracesIn } from '../../verantwoording/traces.ts'
import { proofsOf } from '../../vernietiging/proof-chain.ts'
import { close, made, openStage, type Partner, signalen } from '../../zaken/zaak-stage.ts'

t.setTimeout(120_000)

const stage = await openStage(t)
const { hub, raalte, huur, water, send, openAt } = stage
let houses = 0
const nextHouse = () => {
  houses += 1
  return houses
}

const receipt = (partner: Partner, id: string) => partner.get(`${signalen}/${id}/meldbewijs`)
async function jwsOf(partner: Partner, id: string): Promise<string> {
  const answer = await receipt(partner, id)
  if (answer.statusCode !== 200) throw new Error(`expected 200, got ${answer.statusCode}: ${answer.body}`)
  return answer.json().meldbewijs
}

/** Verifies a receipt as anybody can: with only the published keys. */
async function verifyOffline(hub: TestHub, jws: string) {
  const keySet = createLocalJWKSet((await hub.call({ method: 'GET', url: '/.well-known/jwks.json' })).json())
  const { payload, protectedHeader } = await compactVerify(jws, keySet)
  return { protectedHeader, said: JSON.parse(Buffer.from(payload).toString()) }
}

/** Asks the hub, without a token, whether a receipt is valid. */
const check = (hub: TestHub, meldbewijs: unknown) =>
  hub.call({ method: 'POST', url: '/v1/meldbewijzen/_verifieer', payload: { meldbewijs } })

const inBase64 = (content: object | string) =>
  Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)).toString('base64url')

t.test('a receipt verifies offline with the published keys, and says exactly this', async (t) => {
  const id = await send(huur, nextHouse(), { referentie: 'HUUR-2026-000123', signaaldatum: '2026-11-19' })
  const jws = await jwsOf(huur, id)
  t.match(jws, /^[\w-]+\.[\w-]+\.[\w-]+$/)
  const { protectedHeader, said } = await verifyOffline(hub, jws)
  t.match(protectedHeader, { alg: 'ES256', typ: 'meldbewijs+jws', kid: String })
  const { signaalpartner, beoordeling } = (await huur.get(`${signalen}/${id}`)).json()
  t.ok(beoordeling.criteria.length > 10)
  t.same(said, {
    iss: 'http://hub.test',
    vroegsignaalId: id,
    signaalpartner: { id: huur.id, naam: signaalpartner.naam },
    gemeente: { gemeentecode: '0177', naam: 'Raalte' },
    referentie: 'HUUR-2026-000123',
    signaaldatum: '2026-11-19',
    ontvangenOp: '2026-11-20T09:00:00.000Z',
    criteria: beoordeling.criteria
  })
  for (const criterium of said.criteria) {
    t.same(Object.keys(criterium).sort(), ['criterium', 'grondslag', 'uitkomst'])
  }
  const { iss: _, ...melding } = said
  t.same((await check(hub, jws)).json(), { geldig: true, melding })
})

t.test('a receipt holds nothing else of the resident', async (t) => {
  const zorg = await stage.partner('zorgverzekering')
  const adres = { straat: 'Kwikstaartpad', huisletter: 'Q', huisnummertoevoeging: 'XZ9Q', postcode: '8102ZX' }
  const betrokkene = {
    naam: { voorletters: 'Q.W.', voorvoegsel: 'uijt den', geslachtsnaam: 'Zoutkeetsman' },
    geboortedatum: '1971-03-04',
    burgerservicenummer: testBsn,
    telefoonnummer: '+31698765432',
    emailadres: 'zoutkeetsman@voorbeeld.example'
  }
  const achterstand = { bedragInCenten: 7_654_321, ontstaansdatum: '2026-09-17', aantalTermijnen: 2 }
  const secrets = { klantnummer: 'KLANT-QXJ-77', betrokkene, achterstand }
  const huisnummer = 48_151
  const body = { ...secrets, adres: { ...adres, huisnummer, woonplaats: 'Zwartewaterdorp' } }
  const id = await send(zorg, huisnummer, body)
  const [header, payload] = (await jwsOf(zorg, id)).split('.').map((part) => Buffer.from(part, 'base64url'))
  const values = [
    ...Object.values(adres).filter((value) => value.length > 1),
    'Zwartewaterdorp',
    ...['Q.W.', 'uijt den', 'Zoutkeetsman', '1971-03-04', testBsn, '698765432', 'zoutkeetsman@'],
    ...['KLANT-QXJ-77', '7654321', '76.543', '2026-09-17']
  ]
  for (const value of values) t.same(tracesIn(`${header}${payload}`, guisesOf(value)), [], value)
})

t.test(
  'anything that the hub did not say so itself is not valid, and never a fault of the hub',
  async (t) => {
    const id = await send(huur, nextHouse())
    const gone = await send(huur, nextHouse())
    made(await huur.post(`${signalen}/${gone}/intrekkingen`, { reden: 'foutief' }))
    const [proof] = await proofsOf(hub, '0177')
    const jws = await jwsOf(huur, id)
    const [header, payload, signature] = jws.split('.') as [string, string, string]
    const { protectedHeader, said } = await verifyOffline(hub, jws)
    const head = protectedHeader as { alg: string; kid: string; typ: string }
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    const signTheirs = (header: typeof head & { jwk?: JWK }) =>
      new CompactSign(Buffer.from(JSON.stringify(said))).setProtectedHeader(header).sign(privateKey)
    const theirs = await signTheirs(head)
    const hmac = (input: string) =>
      createHmac('sha256', JSON.stringify(hub.keys.publicJwks())).update(input).digest('base64url')
    const symmetric = `${inBase64({ ...head, alg: 'HS256' })}.${payload}`
    const forged: Record<string, string> = {
      'another payload': `${header}.${inBase64({ ...said, referentie: 'ANDERS' })}.${signature}`,
      'another header': `${inBase64({ ...head, typ: 'meldbewijs' })}.${payload}.${signature}`,
      'another signature': `${header}.${payload}.${theirs.split('.')[2]}`,
      'no signature': `${header}.${payload}.`,
      'alg none': `${inBase64({ ...head, alg: 'none' })}.${payload}.`,
      'alg none with the signature': `${inBase64({ ...head, alg: 'none' })}.${payload}.${signature}`,
      'alg HS256 by the public key': `${symmetric}.${hmac(symmetric)}`,
      'another key under our kid': theirs,
      'another key in the header': await signTheirs({ ...head, jwk: await exportJWK(publicKey) }),
      'a proof of destruction': proof!.bewijs,
      'another statement of ours': await signStatement(hub.keys, 'iets+jws', said),
      'an access token': huur.token,
      'a header that is no JSON': `${inBase64('{')}.${payload}.${signature}`,
      'a header that is no object': `${inBase64('null')}.${payload}.${signature}`,
      'two parts': `${header}.${payload}`,
      'four parts': `${jws}.${signature}`,
      'more behind it': `${jws}A`,
      'base64 as other tools write it': `${Buffer.from(JSON.stringify(said)).toString('base64')}`,
      'the content itself': JSON.stringify(said),
      dots: '..',
      'a word': 'bewijs',
      emoji: '🏠.🏠.🏠',
      '60 kB': `${header}.${'A'.repeat(59_998 - header.length - signature.length)}.${signature}`,
      '60 kB of dots': '.'.repeat(60_000)
    }
    for (const [what, text] of Object.entries(forged)) {
      const answer = await check(hub, text)
      t.equal(answer.statusCode, 200, what)
      t.same(answer.json(), { geldig: false }, what)
    }
    t.match((await check(hub, jws)).json(), { geldig: true }, 'while the true one is')

    // The last character of a signature is skipped: some of its bits mean nothing.
    for (let place = 0; place < jws.length - 1; place += 37) {
      const other = jws[place] === 'A' ? 'B' : 'A'
      const altered = `${jws.slice(0, place)}${other}${jws.slice(place + 1)}`
      t.same((await check(hub, altered)).json(), { geldig: false }, `altered at ${place}`)
    }
  }
)

t.test('400 when there is nothing to check', async (t) => {
  for (const text of [undefined, '', '   ', 7, null, ['a.b.c'], 'A'.repeat(60_001), 'a\u0000b']) {
    t.match((await check(hub, text)).json(), { status: 400, errors: [{ location: '/meldbewijs' }] })
  }
  const more = { meldbewijs: 'a.b.c', referentie: 'X' }
  const answer = await hub.call({ method: 'POST', url: '/v1/meldbewijzen/_verifieer', payload: more })
  t.equal(answer.statusCode, 400)
})

t.test('only the partner itself gets it: 401, 403 and 404 for all others', async (t) => {
  const id = await send(huur, nextHouse())
  const url = `${signalen}/${id}/meldbewijs`
  t.equal((await hub.call({ method: 'GET', url })).statusCode, 401)
  for (const party of [raalte, hub.beheer]) t.equal((await party.get(url)).statusCode, 403)
  const absent = { status: 404, type: '/v1/problemen/niet-gevonden' }
  const colleague = await stage.partner('huur')
  for (const party of [water, colleague]) t.match((await party.get(url)).json(), absent)
  t.match((await receipt(huur, nowhere)).json(), absent)
  for (const [scope, status] of [
    ['vroegsignalen:aanleveren', 200],
    ['vroegsignalen:lezen', 200],
    ['terugkoppelingen:lezen', 403]
  ] as const) {
    const terms = { naam: 'Systeem', rol: 'signaalpartner', signaalpartnerId: huur.id, scopes: [scope] }
    t.equal((await (await hub.client(terms)).get(url)).statusCode, status, scope)
  }
})

t.test('a receipt is not valid any more, with why, once its signal was withdrawn as wrong', async (t) => {
  for (const [reden, controle] of [
    ['betaald', { geldig: true }],
    ['betalingsregeling', { geldig: true }],
    ['foutief', { geldig: false, reden: 'foutief' }],
    ['bezwaar', { geldig: false, reden: 'bezwaar' }]
  ] as const) {
    const id = await send(huur, nextHouse())
    const jws = await jwsOf(huur, id)
    t.match((await check(hub, jws)).json(), { geldig: true })
    made(await huur.post(`${signalen}/${id}/intrekkingen`, { reden }))
    t.match((await receipt(huur, id)).json(), { status: 404 }, 'and no other is handed out')
    const checked = (await check(hub, jws)).json()
    t.match(checked, controle, reden)
    t.equal('melding' in checked, controle.geldig)
  }
})

t.test('a receipt is not valid any more once the municipality found its signal to be wrong', async (t) => {
  const { hub, raalte, huur, water, send, openAt } = await openStage(t, { now: '2026-05-20T09:00:00Z' })
  const [wrong, other] = [await send(huur, 1), await send(water, 1)]
  const jws = await jwsOf(huur, wrong)
  const theirs = await jwsOf(water, other)
  const zaak = await openAt(1)
  const result = { resultaat: 'onterecht-signaal', datum: '2026-05-20', betreft: [wrong] }
  t.equal((await close(raalte, zaak.id, result)).statusCode, 200)
  const voided = { geldig: false, reden: 'onterecht-signaal' }
  t.same((await check(hub, jws)).json(), voided)
  t.match((await check(hub, theirs)).json(), { geldig: true })
  hub.setClock('2028-05-20T09:00:00Z')
  await hub.sweep()
  t.same((await check(hub, jws)).json(), voided, 'for as long as the receipt can be shown')
  const [row] = await hub.admin<{ rij: string }>('select g::text as rij from ongeldig_meldbewijs g')
  t.notMatch(row!.rij, wrong.replaceAll('-', ''), 'which says nothing of whose it is')
})

t.test('fetching a receipt leaves a line in the processing log', async (t) => {
  const id = await send(huur, nextHouse())
  await jwsOf(huur, id)
  const lines = await hub.admin(
    `select activiteit, client_id::text as client, signaalpartner_id::text as partner from verwerking
      where object_id = $1 and activiteit <> 'vroegsignaal-aannemen'`,
    [id]
  )
  t.same(lines, [{ activiteit: 'vroegsignaal-inzien', client: huur.clientId, partner: huur.id }])
})

t.test('a receipt stays valid when the signal is long destroyed', async (t) => {
  const { hub, huur, send } = await openStage(t, { now: '2026-05-20T09:00:00Z' })
  const id = await send(huur, 1)
  const jws = await jwsOf(huur, id)
  const before = (await check(hub, jws)).json()
  hub.setClock('2026-11-20T09:00:00Z')
  t.equal((await receipt(huur, id)).statusCode, 404, 'from the day on, before any sweep')
  t.equal(await hub.sweep(), 1)
  t.equal((await receipt(huur, id)).statusCode, 404)
  t.same((await check(hub, jws)).json(), before)
  t.match(before, { geldig: true, melding: { vroegsignaalId: id } })
  t.match((await verifyOffline(hub, jws)).said, before.melding)
})

for (const resultaat of ['geen-contact', 'geen-hulp-gewenst']) {
  t.test(`after ${resultaat} the same receipt is given until the signal's own day`, async (t) => {
    const { hub, raalte, huur, water, send, openAt } = await openStage(t, { now: '2026-05-20T09:00:00Z' })
    const id = await send(huur, 1)
    const before = (await verifyOffline(hub, await jwsOf(huur, id))).said
    const zaak = await openAt(1)
    t.equal((await close(raalte, zaak.id, { resultaat, datum: '2026-05-20' })).statusCode, 200)
    t.equal((await huur.get(`${signalen}/${id}`)).statusCode, 404, 'though the signal is over for it')
    const after = async () => (await verifyOffline(hub, await jwsOf(huur, id))).said
    t.same(await after(), before)
    t.equal((await receipt(water, id)).statusCode, 404)
    t.equal((await raalte.get(`${signalen}/${id}/meldbewijs`)).statusCode, 403)
    hub.setClock('2026-11-19T22:59:00Z')
    await hub.sweep()
    t.same(await after(), before, 'a minute before midnight in Amsterdam')
    hub.setClock('2026-11-19T23:00:00Z')
    t.equal((await receipt(huur, id)).statusCode, 404)
    await hub.sweep()
    t.same(await hub.admin('select from gemeld_signaal'), [])
  })
}

t.test('what is kept of it when the case has ended is readable nowhere in the database', async (t) => {
  const huisnummer = nextHouse()
  const id = await send(huur, huisnummer, { referentie: 'Zonnebloemveldweg' })
  const zaak = await openAt(huisnummer)
  t.equal((await close(raalte, zaak.id, { resultaat: 'geen-contact' })).statusCode, 200)
  const [row] = await hub.admin<{ rij: string }>(
    'select g::text as rij from gemeld_signaal g where id = $1',
    [id]
  )
  t.ok(row)
  t.same(tracesIn(row!.rij, guisesOf('Zonnebloemveldweg')), [])
  t.equal((await verifyOffline(hub, await jwsOf(huur, id))).said.referentie, 'Zonnebloemveldweg')
  for (const duty of ['gemeente', 'matcher', 'beheer'] as const) {
    const reading = hub.database.as({ duty, gemeentecodes: ['0177'] }, (tx) =>
      tx.selectFrom('gemeldSignaal').select('inhoud').execute()
    )
    await t.rejects(reading, { code: '42501' }, duty)
  }
})
