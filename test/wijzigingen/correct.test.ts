import t from 'tap'
import { aSignal, aSignalFor, type Overrides } from '../helpers/builders.ts'
import { type Answer, openTestHub, type Party } from '../helpers/test-hub.ts'
import { openHolds } from '../huishoudens/volgen/delta-hold.ts'

const path = '/v1/vroegsignalen'

async function openHub(t: Parameters<typeof openTestHub>[0]) {
  const hub = await openTestHub(t)
  const raalte = await hub.gemeente('0177')
  const verhuurder = await hub.signaalpartner(['huur', 'drinkwater'], ['0177'])
  const post = async (overrides: Overrides = {}) => {
    const answer = await verhuurder.post(path, aSignal(overrides))
    t.equal(answer.statusCode, 201, answer.body)
    return { url: `${path}/${answer.json().id}`, id: answer.json().id as string, answer }
  }
  return { hub, raalte, verhuurder, post }
}

const anyVersion = { 'if-match': '*' }
const more = { achterstand: { bedragInCenten: 99_900 } }

function faultsOf(answer: Answer): string[] {
  return answer.json().errors.map(({ location, code }: Record<string, string>) => `${location} ${code}`)
}

async function setThreshold(gemeente: Party, cents: number) {
  const body = { instellingen: { drempelbedragenInCenten: { huur: cents } } }
  return gemeente.patch('/v1/gemeenten/0177', body, anyVersion)
}

t.test('200: amount, days and contact data change, everything else stays', async (t) => {
  const { hub, raalte, verhuurder, post } = await openHub(t)
  const { url, answer } = await post()
  hub.setClock('2026-11-25T09:00:00Z')
  const body = {
    achterstand: { bedragInCenten: 99_900 },
    betrokkene: { telefoonnummer: null, emailadres: 'nieuw@voorbeeld.example' }
  }
  const corrected = await verhuurder.patch(url, body, { 'if-match': String(answer.headers.etag) })
  t.equal(corrected.statusCode, 200)
  const { telefoonnummer: _, ...betrokkene } = answer.json().betrokkene
  t.same(corrected.json(), {
    ...answer.json(),
    achterstand: { ...answer.json().achterstand, bedragInCenten: 99_900 },
    betrokkene: { ...betrokkene, emailadres: 'nieuw@voorbeeld.example' }
  })
  t.not(corrected.headers.etag, answer.headers.etag)
  for (const party of [verhuurder, raalte]) t.same((await party.get(url)).json(), corrected.json())
})

t.test('the total of its household follows at once, its day of destruction never', async (t) => {
  const { hub, raalte, verhuurder, post } = await openHub(t)
  const { url, answer } = await post()
  const [before] = (await raalte.get('/v1/huishoudens')).json().resultaten
  t.equal(before.totaalbedragInCenten, 84_500)
  hub.setClock('2027-01-10T09:00:00Z')
  const corrected = (await verhuurder.patch(url, more, anyVersion)).json()
  t.equal(corrected.vernietigingsdatum, answer.json().vernietigingsdatum)
  t.equal(corrected.reactiedatum, answer.json().reactiedatum)
  const [after] = (await raalte.get('/v1/huishoudens')).json().resultaten
  t.match(after, { id: before.id, totaalbedragInCenten: 99_900, aantalSignalen: 1 })
  hub.setClock('2027-05-20T09:00:00Z')
  t.equal((await verhuurder.get(url)).statusCode, 404)
  t.equal(await hub.sweep(), 1)
})

t.test('428 without If-Match, 412 with a stale one; nothing changes', async (t) => {
  const { verhuurder, post } = await openHub(t)
  const { url, answer } = await post()
  t.equal((await verhuurder.patch(url, more)).statusCode, 428)
  t.equal((await verhuurder.patch(url, more, { 'if-match': '"oud"' })).statusCode, 412)
  t.same((await verhuurder.get(url)).json(), answer.json())
  const etag = { 'if-match': String(answer.headers.etag) }
  t.equal((await verhuurder.patch(url, more, etag)).statusCode, 200)
  const stale = await verhuurder.patch(url, { achterstand: { bedragInCenten: 1 } }, etag)
  t.match(stale.json(), { status: 412, type: '/v1/problemen/verouderde-versie' })
})

t.test(
  '400: who and where, reference, kind and sector are another signal; no field is guessed',
  async (t) => {
    const { verhuurder, post } = await openHub(t)
    const { url, answer } = await post()
    const refused = [
      { betrokkene: { naam: { geslachtsnaam: 'Ander' } } },
      { betrokkene: { geboortedatum: '1990-01-01' } },
      { betrokkene: { burgerservicenummer: '999990019' } },
      { betrokkene: { soort: 'rechtspersoon' } },
      { adres: { huisnummer: 11 } },
      { referentie: 'ANDERS' },
      { soort: 'ontruimingssignaal' },
      { sector: 'gas' },
      { gemeentecode: '0150' },
      { klantnummer: 'K-2' },
      { status: 'opgepakt' },
      { achterstand: { bedragInCenten: 0 } },
      { achterstand: { bedragInCenten: '99900' } },
      { achterstand: { bedragInCenten: null } },
      { signaaldatum: '2026-02-30' },
      { geplandeDatum: '2026-12-20' },
      { betrokkene: { emailadres: 'geen adres' } }
    ]
    for (const body of refused) {
      const { statusCode } = await verhuurder.patch(url, body, anyVersion)
      t.equal(statusCode, 400, JSON.stringify(body))
    }
    t.same((await verhuurder.get(url)).json(), answer.json())
  }
)

t.test('an objection or an honoured arrangement says to withdraw the signal, and how', async (t) => {
  const { verhuurder, post } = await openHub(t)
  const { url } = await post()
  for (const [body, reden] of [
    [{ socialeIncasso: { reactie: 'bezwaar' } }, 'bezwaar'],
    [{ betalingsregeling: 'wordt-nagekomen' }, 'betalingsregeling']
  ] as const) {
    const { detail } = (await verhuurder.patch(url, body, anyVersion)).json()
    t.match(detail, 'Trek het signaal in: POST /v1/vroegsignalen/{id}/intrekkingen')
    t.match(detail, `met reden ${reden}.`)
  }
  const other = await verhuurder.patch(url, { signaaldatum: '2026-11-21' }, anyVersion)
  t.notMatch(other.json().detail, 'Trek')
  t.equal((await verhuurder.post(`${url}/intrekkingen`, { reden: 'bezwaar' })).statusCode, 201)
})

t.test('422: criteria run again, and what no longer meets them changes nothing', async (t) => {
  const { raalte, verhuurder, post } = await openHub(t)
  const { url, answer } = await post()
  const refused = {
    '/socialeIncasso/reactie geen-bezwaar': { socialeIncasso: { reactie: 'bezwaar' } },
    '/betalingsregeling geen-nagekomen-regeling': { betalingsregeling: 'wordt-nagekomen' },
    '/achterstand/ontstaansdatum achterstand-termijn': {
      achterstand: { ontstaansdatum: '2026-11-01' },
      socialeIncasso: {
        persoonlijkContact: [{ datum: '2026-11-02', kanaal: 'telefoon' }],
        herinneringen: ['2026-11-02'],
        gewezenOpSchuldhulpverlening: '2026-11-02',
        aanbodGegevensdeling: '2026-11-02'
      }
    },
    '/signaaldatum signaaldatum-actueel': { signaaldatum: '2026-11-21' }
  }
  for (const [fault, body] of Object.entries(refused)) {
    const { statusCode, ...given } = await verhuurder.patch(url, body, anyVersion)
    t.equal(statusCode, 422, fault)
    t.same(faultsOf(given as Answer), [fault])
  }
  t.equal((await setThreshold(raalte, 50_000)).statusCode, 200)
  const below = await verhuurder.patch(url, { achterstand: { bedragInCenten: 49_999 } }, anyVersion)
  t.match(below.json(), { status: 422, errors: [{ code: 'drempelbedrag' }] })
  t.same((await verhuurder.get(url)).json(), answer.json())
  t.equal(
    (await verhuurder.patch(url, { achterstand: { bedragInCenten: 50_000 } }, anyVersion)).statusCode,
    200
  )
})

t.test(
  '40 days later an old signaaldatum does not stand in the way: the day of receipt counts',
  async (t) => {
    const { hub, verhuurder, post } = await openHub(t)
    const { url } = await post()
    hub.setClock('2026-12-30T09:00:00Z')
    t.equal((await verhuurder.patch(url, more, anyVersion)).statusCode, 200)
    const newer = await verhuurder.patch(url, { signaaldatum: '2026-12-29' }, anyVersion)
    t.match(newer.json(), { status: 422, errors: [{ code: 'signaaldatum-actueel' }] }, 'after its receipt')
  }
)

t.test('403: not any more once the agreement is ended', async (t) => {
  const { hub, verhuurder, post } = await openHub(t)
  const { url, answer } = await post()
  const [{ id }] = (await hub.beheer.get('/v1/overeenkomsten')).json().resultaten
  await hub.beheer.patch(`/v1/overeenkomsten/${id}`, { status: 'beeindigd' }, anyVersion)
  const refused = await verhuurder.patch(url, more, anyVersion)
  t.match(refused.json(), { status: 403, type: '/v1/problemen/geen-overeenkomst' })
  t.same((await verhuurder.get(url)).json(), answer.json())
})

t.test("404: another partner's signal, and one that does not exist; 403 for a municipality", async (t) => {
  const { hub, raalte, post } = await openHub(t)
  const { url } = await post()
  const other = await hub.signaalpartner(['huur'], ['0177'])
  t.equal((await other.patch(url, more, anyVersion)).statusCode, 404)
  const nobody = `${path}/01890000-0000-7000-8000-000000000000`
  t.equal((await other.patch(nobody, more, anyVersion)).statusCode, 404)
  t.equal((await raalte.patch(url, more, anyVersion)).statusCode, 403)
})

t.test('409: a repeat of the original post after a correction; 404: a withdrawn signal', async (t) => {
  const { verhuurder, post } = await openHub(t)
  const { url } = await post()
  t.equal((await verhuurder.post(path, aSignal())).statusCode, 200)
  t.equal((await verhuurder.patch(url, more, anyVersion)).statusCode, 200)
  const repeat = await verhuurder.post(path, aSignal())
  t.match(repeat.json(), { status: 409, type: '/v1/problemen/referentie-bestaat' })
  t.equal((await verhuurder.post(path, aSignal(more))).statusCode, 200, 'it is the corrected signal now')
  t.equal((await verhuurder.post(`${url}/intrekkingen`, { reden: 'betaald' })).statusCode, 201)
  const late = await verhuurder.patch(url, more, anyVersion)
  t.match(late.json(), { status: 404, type: '/v1/problemen/niet-gevonden' })
})

t.test('a corrected signal repeats an earlier one, never itself', async (t) => {
  const { verhuurder } = await openHub(t)
  const send = async (referentie: string, bedragInCenten: number) => {
    const body = aSignalFor('drinkwater', { referentie, achterstand: { bedragInCenten } })
    return (await verhuurder.post(path, body)).json()
  }
  const first = await send('EEN', 10_000)
  const only = await verhuurder.patch(`${path}/${first.id}`, more, anyVersion)
  t.equal(only.statusCode, 200)
  t.notOk('herhalingVan' in only.json())
  const second = await send('TWEE', 100_000)
  t.equal(second.herhalingVan, first.id)
  const url = `${path}/${second.id}`
  const again = (await verhuurder.patch(url, { achterstand: { bedragInCenten: 100_001 } }, anyVersion)).json()
  t.equal(again.herhalingVan, first.id)
  const older = await verhuurder.patch(`${path}/${first.id}`, { warmeOverdracht: true }, anyVersion)
  t.notOk('herhalingVan' in older.json(), 'nor one that came after it')
})

t.test('a repeat with the same Idempotency-Key shows the signal as it stands', async (t) => {
  const { hub, verhuurder, post } = await openHub(t)
  const { url, answer } = await post()
  const headers = { 'if-match': String(answer.headers.etag), 'idempotency-key': 'wijziging' }
  t.equal((await verhuurder.patch(url, more, headers)).statusCode, 200)
  const again = await verhuurder.patch(url, more, headers)
  t.match(again, { statusCode: 200, headers: { 'idempotency-replayed': 'true' } })
  const logged = `select from verwerking where activiteit = 'vroegsignaal-corrigeren'`
  t.equal((await hub.admin(logged)).length, 1)
  const other = await verhuurder.patch(url, { warmeOverdracht: true }, headers)
  t.equal(other.statusCode, 422)
})

t.test('a correction is answered only once it is committed', async (t) => {
  const { hub, verhuurder, post } = await openHub(t)
  const { url } = await post()
  const held = await openHolds(hub).request(() => verhuurder.patch(url, more, anyVersion))
  t.ok(held.isHeld, 'no answer while the commit is held')
  t.equal((await held.release()).statusCode, 200)
  t.match((await verhuurder.get(url)).json(), more)
})
