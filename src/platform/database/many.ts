import { sql } from 'kysely'

// A statement takes at most 65,535 parameters, and a household may have more signals than that.
const rowsAtOnce = 1_000

/** Condition that a column has one of these values. They are one parameter together, however many. */
export function isOneOf(column: string, type: 'uuid' | 'bytea' | 'text', values: readonly unknown[]) {
  return sql<boolean>`${sql.ref(column)} = any (${[...values]}::${sql.raw(type)}[])`
}

/** Splits rows into pieces; these fit one insert unless another size is given. */
export function piecesOf<Row>(rows: readonly Row[], size = rowsAtOnce): Row[][] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) =>
    rows.slice(index * size, (index + 1) * size)
  )
}
