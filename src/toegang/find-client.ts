import { openBatcher } from '../platform/batch.ts'
import { isSilence, isTemporary } from '../platform/database/database-errors.ts'
import type { Database } from '../platform/database/open-database.ts'
import { listLiveClients } from './client-store.ts'

/** Finds a client that may be used, by client id. */
export type FindClient = (clientId: string) => Promise<LiveClient | undefined>
/** A client that may be used. */
export type LiveClient = Awaited<ReturnType<typeof listLiveClients>>[number]

// Every request waits for this look-up, so it gives up on a silent connection early and asks on a new one.
const statementTimeout = 1_000

/**
 * Looks up clients on every request, so that a revocation works on the very next one. Requests that come together share
 * a query; it always starts after the request came in.
 */
export function clientFinder(database: Database): FindClient {
  return openBatcher<string, LiveClient | undefined>({
    maxBatch: 200,
    groupOf: () => 'clients',
    isShared: isTemporary,
    run: async (clientIds) => {
      const look = () =>
        database.ask({ duty: 'toegang', statementTimeout }, (tx) =>
          listLiveClients(tx, [...new Set(clientIds)])
        )
      const found = await look().catch((error: unknown) => {
        if (isSilence(error)) return look()
        throw error
      })
      const byId = new Map(found.map((client) => [client.clientId, client]))
      return clientIds.map((clientId) => ({ value: byId.get(clientId) }))
    }
  })
}
