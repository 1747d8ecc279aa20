import { type RawBuilder, sql } from 'kysely'
import t from 'tap'
import { unsealFor } from '../../src/platform/crypto/seal-row.ts'
import type { Context, Duty } from '../../src/platform/database/open-database.ts'
import { contextOfPartner, takeIn } from '../aanlevering/take-in.ts'
import { aSignal } from '../helpers/builders.ts'
import { openTestHub } from '../helpers/test-hub.ts'

const placeOf = (id: string) => ({ table: 'vroegsignaal', tenant: '0177', id })

async function openHub(t: Parameters<typeof openTestHub>[0]) {
  const hub = await openTestHub(t, { now: '2026-05-20T09:00:00Z' })
  const raalte = await hub.gemeente('0177')
  const verhuurder = await hub.signaalpartner(['huur'], ['0177'])
  const [expired] = await takeIn(hub, verhuurder, [aSignal({ referentie: 'A', signaaldatum: '2026-05-20' })])
  hub.setClock('2026-05-21T09:00:00Z')
  const [lives] = await takeIn(hub, verhuurder, [aSignal({ referentie: 'B', signaaldatum: '2026-05-21' })])
  hub.setClock('2026-11-20T09:00:00Z')
  const partner = await contextOfPartner(hub, verhuurder)
  const seen = (context: Context) =>
    hub.database.as(context, async (tx) => {
      const rows = await tx.selectFrom('vroegsignaal').select('id').execute()
      return rows.map(({ id }) => id)
    })
  return { hub, raalte, verhuurder, partner, seen, expired: expired!, lives: lives! }
}

const inRaalte = (duty: Duty): Context => ({ duty, gemeentecodes: ['0177'] })

t.test(
  'from its vernietigingsdatum on, before any sweep, no duty but the sweeper sees a signal',
  async (t) => {
    const { hub, raalte, verhuurder, partner, seen, expired, lives } = await openHub(t)
    t.same(await seen(partner), [lives])
    t.same(await seen(inRaalte('gemeente')), [lives])
    t.same(await seen(inRaalte('matcher')), [lives])
    t.same((await seen(inRaalte('vernietiger'))).sort(), [expired, lives].sort())
    for (const duty of ['beheer', 'toegang'] as const) {
      await t.rejects(seen(inRaalte(duty)), { code: '42501' }, duty)
    }
    t.same(
      await seen({ duty: 'vernietiger', gemeentecodes: ['0150'] }),
      [],
      'nor that of another municipality'
    )
    await t.rejects(
      hub.database.as(inRaalte('vernietiger'), (tx) =>
        tx.selectFrom('vroegsignaal').select('inhoud').execute()
      ),
      { code: '42501' },
      'which never sees any content'
    )
    t.equal((await verhuurder.get(`/v1/vroegsignalen/${expired}`)).statusCode, 404)
    t.equal((await raalte.get(`/v1/vroegsignalen/${expired}`)).statusCode, 404)
    const again = aSignal({ referentie: 'A', signaaldatum: '2026-11-20' })
    const answer = await verhuurder.post('/v1/vroegsignalen', again)
    t.equal(answer.statusCode, 503, 'its reference is free once it is gone')
    t.ok(answer.headers['retry-after'])
    await hub.sweep()
    t.equal((await verhuurder.post('/v1/vroegsignalen', again)).statusCode, 201)
  }
)

t.test('the sweeper cannot destroy or change a live signal, even when its code would try', async (t) => {
  const { hub, expired, lives } = await openHub(t)
  const sweep = (statement: RawBuilder<unknown>) =>
    hub.database.as(inRaalte('vernietiger'), (tx) => statement.execute(tx))
  await t.rejects(sweep(sql`update vroegsignaal set status = 'ingetrokken'`), { code: '42501' })
  t.equal((await sweep(sql`update vroegsignaal set beperkt = false where id = ${lives}`)).numAffectedRows, 0n)
  t.equal((await sweep(sql`delete from vroegsignaal`)).numAffectedRows, 1n)
  t.same(await hub.admin('select id, status from vroegsignaal'), [{ id: lives, status: 'ontvangen' }])
  t.not(expired, lives)
})

t.test('after the sweep not even a copy of the row can be read: its data key is gone', async (t) => {
  const { hub, raalte, expired, lives } = await openHub(t)
  const copy = `create table kopie as select * from vroegsignaal`
  await hub.admin(copy)
  const read = async (id: string) => {
    const [row] = await hub.admin<{ dag: string; inhoud: Buffer }>(
      'select sleuteldag::text as dag, inhoud from kopie where id = $1',
      [id]
    )
    const { dag, inhoud } = row!
    const key = (await hub.keys.findDataKeys([dag])).get(dag)
    return {
      key,
      open: () => JSON.parse(unsealFor(key!, placeOf(id), inhoud).split('\n')[1]!),
      dag
    }
  }
  const { key: keyBefore } = await read(lives)
  t.ok(keyBefore)
  hub.setClock('2026-05-22T09:00:00Z')
  t.equal((await read(expired)).open().referentie, 'A', 'before, the copy opens')

  hub.setClock('2026-11-20T09:00:00Z')
  await hub.sweep()
  t.equal((await read(lives)).open().referentie, 'B')
  // It stays gone when the clock is turned back and the row is restored from a backup.
  hub.setClock('2026-11-19T09:00:00Z')
  const { key, dag } = await read(expired)
  t.equal(key, undefined)
  await hub.admin('insert into vroegsignaal select * from kopie where id = $1', [expired])
  t.equal((await raalte.get(`/v1/vroegsignalen/${expired}`)).statusCode, 404)
  t.equal((await raalte.get(`/v1/vroegsignalen/${lives}`)).statusCode, 200)
  const fresh = (await hub.keys.dataKeysFor([dag])).get(dag)!
  const [row] = await hub.admin<{ inhoud: Buffer }>('select inhoud from kopie where id = $1', [expired])
  t.throws(() => unsealFor(fresh, placeOf(expired), row!.inhoud), 'nor does a new key for that day open it')
})
