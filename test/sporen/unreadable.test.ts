import t, { type Test } from 'tap'
import { sweep } from '../../src/vernietiging/sweep.ts'
import { herleidAll } from '../../src/wijzigingen/herleiding/schedule-herleiding.ts'
import { deliver, linesOf, manySignals, ndjson } from '../aanlevering/leveringen/deliveries.ts'
import { loadRegister } from '../helpers/load-register.ts'
import type { Answer } from '../helpers/test-hub.ts'
import { openFollower } from '../huishoudens/volgen/delta-follower.ts'
import { close, idsOf, made, openStage, signalen, zaken } from '../zaken/zaak-stage.ts'

t.setTimeout(240_000)

// What a disk, or whoever can write in the database, may do to sealed bytes.
const damages = {
  'a byte altered': `overlay(kolom placing '\\x00'::bytea from 30)`,
  'cut off': `substring(kolom from 1 for 20)`,
  'nothing left': `''::bytea`,
  'of another version': `overlay(kolom placing '\\x09'::bytea from 1)`
} as const

const sealed = {
  betwisting: ['inhoud'],
  terugkoppeling: ['inhoud'],
  gemeld_signaal: ['inhoud'],
  aanlevering_deel: ['inhoud'],
  aanmelding: ['inhoud']
} as const

const anyVersion = { 'if-match': '*' }
const adres = (huisnummer: number) => ({ postcode: '8101AA', huisnummer, woonplaats: 'Raalte' })
const aanmelding = {
  naam: 'Woonstichting Proef',
  sectoren: ['huur'],
  gemeentecodes: ['0177'],
  contactpersoon: { naam: 'P. Proef', emailadres: 'proef@voorbeeld.example' }
}

/** One of everything that is sealed: homes with a signal that will be broken, beside one that stays whole. */
async function openBroken(t: Test) {
  const stage = await openStage(t)
  const { hub, raalte, huur, water, send, openAt, householdAt } = stage
  const homes: { broken: string; whole: string; household: string }[] = []
  for (const huisnummer of [1, 2, 3, 4]) {
    const [broken, whole] = [await send(huur, huisnummer), await send(water, huisnummer)]
    homes.push({ broken, whole, household: (await householdAt(huisnummer)).id })
  }
  const alone = await send(huur, 5)
  const household = (await householdAt(5)).id
  const zaak = await openAt(2)
  const contest = async (id: string): Promise<string> =>
    made(await raalte.post(`${signalen}/${id}/betwistingen`, { reden: 'anders', toelichting: 'Waarom?' })).id
  const betwisting = await contest(homes[2]!.broken)
  const over = await send(huur, 6)
  await close(raalte, (await openAt(6)).id, { resultaat: 'geen-contact' })
  const levering = made(await deliver(huur, ndjson(manySignals(3, 'L', 3)))).id as string
  const aangemeld = made(await hub.call({ method: 'POST', url: '/v1/aanmeldingen', payload: aanmelding })).id
  const broken = [...homes.map((home) => home.broken), alone]
  const damage = async (how: string) => {
    for (const kolom of ['inhoud', 'beoordeling']) await damageOf('vroegsignaal', kolom, how, broken)
    for (const [table, columns] of Object.entries(sealed))
      for (const kolom of columns) await damageOf(table, kolom, how)
  }
  const damageOf = (table: string, kolom: string, how: string, ids?: readonly string[]) =>
    hub.admin(
      `update ${table} set ${kolom} = ${how.replace('kolom', kolom)} ${ids ? 'where id = any($1::uuid[])' : ''}`,
      ids && [ids]
    )
  return { ...stage, homes, alone, household, zaak, betwisting, over, levering, aangemeld, damage, damageOf }
}

for (const [what, how] of Object.entries(damages)) {
  t.test(`${what}: no request fails because of it, and what is whole is shown`, async (t) => {
    const stage = await openBroken(t)
    const { hub, raalte, huur, water, beheer, homes, alone, household, zaak, betwisting, over } = {
      ...stage,
      beheer: stage.hub.beheer
    }
    await stage.damage(how)
    const statuses: Record<string, number> = {}
    const note = async (name: string, answer: Promise<Answer>) => {
      const { statusCode, body } = await answer
      statuses[name] = statusCode
      if (statusCode >= 500)
        t.comment(name, body, hub.logLines.filter((line) => line.includes('"err"')).at(-1))
      return answer
    }
    const [one, two, three, four] = homes as [Home, Home, Home, Home]
    const persoon = { naam: { voorvoegsel: 'van', geslachtsnaam: 'Proefpersoon' } }
    const shown = async (name: string, answer: Promise<Answer>) => idsOf(await note(name, answer))

    for (const expand of ['', '?expand=beoordeling']) {
      t.same((await shown(`signals ${expand}`, raalte.get(`${signalen}${expand}`))).includes(one.whole), true)
      t.notOk((await shown(`own ${expand}`, huur.get(`${signalen}${expand}`))).includes(one.broken))
      const lists = await shown(`households ${expand}`, raalte.get(`/v1/huishoudens${expand}`))
      t.ok(lists.includes(one.household))
      t.notOk(lists.includes(household), 'a household of which nothing can be read')
      await note(`deltas ${expand}`, raalte.get(`/v1/huishoudens/_deltas${expand}`))
    }
    await note('search', raalte.post(`${signalen}/_zoek`, { adres: adres(1) }))
    await note('search person', raalte.post(`${signalen}/_zoek`, { ...persoon, adres: adres(1) }))
    await note('search own', huur.post(`${signalen}/_zoek`, { referentie: 'R-1' }))
    await note('search households', raalte.post('/v1/huishoudens/_zoek', { ...persoon, adres: adres(5) }))
    await note('household', raalte.get(`/v1/huishoudens/${one.household}`))
    t.equal((await raalte.get(`/v1/huishoudens/${household}`)).statusCode, 404)
    await note('signal', raalte.get(`${signalen}/${one.broken}`))
    await note('receipt', huur.get(`${signalen}/${one.broken}/meldbewijs`))
    await note('receipt of what is over', huur.get(`${signalen}/${over}/meldbewijs`))
    await note('feedback', huur.get('/v1/terugkoppelingen'))
    for (const party of [raalte, huur]) await note('contests', party.get('/v1/betwistingen'))
    await note('cases', raalte.get(zaken))
    await note('case', raalte.get(`${zaken}/${zaak.id}`))
    await note('delivery', huur.get(`/v1/aanleveringen/${stage.levering}`))
    t.same(await linesOf(huur, stage.levering), [])
    await note('lines', huur.get(`/v1/aanleveringen/${stage.levering}/regels`))
    t.same(await shown('applications', beheer.get('/v1/aanmeldingen')), [])
    await note(
      'decision',
      beheer.post(`/v1/aanmeldingen/${stage.aangemeld}/besluiten`, { besluit: 'afgewezen' })
    )
    await note('log', raalte.get('/v1/verwerkingen'))

    const correction = { achterstand: { bedragInCenten: 60_000 } }
    await note('correction', huur.patch(`${signalen}/${one.broken}`, correction, anyVersion))
    await note('transfer', raalte.post(`${signalen}/${one.broken}/doorzendingen`, { gemeentecode: '1773' }))
    const rectification = { vroegsignaalId: one.broken, betrokkene: { geboortedatum: '1980-01-01' } }
    await note('rectification', raalte.post('/v1/rectificatieverzoeken', rectification))
    await note('contest', raalte.post(`${signalen}/${one.broken}/betwistingen`, { reden: 'te-klein' }))
    await note('answer', huur.post(`/v1/betwistingen/${betwisting}/reacties`, { reactie: 'ingetrokken' }))
    await note('opening', raalte.post(zaken, { huishoudenId: one.household }))
    await note('opening of nothing', raalte.post(zaken, { huishoudenId: household }))
    await note(
      'attempt',
      raalte.post(`${zaken}/${zaak.id}/contactpogingen`, {
        soort: 'brief',
        datum: '2026-11-20',
        bereikt: false
      })
    )
    await note('result', close(raalte, zaak.id, { resultaat: 'geen-contact' }))
    await note('recall', raalte.delete(`${zaken}/${zaak.id}/resultaat`, anyVersion))
    await note('withdrawal', huur.post(`${signalen}/${four.broken}/intrekkingen`, { reden: 'betaald' }))
    const request = { ...persoon, adres: adres(3) }
    await note('access', raalte.post('/v1/inzageverzoeken', request))
    await note('restriction', raalte.post('/v1/beperkingen', { ...persoon, adres: adres(4) }))
    await note('objection', raalte.post('/v1/bezwaren', { ...persoon, adres: adres(4) }))
    await note('erasure', raalte.post('/v1/wissingsverzoeken', request))
    await note(
      'erasure of what cannot be read',
      raalte.post('/v1/wissingsverzoeken', { ...persoon, adres: adres(5) })
    )

    t.same(
      Object.entries(statuses).filter(([, status]) => status >= 500),
      []
    )
    t.ok(hub.logLines.some((line) => line.includes('unreadable') && line.includes(alone)))
    t.ok([two, three].length)
    const withWater = await water.get(signalen)
    t.ok(idsOf(withWater).includes(one.whole))
  })
}

type Home = Awaited<ReturnType<typeof openBroken>>['homes'][number]

t.test('no job stops at it: matching, addresses compared anew, the sweep', async (t) => {
  const stage = await openBroken(t)
  const { hub, raalte, homes } = stage
  await stage.damage(damages['a byte altered'])
  await hub.admin('update vroegsignaal set beoordeling = null where id = $1', [homes[0]!.whole])
  await loadRegister(hub.beheer, [
    'postcode;huisnummer;huisletter;huisnummertoevoeging;nummeraanduiding;gemeentecode',
    '8101AA;1;;;0177200000000001;0177'
  ])
  const warned: unknown[] = []
  const logger = { warn: (...line: unknown[]) => void warned.push(line) }
  await herleidAll({ database: hub.database, keys: () => hub.keys, clock: hub.hub.clock, logger })
  const { resultaten } = (await raalte.get(signalen)).json()
  t.match(
    resultaten.find(({ id }: { id: string }) => id === homes[0]!.whole),
    { adres: { nummeraanduidingIdentificatie: '0177200000000001' } },
    'its neighbour was compared'
  )
  t.ok(warned.length > 0)
  hub.setClock('2027-08-01T09:00:00Z')
  await sweep(hub.hub)
  t.same(await hub.admin('select from vroegsignaal'), [])
})

t.test(
  'a follower goes on past a household that cannot be read, and a new one gets exactly the list',
  async (t) => {
    const stage = await openBroken(t)
    const { hub, raalte, homes, alone, send, huur } = stage
    const follower = openFollower(hub, raalte)
    await follower.catchUp(100)
    t.equal(follower.households.size, 6)
    await stage.damageOf('vroegsignaal', 'inhoud', damages['a byte altered'], [alone])
    await hub.admin(`update huishouden set volgnummer = nextval('huishouden_volgnummer')`)
    await send(huur, 7)
    const listed = idsOf(await raalte.get('/v1/huishoudens'))
    t.ok(listed.includes(homes[0]!.household))
    for (const limit of [1, 2, 100]) {
      const newcomer = openFollower(hub, raalte)
      await newcomer.catchUp(limit)
      t.same([...newcomer.households.keys()].sort(), listed.toSorted(), `${limit} at a time`)
    }
    await follower.catchUp(1)
    t.same(
      listed.filter((id) => !follower.households.has(id)),
      []
    )
  }
)

t.test(
  'a clock that steps back over midnight, once the keys of that day are gone: what is left is shown',
  async (t) => {
    const { hub, raalte, huur, send } = await openStage(t, { now: '2026-05-20T09:00:00Z' })
    await send(huur, 1)
    await send(huur, 2)
    hub.setClock('2026-05-21T09:00:00Z')
    const lives = await send(huur, 2)
    const follower = openFollower(hub, raalte)
    await follower.catchUp(100)
    hub.setClock('2026-11-20T00:10:00Z')
    await hub.keys.destroyDataKeys('2026-11-20')
    hub.setClock('2026-11-19T22:30:00Z')
    for (const path of ['/v1/huishoudens', '/v1/huishoudens/_deltas', signalen]) {
      const answer = await raalte.get(path)
      t.equal(answer.statusCode, 200, `${path} ${answer.body}`)
    }
    t.same(idsOf(await raalte.get(signalen)), [lives])
    const newcomer = openFollower(hub, raalte)
    await newcomer.catchUp(100)
    t.equal(newcomer.households.size, 1)
    t.ok(follower.households.size > 0)
  }
)
