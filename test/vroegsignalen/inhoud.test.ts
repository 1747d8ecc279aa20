import t, { type Test } from 'tap'
import type { AangeleverdSignaal } from '../../src/begrippen/vroegsignaal.ts'
import type { Toelating } from '../../src/beoordeling/beoordelingstekst.ts'
import { versionOf } from '../../src/platform/crypto/seal.ts'
import { sealFor } from '../../src/platform/crypto/seal-row.ts'
import {
  openBeoordelingen,
  openInhoud,
  sealBeoordeling,
  sealInhoud,
  signaalIn,
  writeInhoud
} from '../../src/vroegsignalen/vroegsignaal-inhoud.ts'
import { herleidAll } from '../../src/wijzigingen/herleiding/schedule-herleiding.ts'
import { aSignal, aSignalFor, type Overrides } from '../helpers/builders.ts'
import { loadRegister } from '../helpers/load-register.ts'
import { openTestHub, type TestHub } from '../helpers/test-hub.ts'
import { made } from '../zaken/zaak-stage.ts'

t.setTimeout(120_000)

const path = '/v1/vroegsignalen'
const any = { 'if-match': '*' }

type Row = {
  gemeentecode: string
  id: string
  sleuteldag: string
  adresBekend: boolean | null
  inhoud: Buffer
  beoordeling: Buffer | null
}
type Shown = {
  id: string
  referentie: string
  adres: object
  beoordeling: { criteria: { criterium: string; uitkomst: Toelating; grondslag: string }[] }
  [field: string]: unknown
}

async function openHub(t: Test) {
  const hub = await openTestHub(t)
  const [raalte, olst] = [await hub.gemeente('0177'), await hub.gemeente('1773')]
  const partner = await hub.signaalpartner(['huur', 'zorgverzekering'], ['0177', '1773'])
  const post = async (overrides: Overrides = {}): Promise<Shown> =>
    made(await partner.post(path, aSignal(overrides)))
  return { hub, raalte, olst, partner, post }
}

async function rowOf({ admin }: TestHub, id: string): Promise<Row> {
  const [row] = await admin<Row>(
    `select gemeentecode, id, sleuteldag::text, adres_bekend as "adresBekend", inhoud, beoordeling
     from vroegsignaal where id = $1`,
    [id]
  )
  return row!
}

const opening = (hub: TestHub) => ({ keys: hub.keys, opened: new Set<string>() })

async function contentOf(hub: TestHub, id: string): Promise<AangeleverdSignaal> {
  const [inhoud] = await openInhoud(opening(hub), [await rowOf(hub, id)])
  return signaalIn(inhoud!)
}

/** Seals a stored signal as version 2 did: one object, with the outcomes by name. */
async function sealAsBefore(
  hub: TestHub,
  { id, beoordeling: { criteria } }: Shown,
  nummeraanduiding?: string
): Promise<void> {
  const row = await rowOf(hub, id)
  const signaal = await contentOf(hub, id)
  const slugs = (uitkomst: Toelating) =>
    criteria.filter((one) => one.uitkomst === uitkomst).map(({ criterium }) => criterium)
  const beoordeling = {
    voldaan: slugs('voldaan'),
    waarschuwing: slugs('waarschuwing'),
    'niet-van-toepassing': slugs('niet-van-toepassing')
  }
  const text = JSON.stringify({ signaal, beoordeling, ...(nummeraanduiding && { nummeraanduiding }) })
  const key = (await hub.keys.findDataKeys([row.sleuteldag])).get(row.sleuteldag)!
  const sealed = sealFor(key, { table: 'vroegsignaal', tenant: row.gemeentecode, id }, text)
  await hub.admin('update vroegsignaal set inhoud = $2, beoordeling = null where id = $1', [id, sealed])
}

const sorted = ({ beoordeling, ...signaal }: Shown) => ({
  ...signaal,
  beoordeling: beoordeling.criteria.toSorted((a, b) => (a.criterium < b.criterium ? -1 : 1))
})

/** A signal as it stands on the wire, but for what differs each time. */
const golden = `"status":"ontvangen","signaalpartner":{"id":"PARTNER","naam":"NAAM"},"gemeentecode":"0177","ontvangenOp":"2026-11-20T09:00:00.000Z","reactiedatum":"2026-12-18","vernietigingsdatum":"2027-05-20","adres":{"straat":"Verzonnenstraat","huisnummer":10,"postcode":"8101AA","woonplaats":"Raalte"},"referentie":"HUUR-2026-000123","soort":"vroegsignaal","sector":"huur","signaaldatum":"2026-11-20","betrokkene":{"soort":"natuurlijk-persoon","naam":{"voorletters":"T.","voorvoegsel":"van","geslachtsnaam":"Proefpersoon"},"geboortedatum":"1985-06-15","telefoonnummer":"+31600000000","emailadres":"proefpersoon@voorbeeld.example"},"achterstand":{"bedragInCenten":84500,"ontstaansdatum":"2026-09-06","aantalTermijnen":2},"betalingsregeling":"geen","socialeIncasso":{"persoonlijkContact":[{"datum":"2026-10-21","kanaal":"telefoon"}],"herinneringen":["2026-09-26","2026-10-11"],"gewezenOpSchuldhulpverlening":"2026-10-11","aanbodGegevensdeling":"2026-10-11","reactie":"geen"}`

t.test('a signal on the wire: the same text wherever it stands, with and without its evidence', async (t) => {
  const { raalte, partner, hub } = await openHub(t)
  const posted = await partner.post(path, aSignal())
  const { id, signaalpartner, beoordeling } = posted.json()
  const expected = golden.replace('PARTNER', partner.id).replace('NAAM', signaalpartner.naam)
  const bare = `{"id":"${id}",${expected}}`
  const whole = `{"id":"${id}",${expected},"beoordeling":${JSON.stringify(beoordeling)}}`
  t.equal(beoordeling.criteria.length, 23)
  t.same(Object.keys(beoordeling.criteria[0]), ['criterium', 'uitkomst', 'grondslag'])
  t.equal(posted.body, whole, 'a post')
  for (const party of [partner, raalte]) {
    const one = await party.get(`${path}/${id}`)
    t.equal(one.body, whole, 'one signal')
    t.equal(one.headers.etag, posted.headers.etag)
    const { body } = await party.get(path)
    t.equal(body, `{"resultaten":[${bare}]}`, 'a list')
    t.equal((await party.get(`${path}?expand=beoordeling`)).body, `{"resultaten":[${whole}]}`)
  }
  const [household] = (await raalte.get('/v1/huishoudens')).json().resultaten
  t.ok((await raalte.get('/v1/huishoudens')).body.includes(`"vroegsignalen":[${bare}]`), 'a household')
  const { body } = await raalte.get(`/v1/huishoudens/${household.id}?expand=beoordeling`)
  t.ok(body.includes(`"vroegsignalen":[${whole}]`))
  const again = await partner.post(path, aSignal())
  t.equal(again.statusCode, 200)
  t.equal(again.body, whole, 'a repeat')
  const { inhoud, beoordeling: sealed } = await rowOf(hub, id)
  t.same([versionOf(inhoud), versionOf(sealed!)], [3, 3])
})

t.test('the fields that the hub adds stand with the others', async (t) => {
  const { hub, partner, post, raalte } = await openHub(t)
  const header = 'postcode;huisnummer;huisletter;huisnummertoevoeging;nummeraanduiding;gemeentecode'
  const bag = '0177200000000001'
  await loadRegister(hub.beheer, [header, `8101AA;10;;;${bag};0177`])
  const first = await post({ referentie: 'R-1' })
  const answer = await partner.post(
    path,
    aSignal({ referentie: 'R-2', achterstand: { bedragInCenten: 90_000 } })
  )
  t.match(answer.json(), {
    adresBekend: true,
    herhalingVan: first.id,
    adres: { nummeraanduidingIdentificatie: bag }
  })
  for (const party of [partner, raalte])
    t.equal((await party.get(`${path}/${answer.json().id}`)).body, answer.body)
})

t.test('a signal that an older version sealed is read, in a list and alone with its evidence', async (t) => {
  const { hub, raalte, partner, post } = await openHub(t)
  const before = await post({ referentie: 'OUD' })
  const other = await post({ referentie: 'NIEUW' })
  await sealAsBefore(hub, before)
  t.equal(versionOf((await rowOf(hub, before.id)).inhoud), 2)
  const { beoordeling: _, ...bare } = before
  for (const party of [raalte, partner]) {
    const listed: Shown[] = (await party.get(path)).json().resultaten
    t.same(
      listed.map(({ referentie }) => referentie),
      ['NIEUW', 'OUD']
    )
    t.same(listed[1], bare, 'without its evidence')
    t.same(sorted((await party.get(`${path}/${before.id}`)).json()), sorted(before), 'with its evidence')
    const expanded: Shown[] = (await party.get(`${path}?expand=beoordeling`)).json().resultaten
    t.same(expanded.map(sorted), [other, before].map(sorted))
  }
  const found = await raalte.post(`${path}/_zoek`, { adres: { postcode: '8101AA', huisnummer: 10 } })
  t.same(found.json().resultaten[1], bare)
  for (const expand of [false, true]) {
    const url = `/v1/huishoudens${expand ? '?expand=beoordeling' : ''}`
    const [{ vroegsignalen }] = (await raalte.get(url)).json().resultaten
    const shown = vroegsignalen.find(({ id }: Shown) => id === before.id)
    if (expand) t.same(sorted(shown), sorted(before))
    else t.same(shown, bare)
  }
  t.same(
    sorted((await partner.post(path, aSignal({ referentie: 'OUD' }))).json()),
    sorted(before),
    'a repeat'
  )
})

t.test('a signal of an older version is corrected, and is of the last version from then on', async (t) => {
  const { hub, raalte, partner, post } = await openHub(t)
  const before = await post()
  await sealAsBefore(hub, before)
  const etag = String((await partner.get(`${path}/${before.id}`)).headers.etag)
  const answer = await partner.patch(
    `${path}/${before.id}`,
    { achterstand: { bedragInCenten: 99_900 } },
    { 'if-match': etag }
  )
  t.equal(answer.statusCode, 200, answer.body)
  const achterstand = { ...(before.achterstand as object), bedragInCenten: 99_900 }
  t.same(answer.json(), { ...before, achterstand })
  t.equal((await raalte.get(`${path}/${before.id}`)).body, answer.body)
  const { inhoud, beoordeling } = await rowOf(hub, before.id)
  t.same([versionOf(inhoud), versionOf(beoordeling!)], [3, 3])
})

t.test('a signal of an older version moves with its content and its evidence', async (t) => {
  const { hub, raalte, olst, partner, post } = await openHub(t)
  const before = await post()
  const sent = await contentOf(hub, before.id)
  await sealAsBefore(hub, before)
  made(await raalte.post(`${path}/${before.id}/doorzendingen`, { gemeentecode: '1773' }))
  t.same(sorted((await olst.get(`${path}/${before.id}`)).json()), sorted({ ...before, gemeentecode: '1773' }))
  t.equal((await partner.get(`${path}/${before.id}`)).statusCode, 404, 'to its partner it is over')
  t.same(await contentOf(hub, before.id), sent)
  t.equal((await raalte.get(`${path}/${before.id}`)).statusCode, 404)
})

t.test('a signal of an older version is compared anew when a register comes', async (t) => {
  const { hub, raalte, post } = await openHub(t)
  const before = await post({ adres: { huisnummertoevoeging: 'II' } })
  const sent = await contentOf(hub, before.id)
  await sealAsBefore(hub, before)
  const header = 'postcode;huisnummer;huisletter;huisnummertoevoeging;nummeraanduiding;gemeentecode'
  await loadRegister(hub.beheer, [header, '8101AA;10;;2;0177200000000002;0177'])
  const logger = { warn: (line: unknown) => t.fail(String(line)) }
  await herleidAll({ database: hub.database, keys: () => hub.keys, clock: hub.hub.clock, logger })
  const adres = { ...before.adres, nummeraanduidingIdentificatie: '0177200000000002' }
  const answer = await raalte.get(`${path}/${before.id}`)
  t.equal(answer.statusCode, 200, answer.body)
  const shown = answer.json()
  t.same(sorted(shown), sorted({ ...before, adres, adresBekend: true }))
  t.same(await contentOf(hub, before.id), sent, 'and what its partner sent stays what it was')
})

t.test(
  'the id that an older seal kept of the register is shown, unless the register denies it',
  async (t) => {
    const { hub, raalte, post } = await openHub(t)
    const own = '0177200000000007'
    const before = await post({ adres: { nummeraanduidingIdentificatie: own } })
    await sealAsBefore(hub, before, '0177200000000008')
    const shown = async () => (await raalte.get(path)).json().resultaten[0].adres
    t.match(await shown(), { nummeraanduidingIdentificatie: '0177200000000008' })
    await hub.admin('update vroegsignaal set adres_bekend = false')
    await sealAsBefore(hub, before)
    t.notOk('nummeraanduidingIdentificatie' in (await shown()), 'that of the partner may be another home')
  }
)

const texts: Record<string, string> = {
  quotes: `a}","b":1`,
  brackets: `"]}],"x":[{`,
  backslashes: `C:\\straat\\n\\u0000\\"`,
  script: `</script><script>alert('1')</script>`,
  emoji: `Plein 👩‍👩‍👧 1ᵉ 𝒦`,
  separators: `voor\u2028na\u2029einde`,
  dollars: `$& $1 $\` $'`
}

t.test('whatever a field holds, the answer is JSON in which it stands unchanged', async (t) => {
  const { raalte, partner } = await openHub(t)
  let n = 0
  for (const [what, text] of Object.entries(texts)) {
    for (const overrides of [
      { adres: { straat: text, woonplaats: text } },
      { betrokkene: { naam: { geslachtsnaam: `x ${text}` } } },
      { klantnummer: text.slice(0, 30) }
    ]) {
      n += 1
      const adres = { huisnummer: 100 + n, ...('adres' in overrides ? overrides.adres : {}) }
      const body = aSignalFor('huur', { klantnummer: `K-${n}`, ...overrides, referentie: `R-${n}`, adres })
      const answer = await partner.post(path, body)
      if (answer.statusCode === 400) {
        t.comment(`${what} is not taken in ${Object.keys(overrides)}`)
        continue
      }
      t.equal(answer.statusCode, 201, what)
      const posted: Shown = answer.json()
      t.match(posted, { adres: body.adres, betrokkene: body.betrokkene, klantnummer: body.klantnummer }, what)
      t.match(posted, { referentie: `R-${n}`, status: 'ontvangen' }, 'and nothing beside it')
      t.equal((await raalte.get(`${path}/${posted.id}`)).body, answer.body)
      const { beoordeling: _, ...bare } = posted
      t.same((await partner.get(`${path}?limit=1`)).json().resultaten, [bare])
      const vraag = { adres: { postcode: '8101AA', huisnummer: 100 + n } }
      const [household] = (await raalte.post('/v1/huishoudens/_zoek', vraag)).json().resultaten
      t.same(household.vroegsignalen, [bare])
      t.same(household.adres, posted.adres)
      const changed = await partner.patch(`${path}/${posted.id}`, { signaaldatum: '2026-11-19' }, any)
      t.same({ ...changed.json(), signaaldatum: '2026-11-20' }, posted, 'and a correction keeps it')
    }
  }
  t.ok(n > 0)
})

t.test('a line feed in a field cannot shift the lines of a seal', async (t) => {
  const signaal = aSignal({ adres: { straat: 'a\nb\r\nc' }, klantnummer: '1\n{}\n{}' })
  const hub = await openTestHub(t)
  const place = { gemeentecode: '0177', id: crypto.randomUUID() }
  const sleuteldag = '2027-05-20'
  const key = (await hub.keys.dataKeysFor([sleuteldag])).get(sleuteldag)!
  const inhoud = sealInhoud(key, place, writeInhoud(signaal, {}))
  const [opened] = await openInhoud(opening(hub), [{ ...place, sleuteldag, adresBekend: null, inhoud }])
  t.same(signaalIn(opened!), signaal)
})

t.test('the content and the evidence of a row open nowhere else', async (t) => {
  const { hub, post } = await openHub(t)
  const [a, b] = [await post({ referentie: 'A' }), await post({ referentie: 'B' })]
  const [one, other] = [await rowOf(hub, a.id), await rowOf(hub, b.id)]
  const content = (row: Row) => openInhoud(opening(hub), [row])
  const evidence = (row: Row) => openBeoordelingen(opening(hub), [row])
  t.equal((await evidence(one))[0]!.length, a.beoordeling.criteria.length)
  await t.rejects(content({ ...one, inhoud: other.inhoud }), 'the content of another row')
  await t.rejects(evidence({ ...one, beoordeling: other.beoordeling }), 'the evidence of another row')
  await t.rejects(content({ ...one, inhoud: one.beoordeling! }), 'the evidence as content')
  await t.rejects(evidence({ ...one, beoordeling: one.inhoud }), 'the content as evidence')
  await t.rejects(evidence({ ...one, beoordeling: null }), 'no evidence where the content has none')
  for (const field of ['gemeentecode', 'id'] as const) {
    await t.rejects(content({ ...one, [field]: other[field] === one[field] ? '1773' : other[field] }))
    await t.rejects(evidence({ ...one, [field]: other[field] === one[field] ? '1773' : other[field] }))
  }
  const older = Buffer.from(one.inhoud)
  older[0] = 2
  await t.rejects(content({ ...one, inhoud: older }), 'and not as another version')
  const key = (await hub.keys.findDataKeys([one.sleuteldag])).get(one.sleuteldag)!
  const forged = sealBeoordeling(key, other, [{ criterium: 'meerderjarig', uitkomst: 'voldaan' }])
  await hub.admin('update vroegsignaal set beoordeling = $2 where id = $1', [a.id, forged])
  const { raalte } = { raalte: await hub.gemeente('0177') }
  t.equal((await raalte.get(`${path}/${a.id}`)).statusCode, 404)
  t.ok(
    hub.logLines.some((line) => line.includes('unreadable') && line.includes(a.id)),
    'and the log says so'
  )
  t.equal((await raalte.get(path)).statusCode, 200, 'a list does not open it')
})
