import { databaseOf, withDatabase } from '../database/ensure-databases.ts'
import { type EmbeddedDatabases, openEmbeddedDatabases } from './embedded-databases.ts'

/** What the settings say of the databases. */
export type DatabaseSettings = {
  readonly databaseUrl?: string | undefined
  readonly sleutelDatabaseUrl?: string | undefined
  readonly migratieDatabaseUrl?: string | undefined
  readonly migratieSleutelDatabaseUrl?: string | undefined
  /** Where the hub's own PostgreSQL keeps its data, when there is no `databaseUrl`. */
  readonly dataDir: string
}

/** Where the databases are. */
export type Addresses = {
  readonly databaseUrl: string
  readonly sleutelDatabaseUrl: string
  /** Of the logins that migrate, when they are not those that serve. */
  readonly migratieDatabaseUrl?: string | undefined
  readonly migratieSleutelDatabaseUrl?: string | undefined
  /** Where the hub's own PostgreSQL keeps its data, when it runs one. */
  readonly dataDir?: string
  /** Aborted when the hub's own PostgreSQL has ended. One of somebody else comes back; the hub waits for it. */
  readonly gone: AbortSignal
  /** Ends the hub's own PostgreSQL. */
  close(): Promise<void>
}

/** The databases of the settings or, when they name none, those of a PostgreSQL that is started for them. */
export async function openAddresses(settings: DatabaseSettings): Promise<Addresses> {
  const { databaseUrl, sleutelDatabaseUrl, migratieDatabaseUrl, migratieSleutelDatabaseUrl } = settings
  if (databaseUrl !== undefined) {
    return {
      databaseUrl,
      sleutelDatabaseUrl:
        sleutelDatabaseUrl ?? withDatabase(databaseUrl, `${databaseOf(databaseUrl)}_sleutels`),
      migratieDatabaseUrl,
      migratieSleutelDatabaseUrl,
      gone: new AbortController().signal,
      close: async () => {}
    }
  }
  const { url, dataDir, gone, stop } = await openEmbedded(settings.dataDir)
  return {
    databaseUrl: url('signaalhub'),
    sleutelDatabaseUrl: url('signaalhub_sleutels'),
    dataDir,
    gone,
    close: stop
  }
}

async function openEmbedded(dataDir: string): Promise<EmbeddedDatabases> {
  try {
    return await openEmbeddedDatabases(dataDir, 'signaalhub', ['signaalhub', 'signaalhub_sleutels'])
  } catch (cause) {
    const { message } = cause as Error
    throw new Error(
      `Without DATABASE_URL the hub runs a PostgreSQL of its own in DATA_DIR. That failed: ${message}`,
      { cause }
    )
  }
}
