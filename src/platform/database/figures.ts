import { type RawBuilder, sql } from 'kysely'
import type { Tx } from './open-database.ts'

/** A figure about the rows, for the metrics: how it is called and explained there, and what gives it. */
export type Figure = {
  readonly name: string
  readonly help: string
  readonly labels?: Readonly<Record<string, string>>
  /** One number or null: a query in brackets, or an expression. It must be found by index, however many rows there are. */
  readonly value: RawBuilder<unknown>
  /** What is shown for the number; itself by default. */
  readonly show?: (number: number | null) => number
}

/** Reads all figures in one statement, in the order given; 0 where there is no number. */
export async function readFigures(tx: Tx, figures: readonly Figure[]): Promise<number[]> {
  const columns = figures.map(
    ({ value }, index) => sql`(${value})::double precision as ${sql.ref(`f${index}`)}`
  )
  const { rows } = await sql<Record<string, number | null>>`select ${sql.join(columns)}`.execute(tx)
  const numbers = Object.values(rows[0]!)
  return figures.map(({ show = (number) => number ?? 0 }, index) => show(numbers[index]!))
}
