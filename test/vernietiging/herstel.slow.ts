import t, { type Test } from 'tap'
import { unsealFor } from '../../src/platform/crypto/seal-row.ts'
import { withConnection } from '../../src/platform/database/open-database.ts'
import { aSignal } from '../helpers/builders.ts'
import { copyDatabase } from '../helpers/copy-database.ts'
import { startSecondHub } from '../helpers/start-second-hub.ts'
import type { TestHub } from '../helpers/test-hub.ts'
import { close, made, openStage, signalen } from '../zaken/zaak-stage.ts'

// Rows and keys are two databases, each with backups of its own, and either may be restored from a dump that is older than
// the other. Whatever is restored, what was destroyed stays destroyed, and nothing is lost without a word.

t.setTimeout(240_000)

const later = '2026-11-21T09:00:00Z'

/** A hub with a signal of each kind: one that goes for each reason, and one that lives. */
async function openSurgery(t: Test) {
  const stage = await openStage(t, { now: '2026-05-20T09:00:00Z' })
  const { hub, raalte, huur, water, send, householdAt, openAt } = stage
  const verlopen = await send(huur, 1)
  hub.setClock('2026-11-19T09:00:00Z')
  const foutief = await send(huur, 2)
  const geenHulp = await send(huur, 3)
  const blijft = await send(huur, 4)
  const ook = await send(water, 4)
  const huishoudens = await Promise.all(
    [1, 2, 3, 4].map(async (huisnummer) => (await householdAt(huisnummer)).id)
  )
  const zaak = await openAt(3)
  const dump = await copyRows(t, hub)
  const destroy = async () => {
    made(await huur.post(`${signalen}/${foutief}/intrekkingen`, { reden: 'foutief' }))
    await close(raalte, zaak.id, { resultaat: 'geen-hulp-gewenst', datum: '2026-11-19' })
    hub.setClock(later)
    await hub.sweep()
  }
  return {
    ...stage,
    gone: [verlopen, foutief, geenHulp],
    live: [blijft, ook],
    huishoudens,
    zaak,
    dump,
    destroy
  }
}

async function copyRows(t: Test, hub: TestHub) {
  const copy = await copyDatabase(hub.databases.databaseUrl, hub.databases.adminUrl)
  t.teardown(copy.drop)
  return copy
}

const onKeys = async (hub: TestHub, query: string, values: unknown[] = []) =>
  withConnection(
    hub.databases.sleutelAdminUrl,
    async (client) => (await client.query(query, values)).rows as { [column: string]: unknown }[]
  )

t.test('an old dump of the rows brings nothing back that was destroyed', async (t) => {
  const { hub, raalte, gone, live, huishoudens, zaak, dump, destroy } = await openSurgery(t)
  await destroy()
  t.same(
    (await hub.admin<{ id: string }>('select id from vroegsignaal order by id')).map(({ id }) => id),
    live.toSorted()
  )
  const held = () =>
    withConnection(dump.adminUrl, async (client) =>
      (await client.query('select id from vroegsignaal')).rows.map(({ id }) => id as string)
    )
  t.equal((await held()).length, 5, 'the dump holds them all')

  const { sleutelDatabaseUrl } = hub.databases
  const restored = await startSecondHub(t, hub, { databaseUrl: dump.url, sleutelDatabaseUrl, now: later })
  await restored.isReady
  t.same((await held()).sort(), live.toSorted(), 'gone from the rows before the hub is ready')
  for (const id of gone) t.equal((await restored.get(raalte, `${signalen}/${id}`)).status, 404)
  for (const id of live) t.equal((await restored.get(raalte, `${signalen}/${id}`)).status, 200)
  const statuses = await Promise.all(
    huishoudens.map(async (id) => (await restored.get(raalte, `/v1/huishoudens/${id}`)).status)
  )
  t.same(statuses, [404, 404, 404, 200])
  t.equal((await restored.get(raalte, `/v1/vroegsignaalzaken/${zaak.id}`)).status, 404, 'nor the case')
  const list = JSON.parse((await restored.get(raalte, '/v1/huishoudens')).body)
  t.equal(list.resultaten.length, 1)
  t.equal(await restored.ready(), 200)
  const reasons = JSON.parse((await restored.get(raalte, '/v1/vernietigingen')).body).resultaten
  t.same(
    reasons.map(({ aanleiding }: { aanleiding: string }) => aanleiding).sort(),
    ['bewaartermijn', 'geen-hulp', 'intrekking'],
    'each with the reason it had'
  )
})

t.test('the rows of a day that has passed cannot be decrypted from the dump', async (t) => {
  const { hub, gone, live, dump, destroy } = await openSurgery(t)
  const sealed = async (id: string) =>
    withConnection(dump.adminUrl, async (client) => {
      const { rows } = await client.query(
        'select sleuteldag::text as dag, inhoud from vroegsignaal where id = $1',
        [id]
      )
      return rows[0] as { dag: string; inhoud: Buffer }
    })
  const open = async (id: string) => {
    const { dag, inhoud } = await sealed(id)
    const key = (await hub.keys.findDataKeys([dag])).get(dag)
    return key && unsealFor(key, { table: 'vroegsignaal', tenant: '0177', id }, inhoud)
  }
  hub.setClock('2026-11-19T09:00:00Z')
  t.match(await open(live[0]!), /referentie/)
  await destroy()
  t.equal(await open(gone[0]!), undefined, 'there is no key for it')
  t.match(await open(live[0]!), /referentie/)
})

t.test('a hub in use is not ready while its rows come from an old dump', async (t) => {
  const { hub, raalte, gone, dump, destroy } = await openSurgery(t)
  const { sleutelDatabaseUrl } = hub.databases
  const running = await startSecondHub(t, hub, { databaseUrl: dump.url, sleutelDatabaseUrl, now: later })
  await running.isReady
  // Its first sweep may outlast the start, and would destroy what this test wants to find.
  await untilSaid(running.logLines, '"swept"')
  t.equal(await running.ready(), 200)
  await destroy()
  // What was destroyed in the last minute may be under way.
  await onKeys(hub, `update vervroegde_vernietiging set vernietigd_op = vernietigd_op - interval '2 minutes'`)
  t.equal(await running.ready(), 503)
  t.ok(
    running.logLines.some((line) => line.includes('older dump')),
    'and the log says why'
  )
  t.equal((await running.get(raalte, `${signalen}/${gone[1]}`)).status, 200, 'it is still there')
  await running.stop()
  const again = await startSecondHub(t, hub, { databaseUrl: dump.url, sleutelDatabaseUrl, now: later })
  await again.isReady
  t.equal(await again.ready(), 200)
  t.equal((await again.get(raalte, `${signalen}/${gone[1]}`)).status, 404)
})

t.test(
  'beside full rows an empty key database, or that of another hub, is refused and stays as it was',
  async (t) => {
    const { hub, raalte, live } = await openSurgery(t)
    const { databaseUrl, sleutelDatabaseUrl } = hub.databases
    const copy = await copyDatabase(sleutelDatabaseUrl, hub.databases.adminUrl)
    t.teardown(copy.drop)
    const inCopy = (query: string) =>
      withConnection(copy.adminUrl, async (client) => (await client.query(query)).rows)
    await inCopy('truncate sleutel, dagsleutel, vervroegde_vernietiging, vernietigde_dagsleutel')
    const where = { databaseUrl, sleutelDatabaseUrl: copy.url, now: later }
    const refused = await startSecondHub(t, hub, where)
    await t.rejects(refused.isReady, { message: /SLEUTEL_DATABASE_URL: this is not the key database/ })
    t.same(await inCopy('select * from sleutel'), [], 'no key was made')

    const other = await openStage(t)
    const foreign = await startSecondHub(t, other.hub, {
      ...where,
      sleutelDatabaseUrl: other.hub.databases.sleutelDatabaseUrl
    })
    await t.rejects(foreign.isReady, { message: /another key/ })
    t.equal((await raalte.get(`${signalen}/${live[0]}`)).statusCode, 200)
  }
)

t.test(
  'a key database from an older dump: nothing is served or taken in for the days it lacks, until it is back',
  async (t) => {
    const { hub, raalte, huur, live } = await openSurgery(t)
    const { databaseUrl, sleutelDatabaseUrl } = hub.databases
    const [key] = await onKeys(hub, `delete from dagsleutel where dag = '2027-05-19' returning *`)
    t.ok(key)
    const hubOn = (now: string) => startSecondHub(t, hub, { databaseUrl, sleutelDatabaseUrl, now })
    const waiting = await hubOn('2026-11-19T10:00:00Z')
    let isReady = false
    waiting.isReady.then(
      () => {
        isReady = true
      },
      () => undefined
    )
    await untilSaid(waiting.logLines, 'older than the rows')
    t.notOk(isReady)
    t.equal(await waiting.ready(), 503)
    t.same(
      await onKeys(hub, `select from dagsleutel where dag = '2027-05-19'`),
      [],
      'the day gets no second key'
    )
    await onKeys(hub, 'insert into dagsleutel (dag, id, gewikkeld) values ($1, $2, $3)', [
      '2027-05-19',
      key!.id,
      key!.gewikkeld
    ])
    await waiting.isReady
    t.equal(await waiting.ready(), 200)
    t.equal((await waiting.get(raalte, `${signalen}/${live[0]}`)).status, 200)
    t.equal((await hub.admin('select from vroegsignaal')).length, 5)
    t.equal((await waiting.get(huur, signalen)).status, 200)
  }
)

t.test(
  'a hub in use whose keys of a day were lost takes in no signal of that day, and makes no second key',
  async (t) => {
    const { hub, huur, raalte, gone, live } = await openSurgery(t)
    const { databaseUrl, sleutelDatabaseUrl } = hub.databases
    const running = await startSecondHub(t, hub, {
      databaseUrl,
      sleutelDatabaseUrl,
      now: '2026-11-19T10:00:00Z'
    })
    await running.isReady
    const [key] = await onKeys(hub, `delete from dagsleutel where dag = '2027-05-19' returning *`)
    t.equal(await running.ready(), 503)
    const answer = await running.post(huur, signalen, aSignalOf('NIEUW', '2026-11-19'))
    t.equal(answer.status, 503, answer.body)
    t.same(await onKeys(hub, `select from dagsleutel where dag = '2027-05-19'`), [])
    const list = await running.get(raalte, signalen)
    t.equal(list.status, 200)

    const lost = await hub.keys.giveUpLost()
    t.same(lost, ['2027-05-19'])
    t.equal(await running.ready(), 200)
    const taken = await running.post(huur, signalen, aSignalOf('NIEUW', '2026-11-19'))
    t.equal(taken.status, 201, taken.body)
    const [fresh] = await onKeys(hub, `select id from dagsleutel where dag = '2027-05-19'`)
    t.not(fresh!.id, key!.id)
    // What was sealed with the lost key costs itself, and not the page.
    const after = JSON.parse((await running.get(raalte, signalen)).body).resultaten
    t.same(
      after.map(({ id }: { id: string }) => id),
      [JSON.parse(taken.body).id, gone[0]]
    )
    t.equal((await running.get(raalte, `${signalen}/${live[0]}`)).status, 404)
    t.equal((await running.get(raalte, '/v1/huishoudens')).status, 200)
    t.ok(
      running.logLines.some((line) => line.includes('cannot be opened')),
      'and the log says which'
    )
  }
)

t.test('one altered row costs itself and not its page, list or household', async (t) => {
  const { hub, raalte, huur, live } = await openSurgery(t)
  const broken = live[0]!
  await hub.admin(
    `update vroegsignaal set inhoud = overlay(inhoud placing '\\x00'::bytea from 30) where id = $1`,
    [broken]
  )
  for (const party of [raalte, huur]) {
    const list = (await party.get(signalen)).json().resultaten.map(({ id }: { id: string }) => id)
    t.notOk(list.includes(broken))
    t.ok(list.length > 0)
    t.equal((await party.get(`${signalen}/${broken}`)).statusCode, 404)
  }
  const answer = await raalte.get('/v1/huishoudens')
  t.equal(answer.statusCode, 200, hub.logLines.filter((line) => line.includes('"err"')).join())
  const { resultaten } = answer.json()
  const [household] = resultaten.filter(
    ({ adres }: { adres: { huisnummer: number } }) => adres.huisnummer === 4
  )
  t.same(
    household.vroegsignalen.map(({ id }: { id: string }) => id),
    [live[1]]
  )
  t.ok(hub.logLines.some((line) => line.includes('unreadable') && line.includes(broken)))
})

async function untilSaid(logLines: readonly string[], text: string): Promise<void> {
  while (!logLines.some((line) => line.includes(text)))
    await new Promise((resolve) => setTimeout(resolve, 50))
}

function aSignalOf(referentie: string, signaaldatum: string): object {
  return aSignal({ referentie, klantnummer: referentie, signaaldatum, adres: { huisnummer: 9 } })
}
