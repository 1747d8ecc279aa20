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
  const herleider = { database: hub.database, keys: () => hub.keys, clock: hub.hub.clock }
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
  return { hub, raalte, partner, herleider, post, homes, load, takeUp, doubt }
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
