import t from 'tap'
import { scopesPerRol } from '../../src/begrippen/scopes.ts'
import { listHuishoudens } from '../../src/huishoudens/huishouden-store.ts'
import { matchAll } from '../../src/huishoudens/match-huishoudens.ts'
import { parseHuishouden, readHuishoudens } from '../../src/huishoudens/read-huishoudens.ts'
import { withConnection } from '../../src/platform/database/open-database.ts'
import { contextOf } from '../../src/toegang/caller.ts'
import { actorOf, handelingIn } from '../helpers/handeling.ts'
import { made, openStage, signalen } from '../zaken/zaak-stage.ts'

t.setTimeout(60_000)

const now = '2026-05-20T09:00:00Z'

t.test('a household that a read showed as gone does not come back, whatever that read was', async (t) => {
  for (const path of ['/v1/huishoudens', '/v1/huishoudens/{id}', '/v1/huishoudens/_deltas']) {
    const { hub, raalte, olst, huur, water, send } = await openStage(t, { now })
    const settings = { instellingen: { bewaartermijnMaanden: 1 } }
    await olst.patch('/v1/gemeenten/1773', settings, { 'if-match': '*' })
    await send(huur, 1, { gemeentecode: '1773' })
    const [before] = (await olst.get('/v1/huishoudens')).json().resultaten
    hub.setClock('2026-06-10T09:00:00Z')
    const later = await send(water, 1, { gemeentecode: '0177' })
    // The signal has expired, but no sweep has run yet.
    hub.setClock('2026-06-21T09:00:00Z')
    await olst.get(path.replace('{id}', before.id))
    made(await raalte.post(`${signalen}/${later}/doorzendingen`, { gemeentecode: '1773' }))
    const [after] = (await olst.get('/v1/huishoudens')).json().resultaten
    t.equal(after.aantalSignalen, 1, path)
    t.not(after.id, before.id, 'another household')
  }
})

t.test('a household and its signals are read at one moment, whatever is sent on meanwhile', async (t) => {
  const { hub, raalte, huur, water, send } = await openStage(t, { now })
  const sentOn = await send(huur, 1)
  await send(water, 1)
  const gemeentecodes = ['0177', '1773']
  const uitvoerder = await hub.client({
    naam: 'Uitvoerder',
    rol: 'gemeente',
    gemeentecodes,
    scopes: scopesPerRol.gemeente
  })
  await uitvoerder.get('/v1/huishoudens')
  const actor = await actorOf(hub, uitvoerder)
  const reading = hub.database.as(contextOf(actor.caller), async (tx) => {
    const { rows } = await listHuishoudens(tx, ['0177'], {}, undefined, 10)
    t.equal(rows.length, 1)
    made(await raalte.post(`${signalen}/${sentOn}/doorzendingen`, { gemeentecode: '1773' }))
    return (await readHuishoudens(handelingIn(hub, actor, tx), rows)).map(parseHuishouden)
  })
  const [before] = await reading
  t.match(before, { aantalSignalen: 2, vroegsignalen: { length: 2 } }, 'as it was when it was read')
  const after = (await uitvoerder.get('/v1/huishoudens')).json().resultaten
  t.same(
    after.map((one: typeof before) => [one!.gemeentecode, one!.vroegsignalen.map(({ id }) => id === sentOn)]),
    [
      ['0177', [false]],
      ['1773', [true]]
    ]
  )
})

t.test('a municipality that is being matched does not block the others', async (t) => {
  const { hub, raalte, olst, huur, send } = await openStage(t, { now })
  await raalte.get('/v1/huishoudens')
  await withConnection(hub.databases.adminUrl, async (client) => {
    await client.query('begin')
    await client.query(`select pg_advisory_xact_lock(hashtextextended('huishoudens|1773', 0))`)
    await send(huur, 1)
    await send(huur, 2, { gemeentecode: '1773' })
    const began = performance.now()
    await Promise.all([matchAll(hub.database), matchAll(hub.database)])
    t.ok(performance.now() - began < 1_500, 'no one waited for the lock')
    t.same(await hub.admin('select distinct gemeentecode from huishouden_markering'), [
      { gemeentecode: '1773' }
    ])
    t.equal((await raalte.get('/v1/huishoudens')).json().resultaten.length, 1)
    t.equal((await olst.get('/v1/huishoudens')).statusCode, 503, 'who reads it is told to come back')
    await client.query('commit')
  })
  t.equal((await olst.get('/v1/huishoudens')).json().resultaten.length, 1)
})
