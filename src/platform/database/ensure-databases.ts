import { isDatabaseTaken } from './database-errors.ts'
import { withConnection } from './open-database.ts'

/** Makes the database an address names when the server does not have it yet; leaves it alone otherwise. */
export async function ensureDatabase(serverUrl: string, name: string, owner?: string): Promise<void> {
  await withConnection(serverUrl, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
    if (rowCount !== 0) return
    const owned = owner === undefined ? '' : ` owner ${client.escapeIdentifier(owner)}`
    await client.query(`create database ${client.escapeIdentifier(name)}${owned}`).catch((error: unknown) => {
      // Another hub that starts made it meanwhile.
      if (!isDatabaseTaken(error)) throw error
    })
  })
}

/** Makes a login that is no superuser but may make roles, or gives the one that exists this password. */
export async function ensureLogin(serverUrl: string, login: string, password: string): Promise<void> {
  await withConnection(serverUrl, async (client) => {
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [login])
    const role = `${rowCount === 0 ? 'create' : 'alter'} role ${client.escapeIdentifier(login)}`
    await client.query(`${role} login createrole password ${client.escapeLiteral(password)}`)
  })
}

/** The same address with another database. */
export function withDatabase(url: string, name: string): string {
  const address = new URL(url)
  address.pathname = `/${name}`
  return address.toString()
}

/** The same address for another login. */
export function withLogin(url: string, login: string, password: string): string {
  const address = new URL(url)
  address.username = encodeURIComponent(login)
  address.password = encodeURIComponent(password)
  return address.toString()
}

/** The login of an address. */
export function loginOf(url: string): { readonly name: string; readonly password: string } {
  const { username, password } = new URL(url)
  return { name: decodeURIComponent(username), password: decodeURIComponent(password) }
}

export function databaseOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1)) || 'postgres'
}
