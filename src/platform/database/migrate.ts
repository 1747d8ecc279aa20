import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeadlock, isLockTimeout } from './database-errors.ts'
import { type Connection, withConnection } from './open-database.ts'

type Migration = { readonly naam: string; readonly sql: string; readonly hash: string }

// Any number that no other lock in these databases uses.
const migrationLock = 7_163_042

// Who waits for a table keeps all others waiting who come for it, and with what it has locked already, more of them. So a
// migration gives way in half the time in which the server looks for a deadlock (deadlock_timeout), which could end the work
// of a running hub, and tries again. Only at that look does the server end its own maintenance of a table, so that is waited
// for longer; still less long than a statement of a running hub waits.
const prompt = '500ms'
const patient = '1500ms'
const attempts = 16
// Milliseconds, and up to twice as many, in which those that were kept waiting are served.
const pause = 500
const vacuums = 'select from pg_stat_progress_vacuum where datname = current_database()'

/**
 * Applies the SQL files of `folder` that the database lacks, in order, all or none, and gives way to whoever uses a table: so
 * hubs of the version before it go on serving. A lock makes instances that start together take turns. Returns the names of
 * the applied files. Throws when the database has a migration that `folder` lacks, or one that was changed after it was
 * applied: migrations go forward only. Throws `TablesInUse` when somebody keeps a table for long.
 */
export async function migrate(url: string, folder: string): Promise<string[]> {
  const files = await readMigrations(folder)
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await migrateOnce(url, files)
    } catch (cause) {
      if (!isLockTimeout(cause) && !isDeadlock(cause)) throw cause
      if (attempt === attempts) throw new TablesInUse(cause)
    }
    await sleep(pause * (1 + Math.random()))
  }
}

/** Somebody has kept a table of a migration for long; nothing was done, and it can be tried again. */
export class TablesInUse extends Error {
  readonly code: unknown

  constructor(cause: unknown) {
    super(
      'a migration waits for a table that somebody else uses, such as a dump or a report; it is done when that is over',
      { cause }
    )
    this.code = (cause as { code?: unknown }).code
  }
}

async function migrateOnce(url: string, files: readonly Migration[]): Promise<string[]> {
  return withConnection(url, async (client) => {
    await client.query('begin')
    await client.query('select pg_advisory_xact_lock($1)', [migrationLock])
    const { rowCount } = await client.query(vacuums)
    await client.query(`set local lock_timeout = '${rowCount === 0 ? prompt : patient}'`)
    const applied = await appliedMigrations(client)
    const missing = listMissing(files, applied)
    for (const file of missing) await apply(client, file)
    await client.query('commit')
    return missing.map(({ naam }) => naam)
  })
}

/**
 * The names of the files in `folder` that the database lacks, also for a login that owns nothing. Throws as `migrate` does,
 * and when the login may not take a duty that can see it.
 */
export async function missingMigrations(url: string, folder: string): Promise<string[]> {
  const files = await readMigrations(folder)
  return withConnection(url, async (client) => {
    const { rows } = await client.query<{ reader: string | null }>(readers)
    if (rows.length === 0) return files.map(({ naam }) => naam)
    const reader = rows[0]!.reader
    if (reader === null) throw notAdmitted()
    await client.query(`begin; set local role ${client.escapeIdentifier(reader)}`)
    const applied = await readApplied(client)
    await client.query('commit')
    return listMissing(files, applied).map(({ naam }) => naam)
  })
}

function notAdmitted(): Error {
  return new Error(
    'the login may not take the duties of the hub: `npm run beheer -- databases inrichten` lets it take them'
  )
}

// No row when nothing was migrated yet; else a role that may read the list and that the login may take.
const readers = `select (select r.rolname from pg_roles r where pg_has_role(r.oid, 'member')
    and has_table_privilege(r.oid, c.oid, 'select') and has_schema_privilege(r.oid, c.relnamespace, 'usage')
    order by r.rolname = current_user desc limit 1) as reader
  from pg_class c where c.relname = 'migratie' and c.relnamespace = 'public'::regnamespace`

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async (naam) => {
      const sql = await readFile(join(folder, naam), 'utf8')
      return { naam, sql, hash: createHash('sha256').update(sql).digest('hex') }
    })
  )
}

async function appliedMigrations(client: Connection): Promise<Map<string, string>> {
  await client.query(`create table if not exists migratie (
    naam text primary key, hash text not null, uitgevoerd_op timestamptz not null default now())`)
  return readApplied(client)
}

async function readApplied(client: Connection): Promise<Map<string, string>> {
  const { rows } = await client.query<{ naam: string; hash: string }>(
    'select naam, hash from migratie order by naam'
  )
  return new Map(rows.map(({ naam, hash }) => [naam, hash]))
}

function listMissing(files: readonly Migration[], applied: Map<string, string>): Migration[] {
  refuseUnknown(files, applied)
  return files.filter((file) => isMissing(file, applied))
}

// Such a database was made by a newer version, or before the first release.
function refuseUnknown(files: readonly Migration[], applied: Map<string, string>): void {
  const known = new Set(files.map(({ naam }) => naam))
  const unknown = [...applied.keys()].filter((naam) => !known.has(naam))
  if (unknown.length === 0) return
  throw new Error(
    `this database was migrated by another version of signaalhub: it has ${unknown.join(', ')}, which this version does not know; start that version, or use a new database if this one is from before the first release`
  )
}

function isMissing(file: Migration, applied: Map<string, string>): boolean {
  const hash = applied.get(file.naam)
  if (hash !== undefined && hash !== file.hash) {
    throw new Error(`migration ${file.naam} was changed after it was applied; add a new one instead`)
  }
  return hash === undefined
}

async function apply(client: Connection, { naam, sql, hash }: Migration): Promise<void> {
  await client.query(sql)
  await client.query('insert into migratie (naam, hash) values ($1, $2)', [naam, hash])
}
