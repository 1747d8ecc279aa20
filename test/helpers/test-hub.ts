import { createSecretKey, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import type { Test } from 'tap'
import { type BezorgerParts, openBezorger } from '../../src/abonnementen/bezorgen/bezorger.ts'
import { buildApp } from '../../src/app.ts'
import type { Scope } from '../../src/begrippen/scopes.ts'
import { scopesPerRol } from '../../src/begrippen/scopes.ts'
import type { Sector } from '../../src/begrippen/vroegsignaal.ts'
import { ensureBeheerClient } from '../../src/organisaties/clients/register-beheer-client.ts'
import { type KeyRing, openKeyRing } from '../../src/platform/crypto/key-ring.ts'
import { openKnownKeys } from '../../src/platform/crypto/known-keys-store.ts'
import {
  type Connection,
  type Database,
  openDatabase,
  withConnection
} from '../../src/platform/database/open-database.ts'
import { openKeyPool } from '../../src/platform/database/open-key-pool.ts'
import { openLogger } from '../../src/platform/http/logger.ts'
import type { App } from '../../src/platform/http/typebox.ts'
import { openMetrics } from '../../src/platform/metrics/open-metrics.ts'
import { type Outgoing, openOutgoing } from '../../src/platform/outgoing/outgoing.ts'
import { systemClock } from '../../src/time.ts'
import { type Hub, openHub } from '../../src/toegang/hub.ts'
import { destroyerOf, sweep } from '../../src/vernietiging/sweep.ts'
import { createTestDatabases, type TestDatabases } from './test-database.ts'
import { responseValidator } from './validate-response.ts'

export type Answer = LightMyRequestResponse
type Request = Omit<InjectOptions, 'url'> & { method: string; url: string }

/** A caller of the hub with its own token. */
export type Party = {
  readonly clientId: string
  readonly clientSecret: string
  readonly token: string
  call(request: Request): Promise<Answer>
  get(url: string): Promise<Answer>
  post(url: string, body?: object, headers?: Record<string, string>): Promise<Answer>
  patch(url: string, body: object, headers?: Record<string, string>): Promise<Answer>
  delete(url: string, headers?: Record<string, string>): Promise<Answer>
}

export type TestHub = {
  readonly app: App
  readonly hub: Hub
  readonly databases: TestDatabases
  readonly database: Database
  readonly keys: KeyRing
  /** The key that wraps its keys, for another process on the same databases. */
  readonly kek: string
  /** Every line that the hub logged. */
  readonly logLines: string[]
  readonly beheer: Party
  /** Moves the hub's clock, which stands still otherwise. */
  setClock(instant: string): void
  /** Makes a request. Answers of documented routes are checked against the OpenAPI document. */
  call(request: Request): Promise<Answer>
  /** Adds a municipality with its own client. */
  gemeente(gemeentecode: string, naam?: string, scopes?: readonly Scope[]): Promise<Party>
  /** Adds a partner with its own client, and an agreement in force with each of the municipalities. */
  signaalpartner(
    sectoren: readonly Sector[],
    gemeentecodes: readonly string[]
  ): Promise<Party & { id: string }>
  /** Adds a client. */
  client(body: object): Promise<Party>
  /** Delivers every event that waits and every delivery that is due, as a process of the hub does. */
  deliver(): Promise<void>
  /** Runs one sweep, as the sweeper does. */
  sweep(): Promise<number>
  /** Queries the database as superuser, who bypasses row level security. */
  admin<Row>(query: string, values?: unknown[]): Promise<Row[]>
}

type Options = {
  readonly now?: string
  /** The address that the hub puts in its answers. A test with a listening hub passes the real one. */
  readonly publicUrl?: string
  /** Gives the address by which the hub reaches its database, for tests that put a proxy in between. */
  readonly reach?: (databaseUrl: string) => Promise<string>
  /** How many requests of a kind a client may do. */
  readonly limits?: Partial<Hub['limits']>
  /** The maximum number of connections to the main database. */
  readonly poolSize?: number
  /** How the hub reaches receivers of events; by default it resolves no name. */
  readonly outgoing?: Outgoing
}

/** Opens a complete hub on its own databases. The end of the test tears everything down. */
export async function openTestHub(
  t: Test,
  {
    now = '2026-11-20T09:00:00Z',
    publicUrl = 'http://hub.test',
    reach = async (url) => url,
    poolSize = 24,
    limits = {},
    outgoing = openOutgoing({ resolve: async () => Promise.reject(new Error('no names here')) })
  }: Options = {}
): Promise<TestHub> {
  const databases = await createTestDatabases()
  let time = new Date(now)
  const clock = () => new Date(time)
  const ignore = () => undefined
  const connected = { url: await reach(databases.databaseUrl), clock, onError: ignore }
  const database = openDatabase({ ...connected, poolSize })
  const pages = openDatabase({ ...connected, poolSize: 4 })
  const keeper = openDatabase({ url: databases.databaseUrl, poolSize: 1, clock, onError: ignore })
  const keyPool = openKeyPool({ ...connected, url: databases.sleutelDatabaseUrl, poolSize: 4 })
  const kek = randomBytes(32)
  const known = openKnownKeys(keeper)
  const keys = await openKeyRing(keyPool, createSecretKey(kek), clock, known)
  const logLines: string[] = []
  const logger = openLogger('trace', { write: (line: string) => void logLines.push(line) })
  const sweeper = { database, keys: () => keys, clock, publicUrl }
  const hub = openHub({
    ...sweeper,
    pages,
    figures: database,
    externalIssuers: [],
    ending: new AbortController().signal,
    limits: { verzoeken: 3_000, aanleveren: 30_000, zoekvragen: 20_000, ...limits },
    destroyNow: destroyerOf(sweeper, ignore),
    wakeSweeper: ignore,
    reportUnreadable: (vroegsignaalIds) => logger.error({ vroegsignaalIds }, 'unreadable'),
    metrics: openMetrics()
  })
  const app = await buildApp({ hub, logger, isReady: async () => true, outgoing })
  t.teardown(async () => {
    await app.close()
    await database.close()
    await pages.close()
    await keeper.close()
    await keyPool.close()
    await databases.drop()
  })

  const call = checkedCall(t, app, logLines)
  const made = await ensureBeheerClient(database, keys, clock())
  const party = (client: { clientId: string; clientSecret: string }) => openParty(call, client)
  const beheer = await party(made!)
  const client = async (body: object) => party(await created(beheer.post('/v1/clients', body)))
  const gemeenten = new Map<string, Party>()

  return {
    app,
    hub,
    databases,
    database,
    keys,
    kek: kek.toString('base64'),
    logLines,
    beheer,
    setClock: (instant) => {
      time = new Date(instant)
    },
    call,
    client,
    gemeente: async (gemeentecode, naam = `Gemeente ${gemeentecode}`, scopes = scopesPerRol.gemeente) => {
      if (!gemeenten.has(gemeentecode)) await created(beheer.post('/v1/gemeenten', { gemeentecode, naam }))
      const opened = await client({ naam, rol: 'gemeente', gemeentecodes: [gemeentecode], scopes })
      // Who signs for it.
      if (scopes.includes('overeenkomsten:ondertekenen')) gemeenten.set(gemeentecode, opened)
      return opened
    },
    signaalpartner: async (sectoren, gemeentecodes) => {
      const naam = `Partner ${randomBytes(3).toString('hex')}`
      const { id } = await created(beheer.post('/v1/signaalpartners', { naam, sectoren }))
      const scopes = scopesPerRol.signaalpartner
      const opened = await client({ naam, rol: 'signaalpartner', signaalpartnerId: id, scopes })
      for (const gemeentecode of gemeentecodes) {
        await signAgreement(beheer, opened, gemeenten.get(gemeentecode)!, {
          signaalpartnerId: id,
          gemeentecode,
          sectoren
        })
      }
      return { ...opened, id }
    },
    deliver: () => deliverAll({ database, keys: () => keys, clock, publicUrl, outgoing }),
    sweep: async () => (await sweep(sweeper)).vroegsignalen,
    admin: (query, values) =>
      withConnection(
        databases.adminUrl,
        async (connection: Connection) => (await connection.query(query, values)).rows
      )
  }
}

/** Delivers with one bezorger, as often as there is work, and waits for the last outcome. */
export async function deliverAll(
  parts: Omit<BezorgerParts, 'machineClock' | 'onSwitchedOff' | 'onError'>
): Promise<void> {
  const failures: unknown[] = []
  const bezorger = openBezorger({
    ...parts,
    machineClock: systemClock(),
    onSwitchedOff: () => undefined,
    onError: (error) => void failures.push(error)
  })
  while ((await bezorger.begin()) > 0) await bezorger.allEnded()
  if (failures.length > 0) throw failures[0]
}

/** Creates an agreement and has both parties sign it. Returns its id. */
export async function signAgreement(
  beheer: Party,
  partner: Party,
  gemeente: Party,
  terms: { signaalpartnerId: string; gemeentecode: string; sectoren: readonly Sector[] }
): Promise<string> {
  const agreement = { ...terms, convenantversie: 'LCV 2020', ingangsdatum: '2020-01-01' }
  const { id } = await created(beheer.post('/v1/overeenkomsten', agreement))
  const url = `/v1/overeenkomsten/${id}/ondertekeningen`
  await created(partner.post(url, { naam: 'P. Partner', functie: 'Manager' }))
  await created(gemeente.post(url, { naam: 'G. Gemeente', functie: 'Wethouder' }))
  return id
}

async function created(answer: Promise<Answer>) {
  const { statusCode, body } = await answer
  if (statusCode !== 201) throw new Error(`expected 201, got ${statusCode}: ${body}`)
  return JSON.parse(body)
}

async function openParty(
  call: TestHub['call'],
  { clientId, clientSecret }: { clientId: string; clientSecret: string }
): Promise<Party> {
  const answer = await call({
    method: 'POST',
    url: '/oauth/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret
    }).toString()
  })
  const token: string = answer.json().access_token
  const send = (request: Request) =>
    call({ ...request, headers: { authorization: `Bearer ${token}`, ...request.headers } })
  const withBody =
    (method: string) =>
    (url: string, body?: object, headers: Record<string, string> = {}) =>
      send({ method, url, headers, ...(body && { payload: body }) } as Request)
  return {
    clientId,
    clientSecret,
    token,
    call: send,
    get: (url) => send({ method: 'GET', url }),
    post: withBody('POST'),
    patch: withBody('PATCH'),
    delete: (url, headers = {}) => send({ method: 'DELETE', url, headers })
  }
}

// Every answer in every test is checked against the OpenAPI document, so clients get what it promises.
function checkedCall(t: Test, app: App, logLines: readonly string[]): TestHub['call'] {
  contract ??= readContract()
  const { routeOf, validate } = contract
  return async (request) => {
    const answer = await app.inject(request as InjectOptions)
    if (answer.statusCode === 500) t.comment(logLines.filter((line) => line.includes('"err"')).at(-1))
    const route = routeOf(request)
    if (route !== undefined) {
      const { statusCode: status, headers, body } = answer
      const faults = validate({ method: request.method, route, status, headers, body })
      if (faults.length > 0) t.fail('answer breaks the OpenAPI document', { faults })
    }
    return answer
  }
}

type Contract = {
  /** The path of the document that a request is for. */
  readonly routeOf: (request: Request) => string | undefined
  readonly validate: ReturnType<typeof responseValidator>
}

let contract: Contract | undefined

// From its file, which test/openapi.test.ts holds to the routes: making it takes as long as opening a hub.
function readContract(): Contract {
  const document = JSON.parse(readFileSync(new URL('../../openapi/openapi.json', import.meta.url), 'utf8'))
  const routes = Object.entries<Record<string, object>>(document.paths)
    .map(([route, methods]) => ({ route, methods, pattern: patternOf(route) }))
    // A fixed segment wins from a parameter, as in the router.
    .sort((a, b) => a.route.split('{').length - b.route.split('{').length)
  return {
    routeOf: ({ method, url }) => {
      const path = url.split('?')[0]!.replace(/^(\/ddas)?\/v1/, '')
      return routes.find(({ methods, pattern }) => method.toLowerCase() in methods && pattern.test(path))
        ?.route
    },
    validate: responseValidator(document)
  }
}

function patternOf(route: string): RegExp {
  return new RegExp(`^${route.replace(/\{[^}]+\}/g, '[^/]+')}$`)
}
