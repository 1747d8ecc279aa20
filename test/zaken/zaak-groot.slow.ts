import t from 'tap'
import { listHuishoudensById } from '../../src/huishoudens/huishouden-store.ts'
import { settleVroegsignalen } from '../../src/vroegsignalen/afhandeling-store.ts'
import {
  listVroegsignalenById,
  lockVroegsignalenOfGemeente
} from '../../src/vroegsignalen/vroegsignaal-store.ts'
import { beginDelivery, listen, manySignals, ndjson } from '../aanlevering/leveringen/deliveries.ts'
import { close, made, openStage, zaken } from './zaak-stage.ts'

t.setTimeout(60_000)

t.test('more signals than a statement has room for can be asked for and acted upon', async (t) => {
  const { hub } = await openStage(t)
  const ids = Array.from({ length: 70_000 }, () => crypto.randomUUID())
  const context = { duty: 'gemeente', gemeentecodes: ['0177'] } as const
  await hub.database.as(context, async (tx) => {
    t.same(await listVroegsignalenById(tx, ids), [])
    t.same(await lockVroegsignalenOfGemeente(tx, ['0177'], ids), [])
    t.same(await listHuishoudensById(tx, ids, 'inhoud'), [])
    await settleVroegsignalen(tx, '0177', ids, { status: 'opgepakt', afgerond: false })
  })
})

t.test('a household that a partner flooded is taken up, ended and destroyed like any other', async (t) => {
  const { hub, raalte, huur } = await openStage(t)
  const flood = manySignals(6_000, 'V', 1, { signaaldatum: '2026-11-20' })
  const delivered = await beginDelivery(await listen(hub), huur.token).end(ndjson(flood))
  t.equal(delivered.status, 201)
  const [huishouden] = (await raalte.get('/v1/huishoudens')).json().resultaten
  t.equal(huishouden.aantalSignalen, 6_000)
  const { id } = made(await raalte.post(zaken, { huishoudenId: huishouden.id }))
  const closed = await close(raalte, id, { resultaat: 'geen-hulp-gewenst' })
  t.equal(closed.statusCode, 200, closed.body.slice(0, 300))
  t.same((await raalte.get('/v1/huishoudens')).json().resultaten, [])
  t.same(await hub.admin('select from vroegsignaal'), [])
  t.same(await hub.admin('select from vroegsignaalzaak'), [])
  const counts = await hub.admin(
    'select (select count(*)::int from terugkoppeling) as gezegd, (select count(*)::int from gemeld_signaal) as gemeld'
  )
  t.same(counts, [{ gezegd: 12_000, gemeld: 6_000 }])
})
