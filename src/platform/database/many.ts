import { sql } from 'kysely'

// A statement takes at most 65,535 parameters; a household may have more signals than that.
const rowsAtOnce = 1_000

/** True for rows whose column is one of these values, however many: they are one parameter together. */
export function isOneOf(column: string, type: 'uuid' | 'bytea' | 'text', values: readonly unknown[]) {
  return sql<boolean>`${sql.ref(column)} = any (${[...values]}::${sql.raw(type)}[])`
}

/** Rows in pieces that one insert can take. */
export function piecesOf<Row>(rows: readonly Row[]): Row[][] {
  return Array.from({ length: Math.ceil(rows.length / rowsAtOnce) }, (_, index) =>
    rows.slice(index * rowsAtOnce, (index + 1) * rowsAtOnce)
  )
}
