import { execFile, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { withConnection } from '../../src/platform/database/open-database.ts'
import { openFolder, openServer } from '../helpers/own-server.ts'
import { startSecondHub } from '../helpers/start-second-hub.ts'
import { close, openStage, signalen } from '../zaken/zaak-stage.ts'

// A backup and its restore on another server, with the commands of the README: roles first, rows, then keys.

t.setTimeout(240_000)

const run = promisify(execFile)
const tools = ['pg_dumpall', 'pg_dump', 'pg_restore', 'psql']
const isThere = tools.every((tool) => spawnSync(tool, ['--version']).status === 0)
const notRun = `NOT RUN: no ${tools.join(', ')} in PATH, so no dump was restored on another server`
const beheer = fileURLToPath(new URL('../../src/commands/beheer.ts', import.meta.url))
const later = '2026-11-21T09:00:00Z'

t.test(
  'a dump of rows and one of keys, restored on another server',
  { skip: !isThere && notRun },
  async (t) => {
    const { hub, raalte, huur, water, send, openAt } = await openStage(t, { now: '2026-05-20T09:00:00Z' })
    await send(huur, 1)
    hub.setClock('2026-11-19T09:00:00Z')
    const geenHulp = await send(huur, 2)
    const live = [await send(huur, 3), await send(water, 3)]
    const zaak = await openAt(2)
    const { databaseUrl, sleutelDatabaseUrl, adminUrl, sleutelAdminUrl } = hub.databases

    const dir = await openFolder(t)
    const [roles, rows, keys] = ['rollen.sql', 'rijen.dump', 'sleutels.dump'].map((name) => join(dir, name))
    const dumpUrl = await makeDumpLogin(adminUrl)
    await t.rejects(
      run('pg_dump', ['-Fc', '-f', rows!, databaseUrl]),
      /permission denied/,
      "the hub's own login cannot dump: it has no rights of its own"
    )
    await run('pg_dumpall', ['--roles-only', '-f', roles!, '-d', adminUrl])
    await run('pg_dump', ['-Fc', '-f', rows!, dumpUrl])
    await close(raalte, zaak.id, { resultaat: 'geen-hulp-gewenst', datum: '2026-11-19' })
    hub.setClock(later)
    await hub.sweep()
    await run('pg_dump', ['-Fc', '-f', keys!, sleutelAdminUrl])

    const fresh = await openServer(t)
    await run('psql', ['-q', '-d', fresh('postgres'), '-f', roles!])
    // The roles brought their passwords along.
    const server = (database: string) => withLogin(fresh(database), new URL(adminUrl))
    await withConnection(server('postgres'), async (client) => {
      await client.query('create database hub owner signaalhub_test_eigenaar')
      await client.query('create database hub_sleutels owner signaalhub_test_eigenaar')
    })
    await run('pg_restore', ['--exit-on-error', '-d', server('hub'), rows!])
    await run('pg_restore', ['--exit-on-error', '-d', server('hub_sleutels'), keys!])

    const where = {
      databaseUrl: withLogin(server('hub'), new URL(databaseUrl)),
      sleutelDatabaseUrl: withLogin(server('hub_sleutels'), new URL(sleutelDatabaseUrl)),
      now: later
    }
    const env = {
      PATH: process.env.PATH,
      DATABASE_URL: where.databaseUrl,
      SLEUTEL_DATABASE_URL: where.sleutelDatabaseUrl,
      KEK: hub.kek,
      PROEF_KLOK: later
    }
    const checked = await run(process.execPath, [beheer, 'herstel', 'controleren'], { env })
    t.match(
      checked.stdout,
      /Opnieuw vernietigd +1 .*\nVernietigd +1 .*\nLeesbaar +2\nOnleesbaar +0\nAchtergebleven +0\n.*in orde/
    )
    const restored = await startSecondHub(t, hub, where)
    await restored.isReady
    const shown = JSON.parse((await restored.get(raalte, signalen)).body).resultaten
    t.same(shown.map(({ id }: { id: string }) => id).sort(), live.toSorted())
    t.equal((await restored.get(raalte, `${signalen}/${geenHulp}`)).status, 404)
    const households = JSON.parse((await restored.get(raalte, '/v1/huishoudens')).body).resultaten
    t.match(households, [{ matchsoorten: ['meervoudig'], aantalSignalen: 2 }])
    await restored.stop()

    await withConnection(server('hub'), (client) =>
      client.query(`update vroegsignaal set inhoud = '\\x02' where id = $1`, [live[0]])
    )
    const failed = await run(process.execPath, [beheer, 'herstel', 'controleren'], { env }).catch(
      (error) => error
    )
    t.equal(failed.code, 1)
    t.match(failed.stdout, /Leesbaar +1\nOnleesbaar +1\n/)
  }
)

// As the README has it: it reads every row, and can do nothing else.
async function makeDumpLogin(adminUrl: string): Promise<string> {
  await withConnection(adminUrl, async (client) => {
    const { rowCount } = await client.query(`select from pg_roles where rolname = 'signaalhub_dump'`)
    if (rowCount !== 0) return
    await client.query(`create role signaalhub_dump login bypassrls password 'dump' in role pg_read_all_data`)
  })
  return withLogin(adminUrl, { username: 'signaalhub_dump', password: 'dump' })
}

function withLogin(address: string, { username, password }: { username: string; password: string }): string {
  return Object.assign(new URL(address), { username, password }).toString()
}
