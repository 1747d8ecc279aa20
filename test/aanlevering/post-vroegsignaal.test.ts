import t from 'tap'
import { aSignal, type Overrides } from '../helpers/builders.ts'
import { loadRegister } from '../helpers/load-register.ts'
import { type Answer, openTestHub } from '../helpers/test-hub.ts'
import { dumpTables } from '../verantwoording/traces.ts'

const path = '/v1/vroegsignalen'

async function openHub(t: Parameters<typeof openTestHub>[0]) {
  const hub = await openTestHub(t)
  const raalte = await hub.gemeente('0177')
  const verhuurder = await hub.signaalpartner(['huur'], ['0177'])
  return { hub, raalte, verhuurder }
}

function faultsOf(answer: Answer): string[] {
  return answer
    .json()
    .errors.map(({ location, code }: { location: string; code: string }) => `${location} ${code}`)
}

t.test('201: a signal that meets every criterium stands, and its answer is the resource', async (t) => {
  const { verhuurder, raalte } = await openHub(t)
  const answer = await verhuurder.post(path, aSignal())
  t.equal(answer.statusCode, 201)
  const { id } = answer.json()
  t.equal(answer.headers.location, `${path}/${id}`)
  const own = await verhuurder.get(`${path}/${id}`)
  t.same(own.json(), answer.json())
  t.equal(own.headers.etag, answer.headers.etag)
  t.same((await raalte.get(`${path}/${id}`)).json(), answer.json(), 'and the municipality reads the same')
})

t.test('200: the same reference with the same content, however it is written', async (t) => {
  const { hub, verhuurder } = await openHub(t)
  const adres = { postcode: '8101AA', huisletter: 'B', huisnummertoevoeging: 'BIS' }
  const naam = { voorletters: 'T.', geslachtsnaam: 'M\u00fcller' }
  const first = await verhuurder.post(path, aSignal({ adres, betrokkene: { naam } }))
  t.equal(first.statusCode, 201)
  const same = [
    { adres: { ...adres, postcode: '8101 aa' }, betrokkene: { naam } },
    { adres: { ...adres, huisletter: 'b', huisnummertoevoeging: ' bis ' }, betrokkene: { naam } },
    { adres, betrokkene: { naam: { ...naam, geslachtsnaam: ' Mu\u0308ller' } } },
    { adres, betrokkene: { naam }, gemeentecode: undefined },
    { adres, betrokkene: { naam }, referentie: ` ${aSignal().referentie} ` }
  ]
  await loadRegister(hub.beheer, ['postcode;huisnummer;gemeentecode', '8101AA;10;0177'])
  for (const overrides of same) {
    const again = await verhuurder.post(path, aSignal(overrides))
    t.equal(again.statusCode, 200, again.body)
    t.same(again.json(), first.json())
    t.equal(again.headers.location, first.headers.location)
  }
  t.equal((await hub.admin('select from vroegsignaal')).length, 1)
})

t.test(
  'what is stored is written one way: postcode, letters in capitals, text trimmed and in NFC',
  async (t) => {
    const { verhuurder } = await openHub(t)
    const adres = { postcode: '8101 ab', huisletter: 'c', huisnummertoevoeging: 'hs', woonplaats: ' Raalte ' }
    const body = aSignal({ adres, betrokkene: { naam: { geslachtsnaam: '  Zoe\u0308 ' } } })
    const { adres: stored, betrokkene } = (await verhuurder.post(path, body)).json()
    t.match(stored, { postcode: '8101AB', huisletter: 'C', huisnummertoevoeging: 'HS', woonplaats: 'Raalte' })
    t.equal(betrokkene.naam.geslachtsnaam, 'Zo\u00eb')
  }
)

t.test('400: all faults of a body at once, and nothing is stored', async (t) => {
  const { hub, verhuurder } = await openHub(t)
  const before = await dumpTables(hub)
  const answer = await verhuurder.post(
    path,
    aSignal({
      referentie: undefined,
      sector: 'internet',
      signaaldatum: '2026-02-30',
      hobby: 'zwemmen',
      adres: { postcode: '0101AA', huisnummer: '10' },
      achterstand: { bedragInCenten: 1.5 },
      betrokkene: { naam: { geslachtsnaam: 'Een\u0000Twee' }, emailadres: 'geen adres' },
      socialeIncasso: { reactie: 'misschien' }
    })
  )
  t.equal(answer.statusCode, 400)
  t.equal(answer.json().type, '/v1/problemen/ongeldige-invoer')
  t.same(
    faultsOf(answer).sort(),
    [
      ' unknownParam',
      '/achterstand/bedragInCenten integer',
      '/adres/huisnummer integer',
      '/adres/postcode pattern',
      '/betrokkene/emailadres email',
      '/betrokkene/naam/geslachtsnaam pattern',
      '/referentie required',
      '/sector enum',
      '/signaaldatum date',
      '/socialeIncasso/reactie enum'
    ].sort()
  )
  t.same(await dumpTables(hub), before)
})

t.test(
  '400: geplandeDatum is required for the crisis kinds and forbidden for the ordinary one',
  async (t) => {
    const { verhuurder } = await openHub(t)
    const send = (overrides: Overrides) => verhuurder.post(path, aSignal(overrides))
    for (const soort of ['afsluitsignaal', 'ontruimingssignaal', 'royementssignaal']) {
      const answer = await send({ soort, geplandeDatum: undefined })
      t.equal(answer.statusCode, 400)
      t.same(faultsOf(answer), ['/geplandeDatum required'])
    }
    const answer = await send({ geplandeDatum: '2026-12-20' })
    t.equal(answer.statusCode, 400)
    t.same(faultsOf(answer), ['/geplandeDatum paramsCombination'])
    t.equal((await send({ soort: 'ontruimingssignaal', geplandeDatum: '2026-12-20' })).statusCode, 201)
  }
)

t.test(
  '401 without a token, with a wrong one, and for a suspended partner from the next request on',
  async (t) => {
    const { hub, verhuurder } = await openHub(t)
    const send = (headers: object) =>
      hub.call({ method: 'POST', url: path, payload: aSignal(), headers } as never)
    t.equal((await send({})).statusCode, 401)
    t.match((await send({})).headers['www-authenticate'], /^Bearer/)
    t.equal((await send({ authorization: 'Bearer x.y.z' })).statusCode, 401)
    const url = `/v1/signaalpartners/${verhuurder.id}`
    t.equal((await hub.beheer.patch(url, { status: 'geschorst' }, { 'if-match': '*' })).statusCode, 200)
    t.equal((await verhuurder.post(path, aSignal())).statusCode, 401)
    t.equal((await hub.beheer.patch(url, { status: 'actief' }, { 'if-match': '*' })).statusCode, 200)
    t.equal((await verhuurder.post(path, aSignal())).statusCode, 201)
  }
)

t.test('403: only a partner with the scope may hand in, whatever else it may', async (t) => {
  const { hub, raalte, verhuurder } = await openHub(t)
  const reader = await hub.client({
    naam: 'Alleen lezen',
    rol: 'signaalpartner',
    signaalpartnerId: verhuurder.id,
    scopes: ['vroegsignalen:lezen']
  })
  for (const party of [reader, raalte, hub.beheer]) {
    const answer = await party.post(path, aSignal())
    t.equal(answer.statusCode, 403)
    t.equal(answer.json().type, '/v1/problemen/geen-toegang')
    t.match(answer.headers['www-authenticate'], /error="insufficient_scope"/)
    t.equal((await party.post('/v1/proefbeoordelingen', aSignal())).statusCode, 403)
  }
  t.same(await hub.admin('select from vroegsignaal'), [])
  t.same(await hub.admin('select from afwijzing_telling'), [])
})

t.test(
  '409: the same reference with other content, the municipality included; what stands stays',
  async (t) => {
    const { hub, verhuurder } = await openHub(t)
    const almelo = await hub.gemeente('0141')
    const first = await verhuurder.post(path, aSignal())
    const others = [
      { achterstand: { bedragInCenten: 84_501 } },
      { adres: { huisletter: 'A' } },
      { socialeIncasso: { reactie: 'akkoord' } },
      { gemeentecode: '0141' }
    ]
    for (const overrides of others) {
      const answer = await verhuurder.post(path, aSignal(overrides))
      t.equal(answer.statusCode, 409, JSON.stringify(overrides))
      t.equal(answer.json().type, '/v1/problemen/referentie-bestaat')
      t.same(faultsOf(answer), ['/referentie referentie-bestaat'])
    }
    t.same((await verhuurder.get(first.headers.location as string)).json(), first.json())
    t.same((await almelo.get(path)).json().resultaten, [])
    const neighbour = await hub.signaalpartner(['huur'], ['0177'])
    t.equal((await neighbour.post(path, aSignal())).statusCode, 201, 'a reference is unique per partner')
  }
)

t.test('16 posts of one reference at once: one signal, one 201 and fifteen 200, all the same', async (t) => {
  const { hub, verhuurder } = await openHub(t)
  const answers = await Promise.all(Array.from({ length: 16 }, () => verhuurder.post(path, aSignal())))
  t.same(answers.map(({ statusCode }) => statusCode).sort(), [...Array(15).fill(200), 201])
  t.equal(new Set(answers.map(({ body }) => body)).size, 1)
  t.equal((await hub.admin('select from vroegsignaal')).length, 1)
  t.equal((await hub.admin('select from verwerking')).length, 1, 'and one line in the processing log')
})

t.test('an Idempotency-Key makes a repeat the first answer again; a refusal is not remembered', async (t) => {
  const { hub, verhuurder } = await openHub(t)
  const send = (key: string, overrides = {}) =>
    verhuurder.post(path, aSignal(overrides), { 'idempotency-key': key })
  const first = await send('k1')
  t.equal(first.statusCode, 201)
  t.equal(first.headers['idempotency-replayed'], undefined)
  const again = await send('k1')
  t.equal(again.statusCode, 201)
  t.equal(again.headers['idempotency-replayed'], 'true')
  t.same(again.json(), first.json())
  t.equal((await send('k1', { referentie: 'ANDERS' })).json().type, '/v1/problemen/idempotentie-conflict')

  t.equal((await send('k2', { referentie: 'R2', betalingsregeling: 'wordt-nagekomen' })).statusCode, 422)
  t.equal((await send('k2', { referentie: 'R2' })).statusCode, 201, 'mended under the same key')
  const parallel = await Promise.all(Array.from({ length: 8 }, () => send('k3', { referentie: 'R3' })))
  t.ok(parallel.every(({ statusCode }) => [201, 409].includes(statusCode)))
  t.equal(new Set(parallel.filter(({ statusCode }) => statusCode === 201).map(({ body }) => body)).size, 1)
  t.equal((await hub.admin('select from vroegsignaal')).length, 3)
})
