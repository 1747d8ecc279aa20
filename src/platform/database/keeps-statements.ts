import { type Connection, withConnection } from './open-database.ts'

const named = { name: 'signaalhub-proef', text: 'select 1', query_timeout: 2_000 }
// A pooler gives the connection that was used last to the first who asks; the second is for one that takes turns.
const others = 2

/**
 * Whether a named statement is still there in a connection's next transaction. A pooler may hand the server's side of it to
 * another client in between, and then it is not, unless the pooler knows of named statements. Rejects when the database
 * cannot be reached.
 */
export async function keepsStatements(url: string): Promise<boolean> {
  return withConnection(url, async (client) => {
    await client.query(named)
    return holding(url, others, () =>
      client.query(named).then(
        () => true,
        () => false
      )
    )
  })
}

async function holding<Result>(url: string, count: number, work: () => Promise<Result>): Promise<Result> {
  if (count === 0) return work()
  return withConnection(url, async (client: Connection) => {
    await client.query('begin')
    await client.query('select 1')
    return holding(url, count - 1, work)
  })
}
