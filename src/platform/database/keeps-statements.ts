import { type Connection, withConnection } from './open-database.ts'

const query_timeout = 2_000
const held = { text: 'begin; select 1', query_timeout }
const named = { name: 'signaalhub-proef', text: 'select 1', query_timeout }
// A pooler gives the connection that was used last to the first who asks; the second is for one that takes turns.
const others = 2

/**
 * Whether a named statement is still there in a connection's next transaction. A pooler may hand the server's side of it to
 * another client in between, and then it is not, unless the pooler knows of named statements. False as well when that
 * cannot be found out, as behind a pooler with one connection. Rejects when the database cannot be reached.
 */
export async function keepsStatements(url: string): Promise<boolean> {
  return withConnection(url, async (client) => {
    await client.query(named)
    return whileHeld(url, others, () => client.query(named)).then(
      () => true,
      () => false
    )
  })
}

async function whileHeld(url: string, count: number, work: () => Promise<unknown>): Promise<unknown> {
  if (count === 0) return work()
  return withConnection(url, async (client: Connection) => {
    await client.query(held)
    return whileHeld(url, count - 1, work)
  })
}
