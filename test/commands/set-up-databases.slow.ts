import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { loginOf, withDatabase, withLogin } from '../../src/platform/database/ensure-databases.ts'
import { readLoginRights } from '../../src/platform/database/login-rights.ts'
import { migrate } from '../../src/platform/database/migrate.ts'
import { withConnection } from '../../src/platform/database/open-database.ts'
import { planDatabase, type Wanted } from '../../src/platform/database/set-up-databases.ts'
import { freePort } from '../../src/platform/free-port.ts'
import { openServer } from '../helpers/own-server.ts'
import { startServer } from '../platform/server-process.ts'

const command = fileURLToPath(new URL('../../src/commands/beheer.ts', import.meta.url))
const migrations = fileURLToPath(new URL('../../migrations', import.meta.url))
const secret = 'Geheim-van-de-beheerder-van-32-tekens'

/** The settings of a hub in production with four logins on a server. */
function settingsOn(server: string) {
  const url = (login: string, database: string) =>
    withLogin(withDatabase(server, database), login, `pw:/@ ${login}`)
  return {
    NODE_ENV: 'production',
    DATABASE_URL: url('dienst', 'hub'),
    SLEUTEL_DATABASE_URL: url('dienst_sleutels', 'hub sleutels'),
    MIGRATIE_DATABASE_URL: url('eigenaar', 'hub'),
    MIGRATIE_SLEUTEL_DATABASE_URL: url('eigenaar', 'hub sleutels'),
    KEK: Buffer.alloc(32, 7).toString('base64'),
    PUBLIC_URL: 'https://hub.voorbeeld.example',
    BEHEER_CLIENT_ID: 'beheer',
    BEHEER_CLIENT_SECRET: secret
  }
}

t.setTimeout(240_000)

type Settings = Record<string, string>

function setUp(settings: Settings, ...args: string[]) {
  const { PATH = '' } = process.env
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [command, 'databases', 'inrichten', ...args],
      { env: { PATH, ...settings } },
      (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr })
    )
  })
}

/** Starts a hub, asks it something that needs both databases, and ends it. */
async function serves(t: Test, settings: Settings): Promise<void> {
  const port = await freePort()
  const server = startServer(t, { ...settings, PORT: String(port) })
  await server.said('gereed')
  t.equal((await fetch(`http://127.0.0.1:${port}/health/ready`)).status, 200)
  t.equal(await server.end('SIGTERM'), 0)
}

async function refuses(t: Test, settings: Settings, message: RegExp): Promise<void> {
  const server = startServer(t, settings)
  t.equal(await server.ended(), 1)
  t.match(server.complaints.join(''), message)
}

t.test('from nothing: shown, done, done again; then a hub in production serves', async (t) => {
  const server = (await openServer(t))('postgres')
  const settings = settingsOn(server)
  const asAdmin = { ...settings, INRICHTEN_DATABASE_URL: server }

  const shown = await setUp(asAdmin)
  t.equal(shown.code, 1, 'a plan is not a deed')
  t.match(shown.stderr, /nog niets gedaan.*--ja/)
  for (const part of ['login dienst maken', 'login eigenaar maken', 'database hub maken', 'schema van hub'])
    t.match(shown.stdout, part)
  t.notMatch(shown.stdout + shown.stderr, /pw:/, 'no password is shown')
  const { rowCount } = await withConnection(server, (client) =>
    client.query(`select from pg_roles where rolname = 'dienst'`)
  )
  t.equal(rowCount, 0, 'and nothing was done')

  const done = await setUp(asAdmin, '--ja')
  t.equal(done.code, 0, done.stderr)
  const again = await setUp(asAdmin)
  t.same(again, { code: 0, stdout: again.stdout, stderr: '' })
  t.match(again.stdout, /niets te doen/)

  const { MIGRATIE_DATABASE_URL: _, MIGRATIE_SLEUTEL_DATABASE_URL: __, ...serving } = settings
  await serves(t, { ...serving, MIGREREN: 'nee' })
  await withConnection(server, (client) => client.query('revoke signaalhub_bezorger from dienst'))
  await serves(t, { ...settings, MIGREREN: 'ja' })
  t.same((await readLoginRights(settings.DATABASE_URL)).lacking, [], 'who migrates hands out the duties')
})

t.test('what went wrong since is seen, and set right: rights, memberships, owner, password', async (t) => {
  const server = (await openServer(t))('postgres')
  const { DATABASE_URL: url, SLEUTEL_DATABASE_URL: keyUrl, ...settings } = settingsOn(server)
  const wanted = {
    adminUrl: server,
    database: 'hub',
    owner: loginOf(settings.MIGRATIE_DATABASE_URL),
    service: loginOf(url),
    migrations
  }
  const keys = {
    ...wanted,
    database: 'hub sleutels',
    service: loginOf(keyUrl),
    migrations: `${migrations}/sleutels`
  }
  const mend = async (one: Wanted) => {
    const steps = await planDatabase(one)
    for (const step of steps) await step.run()
    t.same(await planDatabase(one), [], 'and then nothing is left to do')
    return steps.map(({ tekst }) => tekst).join('\n')
  }
  await mend(wanted)
  await mend(keys)
  for (const address of [url, keyUrl]) t.same(await readLoginRights(address), { lacking: [], excess: [] })
  for (const [spoil, fault, step] of [
    ['alter role dienst inherit', /^inherits signaalhub_afhandelaar, /, /aanpassen: noinherit/],
    ['alter role dienst createrole', /^may make roles/, /nocreaterole/],
    ['alter role dienst bypassrls', /^bypasses row level security/, /nobypassrls/],
    ['alter role dienst superuser', /^is a superuser/, /nosuperuser/],
    ['grant eigenaar to dienst', /^may become eigenaar/, /ontnemen: eigenaar/],
    ['grant pg_read_all_data to dienst', /^may become pg_read_all_data/, /ontnemen: pg_read_all_data/],
    ['grant signaalhub_sleutelhouder to dienst', /^may become signaalhub_sleutelhouder/, /ontnemen: /],
    ['alter database hub owner to dienst', /^owns hub/, /database hub geven aan eigenaar/]
  ] as const) {
    await withConnection(server, (client) => client.query(spoil))
    t.match((await readLoginRights(url)).excess[0], fault, spoil)
    t.match(await mend(wanted), step, spoil)
    t.same((await readLoginRights(url)).excess, [], spoil)
  }
  await withConnection(server, async (client) => {
    await client.query('revoke signaalhub_gemeente from dienst')
    await client.query(`alter role dienst_sleutels password 'anders'`)
  })
  t.same((await readLoginRights(url)).lacking, ['signaalhub_gemeente'])
  t.match(await mend(wanted), /login dienst de taken van hub laten opnemen/)
  t.match(await mend(keys), /login dienst_sleutels aanpassen: wachtwoord/)
  await withConnection(withDatabase(server, 'hub'), async (client) => {
    await client.query('grant execute on function set_config(text, text, boolean) to public')
    await client.query('alter table vroegsignaal owner to dienst')
  })
  t.match((await readLoginRights(url)).excess[0], /^owns .*vroegsignaal/)
  const mended = await mend(wanted)
  t.match(mended, /set_config in hub afsluiten/)
  t.match(mended, /: 1 tabellen/)
})

t.test(
  'a hub whose one login owned everything until now gets separate ones, and keeps its rows',
  async (t) => {
    const server = (await openServer(t))('postgres')
    const settings = settingsOn(server)
    await withConnection(server, async (client) => {
      await client.query(`create role dienst login createrole createdb password 'pw:/@ dienst'`)
      await client.query('create database hub owner dienst')
      await client.query('create database "hub sleutels" owner dienst')
    })
    await migrate(settings.MIGRATIE_DATABASE_URL.replaceAll('eigenaar', 'dienst'), migrations)
    const { MIGRATIE_DATABASE_URL: _, MIGRATIE_SLEUTEL_DATABASE_URL: __, ...single } = settings
    await refuses(t, single, /DATABASE_URL: .*owns hub and \d+ more.*databases inrichten/)
    const moved = await setUp({ ...settings, INRICHTEN_DATABASE_URL: server }, '--ja')
    t.equal(moved.code, 0, moved.stderr)
    t.match(moved.stdout, /in hub geven aan eigenaar: \d\d/)
    await serves(t, settings)
  }
)

t.test('without a superuser all is done but what only a superuser may do, and that is said', async (t) => {
  const server = (await openServer(t))('postgres')
  await withConnection(server, (client) =>
    client.query(`create role huismeester login createrole createdb password 'hm'`)
  )
  const settings = settingsOn(server)
  const asKeeper = { ...settings, INRICHTEN_DATABASE_URL: withLogin(server, 'huismeester', 'hm') }
  const done = await setUp(asKeeper, '--ja')
  t.equal(done.code, 0, done.stderr)
  t.match(done.stdout, /set_config in hub blijft open/)
  t.match((await setUp(asKeeper)).stdout, /niets te doen/)
  for (const url of [settings.DATABASE_URL, settings.SLEUTEL_DATABASE_URL])
    t.same(await readLoginRights(url), { lacking: [], excess: [] })
})

t.test('settings that cannot be meant are refused, all at once', async (t) => {
  const server = 'postgres://postgres:x@127.0.0.1:1/postgres'
  const settings = settingsOn(server)
  const none = await setUp({ PATH: '' })
  t.equal(none.code, 1)
  for (const name of [
    'INRICHTEN_DATABASE_URL',
    'MIGRATIE_DATABASE_URL',
    'MIGRATIE_SLEUTEL_DATABASE_URL',
    'SLEUTEL_DATABASE_URL'
  ])
    t.match(none.stderr, `- ${name}: `)
  const wrong = await setUp({
    ...settings,
    INRICHTEN_DATABASE_URL: server,
    MIGRATIE_DATABASE_URL: withDatabase(settings.DATABASE_URL, 'elders'),
    SLEUTEL_DATABASE_URL: withDatabase(settings.DATABASE_URL, 'hub sleutels')
  })
  t.match(wrong.stderr, /MIGRATIE_DATABASE_URL: noem dezelfde database/)
  t.match(wrong.stderr, /MIGRATIE_DATABASE_URL: kies een andere login/)
  t.match(wrong.stderr, /SLEUTEL_DATABASE_URL: kies een andere login dan die van DATABASE_URL/)
})
