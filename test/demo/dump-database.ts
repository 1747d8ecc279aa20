import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { type Connection, withConnection } from '../../src/platform/database/open-database.ts'
import { progress } from './expect.ts'

/** The text of a whole database, and the number of rows per table. */
export type Dump = { readonly content: Buffer; readonly rows: ReadonlyMap<string, number> }

/**
 * Dumps the whole main database. Uses pg_dump if there is one that is new enough for the server. Otherwise reads every
 * row of every table in every schema as text, which gives the same content.
 */
export async function dumpDatabase(adminUrl: string): Promise<Dump> {
  const content = await withConnection(adminUrl, async (client) => {
    const { rows } = await client.query('show server_version_num')
    const server = Math.floor(Number(rows[0].server_version_num) / 10_000)
    const own = pgDumpVersion()
    if (own !== undefined && own >= server) return runPgDump(adminUrl)
    const why = own === undefined ? 'er is geen pg_dump' : `pg_dump ${own} is ouder dan de server (${server})`
    progress(`${why}; in plaats daarvan wordt elke tabel van elk schema als tekst gelezen`)
    return copyAll(client)
  })
  return { content, rows: countRows(content) }
}

function pgDumpVersion(): number | undefined {
  const { stdout, status } = spawnSync('pg_dump', ['--version'], { encoding: 'utf8' })
  const version = status === 0 ? / (\d+)[.\w]*/.exec(stdout)?.[1] : undefined
  return version === undefined ? undefined : Number(version)
}

async function runPgDump(adminUrl: string): Promise<Buffer> {
  const { hostname, port, username, password, pathname } = new URL(adminUrl)
  const child = spawn(
    'pg_dump',
    ['--host', hostname, '--port', port, '--username', username, pathname.slice(1)],
    {
      // Everyone on the machine can read a command line, so the password goes in the environment.
      env: { PATH: process.env.PATH ?? '', PGPASSWORD: decodeURIComponent(password) },
      stdio: ['ignore', 'pipe', 'pipe']
    }
  )
  const chunks: Buffer[] = []
  const complaints: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => void chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => void complaints.push(chunk))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`pg_dump eindigde met ${code}: ${Buffer.concat(complaints)}`)
  return Buffer.concat(chunks)
}

async function copyAll(client: Connection): Promise<Buffer> {
  const tables = await client.query(`select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema') order by 1`)
  const parts: string[] = []
  for (const { name } of tables.rows) {
    const { rows } = await client.query(`select t::text as line from ${name} t`)
    // The format of a dump, so one reader handles both.
    parts.push(`COPY ${name} FROM stdin;`, ...rows.map(({ line }) => line.replaceAll('\n', '\\n')), '\\.')
  }
  return Buffer.from(parts.join('\n'))
}

function countRows(content: Buffer): Map<string, number> {
  const counts = new Map<string, number>()
  let table: string | undefined
  for (const line of content.toString('latin1').split('\n')) {
    if (table === undefined) {
      table = /^COPY (?:public\.)?(\S+) .*FROM stdin;$/.exec(line)?.[1]
      if (table !== undefined) counts.set(table, 0)
    } else if (line === '\\.') table = undefined
    else counts.set(table, counts.get(table)! + 1)
  }
  return counts
}
