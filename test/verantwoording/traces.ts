import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { withDatabase } from '../../src/platform/database/ensure-databases.ts'
import { withConnection } from '../../src/platform/database/open-database.ts'
import type { Answer, TestHub } from '../helpers/test-hub.ts'

/** Every form in which a value could turn up: as written, in other case, escaped, in hex and in base64. */
export function guisesOf(value: string): string[] {
  const cases = [value, value.toUpperCase(), value.toLowerCase()]
  const escaped = cases.flatMap((text) => [encodeURIComponent(text), JSON.stringify(text).slice(1, -1)])
  const bytes = cases.map((text) => Buffer.from(text))
  return [...new Set([...cases, ...escaped, ...bytes.flatMap(encodings)])]
}

/** The ways in which a hash or other bytes are written: hex and base64. */
export function encodings(bytes: Buffer): string[] {
  const hex = bytes.toString('hex')
  return [hex, hex.toUpperCase(), ...[0, 1, 2].flatMap((shift) => inBase64(bytes, shift))]
}

// Also matches inside longer base64: neighbouring bytes only affect the first and last characters, which are cut off.
function inBase64(bytes: Buffer, shift: number): string[] {
  const shifted = Buffer.concat([Buffer.alloc(shift), bytes])
  const from = shift === 0 ? 0 : shift + 1
  const whole = Math.floor((shifted.length * 8) / 6)
  return [shifted.toString('base64'), shifted.toString('base64url')].map((text) => text.slice(from, whole))
}

/** The guises that occur in the text. */
export function tracesIn(text: string, guises: readonly string[]): string[] {
  return guises.filter((guise) => text.includes(guise))
}

/** The part of an answer that a proxy on the way may keep: the headers, and the body of an error. */
export function exposedPart({ statusCode, headers, body }: Answer): string {
  return JSON.stringify(headers) + (statusCode >= 400 ? body : '')
}

/** All rows of all tables of both databases as text, by table. */
export async function dumpTables({ databases }: TestHub): Promise<Map<string, string>> {
  const keyDatabase = new URL(databases.sleutelDatabaseUrl).pathname.slice(1)
  const both = [databases.adminUrl, withDatabase(databases.adminUrl, keyDatabase)]
  return new Map((await Promise.all(both.map(dumpDatabase))).flat())
}

/** The same without what accounts for who asked: the processing log and the look-ups of a client. */
export function withoutTraces(dump: Map<string, string>): Map<string, string> {
  return new Map([...dump].filter(([table]) => !['verwerkingsblad', 'dagverbruik'].includes(table)))
}

function dumpDatabase(url: string): Promise<[table: string, rows: string][]> {
  return withConnection(url, async (client) => {
    const tables = await client.query(`select relname as naam from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'm')`)
    const dumped: [string, string][] = []
    for (const { naam } of tables.rows) {
      const { rows } = await client.query(`select t::text as rij from ${client.escapeIdentifier(naam)} t`)
      dumped.push([naam, rows.map(({ rij }) => rij).join('\n')])
    }
    return dumped
  })
}

/** The same, made by the backup tool pg_dump. Undefined without a pg_dump that fits. */
export function pgDump({ databases }: TestHub): string | undefined {
  const version = spawnSync('pg_dump', ['--version'], { encoding: 'utf8' }).stdout ?? ''
  if (Number(/(\d+)\./.exec(version)?.[1] ?? 0) < 15) return undefined
  const { status, stdout } = spawnSync('pg_dump', ['--dbname', databases.adminUrl], { encoding: 'utf8' })
  return status === 0 ? stdout : undefined
}

/** The notes of PostgreSQL itself: its log, if we can reach it, and the last statement of each session. */
export async function serverNotes(hub: TestHub): Promise<string> {
  const [place] = await hub.admin<{ folder: string }>(`select current_setting('data_directory') as folder`)
  const log = join(place!.folder, '..', 'postgres.log')
  const sessions = await hub.admin<{ query: string }>('select query from pg_stat_activity')
  const notes = sessions.map(({ query }) => query)
  return [...notes, existsSync(log) ? readFileSync(log, 'utf8') : ''].join('\n')
}
