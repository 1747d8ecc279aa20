import { openBatcher } from '../platform/batch.ts'
import { isSilence, isTemporary } from '../platform/database/database-errors.ts'
import type { Database, Tx } from '../platform/database/open-database.ts'
import type { LiveClient } from './client-store.ts'

/** Finds a client that may be used, by client id. */
export type FindClient<Found = LiveClient> = (clientId: string) => Promise<Found | undefined>

// Every request waits for this look-up, so it gives up on a silent connection early and asks on a new one.
const statementTimeout = 1_000

/**
 * Looks up clients with `list` on every request, so that a revocation works on the very next one. Requests that come
 * together share a query, so that a flood of them leaves connections to others; it always starts after the request came in.
 */
export function clientFinder<Found extends LiveClient>(
  database: Database,
  list: (tx: Tx, clientIds: readonly string[]) => Promise<readonly Found[]>
): FindClient<Found> {
  return openBatcher<string, Found | undefined>({
    maxBatch: 200,
    groupOf: () => 'clients',
    isShared: isTemporary,
    run: async (clientIds) => {
      const look = () =>
        database.ask({ duty: 'toegang', statementTimeout }, (tx) => list(tx, [...new Set(clientIds)]))
      const found = await look().catch((error: unknown) => {
        if (isSilence(error)) return look()
        throw error
      })
      const byId = new Map(found.map((client) => [client.clientId, client]))
      return clientIds.map((clientId) => ({ value: byId.get(clientId) }))
    }
  })
}
