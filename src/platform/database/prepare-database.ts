import { isRefused } from './database-errors.ts'
import { loginOf } from './ensure-databases.ts'
import { admitLogin, readLoginRights } from './login-rights.ts'
import { migrate, missingMigrations } from './migrate.ts'

/** One of the two databases of a hub. */
export type Prepared = {
  /** The setting that names it. */
  readonly name: string
  /** For the login that serves. */
  readonly url: string
  /** For the login that migrates, when that is another. */
  readonly ownerUrl: string | undefined
  /** The folder of its migrations. */
  readonly folder: string
}

const remedy = '`npm run beheer -- databases inrichten` makes logins and rights as they should be'

/**
 * Brings a database up to date, or only looks whether it is, and sees to it that the login that serves may take every duty.
 * Throws, with what to do about it, when that cannot be, and in production when that login has other rights besides.
 */
export async function prepareDatabase(
  prepared: Prepared,
  { isMigrating, isProduction }: { readonly isMigrating: boolean; readonly isProduction: boolean }
): Promise<void> {
  const { name, url } = prepared
  if (isProduction) await refuseMighty(prepared)
  await (isMigrating ? bringUpToDate(prepared) : requireUpToDate(prepared))
  const { lacking } = await readLoginRights(url)
  if (lacking.length > 0) throw new Error(`${name}: the login may not take ${lacking.join(', ')}. ${remedy}`)
}

// What a login owns or inherits, an injected statement may use without asking for it.
async function refuseMighty({ name, url }: Prepared): Promise<void> {
  const { excess } = await readLoginRights(url)
  if (excess.length > 0) throw new Error(`${name}: the login ${excess.join('; ')}. ${remedy}`)
}

// A login of its own for migrations also hands out the duties that came with them. Without one there may be nothing to do.
async function bringUpToDate({ name, url, ownerUrl, folder }: Prepared): Promise<void> {
  if (ownerUrl !== undefined) {
    await migrate(ownerUrl, folder)
    await admitLogin(ownerUrl, loginOf(url).name)
    return
  }
  try {
    if ((await missingMigrations(url, folder)).length > 0) await migrate(url, folder)
  } catch (cause) {
    if (!isRefused(cause)) throw cause
    throw new Error(`${name}: this login may not migrate: set MIGRATIE_${name}. ${remedy}`, { cause })
  }
}

async function requireUpToDate({ name, url, folder }: Prepared): Promise<void> {
  const missing = await missingMigrations(url, folder)
  if (missing.length > 0)
    throw new Error(
      `${name}: MIGREREN=nee, but these migrations are missing: ${missing.join(', ')}. ${remedy}`
    )
}
