import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Test } from 'tap'
import { scopesPerRol } from '../../src/begrippen/scopes.ts'
import type { Sector } from '../../src/begrippen/vroegsignaal.ts'
import { type Connection, withConnection } from '../../src/platform/database/open-database.ts'
import { freePort } from '../../src/platform/free-port.ts'
import { type Credentials, must, openParty, type Party } from '../demo/open-party.ts'
import { createTestDatabases } from '../helpers/test-database.ts'
import { type ServerProcess, startServer } from '../platform/server-process.ts'
import { type Gate, makeGate, throughGate } from '../platform/tcp-gate.ts'
import { type DatabaseServer, openDatabaseServer } from './database-server.ts'

/** One instance of the hub, with a gate of its own before each database. */
export type Instance = {
  readonly url: string
  readonly gate: Gate
  readonly keyGate: Gate
  /** Starts it, and resolves when it is ready. */
  start(settings?: Record<string, string>): Promise<void>
  /** The process that was started last. */
  process(): ServerProcess
  /** Megabytes that the process has in memory. */
  memory(): number
}

/** A partner or a municipality, with its client. */
export type Participant = { readonly code: string; readonly id: string; readonly credentials: Credentials }

export type FaultStage = {
  readonly server: DatabaseServer
  readonly adminUrl: string
  /** The main database for the login that owns it and migrates. */
  readonly ownerUrl: string
  readonly beheer: Credentials
  /** Adds an instance, of this source or of the `src/server.ts` that is named; it is not started yet. */
  addInstance(settings?: Record<string, string>, server?: string): Promise<Instance>
  /** Enrols partners and municipalities by way of a running instance; every partner has an agreement with each. */
  enrol(
    url: string,
    partners: readonly { readonly code: string; readonly sectoren: readonly Sector[] }[],
    gemeentecodes: readonly string[]
  ): Promise<{ partners: Participant[]; gemeenten: Participant[] }>
  /** Queries the database as superuser, past every gate. */
  admin<Row>(query: string, values?: unknown[]): Promise<Row[]>
}

const beheer: Credentials = { clientId: 'beheer', clientSecret: 'een-geheim-van-ten-minste-32-tekens' }
const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const flags: readonly string[] = (scripts.start as string).split(' ').slice(1, -1)

/** Opens a stage: a PostgreSQL of its own with the two databases of a hub. */
export async function openFaultStage(t: Test): Promise<FaultStage> {
  const server = await openDatabaseServer(t)
  process.env.TEST_DATABASE_URL = server.url('postgres')
  const { databaseUrl, sleutelDatabaseUrl, adminUrl, ownerUrl } = await createTestDatabases()
  const kek = randomBytes(32).toString('base64')
  return {
    server,
    adminUrl,
    ownerUrl,
    beheer,
    addInstance: async (always = {}, server?: string) => {
      const [gate, keyGate] = [await makeGate(databaseUrl), await makeGate(sleutelDatabaseUrl)]
      for (const one of [gate, keyGate]) {
        await one.open()
        t.teardown(one.shut)
      }
      const port = await freePort()
      let running: ServerProcess | undefined
      const process = () => running!
      return {
        url: `http://127.0.0.1:${port}`,
        gate,
        keyGate,
        start: async (settings = {}) => {
          running = startServer(
            t,
            {
              NODE_ENV: 'test',
              PORT: String(port),
              DATABASE_URL: throughGate(databaseUrl, gate),
              SLEUTEL_DATABASE_URL: throughGate(sleutelDatabaseUrl, keyGate),
              KEK: kek,
              BEHEER_CLIENT_ID: beheer.clientId,
              BEHEER_CLIENT_SECRET: beheer.clientSecret,
              ...always,
              ...settings
            },
            flags,
            server
          )
          await running.said('gereed')
        },
        process,
        memory: () => memoryOf(process().pid)
      }
    },
    enrol: async (url, partners, gemeentecodes) => {
      const operator = await openParty(url, beheer)
      const gemeenten: Participant[] = []
      for (const gemeentecode of gemeentecodes) {
        const naam = `Gemeente ${gemeentecode}`
        await must(201, operator.call('POST', '/v1/gemeenten', { gemeentecode, naam }))
        const credentials = await addClient(operator, 'gemeente', { gemeentecodes: [gemeentecode] })
        gemeenten.push({ code: gemeentecode, id: gemeentecode, credentials })
      }
      const joined: Participant[] = []
      for (const { code, sectoren } of partners) {
        const { id } = await must(
          201,
          operator.call('POST', '/v1/signaalpartners', { naam: `Partner ${code}`, sectoren })
        )
        const credentials = await addClient(operator, 'signaalpartner', { signaalpartnerId: id })
        joined.push({ code, id, credentials })
      }
      await withConnection(adminUrl, (client) => client.query(signAll))
      return { partners: joined, gemeenten }
    },
    admin: (query, values) =>
      withConnection(adminUrl, async (client: Connection) => (await client.query(query, values)).rows)
  }
}

async function addClient(
  operator: Party,
  rol: 'gemeente' | 'signaalpartner',
  of: object
): Promise<Credentials> {
  const body = { naam: `Systeem (${rol})`, rol, scopes: scopesPerRol[rol], ...of }
  return must(201, operator.call('POST', '/v1/clients', body))
}

// Through the API it takes three requests for each of them.
const signAll = `insert into overeenkomst (gemeentecode, id, signaalpartner_id, sectoren, convenantversie,
    ingangsdatum, ondertekening_signaalpartner, ondertekening_gemeente)
  select g.gemeentecode, gen_random_uuid(), p.id, p.sectoren, 'LCV 2020', '2020-01-01', o, o
  from gemeente g, signaalpartner p, jsonb_build_object('naam', 'T. Tekenbevoegd', 'functie', 'Gevolmachtigde',
    'op', '2020-01-01T00:00:00.000Z') o`

function memoryOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}
