import { sql } from 'kysely'
import type { IsoDate } from '../../time.ts'

// A statement takes at most 65,535 parameters, and a household may have more signals than that.
const rowsAtOnce = 1_000

/** Condition that a column has one of these values. They are one parameter together, however many. */
export function isOneOf(
  column: string,
  type: 'uuid' | 'bytea' | 'text' | 'date',
  values: readonly unknown[]
) {
  return sql<boolean>`${sql.ref(column)} = any (${[...values]}::${sql.raw(type)}[])`
}

/** A list of ids or codes as one parameter: the text of an array, which costs less than an array that pg must quote. */
export function listOf(type: 'uuid' | 'text', values: readonly string[]) {
  return sql`${`{${values.join()}}`}::${sql.raw(type)}[]`
}

/** A list of bytes as one parameter. */
export function listOfBytes(values: readonly Buffer[]) {
  return sql`${`{${values.map((bytes) => `"\\\\x${bytes.toString('hex')}"`).join()}}`}::bytea[]`
}

/**
 * Condition that a column has one of these values, for rows that are found by something else: no index is used for it, so
 * that a look-up takes as long for many values as for one.
 */
export function isAmong(column: string, values: readonly string[]) {
  return sql<boolean>`(${isOneOf(column, 'text', values)}) is true`
}

/** The key of a row of a municipality. */
export type Sleutel = { readonly gemeentecode: string; readonly id: string }

/** These rows by key, as a table of that name to join with. They are two parameters, however many. */
export function listed(name: string, rows: readonly Sleutel[]) {
  const gemeentecodes = rows.map(({ gemeentecode }) => gemeentecode)
  const ids = rows.map(({ id }) => id)
  return sql`unnest(${gemeentecodes}::text[], ${ids}::uuid[]) as ${sql.table(name)} (gemeentecode, id)`
}

/** A day on which rows of a municipality are due; null = at once, whatever their day. */
export type Vervaldag = { readonly gemeentecode: string; readonly dag: IsoDate | null }

/** These days, as a table of that name to join with. */
export function dueOn(name: string, due: readonly Vervaldag[]) {
  const gemeentecodes = due.map(({ gemeentecode }) => gemeentecode)
  const dagen = due.map(({ dag }) => dag)
  return sql`unnest(${gemeentecodes}::text[], ${dagen}::date[]) as ${sql.table(name)} (gemeentecode, dag)`
}

/** Splits rows into pieces; these fit one insert unless another size is given. */
export function piecesOf<Row>(rows: readonly Row[], size = rowsAtOnce): Row[][] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) =>
    rows.slice(index * size, (index + 1) * size)
  )
}
