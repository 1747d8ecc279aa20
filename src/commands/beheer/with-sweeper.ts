import { readConfig } from '../../config.ts'
import { openKeyRing } from '../../platform/crypto/key-ring.ts'
import { openKnownKeys } from '../../platform/crypto/known-keys-store.ts'
import { openKek } from '../../platform/crypto/open-kek.ts'
import { databaseOf, withDatabase } from '../../platform/database/ensure-databases.ts'
import { noStatementNames } from '../../platform/database/name-statements.ts'
import { openDatabase, openPool } from '../../platform/database/open-database.ts'
import { systemClock } from '../../time.ts'
import type { Sweeper } from '../../vernietiging/sweep.ts'

/** Runs `work` on the two databases of the settings, without a hub; throws when the settings name none. */
export async function withSweeper<Result>(
  env: NodeJS.ProcessEnv,
  work: (sweeper: Sweeper) => Promise<Result>
): Promise<Result> {
  const config = readConfig(env)
  const { databaseUrl, poolSize } = config
  if (databaseUrl === undefined) throw new Error('DATABASE_URL: geef het adres van de rijen')
  const keyUrl = config.sleutelDatabaseUrl ?? withDatabase(databaseUrl, `${databaseOf(databaseUrl)}_sleutels`)
  const clock = systemClock(config.proefKlok)
  const onError = () => undefined
  const database = openDatabase({
    url: databaseUrl,
    poolSize,
    statements: noStatementNames,
    clock,
    onError
  })
  const keyPool = openPool(keyUrl, 2, onError)
  try {
    const keys = await openKeyRing(keyPool, await openKek(config), clock, openKnownKeys(database))
    return await work({
      database,
      keys: () => keys,
      clock,
      publicUrl: config.publicUrl ?? 'http://localhost'
    })
  } finally {
    await database.close()
    await keyPool.end()
  }
}
