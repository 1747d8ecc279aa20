import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { withConnection } from '../../src/platform/database/open-database.ts'
import type { BenchStage } from './bench-stage.ts'
import { cutStock } from './generate-stock.ts'
import type { StockShare } from './stock-worker.ts'

const loaders = 2

/**
 * Adds about this many live signals, waits until they are matched, and vacuums the tables. Returns the number of the
 * first portion for the next load.
 */
export async function loadStock(stage: BenchStage, signals: number, first = 0): Promise<number> {
  const { portions, households } = cutStock(signals)
  const numbers = Array.from({ length: portions }, (_, index) => first + index)
  const { databaseUrl, sleutelDatabaseUrl } = stage.databases
  await Promise.all(
    Array.from({ length: loaders }, (_, loader) =>
      runLoader({
        databaseUrl,
        sleutelDatabaseUrl,
        kek: stage.kek,
        partners: stage.enrolled.partners,
        portions: numbers.filter((number) => number % loaders === loader),
        households
      })
    )
  )
  await untilMatched(stage)
  await withConnection(stage.databases.adminUrl, (client) => client.query('vacuum analyze'))
  return first + portions
}

/** Waits until the hub's matcher has no work left. */
export async function untilMatched({ databases }: Pick<BenchStage, 'databases'>): Promise<void> {
  await withConnection(databases.adminUrl, async (client) => {
    for (;;) {
      const { rows } = await client.query('select exists (select from huishouden_markering) as is_busy')
      if (!rows[0].is_busy) return
      await sleep(50)
    }
  })
}

async function runLoader(share: StockShare): Promise<void> {
  if (share.portions.length === 0) return
  const worker = new Worker(new URL('./stock-worker.ts', import.meta.url), { workerData: share })
  await once(worker, 'exit')
}
