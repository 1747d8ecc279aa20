import {
  CamelCasePlugin,
  type DatabaseConnection,
  DefaultConnectionProvider,
  DefaultQueryExecutor,
  type Dialect,
  DummyDriver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  Transaction
} from 'kysely'
import type { Tables } from '../../begrippen/tables.ts'

/** Runs one statement on the connection of a transaction. */
export type RunStatement = (
  text: string,
  values: readonly unknown[]
) => Promise<{ command: string; rowCount: number | null; rows: unknown[] }>

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
  [new CamelCasePlugin({ maintainNestedObjectKeys: true })]
)

/** A query builder bound to one transaction; `run` carries out its statements. */
export function transactionOf(run: RunStatement): Transaction<Tables> {
  const connection: DatabaseConnection = {
    executeQuery: async <Row>({ sql, parameters }: { sql: string; parameters: readonly unknown[] }) => {
      const { command, rowCount, rows } = await run(sql, parameters)
      const isChange = ['INSERT', 'UPDATE', 'DELETE', 'MERGE'].includes(command)
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
