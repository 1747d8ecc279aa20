import { randomBytes } from 'node:crypto'
import { databaseOf, withDatabase } from '../../src/platform/database/ensure-databases.ts'
import { withConnection } from '../../src/platform/database/open-database.ts'

/** A copy of a database as it is now, and what removes it. */
export type DatabaseCopy = { readonly url: string; readonly adminUrl: string; drop(): Promise<void> }

/** Copies a database file by file, as a dump that is restored would have it. Ends the connections to it, which come back. */
export async function copyDatabase(url: string, superuserUrl: string): Promise<DatabaseCopy> {
  const original = databaseOf(url)
  const copy = `${original}_${randomBytes(3).toString('hex')}`
  const server = withDatabase(superuserUrl, 'postgres')
  await withConnection(server, async (client) => {
    await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
      original
    ])
    await client.query(`create database ${copy} template ${original}`)
  })
  return {
    url: withDatabase(url, copy),
    adminUrl: withDatabase(superuserUrl, copy),
    drop: () =>
      withConnection(server, async (client) => {
        await client.query(`drop database if exists ${copy} with (force)`)
      })
  }
}
