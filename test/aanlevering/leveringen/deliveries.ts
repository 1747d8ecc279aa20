import { type IncomingHttpHeaders, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Connection, withConnection } from '../../../src/platform/database/open-database.ts'
import { aSignal, type Overrides } from '../../helpers/builders.ts'
import type { Answer, Party, TestHub } from '../../helpers/test-hub.ts'

export type Form = 'application/x-ndjson' | 'text/csv' | 'application/json'
export type Reply = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly json: Record<string, unknown>
}
export type Line = {
  readonly regel: number
  readonly referentie?: string
  readonly uitkomst: string
  readonly vroegsignaalId?: string
  readonly errors: readonly { location: string; code: string; detail: string; grondslag?: string }[]
}

/** A delivery whose body the test writes piece by piece. */
export type OpenDelivery = {
  write(part: string | Buffer): void
  end(part?: string | Buffer): Promise<Reply>
  /** The answer. Rejects when the connection breaks first. */
  readonly reply: Promise<Reply>
  /** Breaks the connection, as a lost network does. */
  cut(): void
}

/** Signals with different references and customers, spread over `addresses` house numbers. */
export function manySignals(count: number, prefix = 'R', addresses = 50, overrides: Overrides = {}) {
  return Array.from({ length: count }, (_, n) =>
    aSignal({
      referentie: `${prefix}-${n}`,
      adres: { huisnummer: 1 + (n % addresses) },
      betrokkene: { naam: { geslachtsnaam: `Proefpersoon ${n}` } },
      ...overrides
    })
  )
}

export function ndjson(signals: readonly unknown[]): string {
  return signals.map((signal) => `${JSON.stringify(signal)}\n`).join('')
}

export function deliver(
  party: Party,
  payload: string | Buffer,
  form: string = 'application/x-ndjson',
  headers: Record<string, string> = {}
): Promise<Answer> {
  const sent = { 'content-type': form, ...headers }
  return party.call({ method: 'POST', url: '/v1/aanleveringen', payload, headers: sent } as never)
}

/** The hub's report on each line of a finished delivery, from all pages. */
export async function linesOf(party: Party, id: string, query = ''): Promise<Line[]> {
  const lines: Line[] = []
  let next: string | undefined = `/v1/aanleveringen/${id}/regels?limit=1000${query}`
  while (next !== undefined) {
    const answer: Answer = await party.get(next)
    lines.push(...answer.json().resultaten)
    next = /<[^>]*(\/v1[^>]+)>; rel="next"/.exec(String(answer.headers.link ?? ''))?.[1]
  }
  return lines
}

/** The faults of a line or of a refused delivery, each as `location code`. */
export function faultsOf({ errors }: { errors?: readonly { location: string; code: string }[] }): string[] {
  return (errors ?? []).map(({ location, code }) => `${location} ${code}`)
}

/** Makes the test hub listen on a port. Returns its address. */
export async function listen(hub: TestHub): Promise<string> {
  await hub.app.listen({ port: 0, host: '127.0.0.1' })
  return `http://127.0.0.1:${(hub.app.server.address() as AddressInfo).port}`
}

/** An access token for a party, from a hub that listens at `url`. */
export async function tokenFrom(url: string, { clientId, clientSecret }: Party): Promise<string> {
  const answer = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret
    })
  })
  return ((await answer.json()) as { access_token: string }).access_token
}

/** Opens a delivery over a real connection. No part of the body is sent yet. */
export function beginDelivery(
  url: string,
  token: string,
  headers: Record<string, string> = {},
  path = '/v1/aanleveringen'
): OpenDelivery {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>()
  promise.catch(() => undefined)
  const sent = { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson', ...headers }
  const outgoing = request(`${url}${path}`, { method: 'POST', headers: sent, agent: false })
  outgoing.on('error', reject)
  outgoing.on('response', async (answer) => {
    try {
      const text = Buffer.concat(await answer.toArray()).toString()
      resolve({ status: answer.statusCode!, headers: answer.headers, json: JSON.parse(text) })
    } catch (error) {
      reject(error)
    }
  })
  outgoing.flushHeaders()
  return {
    write: (part) => void outgoing.write(part),
    end: (part) => {
      outgoing.end(part)
      return promise
    },
    reply: promise,
    cut: () => void outgoing.destroy()
  }
}

const writing = `select distinct pid from pg_locks where relation = 'aanlevering_deel'::regclass
  and mode = 'RowExclusiveLock' and database = (select oid from pg_database where datname = current_database())`

/** Waits until `count` deliveries have written rows in open transactions. Returns the pids of their sessions. */
export async function untilWriting(hub: TestHub, count = 1): Promise<number[]> {
  return withConnection(hub.databases.adminUrl, async (client) => {
    for (;;) {
      const { rows } = await client.query<{ pid: number }>(writing)
      if (rows.length === count) return rows.map(({ pid }) => pid)
      await sleep(5)
    }
  })
}

/** Waits until every database session is idle. By then the work of a killed process is committed or gone. */
export async function untilQuiet(hub: TestHub): Promise<void> {
  const busy = `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
    and state <> 'idle'`
  await withConnection(hub.databases.adminUrl, async (client: Connection) => {
    while ((await client.query(busy)).rowCount !== 0) await sleep(5)
  })
}

/** The number of committed rows in each table that a delivery writes to. */
export async function countRows(hub: TestHub): Promise<Record<string, number>> {
  const tables = [
    'vroegsignaal',
    'aanlevering',
    'aanlevering_deel',
    'idempotentie',
    'verwerking',
    'afwijzing_telling',
    'huishouden_markering',
    'huishouden'
  ]
  const [counts] = await hub.admin<Record<string, number>>(
    `select ${tables.map((table) => `(select count(*)::int from ${table}) as ${table}`).join(', ')}`
  )
  return counts!
}
