import t from 'tap'
import { matchHuishoudens } from '../../src/huishoudens/match-huishoudens.ts'
import { databaseOf, withDatabase, withLogin } from '../../src/platform/database/ensure-databases.ts'
import { analyze, withConnection } from '../../src/platform/database/open-database.ts'
import { sweep } from '../../src/vernietiging/sweep.ts'
import { takeIn } from '../aanlevering/take-in.ts'
import { aSignal } from '../helpers/builders.ts'
import { useOwnServer } from '../helpers/own-server.ts'
import { startSecondHub } from '../helpers/start-second-hub.ts'
import { openTestHub, type Party } from '../helpers/test-hub.ts'
import { blocksOf, reportStatements, watchStatements } from '../helpers/watch-statements.ts'

t.setTimeout(600_000)
await useOwnServer(t)
// A login that owns its tables may gather statistics of them, as where one login does everything.
const asOwner = (url: string) => withLogin(url, 'signaalhub_test_eigenaar', 'signaalhub_test_eigenaar')
const codes = ['0141', '0150', '0153', '0164', '0166', '0177']

async function openStock(t: Parameters<typeof openTestHub>[0], perDay = 600) {
  const hub = await openTestHub(t, {
    now: '2026-05-20T09:00:00Z',
    reach: async (url) => {
      await reportStatements(withDatabase(process.env.TEST_DATABASE_URL!, databaseOf(url)))
      return asOwner(url)
    }
  })
  const parties = new Map<string, Party>()
  for (const code of codes) parties.set(code, await hub.gemeente(code))
  const raalte = parties.get('0177')!
  const huur = await hub.signaalpartner(['huur'], codes)
  let sent = 0
  const fill = async (day: string, count: number) => {
    hub.setClock(`${day}T09:00:00Z`)
    const signals = Array.from({ length: count }, (_, n) => {
      sent += 1
      return aSignal({
        referentie: `R-${sent}`,
        klantnummer: `K-${sent}`,
        signaaldatum: day,
        gemeentecode: codes[n % 6 === 0 ? 1 : 5],
        adres: { huisnummer: 1 + (sent % 9_000) }
      })
    })
    await takeIn(hub, huur, signals)
  }
  await fill('2026-05-20', 1_000)
  for (let day = 21; day < 31; day += 1) await fill(`2026-05-${day}`, perDay)
  await matchHuishoudens(hub.database, codes)
  await hub.admin(`insert into vroegsignaalzaak (gemeentecode, id, huishouden_id, adres_index, datum_opgepakt, vernietigingsdatum)
    select gemeentecode, gen_random_uuid(), id, adres_index, '2026-06-01', laatste_verval from huishouden`)
  await hub.admin(`insert into zaak_vroegsignaal (gemeentecode, zaak_id, vroegsignaal_id)
    select z.gemeentecode, z.id, s.id from vroegsignaalzaak z join vroegsignaal s using (gemeentecode, adres_index)`)
  await hub.admin(`insert into contactpoging (gemeentecode, zaak_id, id, soort, datum, bereikt, wenst_geen_contact)
    select gemeentecode, id, gen_random_uuid(), 'brief', '2026-06-01', n = 2, false from vroegsignaalzaak, generate_series(1, 3) n`)
  await hub.admin(
    `insert into maandspoor select gemeentecode, id, false, false, true, false, false from vroegsignaal`
  )
  await hub.admin(`insert into terugkoppeling (gemeentecode, id, signaalpartner_id, vroegsignaal_id, volgnummer, code, op, betrokkene_pseudoniem, vernietigingsdatum, inhoud)
    select gemeentecode, gen_random_uuid(), signaalpartner_id, id, row_number() over (), 'opgepakt', ontvangen_op, adres_index, sleuteldag, '\\x00' from vroegsignaal`)
  await hub.admin(`insert into betwisting (gemeentecode, id, vroegsignaal_id, signaalpartner_id, reden, betrokkene_pseudoniem, ingediend_op, sleuteldag, vernietigingsdatum, inhoud)
    select gemeentecode, gen_random_uuid(), id, signaalpartner_id, 'anders', adres_index, ontvangen_op, sleuteldag, vernietigingsdatum, '\\x00' from vroegsignaal`)
  await hub.admin(`insert into gemeld_signaal (gemeentecode, id, signaalpartner_id, referentie_index, klant_index, soort, sector, signaaldatum, ontvangen_op, bedrag_in_centen, betrokkene_pseudoniem, vernietigingsdatum, inhoud)
    select gemeentecode, id, signaalpartner_id, referentie_index, klant_index, soort, sector, signaaldatum, ontvangen_op, bedrag_in_centen, adres_index, sleuteldag, '\\x00' from vroegsignaal`)
  await hub.admin('vacuum')
  return { hub, raalte }
}

// What a restore, an upgrade of the server or tables that were emptied before leave of the statistics.
const lost = {
  'none at all': 'reltuples = -1, relpages = 0, relallvisible = 0',
  'tables with pages and no rows': 'reltuples = 0, relpages = 1, relallvisible = 0'
}

let usual = 0

t.test('with statistics', async (t) => {
  const { hub } = await openStock(t)
  await hub.admin('analyze')
  hub.setClock('2026-11-20T01:00:00Z')
  usual = blocksOf(await watchStatements(() => sweep(hub.hub)))
  t.ok(usual > 0)
})

for (const [what, state] of Object.entries(lost)) {
  t.test(`${what}: a sweep reads no more than usual, and lists answer`, async (t) => {
    const { hub, raalte } = await openStock(t)
    await hub.admin(`set allow_system_table_mods = on; delete from pg_statistic;
      update pg_class set ${state} where relnamespace = 'public'::regnamespace`)
    hub.setClock('2026-11-20T01:00:00Z')
    const swept = await watchStatements(async () => t.match(await sweep(hub.hub), { vroegsignalen: 1_000 }))
    t.ok(blocksOf(swept) < 3 * usual, `${blocksOf(swept)} blocks where ${usual} are usual`)
    for (const path of [
      '/v1/huishoudens',
      '/v1/huishoudens/_deltas',
      '/v1/vroegsignalen',
      '/v1/vroegsignaalzaken'
    ])
      t.equal((await raalte.get(path)).statusCode, 200, path)
  })
}

t.test('statistics that cannot be gathered now stop neither a start nor a sweep', async (t) => {
  const hub = await openTestHub(t, { reach: async (url) => asOwner(url) })
  await hub.admin(`insert into ongeldig_meldbewijs values ('\\x00', 'foutief')`)
  const { ownerUrl: databaseUrl, sleutelDatabaseUrl, adminUrl } = hub.databases
  await withConnection(adminUrl, async (client) => {
    await client.query('begin; lock table ongeldig_meldbewijs in share update exclusive mode')
    t.equal(await hub.sweep(), 0)
    const now = '2026-11-20T09:00:00Z'
    const second = await startSecondHub(t, hub, { databaseUrl, sleutelDatabaseUrl, now })
    await second.isReady
    t.ok(second.logLines.some((line) => line.includes('gathering statistics failed')))
    t.equal(await second.ready(), 200)
  })
  await hub.database.analyze()
  const known = await hub.admin(
    `select from pg_class where relname = 'ongeldig_meldbewijs' and reltuples > 0`
  )
  t.equal(known.length, 1, 'and they are gathered later')
})

t.test('a login that owns nothing gathers none, and says of which tables', async (t) => {
  const { hub } = await openStock(t, 10)
  await hub.admin(`update pg_class set reltuples = -1 where relnamespace = 'public'::regnamespace`)
  await hub.admin(`create role alleen_dienst login password 'dienst'`)
  const { host, pathname } = new URL(hub.databases.databaseUrl)
  const unknown = await analyze(`postgres://alleen_dienst:dienst@${host}${pathname}`)
  t.ok(unknown.includes('public.vroegsignaal'))
  t.same(await analyze(hub.databases.ownerUrl), [], 'the login that owns them does')
  const known = await hub.admin(`select from pg_class where relname = 'vroegsignaal' and reltuples > 0`)
  t.equal(known.length, 1)
})
