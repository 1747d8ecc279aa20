import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fastify } from 'fastify'
import t from 'tap'
import { dubious, misspelt, readConfig, settings } from '../src/config.ts'

type Env = Record<string, string>

const kek = randomBytes(32).toString('base64')
const production: Env = {
  NODE_ENV: 'production',
  HOST: '0.0.0.0',
  PUBLIC_URL: 'https://hub.example.nl',
  DATABASE_URL: 'postgres://hub:geheim@db.example.nl/hub',
  SLEUTEL_DATABASE_URL: 'postgres://hub:geheim@sleutels.example.nl/sleutels',
  KEK: kek,
  BEHEER_CLIENT_ID: 'beheer',
  BEHEER_CLIENT_SECRET: 'x'.repeat(32)
}
const example = readFileSync(new URL('../.env.example', import.meta.url), 'utf8')
const lines = [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name!, value!] as const)

t.test('.env.example names every setting, in the order of config.ts, and no other', async (t) => {
  t.same(
    lines.map(([name]) => name),
    [...settings]
  )
})

t.test('the values in .env.example are the defaults', async (t) => {
  const given = Object.fromEntries(lines.filter(([, value]) => value !== ''))
  t.ok(Object.keys(given).length >= 7)
  t.same(readConfig(given), readConfig({}))
  t.same(readConfig(Object.fromEntries(lines)), readConfig({}), 'an empty value is no value')
})

t.test('every setting in .env.example is explained above it', async (t) => {
  for (const paragraph of example.split('\n\n').slice(1)) {
    t.match(paragraph, /^# .{20,}\n/, paragraph.split('\n').at(-1)!)
  }
})

t.test('config.ts looks at no variable that is not in the list', async (t) => {
  const asked = new Set<string>()
  const env = new Proxy(production, {
    get: (target, name: string) => {
      asked.add(name)
      return target[name]
    }
  })
  readConfig(env)
  t.same(
    [...asked].filter(
      (name) => !settings.includes(name as never) && !settings.includes(name.slice(0, -5) as never)
    ),
    []
  )
  t.same(
    settings.filter((name) => !asked.has(name) && !asked.has(`${name}_FILE`)),
    []
  )
})

t.test('the sweep runs every day, whatever the hour', async (t) => {
  for (const expression of ['15 3 * * *', '0 15 3 * * *', '0,30 * * * *', '*/5 2-4 * * *'])
    t.equal(readConfig({ VERNIETIGING_CRON: expression }).vernietigingCron, expression)
  for (const expression of ['15 3 1 * *', '15 3 * * 1', '15 3 * 1-6 *', '15 3 */2 * *', '15 3 * *'])
    t.match(messageOf({ VERNIETIGING_CRON: expression }), /every day/, expression)
})

t.test('a variable that looks like a setting is named, with the one that was meant', async (t) => {
  const slips = {
    DATABSE_URL: 'DATABASE_URL',
    LOGLEVEL: 'LOG_LEVEL',
    database_url: 'DATABASE_URL',
    KEK_FIL: 'KEK_FILE'
  }
  for (const [name, meant] of Object.entries(slips)) t.same(misspelt({ [name]: 'x' }), [{ name, meant }])
  const usual = [
    'HOME',
    'PATH',
    'HOSTNAME',
    'SHELL',
    'KEY',
    'PWD',
    'LANG',
    'TERM',
    'PGHOST',
    'npm_config_cache'
  ]
  t.same(misspelt(Object.fromEntries([...usual, ...settings].map((name) => [name, 'x']))), [])
})

t.test('a right production environment is taken, and cannot be changed afterwards', async (t) => {
  const config = readConfig(production)
  t.match(config, { isProduction: true, host: '0.0.0.0', kek, isMigrating: true, poolSize: 16 })
  t.throws(() => Object.assign(config, { kek: undefined }), TypeError)
})

t.test('production without a proxy by name is warned of, and nothing else is', async (t) => {
  t.match(dubious(readConfig({ ...production, VERTROUWDE_PROXIES: '' })), [/^VERTROUWDE_PROXIES: /])
  t.same(dubious(readConfig({ ...production, VERTROUWDE_PROXIES: '10.0.0.1' })), [])
  t.same(dubious(readConfig({})), [])
})

const unsafe: readonly (readonly [
  title: string,
  env: Partial<Record<string, string | undefined>>,
  fault: RegExp
])[] = [
  ['the embedded database', { DATABASE_URL: undefined }, /^- DATABASE_URL: required/m],
  ['a key database nobody chose', { SLEUTEL_DATABASE_URL: undefined }, /^- SLEUTEL_DATABASE_URL: required/m],
  [
    'keys that share backups with rows',
    { SLEUTEL_DATABASE_URL: production.DATABASE_URL },
    /^- SLEUTEL_DATABASE_URL: must name another/m
  ],
  ['a generated KEK', { KEK: undefined }, /^- KEK or KEK_FILE: required/m],
  ['no public address', { PUBLIC_URL: undefined }, /^- PUBLIC_URL: required, and https/m],
  ['tokens over plain http', { PUBLIC_URL: 'http://hub.example.nl' }, /^- PUBLIC_URL: required, and https/m],
  ['a trial clock', { PROEF_KLOK: '2026-11-25T09:00:00Z' }, /^- PROEF_KLOK: .*refused in production/m],
  [
    'keys of others over plain http',
    { EXTERNE_UITGEVERS: 'https://a.nl|http://a.nl/jwks' },
    /^- EXTERNE_UITGEVERS: keys must come over https/m
  ],
  ['a short secret', { BEHEER_CLIENT_SECRET: 'x'.repeat(31) }, /^- BEHEER_CLIENT_SECRET: at least 32/m]
]

for (const [title, env, fault] of unsafe) {
  t.test(`production refuses ${title}`, async (t) => {
    t.throws(() => readConfig({ ...production, ...env }), { message: fault })
    const trial = { ...production, ...env, NODE_ENV: undefined }
    t.doesNotThrow(() => readConfig(trial), 'which is fine for trying out')
  })
}

// Each value contains a word that must not appear in the message.
const wrong: Env = {
  NODE_ENV: 'fout-0',
  PORT: 'fout-1',
  PUBLIC_URL: 'https://fout-2.example.nl/pad?vraag',
  MIGREREN: 'fout-3',
  DATABASE_POOL: 'fout-4',
  DATABASE_VOORBEREIDEN: 'fout-5',
  KEK: 'fout-5',
  EXTERNE_UITGEVERS: 'fout-6',
  PROEF_KLOK: 'fout-7',
  VERTROUWDE_PROXIES: 'fout-12',
  METRICS_PORT: 'fout-13',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'fout-14',
  OTEL_EXPORTER_OTLP_HEADERS: 'fout-15',
  OTEL_TRACES_SAMPLER_ARG: 'fout-16',
  VERNIETIGING_CRON: 'fout-8',
  LOG_LEVEL: 'fout-9',
  BEHEER_CLIENT_SECRET: 'fout-10',
  DATABASE_URL_FILE: '/fout-11'
}

t.test('all faults are told at once, by name and rule, never by value', async (t) => {
  const message = messageOf(wrong)
  for (const name of Object.keys(wrong)) t.match(message, new RegExp(`^- .*\\b${name}\\b`, 'm'))
  t.notMatch(message, 'fout')
})

t.test('each fault is told on its own as well', async (t) => {
  for (const [name, value] of Object.entries(wrong)) {
    const message = messageOf({ [name]: value })
    t.match(message, name)
    t.equal(message.match(/^- /gm)?.length, 1, name)
    const inProduction = messageOf({ ...production, [name]: value })
    t.equal(inProduction.match(/^- /gm)?.length, 1, `${name} in production`)
  }
})

t.test(
  'the secret of the operator holds what a client secret may hold (RFC 6749 appendix A.2)',
  async (t) => {
    for (const BEHEER_CLIENT_SECRET of [`é${'x'.repeat(32)}`, `tab\t${'x'.repeat(32)}`]) {
      t.match(
        messageOf({ BEHEER_CLIENT_ID: 'beheer', BEHEER_CLIENT_SECRET }),
        /^- BEHEER_CLIENT_SECRET: .*ASCII/m
      )
    }
  }
)

t.test('NODE_ENV is one of three words, or empty', async (t) => {
  for (const value of ['', ' ', 'development', 'test']) {
    t.equal(readConfig({ NODE_ENV: value }).isProduction, false, value)
  }
  for (const value of ['prod', 'Production', 'productie', 'constructor']) {
    t.match(
      messageOf({ NODE_ENV: value }),
      /^- NODE_ENV: must be one of development, test, production$/m,
      value
    )
  }
})

t.test('a proxy is an address or a network', async (t) => {
  const right = ['10.0.0.1', '10.0.0.0/8', '192.0.2.7/32', '::1', '2001:db8::/32', '::1/128']
  const { trustedProxies } = readConfig({ VERTROUWDE_PROXIES: ` ${right.join(' , ')},` })
  t.same(trustedProxies, right)
  t.doesNotThrow(() => fastify({ trustProxy: [...trustedProxies] }), 'which Fastify takes')
  const refused = ['999.1.1.1', '10.0.0', '10.0.0.0/33', '10.0.0.0/0', '10.0.0.0/', '10.0.0.0/8/8', '::1/129']
  for (const value of [...refused, 'fe80', '10.0.0.1 10.0.0.2', 'proxy.example.nl']) {
    const message = messageOf({ VERTROUWDE_PROXIES: `10.0.0.1,${value}` })
    t.match(message, /^- VERTROUWDE_PROXIES: must be addresses or networks/m, value)
  }
})

t.test('values on the edge of a rule', async (t) => {
  const refused: readonly (readonly [name: string, value: string])[] = [
    ['DATABASE_POOL', '0'],
    ['DATABASE_POOL', '1000'],
    ['DATABASE_POOL', '1.5'],
    ['PORT', '-1'],
    ['METRICS_PORT', '65536'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'localhost:4318'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://wie:geheim@localhost:4318'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://localhost:4318?sleutel=geheim'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'authorization'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'a=%0Ab'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'a=%'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.1'],
    ['OTEL_TRACES_SAMPLER_ARG', '-0'],
    ['OTEL_TRACES_SAMPLER_ARG', '1e-3'],
    ['METRICS_PORT', '3000'],
    ['PUBLIC_URL', 'hub.example.nl'],
    ['PUBLIC_URL', 'https://hub.example.nl/'],
    ['PUBLIC_URL', 'https://hub.example.nl/signaalhub/'],
    ['PUBLIC_URL', 'https://hub.example.nl//signaalhub'],
    ['KEK', randomBytes(31).toString('base64')],
    ['KEK', randomBytes(33).toString('base64')],
    ['PROEF_KLOK', '2026-11-25'],
    ['PROEF_KLOK', '2026-11-25T25:00:00Z'],
    ['EXTERNE_UITGEVERS', 'https://a.example.nl'],
    ['LOG_LEVEL', 'INFO']
  ]
  for (const [name, value] of refused) t.match(messageOf({ [name]: value }), name, `${name}=${value}`)
  t.equal(readConfig({ PORT: '0' }).port, 0)
  t.equal(readConfig({ DATABASE_POOL: '999' }).poolSize, 999)
  t.same(
    readConfig({ OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Basic%20YTpi, x-tenant = a=b' }).otlpHeaders,
    [
      ['Authorization', 'Basic YTpi'],
      ['x-tenant', 'a=b']
    ]
  )
  for (const [text, share] of Object.entries({ 0: 0, 1: 1, '0.05': 0.05, '.5': 0.5, '1.0': 1 }))
    t.equal(readConfig({ OTEL_TRACES_SAMPLER_ARG: text }).tracedShare, share, text)
  t.same(
    [readConfig({}).metricsPort, readConfig({ METRICS_PORT: '0', PORT: '0' }).metricsPort],
    [undefined, 0]
  )
  t.same(readConfig({ PROEF_KLOK: '2026-11-25T09:00:00+01:00' }).proefKlok, new Date('2026-11-25T08:00:00Z'))
  t.same(
    readConfig({ EXTERNE_UITGEVERS: 'https://a.nl|https://a.nl/jwks,https://b.nl|https://b.nl/jwks' })
      .externalIssuers,
    [
      { issuer: 'https://a.nl', jwksUrl: 'https://a.nl/jwks' },
      { issuer: 'https://b.nl', jwksUrl: 'https://b.nl/jwks' }
    ]
  )
})

t.test('every secret may come from a file, which wins from the environment', async (t) => {
  const folder = t.testdir({ url: 'postgres://uit-bestand/hub\n', kek: `${kek}\n`, geheim: 'uit-bestand\n' })
  const config = readConfig({
    DATABASE_URL: 'postgres://uit-omgeving/hub',
    DATABASE_URL_FILE: join(folder, 'url'),
    SLEUTEL_DATABASE_URL_FILE: join(folder, 'url'),
    MIGRATIE_DATABASE_URL_FILE: join(folder, 'url'),
    KEK_FILE: join(folder, 'kek'),
    BEHEER_CLIENT_ID: 'beheer',
    BEHEER_CLIENT_SECRET_FILE: join(folder, 'geheim')
  })
  t.match(config, {
    databaseUrl: 'postgres://uit-bestand/hub',
    sleutelDatabaseUrl: 'postgres://uit-bestand/hub',
    migratieDatabaseUrl: 'postgres://uit-bestand/hub',
    kek,
    beheer: { clientId: 'beheer', clientSecret: 'uit-bestand' }
  })
})

t.test('an empty file is wrong, not unset', async (t) => {
  const folder = t.testdir({ empty: '', blank: ' \n' })
  for (const name of settings.filter((setting) => setting.endsWith('_FILE'))) {
    for (const file of ['empty', 'blank']) {
      const message = messageOf({ ...production, [name]: join(folder, file) })
      t.match(message, new RegExp(`^- ${name}: the file is empty$`, 'm'))
      t.equal(message.match(/^- /gm)?.length, 1, `${name} ${file}`)
    }
  }
})

function messageOf(env: Env): string {
  try {
    readConfig(env)
  } catch (error) {
    return (error as Error).message
  }
  return ''
}
