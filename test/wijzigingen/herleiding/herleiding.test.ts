import t, { type Test } from 'tap'
import { herleidAdressen, listTeHerleiden } from '../../../src/wijzigingen/herleiding/herleid-adressen.ts'
import { raiseRegels } from '../../../src/wijzigingen/herleiding/herleiding-store.ts'
import { herleidAll } from '../../../src/wijzigingen/herleiding/schedule-herleiding.ts'
import { aSignalFor } from '../../helpers/builders.ts'
import { loadRegister } from '../../helpers/load-register.ts'
import { openTestHub } from '../../helpers/test-hub.ts'
import { openFollower } from '../../huishoudens/volgen/delta-follower.ts'
import { openHolds } from '../../huishoudens/volgen/delta-hold.ts'

type Adres = { readonly huisnummertoevoeging?: string; readonly nummeraanduidingIdentificatie?: string }
type Home = {
  id: string
  aantalSignalen: number
  adres: Adres
  adresBekend?: boolean
  adresindicatie?: { bron: string }
  vroegsignalen: { id: string; status: string }[]
}

const header = 'postcode;huisnummer;huisletter;huisnummertoevoeging;nummeraanduiding;gemeentecode'
const bag = (n: number) => `0177200000000${String(n).padStart(3, '0')}`
const house = `8101AA;10;;hs;${bag(1)};0177`
const floor = `8101AA;10;;2;${bag(2)};0177`
const zaken = '/v1/vroegsignaalzaken'

async function openHub(t: Test) {
  const hub = await openTestHub(t)
  const raalte = await hub.gemeente('0177')
  const partner = await hub.signaalpartner(['huur', 'drinkwater'], ['0177'])
  const logged: unknown[][] = []
  const logger = { warn: (...line: unknown[]) => void logged.push(line) }
  const herleider = { database: hub.database, keys: () => hub.keys, clock: hub.hub.clock, logger }
  let sent = 0
  const post = async (adres: Adres) => {
    sent += 1
    const sector = sent % 2 === 0 ? 'drinkwater' : 'huur'
    const signal = aSignalFor(sector, { referentie: `R-${sent}`, klantnummer: `K-${sent}`, adres })
    const answer = await partner.post('/v1/vroegsignalen', signal)
    if (answer.statusCode !== 201) throw new Error(answer.body)
    return answer.json().id as string
  }
  const homes = async (): Promise<Home[]> => (await raalte.get('/v1/huishoudens')).json().resultaten
  const load = async (...lines: string[]) => {
    const answer = await loadRegister(hub.beheer, [header, ...lines])
    if (answer.statusCode !== 201) throw new Error(answer.body)
  }
  const takeUp = async (huishoudenId: string) =>
    (await raalte.post(zaken, { huishoudenId })).json().id as string
  const doubt = (id: string) =>
    raalte.call({
      method: 'PUT',
      url: `/v1/huishoudens/${id}/adresindicatie`,
      headers: { 'if-match': '*' },
      payload: { bron: 'laa', datum: '2026-11-20' }
    } as never)
  const withdraw = async (id: string) => {
    const answer = await partner.post(`/v1/vroegsignalen/${id}/intrekkingen`, { reden: 'betaald' })
    if (answer.statusCode !== 201) throw new Error(answer.body)
  }
  return { hub, raalte, partner, herleider, logged, post, homes, load, takeUp, doubt, withdraw }
}

t.test('a new register shows in what lives, and a household keeps its id', async (t) => {
  const { hub, raalte, herleider, post, homes, load } = await openHub(t)
  await post({ huisnummertoevoeging: 'II' })
  const [before] = await homes()
  const follower = openFollower(hub, raalte)
  await follower.catchUp(10)
  t.same(await listTeHerleiden(herleider), [])

  await load(house, floor)
  t.same(await listTeHerleiden(herleider), ['0177'])
  await herleidAll(herleider)
  t.same(await listTeHerleiden(herleider), [])
  const [after, ...more] = await homes()
  t.same(more, [])
  t.equal(after!.id, before!.id)
  t.match(after, { adresBekend: true, adres: { nummeraanduidingIdentificatie: bag(2) } })
  await follower.catchUp(10)
  t.same([...follower.gone], [])
  t.match(follower.households.get(after!.id), { adresBekend: true })
  const lines = await hub.admin(`select client_id from verwerking where activiteit = 'adres-herleiden'`)
  t.same(lines, [{ client_id: null }], 'and the processing log says so')
})

t.test(
  'two households that turn out to be one: the older stays, with the cases and marks of both',
  async (t) => {
    const { hub, raalte, herleider, post, homes, load, takeUp, doubt } = await openHub(t)
    await post({ huisnummertoevoeging: 'hs' })
    const [old] = await homes()
    hub.setClock('2026-11-25T12:00:00Z')
    await post({ huisnummertoevoeging: 'H' })
    const young = (await homes()).find(({ id }) => id !== old!.id)!
    const cases = [await takeUp(old!.id), await takeUp(young.id)]
    await doubt(young.id)
    const follower = openFollower(hub, raalte)
    await follower.catchUp(10)
    t.equal(follower.households.size, 2)

    await load(house, floor)
    await herleidAll(herleider)
    const [joined, ...more] = await homes()
    t.same(more, [])
    t.match(joined, { id: old!.id, aantalSignalen: 2, adresindicatie: { bron: 'laa' } })
    await follower.catchUp(10)
    t.same([...follower.gone], [young.id])
    t.same([...follower.households.keys()], [old!.id])

    const listed = (await raalte.get(`${zaken}?huishoudenId=${old!.id}&afgesloten=false`)).json().resultaten
    t.same(listed.map(({ id }: { id: string }) => id).sort(), cases.toSorted())
    for (const id of cases) {
      const closed = await raalte.call({
        method: 'PUT',
        url: `${zaken}/${id}/resultaat`,
        headers: { 'if-match': '*' },
        payload: { resultaat: 'zelf-betaald', datum: '2026-11-25' }
      } as never)
      t.equal(closed.statusCode, 200)
    }
    const [closed] = await homes()
    t.same(
      closed!.vroegsignalen.map(({ status }) => status),
      ['opgepakt', 'opgepakt']
    )
  }
)

t.test('a household that turns out to be two: the id stays where its case is', async (t) => {
  const { hub, raalte, herleider, post, homes, load } = await openHub(t)
  const register = [`8101AA;10;;A;${bag(1)};0177`, `8101AA;10;A;;${bag(2)};0177`]
  const [first] = [
    await post({ huisnummertoevoeging: 'A', nummeraanduidingIdentificatie: bag(1) }),
    await post({ huisnummertoevoeging: 'A', nummeraanduidingIdentificatie: bag(2) }),
    await post({ huisnummertoevoeging: 'A', nummeraanduidingIdentificatie: bag(2) })
  ]
  const [before] = await homes()
  t.equal(before!.aantalSignalen, 3, 'one text, so one home as long as no register says otherwise')
  const opened = await raalte.post(zaken, { huishoudenId: before!.id, vroegsignaalIds: [first] })
  t.equal(opened.statusCode, 201)
  const follower = openFollower(hub, raalte)
  await follower.catchUp(10)

  await load(...register)
  await herleidAll(herleider)
  const after = await homes()
  t.equal(after.length, 2)
  const stays = after.find(({ id }) => id === before!.id)!
  t.same(
    stays.vroegsignalen.map(({ id }) => id),
    [first]
  )
  t.match(stays.adres, { nummeraanduidingIdentificatie: bag(1) })
  await follower.catchUp(10)
  t.same([...follower.gone], [])
  t.equal(follower.households.size, 2)
})

t.test('a household that is split without a case goes where most of its signals are', async (t) => {
  const { herleider, post, homes, load } = await openHub(t)
  await post({ huisnummertoevoeging: 'A', nummeraanduidingIdentificatie: bag(1) })
  await post({ huisnummertoevoeging: 'A', nummeraanduidingIdentificatie: bag(2) })
  await post({ huisnummertoevoeging: 'A', nummeraanduidingIdentificatie: bag(2) })
  const [before] = await homes()
  await load(`8101AA;10;;A;${bag(1)};0177`, `8101AA;10;A;;${bag(2)};0177`)
  await herleidAll(herleider)
  const after = await homes()
  t.equal(after.find(({ id }) => id === before!.id)!.aantalSignalen, 2)
})

t.test('addresses that change places take their households along', async (t) => {
  const { herleider, post, homes, load } = await openHub(t)
  await load(`8101AA;10;;1;${bag(1)};0177`, `8101AA;10;;2;${bag(2)};0177`)
  await post({ huisnummertoevoeging: '1' })
  await post({ huisnummertoevoeging: '2' })
  const before = await homes()
  await load(`8101AA;10;;1;${bag(2)};0177`, `8101AA;10;;2;${bag(1)};0177`)
  await herleidAll(herleider)
  const after = await homes()
  const additionOf = (homes: readonly Home[], id: string) =>
    homes.find((home) => home.id === id)!.adres.huisnummertoevoeging
  t.equal(after.length, 2)
  for (const { id } of before) t.equal(additionOf(after, id), additionOf(before, id))
})

t.test('addresses that change places far apart take their households along too', async (t) => {
  const { hub, raalte, herleider, post, load, takeUp, doubt } = await openHub(t)
  await load(...[1, 2, 3].map((n) => `8101AA;10;;${n};${bag(n)};0177`))
  const ends: string[] = [await post({ huisnummertoevoeging: '1' })]
  for (let n = 100; n < 299; n += 1) await post({ huisnummertoevoeging: `${n}` })
  ends.push(await post({ huisnummertoevoeging: '2' }), await post({ huisnummertoevoeging: '3' }))
  const homesOfEnds = async () => {
    const all: Home[] = (await raalte.get('/v1/huishoudens?limit=1000')).json().resultaten
    return ends.map((end) => all.find(({ vroegsignalen }) => vroegsignalen.some(({ id }) => id === end))!)
  }
  const before = await homesOfEnds()
  const cases: string[] = []
  for (const { id } of before) cases.push(await takeUp(id))
  await doubt(before[0]!.id)
  await load(...[1, 2, 3].map((n) => `8101AA;10;;${n};${bag((n % 3) + 1)};0177`))

  const isDone = async () => {
    const rows = await hub.admin('select from vroegsignaal where adresversie = 2')
    return rows.length > 0
  }
  let opened = 0
  const findDataKeys: typeof hub.keys.findDataKeys = async (days) => {
    opened += 1
    if (opened === 2) await hub.admin('update adresregister_stand set versie = versie + 1')
    return hub.keys.findDataKeys(days)
  }
  const interrupted = { ...herleider, keys: () => ({ ...hub.keys, findDataKeys }) }
  t.equal(await herleidAdressen(interrupted, '0177'), true)
  t.notOk(await isDone(), 'another register came meanwhile, so nothing was written')

  t.equal(await herleidAdressen(herleider, '0177'), true)
  const halfway = await homesOfEnds()
  await herleidAll(herleider)
  for (const after of [halfway, await homesOfEnds()]) {
    t.same(
      after.map(({ id }) => id),
      before.map(({ id }) => id)
    )
    t.same(
      after.map(({ aantalSignalen }) => aantalSignalen),
      [1, 1, 1]
    )
    t.same(
      after.map(({ adresindicatie }) => adresindicatie?.bron),
      ['laa', undefined, undefined]
    )
  }
  for (const [index, { id }] of before.entries()) {
    const { resultaten } = (await raalte.get(`${zaken}?huishoudenId=${id}`)).json()
    t.same(
      resultaten.map((zaak: { id: string }) => zaak.id),
      [cases[index]]
    )
  }
})

t.test('withdrawn signals do not decide where a household goes, and come along', async (t) => {
  const { hub, herleider, post, homes, load } = await openHub(t)
  const live = await post({ huisnummertoevoeging: 'A', nummeraanduidingIdentificatie: bag(1) })
  for (let n = 0; n < 2; n += 1) {
    const id = await post({ huisnummertoevoeging: 'A', nummeraanduidingIdentificatie: bag(2) })
    // As in an open case, where a withdrawn signal stays until the case ends.
    await hub.admin(`update vroegsignaal set status = 'ingetrokken' where id = $1`, [id])
  }
  const [before] = await homes()
  await load(`8101AA;10;;A;${bag(1)};0177`, `8101AA;10;A;;${bag(2)};0177`)
  await herleidAll(herleider)
  const after = await homes()
  t.match(after, [{ id: before!.id, vroegsignalen: [{ id: live }] }])
  const [moved] = await hub.admin<{ adressen: number; oud: number }>(
    `select count(distinct adres_index)::integer as adressen, count(*) filter (where adresversie < 1)::integer as oud
      from vroegsignaal`
  )
  t.same(moved, { adressen: 2, oud: 0 })
})

t.test('a household with withdrawn signals only makes room', async (t) => {
  const { hub, herleider, post, homes, load, withdraw } = await openHub(t)
  await load(`8101AA;10;;1;${bag(1)};0177`, `8101AA;10;;2;${bag(2)};0177`)
  const old = await post({ huisnummertoevoeging: '1' })
  await homes()
  hub.setClock('2026-11-25T12:00:00Z')
  await post({ huisnummertoevoeging: '2' })
  const young = (await homes()).find(({ adres }) => adres.huisnummertoevoeging === '2')!
  await withdraw(old)
  await load(`8101AA;10;;2;${bag(1)};0177`)
  await herleidAll(herleider)
  const after = await homes()
  t.same(
    after.map(({ id }) => id),
    [young.id]
  )
})

t.test('a row that cannot be opened keeps its address, and the rest goes on', async (t) => {
  const { hub, herleider, logged, post, homes, load } = await openHub(t)
  const broken = await post({ huisnummertoevoeging: '3' })
  await post({ huisnummertoevoeging: 'II' })
  const addressOf = () => hub.admin(`select adres_index from vroegsignaal where id = '${broken}'`)
  const before = await addressOf()
  await hub.admin(`update vroegsignaal
    set inhoud = set_byte(inhoud, 40, (get_byte(inhoud, 40) + 1) % 256) where id = '${broken}'`)
  await load(house, floor)
  await herleidAll(herleider)
  t.same(await listTeHerleiden(herleider), [])
  t.same(await addressOf(), before)
  t.match(logged, [[{ vroegsignaalId: broken }, String]])
  t.equal(logged.length, 1)
  await hub.admin(`delete from vroegsignaal where id = '${broken}'`)
  t.match(
    (await homes()).filter(({ adresBekend }) => adresBekend),
    [{ adres: { nummeraanduidingIdentificatie: bag(2) } }]
  )
})

t.test('a municipality that fails does not stop the others', async (t) => {
  const { hub, herleider, logged, post, load } = await openHub(t)
  await post({ huisnummertoevoeging: '1' })
  await hub.gemeente('0200')
  const elsewhere = await hub.signaalpartner(['huur'], ['0200'])
  await elsewhere.post(
    '/v1/vroegsignalen',
    aSignalFor('huur', { gemeentecode: '0200', adres: { postcode: '7311AA' } })
  )
  await load(house, floor)
  const as: typeof hub.database.as = async (context, work) => {
    if (context.gemeentecodes?.[0] === '0177') throw new Error('broken')
    return hub.database.as(context, work)
  }
  t.same(await listTeHerleiden(herleider), ['0177', '0200'])
  await herleidAll({ ...herleider, database: { ...hub.database, as } })
  t.same(await listTeHerleiden(herleider), ['0177'])
  t.match(logged, [[{ gemeentecode: '0177' }, String]])
})

t.test('a register that no longer knows an address', async (t) => {
  const { herleider, post, homes, load } = await openHub(t)
  await load(house, floor)
  await post({ huisnummertoevoeging: '2hg' })
  const [before] = await homes()
  await load(house)
  await herleidAll(herleider)
  const [after] = await homes()
  t.match(after, { id: before!.id, adresBekend: false })
  t.notOk('nummeraanduidingIdentificatie' in after!.adres)
})

t.test('it goes on where it was stopped, and knows nothing of other municipalities', async (t) => {
  const { hub, herleider, post, homes, load } = await openHub(t)
  for (let n = 0; n < 250; n += 1) await post({ huisnummertoevoeging: `${n}` })
  await load(house)
  t.equal(await herleidAdressen(herleider, '0177'), true)
  const [counted] = await hub.admin<{ done: number }>(
    'select count(*)::integer as done from vroegsignaal where adresversie = 1'
  )
  t.equal(counted!.done, 200, 'a batch is done, the rest is not')
  t.same(await listTeHerleiden(herleider), ['0177'])
  await herleidAll(herleider)
  t.same(await listTeHerleiden(herleider), [])
  t.equal((await homes()).length, 100)
})

t.test('an address with very many signals is done as one, in pieces', async (t) => {
  const { hub, partner, herleider, homes, load } = await openHub(t)
  const vroegsignalen = Array.from({ length: 600 }, (_, n) =>
    aSignalFor('huur', {
      referentie: `M-${n}`,
      klantnummer: `M-${n}`,
      adres: { huisnummertoevoeging: 'II' }
    })
  )
  t.equal((await partner.post('/v1/aanleveringen', { vroegsignalen })).statusCode, 201)
  const [before] = await homes()
  await load(house, floor)
  t.equal(await herleidAdressen(herleider, '0177'), true)
  t.equal(await herleidAdressen(herleider, '0177'), false)
  t.match(await homes(), [{ id: before!.id, aantalSignalen: 600, adresBekend: true }])
  const lines = await hub.admin(
    `select distinct object_id from verwerking where activiteit = 'adres-herleiden'`
  )
  t.equal(lines.length, 600)
})

t.test('a delivery that began under the old register is compared anew after it', async (t) => {
  const { hub, partner, herleider, homes, load } = await openHub(t)
  const holds = openHolds(hub)
  const signal = aSignalFor('huur', { adres: { huisnummertoevoeging: 'II' } })
  const late = await holds.request(() => partner.post('/v1/aanleveringen', { vroegsignalen: [signal] }))
  t.ok(late.isHeld)
  await load(house, floor)
  await herleidAll(herleider)
  t.equal((await late.release()).statusCode, 201)
  t.same(await listTeHerleiden(herleider), ['0177'])
  await herleidAll(herleider)
  t.match((await homes())[0], { adresBekend: true, adres: { nummeraanduidingIdentificatie: bag(2) } })
})

t.test('a hub with newer rules for addresses compares all of them anew, once', async (t) => {
  const { hub, herleider, post } = await openHub(t)
  const raise = (regels: number) => hub.database.as({ duty: 'herleider' }, (tx) => raiseRegels(tx, regels))
  await raise(1)
  await post({})
  await raise(1)
  t.same(await listTeHerleiden(herleider), [])
  await raise(2)
  t.same(await listTeHerleiden(herleider), ['0177'])
  await herleidAll(herleider)
  await raise(1)
  t.same(await listTeHerleiden(herleider), [], 'an older hub beside it changes nothing')
})

t.test('a search finds what is not compared anew yet', async (t) => {
  const { raalte, herleider, post, load } = await openHub(t)
  await post({ huisnummertoevoeging: 'II' })
  await load(house, floor)
  const adres = { postcode: '8101AA', huisnummer: 10, huisnummertoevoeging: 'II' }
  const found = async () => (await raalte.post('/v1/vroegsignalen/_zoek', { adres })).json().resultaten.length
  t.equal(await found(), 1)
  await herleidAll(herleider)
  t.equal(await found(), 1)
})
