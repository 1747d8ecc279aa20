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

/** A delivery whose body the test holds in its hand. */
export type OpenDelivery = {
  write(part: string | Buffer): void
  end(part?: string | Buffer): Promise<Reply>
  /** The answer; rejects when the connection breaks first. */
  readonly reply: Promise<Reply>
  /** Breaks the connection, as a lost network does. */
  cut(): void
}

/** Signals of different references and customers, spread over this many house numbers. */
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

/** Sends a whole delivery. */
export function deliver(
  party: Party,
  payload: string | Buffer,
  form: string = 'application/x-ndjson',
  headers: Record<string, string> = {}
): Promise<Answer> {
  const sent = { 'content-type': form, ...headers }
  return party.call({ method: 'POST', url: '/v1/aanleveringen', payload, headers: sent } as never)
}

/** What the hub says of each line of a delivery that was just answered, over as many pages as it takes. */
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

/** `location code` of every fault of a line or of a refused delivery. */
export function faultsOf({ errors }: { errors?: readonly { location: string; code: string }[] }): string[] {
  return (errors ?? []).map(({ location, code }) => `${location} ${code}`)
}

/** Has the test's hub listen; its address. */
export async function listen(hub: TestHub): Promise<string> {
  await hub.app.listen({ port: 0, host: '127.0.0.1' })
  return `http://127.0.0.1:${(hub.app.server.address() as AddressInfo).port}`
}

/** Opens a delivery over a real connection; nothing of its body is sent yet. */
export function beginDelivery(
  url: string,
  token: string,
  headers: Record<string, string> = {}
): OpenDelivery {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>()
  promise.catch(() => undefined)
  const sent = { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson', ...headers }
  const outgoing = request(`${url}/v1/aanleveringen`, { method: 'POST', headers: sent, agent: false })
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

/** Waits until so many deliveries have rows in their open transactions; their sessions at the database. */
export async function untilWriting(hub: TestHub, count = 1): Promise<number[]> {
  return withConnection(hub.databases.adminUrl, async (client) => {
    for (;;) {
      const { rows } = await client.query<{ pid: number }>(writing)
      if (rows.length === count) return rows.map(({ pid }) => pid)
      await sleep(5)
    }
  })
}

/** Waits until no session works on anything any more: what a killed one did is committed or gone. */
export async function untilQuiet(hub: TestHub): Promise<void> {
  const busy = `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
    and state <> 'idle'`
  await withConnection(hub.databases.adminUrl, async (client: Connection) => {
    while ((await client.query(busy)).rowCount !== 0) await sleep(5)
  })
}

/** How many rows of each kind a delivery leaves behind, as committed. */
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
