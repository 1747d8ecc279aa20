import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import cron from 'node-cron'

export type Config = {
  readonly isProduction: boolean
  readonly host: string
  readonly port: number
  /** External base address; undefined = follows from host and port. */
  readonly publicUrl: string | undefined
  /** Undefined = an embedded PostgreSQL in `dataDir`. */
  readonly databaseUrl: string | undefined
  readonly sleutelDatabaseUrl: string | undefined
  readonly migratieDatabaseUrl: string | undefined
  readonly isMigrating: boolean
  readonly poolSize: number
  /** Whether the server keeps the plans of statements. */
  readonly isPreparing: boolean
  readonly dataDir: string
  /** 32 bytes, base64. */
  readonly kek: string | undefined
  readonly beheer: { readonly clientId: string; readonly clientSecret: string } | undefined
  readonly externalIssuers: readonly { readonly issuer: string; readonly jwksUrl: string }[]
  readonly trustedProxies: readonly string[]
  readonly proefKlok: Date | undefined
  readonly vernietigingCron: string
  readonly logLevel: string
}

type Env = Readonly<Record<string, string | undefined>>

/** A setting as the documentation lists it; `.env.example` says the rest. */
export const settings = [
  'NODE_ENV',
  'HOST',
  'PORT',
  'PUBLIC_URL',
  'DATABASE_URL',
  'DATABASE_URL_FILE',
  'SLEUTEL_DATABASE_URL',
  'SLEUTEL_DATABASE_URL_FILE',
  'MIGRATIE_DATABASE_URL',
  'MIGRATIE_DATABASE_URL_FILE',
  'MIGREREN',
  'DATABASE_POOL',
  'DATABASE_VOORBEREIDEN',
  'DATA_DIR',
  'KEK',
  'KEK_FILE',
  'BEHEER_CLIENT_ID',
  'BEHEER_CLIENT_SECRET',
  'BEHEER_CLIENT_SECRET_FILE',
  'EXTERNE_UITGEVERS',
  'VERTROUWDE_PROXIES',
  'PROEF_KLOK',
  'VERNIETIGING_CRON',
  'LOG_LEVEL'
] as const
type Setting = (typeof settings)[number]

const minimumSecretLength = 32

/**
 * Reads the settings from an environment. Throws one error that lists everything wrong by name and rule, never by
 * value; in production also everything that is only fit for trying out.
 */
export function readConfig(env: Env): Config {
  const faults: string[] = []
  const { text, secret, check } = readers(env, faults)
  const isProduction = env.NODE_ENV?.trim().toLowerCase() === 'production'
  const databaseAddress = (name: Setting) =>
    check(name, secret(name), /^postgres(ql)?:\/\/\S+$/, 'a postgres:// address', same)
  const yesOrNo = (name: Setting, byDefault: 'ja' | 'nee') =>
    check(name, text(name) ?? byDefault, /^(ja|nee)$/, 'ja or nee', (value) => value === 'ja')
  const databaseUrl = databaseAddress('DATABASE_URL')
  const clientId = text('BEHEER_CLIENT_ID')
  const clientSecret = secret('BEHEER_CLIENT_SECRET')
  const config: Config = {
    isProduction,
    host: text('HOST') ?? '127.0.0.1',
    port: check('PORT', text('PORT') ?? '3000', portForm, 'a port number, 0 for a free one', Number),
    publicUrl: check(
      'PUBLIC_URL',
      text('PUBLIC_URL'),
      /^https?:\/\/[^/\s?#@]+$/,
      'a base address without a path',
      same
    ),
    databaseUrl,
    sleutelDatabaseUrl: databaseAddress('SLEUTEL_DATABASE_URL'),
    migratieDatabaseUrl: databaseAddress('MIGRATIE_DATABASE_URL'),
    isMigrating: yesOrNo('MIGREREN', 'ja'),
    poolSize: check('DATABASE_POOL', text('DATABASE_POOL') ?? '16', /^[1-9]\d{0,2}$/, '1 to 999', Number),
    isPreparing: yesOrNo('DATABASE_VOORBEREIDEN', 'ja'),
    dataDir: resolve(text('DATA_DIR') ?? './data'),
    kek: check('KEK', secret('KEK'), /^[A-Za-z0-9+/]{43}=$/, '32 bytes in base64', same),
    beheer: clientId && clientSecret ? { clientId, clientSecret } : undefined,
    externalIssuers: check(
      'EXTERNE_UITGEVERS',
      text('EXTERNE_UITGEVERS') ?? '',
      issuerList,
      issuerRule,
      readIssuers
    ),
    trustedProxies: check(
      'VERTROUWDE_PROXIES',
      text('VERTROUWDE_PROXIES') ?? '',
      /^[0-9a-fA-F.:/,\s]*$/,
      'addresses or ranges separated by commas',
      readList
    ),
    proefKlok: check(
      'PROEF_KLOK',
      text('PROEF_KLOK'),
      /^\d{4}-\d\d-\d\dT.+(Z|[+-]\d\d:\d\d)$/,
      'an instant',
      toDate
    ),
    vernietigingCron: text('VERNIETIGING_CRON') ?? '15 3 * * *',
    logLevel: check(
      'LOG_LEVEL',
      text('LOG_LEVEL') ?? 'info',
      /^(trace|debug|info|warn|error|silent)$/,
      'a pino level',
      same
    )
  }
  if (config.proefKlok && Number.isNaN(config.proefKlok.getTime()))
    faults.push('PROEF_KLOK: must be an instant')
  if (!cron.validate(config.vernietigingCron)) faults.push('VERNIETIGING_CRON: must be a cron expression')
  if ((clientId === undefined) !== (clientSecret === undefined)) {
    faults.push('BEHEER_CLIENT_ID and BEHEER_CLIENT_SECRET: give both or neither')
  }
  if (isProduction) faults.push(...unfitForProduction(config))
  if (faults.length > 0) throw new Error(`The settings are not right:\n- ${faults.join('\n- ')}`)
  return Object.freeze(config)
}

function unfitForProduction(config: Config): string[] {
  return [
    ...(config.databaseUrl ? [] : ['DATABASE_URL: required; the embedded PostgreSQL is for trying out']),
    ...(config.sleutelDatabaseUrl
      ? []
      : ['SLEUTEL_DATABASE_URL: required; keys and rows may not share backups']),
    ...(isSameDatabase(config.sleutelDatabaseUrl, config.databaseUrl)
      ? ['SLEUTEL_DATABASE_URL: must name another database than DATABASE_URL']
      : []),
    ...(config.kek ? [] : ['KEK or KEK_FILE: required; a generated key is for trying out']),
    ...(config.publicUrl?.startsWith('https://') ? [] : ['PUBLIC_URL: required, and https']),
    ...(config.externalIssuers.every(({ jwksUrl }) => jwksUrl.startsWith('https://'))
      ? []
      : ['EXTERNE_UITGEVERS: keys must come over https']),
    ...(config.proefKlok ? ['PROEF_KLOK: a trial clock is refused in production'] : []),
    ...(config.beheer && config.beheer.clientSecret.length < minimumSecretLength
      ? [`BEHEER_CLIENT_SECRET: at least ${minimumSecretLength} characters`]
      : [])
  ]
}

function isSameDatabase(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined || !URL.canParse(one) || !URL.canParse(other)) return false
  const [a, b] = [new URL(one), new URL(other)]
  return a.hostname === b.hostname && (a.port || '5432') === (b.port || '5432') && a.pathname === b.pathname
}

const portForm = /^(\d{1,4}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])$/
const issuerList = /^(https?:\/\/[^\s,|]+\|https?:\/\/[^\s,|]+(,|$))*$/
const issuerRule = 'pairs issuer|jwks-address separated by commas'

function readIssuers(value: string) {
  return readList(value).map((pair) => {
    const [issuer = '', jwksUrl = ''] = pair.split('|')
    return { issuer, jwksUrl }
  })
}

function readList(value: string): string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
}

function same(value: string): string {
  return value
}

function toDate(value: string): Date {
  return new Date(value)
}

function readers(env: Env, faults: string[]) {
  const text = (name: Setting) => env[name]?.trim() || undefined
  const secret = (name: Setting) => {
    const file = env[`${name}_FILE`]?.trim()
    if (!file) return text(name)
    try {
      return readFileSync(file, 'utf8').trim() || undefined
    } catch {
      faults.push(`${name}_FILE: the file cannot be read`)
      return undefined
    }
  }
  function check<Value>(
    name: Setting,
    value: string,
    form: RegExp,
    rule: string,
    read: (value: string) => Value
  ): Value
  function check<Value>(
    name: Setting,
    value: string | undefined,
    form: RegExp,
    rule: string,
    read: (value: string) => Value
  ): Value | undefined
  function check<Value>(
    name: Setting,
    value: string | undefined,
    form: RegExp,
    rule: string,
    read: (value: string) => Value
  ) {
    if (value === undefined) return undefined
    if (!form.test(value)) faults.push(`${name}: must be ${rule}`)
    return read(value)
  }
  return { text, secret, check }
}
