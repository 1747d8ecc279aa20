import { readConfig } from '../../config.ts'
import { openKnownKeys } from '../../platform/crypto/known-keys-store.ts'
import { openConfiguredKeys } from '../../platform/crypto/open-configured-keys.ts'
import { noStatementNames } from '../../platform/database/name-statements.ts'
import { openDatabase, openPool } from '../../platform/database/open-database.ts'
import { openAddresses } from '../../platform/embedded/open-addresses.ts'
import { systemClock } from '../../time.ts'
import type { Sweeper } from '../../vernietiging/sweep.ts'

/**
 * Runs `work` on the two databases of the settings, without a hub; when they name none, on those that a hub runs itself,
 * which must be stopped meanwhile.
 */
export async function withSweeper<Result>(
  env: NodeJS.ProcessEnv,
  work: (sweeper: Sweeper) => Promise<Result>
): Promise<Result> {
  const config = readConfig(env)
  const { databaseUrl, sleutelDatabaseUrl, close } = await openAddresses(config)
  const clock = systemClock(config.proefKlok)
  const onError = () => undefined
  const database = openDatabase({
    url: databaseUrl,
    poolSize: config.poolSize,
    statements: noStatementNames,
    clock,
    onError
  })
  const keyPool = openPool(sleutelDatabaseUrl, 2, onError)
  try {
    const keys = await openConfiguredKeys(config, keyPool, clock, openKnownKeys(database))
    return await work({
      database,
      keys: () => keys,
      clock,
      publicUrl: config.publicUrl ?? 'http://localhost'
    })
  } finally {
    await database.close()
    await keyPool.end()
    await close()
  }
}
