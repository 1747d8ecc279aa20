import { CompiledQuery } from 'kysely'
import { type Connections, openDatabase } from './open-database.ts'

/** The connections to the key database, which holds no rows of a tenant; each statement is a transaction of its own. */
export type KeyPool = {
  // biome-ignore lint/suspicious/noExplicitAny: a store knows what it asks for
  query(text: string, values?: readonly unknown[]): Promise<{ rows: any[] }>
  /** Resolves when a connection answers and may write. */
  ping(): Promise<void>
  /** How its connections are used at this moment. */
  connections(): Connections
  close(): Promise<void>
}

/** Opens the key database under the duty that holds the keys; connects on first use. */
export function openKeyPool(options: Parameters<typeof openDatabase>[0]): KeyPool {
  const { ask, ping, connections, close } = openDatabase({ ...options, rehearses: false })
  return {
    query: (text, values = []) =>
      ask({ duty: 'sleutelhouder' }, (tx) => tx.executeQuery(CompiledQuery.raw(text, [...values]))),
    ping,
    connections,
    close
  }
}
