import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { distance } from 'fastest-levenshtein'
import cron from 'node-cron'

// Not TypeBox: its Value.Convert reads 1.5 and true as 1. Not env-schema: it adds ajv and knows no *_FILE.

type Env = Readonly<Record<string, string | undefined>>

/** What a setting must be, in words, and the reader of its text; undefined = the text breaks the rule. */
type Form<Value> = { readonly rule: string; readonly read: (text: string) => Value | undefined }

type Setting = {
  readonly name: string
  readonly form: Form<unknown>
  /** The default, written as in the environment. */
  readonly byDefault?: string
  /** Whether `<name>_FILE` may name a file that holds it instead. */
  readonly orFile?: true
}

const anyText: Form<string> = { rule: 'text', read: (text) => text }
const yesOrNo = choice({ ja: true, nee: false })
const postgresAddress = matching(/^postgres(ql)?:\/\/\S+$/, 'a postgres:// address')

/** Every setting, in the order of `.env.example`, which says more about each. */
const table = {
  isProduction: {
    name: 'NODE_ENV',
    form: choice({ development: false, test: false, production: true }),
    byDefault: 'development'
  },
  host: { name: 'HOST', form: anyText, byDefault: '127.0.0.1' },
  port: { name: 'PORT', form: wholeNumber(0, 65_535), byDefault: '3000' },
  /** External base address; undefined = follows from host and port. */
  publicUrl: {
    name: 'PUBLIC_URL',
    form: matching(/^https?:\/\/[^/\s?#@]+(\/[\w.~-]+)*$/, 'a base address without a slash at the end')
  },
  /** Undefined = an embedded PostgreSQL in `dataDir`. */
  databaseUrl: { name: 'DATABASE_URL', form: postgresAddress, orFile: true },
  sleutelDatabaseUrl: { name: 'SLEUTEL_DATABASE_URL', form: postgresAddress, orFile: true },
  /** Undefined = everything is read from `databaseUrl`. */
  readDatabaseUrl: { name: 'DATABASE_READ_URL', form: postgresAddress, orFile: true },
  migratieDatabaseUrl: { name: 'MIGRATIE_DATABASE_URL', form: postgresAddress, orFile: true },
  migratieSleutelDatabaseUrl: { name: 'MIGRATIE_SLEUTEL_DATABASE_URL', form: postgresAddress, orFile: true },
  isMigrating: { name: 'MIGREREN', form: yesOrNo, byDefault: 'ja' },
  poolSize: { name: 'DATABASE_POOL', form: wholeNumber(1, 999), byDefault: '16' },
  /** Whether the server keeps the plans of statements. */
  preparing: {
    name: 'DATABASE_VOORBEREIDEN',
    form: choice({ auto: 'auto', ja: 'ja', nee: 'nee' }),
    byDefault: 'auto'
  },
  dataDir: {
    name: 'DATA_DIR',
    form: { rule: 'a folder', read: (path) => resolve(path) },
    byDefault: './data'
  },
  kek: { name: 'KEK', form: matching(/^[A-Za-z0-9+/]{43}=$/, '32 bytes in base64'), orFile: true },
  beheerClientId: { name: 'BEHEER_CLIENT_ID', form: anyText },
  // What a client secret may hold (RFC 6749 appendix A.2); others would reach the token endpoint in one way only.
  beheerClientSecret: {
    name: 'BEHEER_CLIENT_SECRET',
    form: matching(/^[\x20-\x7E]+$/, 'letters, digits and signs of ASCII'),
    orFile: true
  },
  externalIssuers: {
    name: 'EXTERNE_UITGEVERS',
    form: list(readIssuer, 'pairs issuer|jwks-address separated by commas'),
    byDefault: ''
  },
  trustedProxies: {
    name: 'VERTROUWDE_PROXIES',
    form: list(readNetwork, 'addresses or networks (CIDR) separated by commas'),
    byDefault: ''
  },
  /** Networks to which events are delivered although they are not public; also over http. */
  receiverNetworks: {
    name: 'ONTVANGERS_NETWERKEN',
    form: list(readNetwork, 'addresses or networks (CIDR) separated by commas'),
    byDefault: ''
  },
  /** Seconds that an idle connection is kept. */
  keepAlive: { name: 'VERBINDING_OPENHOUDEN', form: wholeNumber(1, 3_600), byDefault: '75' },
  /** Requests that a client may do in ten seconds at one instance; 0 = no limit. */
  verzoeken: { name: 'LIMIET_VERZOEKEN', form: wholeNumber(0, 1_000_000), byDefault: '3000' },
  /** Signals one by one in ten seconds. */
  aanleveren: { name: 'LIMIET_AANLEVEREN', form: wholeNumber(0, 1_000_000), byDefault: '30000' },
  /** Look-ups of residents a day. */
  zoekvragen: { name: 'LIMIET_ZOEKVRAGEN', form: wholeNumber(0, 10_000_000), byDefault: '20000' },
  /** Undefined = there is no security.txt. */
  securityContact: {
    name: 'VEILIGHEID_CONTACT',
    form: matching(
      /^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+|tel:\+[\d-]+)$/,
      'a contact as mailto:, https:// or tel:+'
    )
  },
  /** Undefined = the metrics are served beside the API. */
  metricsPort: { name: 'METRICS_PORT', form: wholeNumber(0, 65_535) },
  metricsHost: { name: 'METRICS_HOST', form: anyText, byDefault: '127.0.0.1' },
  /** Undefined = no traces are sent. */
  otlpEndpoint: {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    form: matching(/^https?:\/\/[^/\s?#@]+(\/[^\s?#]*)?$/, 'a base address without a login or a query')
  },
  otlpHeaders: {
    name: 'OTEL_EXPORTER_OTLP_HEADERS',
    form: list(readHeader, 'pairs name=value separated by commas'),
    byDefault: '',
    orFile: true
  },
  /** The share of traces that is sent. */
  tracedShare: {
    name: 'OTEL_TRACES_SAMPLER_ARG',
    form: { rule: 'a number from 0 to 1', read: readShare },
    byDefault: '1'
  },
  /** Undefined = what Statistics Netherlands fetches is not signed. */
  signingKey: {
    name: 'DDAS_SLEUTEL',
    form: { rule: 'an RSA private key of 2048 bits or more in PEM, without a password', read: readRsaKey },
    orFile: true
  },
  signingCertificates: {
    name: 'DDAS_CERTIFICATEN',
    form: { rule: 'certificates in PEM, that of DDAS_SLEUTEL first', read: readCertificates },
    orFile: true
  },
  proefKlok: { name: 'PROEF_KLOK', form: { rule: 'an instant', read: readInstant } },
  vernietigingCron: {
    name: 'VERNIETIGING_CRON',
    form: {
      rule: 'a cron expression that fires every day, such as 15 3 * * *',
      read: (text) => (cron.validate(text) && isDaily(text) ? text : undefined)
    },
    byDefault: '15 3 * * *'
  },
  logLevel: {
    name: 'LOG_LEVEL',
    form: matching(/^(trace|debug|info|warn|error|silent)$/, 'a pino level'),
    byDefault: 'info'
  }
} as const satisfies Record<string, Setting>

// The last three fields are day, month and weekday.
function isDaily(expression: string): boolean {
  return expression
    .trim()
    .split(/\s+/)
    .slice(-3)
    .every((field) => field === '*')
}

type Table = typeof table
type Key = keyof Table
type ValueOf<Row> = Row extends { form: Form<infer Value> }
  ? Row extends { byDefault: string }
    ? Value
    : Value | undefined
  : never
type Values = { readonly [K in Key]: ValueOf<Table[K]> }

/** What works and is seldom meant in production, each a sentence for the log. */
export function dubious({ isProduction, trustedProxies }: Config): string[] {
  if (!isProduction || trustedProxies.length > 0) return []
  return [
    'VERTROUWDE_PROXIES: none, so all who come through the proxy that ends TLS are limited as one caller; name its address or network'
  ]
}

/**
 * The value of every setting in the table; the operator's id and secret are one value, `beheer`, and the key and certificates
 * of a signature another, `signatory`.
 */
export type Config = Readonly<ReturnType<typeof toConfig>>

/** The name of every variable that is read, as the documentation lists them. */
export const settings: readonly string[] = Object.values<Setting>(table).flatMap(({ name, orFile }) =>
  orFile ? [name, `${name}_FILE`] : [name]
)

/** A rule for all values together. It is skipped when the setting it is about is already wrong. */
type Rule = readonly [about: Key, isBroken: (values: Partial<Values>) => boolean, fault: string]

const minimumSecretLength = 32

const crossRules: readonly Rule[] = [
  [
    'beheerClientSecret',
    ({ beheerClientId, beheerClientSecret }) => !beheerClientId !== !beheerClientSecret,
    'BEHEER_CLIENT_ID and BEHEER_CLIENT_SECRET: give both or neither'
  ],
  [
    'signingCertificates',
    ({ signingKey, signingCertificates }) => !signingKey !== !signingCertificates,
    'DDAS_SLEUTEL and DDAS_CERTIFICATEN: give both or neither'
  ],
  [
    'signingCertificates',
    ({ signingKey: key, signingCertificates: [own] = [] }) => !!key && !!own && !own.checkPrivateKey(key),
    'DDAS_CERTIFICATEN: the first must be the certificate of DDAS_SLEUTEL'
  ],
  [
    'metricsPort',
    ({ metricsPort, port }) => !!metricsPort && metricsPort === port,
    'METRICS_PORT: must differ from PORT'
  ]
]

const productionRules: readonly Rule[] = [
  [
    'databaseUrl',
    ({ databaseUrl }) => !databaseUrl,
    'DATABASE_URL: required; the embedded PostgreSQL is for trying out'
  ],
  [
    'sleutelDatabaseUrl',
    ({ sleutelDatabaseUrl }) => !sleutelDatabaseUrl,
    'SLEUTEL_DATABASE_URL: required; keys and rows may not share backups'
  ],
  [
    'sleutelDatabaseUrl',
    ({ sleutelDatabaseUrl, databaseUrl }) => isSameDatabase(sleutelDatabaseUrl, databaseUrl),
    'SLEUTEL_DATABASE_URL: must name another database than DATABASE_URL'
  ],
  ['kek', ({ kek }) => !kek, 'KEK or KEK_FILE: required; a generated key is for trying out'],
  ['publicUrl', ({ publicUrl }) => !isHttps(publicUrl), 'PUBLIC_URL: required, and https'],
  [
    'externalIssuers',
    ({ externalIssuers }) => !externalIssuers?.every(({ jwksUrl }) => isHttps(jwksUrl)),
    'EXTERNE_UITGEVERS: keys must come over https'
  ],
  ['proefKlok', ({ proefKlok }) => !!proefKlok, 'PROEF_KLOK: a trial clock is refused in production'],
  [
    'beheerClientSecret',
    ({ beheerClientSecret: secret }) => !!secret && secret.length < minimumSecretLength,
    `BEHEER_CLIENT_SECRET: at least ${minimumSecretLength} characters`
  ]
]

/**
 * Reads the settings from an environment. Throws one error that lists everything wrong by name and rule, never by
 * value; in production also everything that is only fit for trying out.
 */
export function readConfig(env: Env): Config {
  const { values, faults } = readValues(env)
  const rules = values.isProduction ? [...crossRules, ...productionRules] : crossRules
  for (const [about, isBroken, fault] of rules) {
    if (!faults.has(about) && isBroken(values)) faults.set(about, fault)
  }
  if (faults.size > 0) throw new Error(`The settings are not right:\n- ${[...faults.values()].join('\n- ')}`)
  return Object.freeze(toConfig(values as Values))
}

// A shorter name is a slip of many others.
const shortestLike = 6

/** The variables that look like a setting and are none, each with the setting that was meant. */
export function misspelt(env: Env): { name: string; meant: string }[] {
  return Object.keys(env)
    .filter((name) => name.length >= shortestLike && !settings.includes(name))
    .flatMap((name) => {
      const meant = settings.find((setting) => distance(name.toUpperCase(), setting) <= 2)
      return meant === undefined || meant.length < shortestLike ? [] : [{ name, meant }]
    })
}

function toConfig(given: Values) {
  const { beheerClientId: clientId, beheerClientSecret: clientSecret, ...others } = given
  const { signingKey: key, signingCertificates: certificates, ...values } = others
  return {
    ...values,
    beheer: clientId && clientSecret ? { clientId, clientSecret } : undefined,
    signatory: key && certificates ? { key, certificates } : undefined
  }
}

/** The values that are right, and one fault for each that is not. */
function readValues(env: Env) {
  const faults = new Map<Key, string>()
  const values: Partial<Record<Key, unknown>> = {}
  for (const key of Object.keys(table) as Key[]) {
    values[key] = readSetting(table[key], env, (fault) => faults.set(key, fault))
  }
  return { values: values as Partial<Values>, faults }
}

type Fail = (fault: string) => void

function readSetting(setting: Setting, env: Env, fail: Fail): unknown {
  const text = textOf(setting, env, fail)
  if (text === undefined) return undefined
  const value = setting.form.read(text)
  if (value === undefined) fail(`${setting.name}: must be ${setting.form.rule}`)
  return value
}

function textOf({ name, byDefault, orFile }: Setting, env: Env, fail: Fail): string | undefined {
  const file = orFile && env[`${name}_FILE`]?.trim()
  if (!file) return env[name]?.trim() || byDefault
  const text = contentsOf(file)
  if (!text) fail(`${name}_FILE: the file ${text === '' ? 'is empty' : 'cannot be read'}`)
  return text || undefined
}

function contentsOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return undefined
  }
}

function matching(pattern: RegExp, rule: string): Form<string> {
  return { rule, read: (text) => (pattern.test(text) ? text : undefined) }
}

function choice<Value>(values: Readonly<Record<string, Value>>): Form<Value> {
  return {
    rule: `one of ${Object.keys(values).join(', ')}`,
    read: (text) => (Object.hasOwn(values, text) ? values[text] : undefined)
  }
}

function wholeNumber(from: number, to: number): Form<number> {
  const read = (text: string) => {
    const number = /^\d+$/.test(text) ? Number(text) : -1
    return number >= from && number <= to ? number : undefined
  }
  return { rule: `a whole number from ${from} to ${to}`, read }
}

function list<Part>(readPart: (text: string) => Part | undefined, rule: string): Form<readonly Part[]> {
  const read = (text: string) => {
    const texts = text.split(',').map((part) => part.trim())
    const parts = texts.filter(Boolean).map(readPart)
    return parts.includes(undefined) ? undefined : (parts as Part[])
  }
  return { rule, read }
}

function readIssuer(text: string) {
  const [, issuer, jwksUrl] = /^(https?:\/\/[^\s|]+)\|(https?:\/\/[^\s|]+)$/.exec(text) ?? []
  return issuer && jwksUrl ? { issuer, jwksUrl } : undefined
}

// Values are percent-encoded, as OpenTelemetry asks.
function readHeader(text: string): readonly [name: string, value: string] | undefined {
  const [, name, value] = /^([\w!#$%&'*+.^`|~-]+)\s*=\s*([\x21-\x7E]+)$/.exec(text) ?? []
  if (name === undefined || value === undefined) return undefined
  try {
    const decoded = decodeURIComponent(value)
    return /^[\x20-\x7E]+$/.test(decoded) ? [name, decoded] : undefined
  } catch {
    return undefined
  }
}

function readShare(text: string): number | undefined {
  return /^(0|1|0?\.\d{1,6}|[01]\.0{1,6})$/.test(text) ? Number(text) : undefined
}

// Checked here because Fastify refuses a wrong address with a message that shows it.
function readNetwork(text: string): string | undefined {
  const [, address = '', prefix] = /^([^/]+)(?:\/([1-9]\d*))?$/.exec(text) ?? []
  const longest = isIP(address) === 6 ? 128 : 32
  return isIP(address) > 0 && Number(prefix ?? longest) <= longest ? text : undefined
}

function readInstant(text: string): Date | undefined {
  const instant = new Date(/^\d{4}-\d\d-\d\dT.+(Z|[+-]\d\d:\d\d)$/.test(text) ? text : '')
  return Number.isNaN(instant.getTime()) ? undefined : instant
}

function readRsaKey(text: string): KeyObject | undefined {
  try {
    const key = createPrivateKey(text)
    const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
    return key.asymmetricKeyType === 'rsa' && modulusLength >= 2_048 ? key : undefined
  } catch {
    return undefined
  }
}

function readCertificates(text: string): X509Certificate[] | undefined {
  try {
    const found = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
    return found.length > 0 ? found.map((pem) => new X509Certificate(pem)) : undefined
  } catch {
    return undefined
  }
}

function isHttps(address: string | undefined): boolean {
  return address?.startsWith('https://') ?? false
}

function isSameDatabase(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined || !URL.canParse(one) || !URL.canParse(other)) return false
  const [a, b] = [new URL(one), new URL(other)]
  return a.hostname === b.hostname && (a.port || '5432') === (b.port || '5432') && a.pathname === b.pathname
}
