import { readConfig } from '../../config.ts'
import { openKnownKeys } from '../../platform/crypto/known-keys-store.ts'
import { openConfiguredKeys } from '../../platform/crypto/open-configured-keys.ts'
import { noStatementNames } from '../../platform/database/name-statements.ts'
import { openDatabase } from '../../platform/database/open-database.ts'
import { openKeyPool } from '../../platform/database/open-key-pool.ts'
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
  const connected = { statements: noStatementNames, clock, onError }
  const database = openDatabase({ ...connected, url: databaseUrl, poolSize: config.poolSize })
  const keyPool = openKeyPool({ ...connected, url: sleutelDatabaseUrl, poolSize: 2 })
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
    await keyPool.close()
    await close()
  }
}
