import type { Connections } from '../database/open-database.ts'
import type { Reading } from './open-metrics.ts'

/** How the connections of each pool are used, for the metrics. */
export function poolReadings(pools: Readonly<Record<string, Connections>>): readonly Reading[] {
  return Object.entries(pools).flatMap(([pool, { most, busy, idle, waiting }]) => [
    { ...connections, labels: { pool, state: 'busy' }, value: busy },
    { ...connections, labels: { pool, state: 'idle' }, value: idle },
    {
      name: 'signaalhub_pool_size',
      help: 'The most connections that a pool may open.',
      labels: { pool },
      value: most
    },
    {
      name: 'signaalhub_pool_waiting',
      help: 'Transactions that wait for a connection of a pool.',
      labels: { pool },
      value: waiting
    }
  ])
}

const connections = {
  name: 'signaalhub_pool_connections',
  help: 'Open connections to a database, per pool: at work or waiting for work.'
}
