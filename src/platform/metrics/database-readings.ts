import { type Figure, readFigures } from '../database/figures.ts'
import type { Database } from '../database/open-database.ts'
import type { Failures } from '../jobs/report-failures.ts'
import { keepFresh } from './keep-fresh.ts'
import type { Reading } from './open-metrics.ts'
import { readWithin } from './read-within.ts'

// Milliseconds. However often somebody asks for the metrics, and however long the database takes.
const freshFor = 5_000
const longestWait = 2_000
const context = { duty: 'waarnemer', statementTimeout: 1_000 } as const

/**
 * Reads figures about the rows for the metrics: in one statement, at most once in five seconds. A database that is away or
 * slow costs two seconds, and the figures are left out.
 */
export function openDatabaseReadings(
  database: Database,
  figures: () => readonly Figure[],
  { failed, worked }: Failures
): () => Promise<readonly Reading[]> {
  const read = async (): Promise<readonly Reading[]> => {
    const asked = figures()
    const reading = database.ask(context, (tx) => readFigures(tx, asked))
    reading.then(worked, failed)
    const numbers = await readWithin(longestWait, reading)
    const shown = (numbers ?? []).map((value, index): Reading => ({ ...asked[index]!, value }))
    return [upReading(numbers !== undefined), ...shown]
  }
  return keepFresh(freshFor, read)
}

function upReading(isUp: boolean): Reading {
  return {
    name: 'signaalhub_database_up',
    help: '1 when the figures about rows could be read; without these there are none of them.',
    value: Number(isUp)
  }
}
