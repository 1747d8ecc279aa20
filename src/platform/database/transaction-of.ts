import {
  CamelCasePlugin,
  type DatabaseConnection,
  DefaultConnectionProvider,
  DefaultQueryExecutor,
  type Dialect,
  DummyDriver,
  type PluginTransformResultArgs,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type RawBuilder,
  Transaction
} from 'kysely'
import type { Tables } from '../../begrippen/tables.ts'

/** Runs one statement on the connection of a transaction; each row is a list of values. */
export type RunStatement = (
  text: string,
  values: readonly unknown[]
) => Promise<{
  command: string
  rowCount: number | null
  fields: readonly { name: string }[]
  rows: readonly unknown[][]
}>

// Renames columns in statements only. In rows they are renamed below, once for all rows of an answer.
class ColumnNames extends CamelCasePlugin {
  override async transformResult({ result }: PluginTransformResultArgs) {
    return result
  }
}

const driver = new DummyDriver()
const dialect: Dialect = {
  createAdapter: () => new PostgresAdapter(),
  createDriver: () => driver,
  createIntrospector: (kysely) => new PostgresIntrospector(kysely),
  createQueryCompiler: () => new PostgresQueryCompiler()
}
const executor = new DefaultQueryExecutor(
  dialect.createQueryCompiler(),
  dialect.createAdapter(),
  new DefaultConnectionProvider(driver),
  [new ColumnNames()]
)

/**
 * Sends a statement without waiting for its answer, so that it travels with what follows. The transaction cannot commit
 * when it fails, and fails for the same reason.
 */
export function sendStatement(tx: Transaction<Tables>, statement: RawBuilder<unknown>): void {
  const compiled = statement.compile(tx)
  let isSent = false
  tx.getExecutor()
    .provideConnection((connection) => {
      isSent = true
      return connection.executeQuery(compiled)
    })
    .catch(() => undefined)
  // Sent later, it could come after the commit.
  if (!isSent) throw new Error('a statement was not sent at once')
}

/** A query builder bound to one transaction; `run` carries out its statements. */
export function transactionOf(run: RunStatement): Transaction<Tables> {
  const connection: DatabaseConnection = {
    executeQuery: async <Row>({ sql, parameters }: { sql: string; parameters: readonly unknown[] }) => {
      const { command, rowCount, fields, rows: values } = await run(sql, parameters)
      const isChange = ['INSERT', 'UPDATE', 'DELETE', 'MERGE'].includes(command)
      const rows = objectsOf(
        fields.map(({ name }) => camelCase(name)),
        values
      )
      return { rows, ...(isChange && { numAffectedRows: BigInt(rowCount ?? 0) }) } as QueryResult<Row>
    },
    streamQuery: () => {
      throw new Error('a transaction of the hub does not stream')
    }
  }
  return new Transaction<Tables>({
    config: { dialect },
    dialect,
    driver,
    executor: executor.withConnectionProvider({ provideConnection: (use) => use(connection) })
  })
}

function objectsOf(names: readonly string[], rows: readonly unknown[][]): Record<string, unknown>[] {
  // A copy has its full size at once; an object that grows by name is allocated again and again.
  const empty: Record<string, unknown> = Object.fromEntries(names.map((name) => [name, undefined]))
  return rows.map((values) => {
    const row = { ...empty }
    for (let index = 0; index < names.length; index += 1) row[names[index]!] = values[index]
    return row
  })
}

function camelCase(column: string): string {
  return column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
