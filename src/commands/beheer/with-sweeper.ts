import { type Config, readConfig } from '../../config.ts'
import { openKeyRing } from '../../platform/crypto/key-ring.ts'
import { openKnownKeys } from '../../platform/crypto/known-keys-store.ts'
import { openKek } from '../../platform/crypto/open-kek.ts'
import { openTimekeeping, setByHand } from '../../platform/crypto/timekeeping.ts'
import { databaseOf, withDatabase } from '../../platform/database/ensure-databases.ts'
import { noStatementNames } from '../../platform/database/name-statements.ts'
import { openDatabase, openPool } from '../../platform/database/open-database.ts'
import { openEmbeddedDatabases } from '../../platform/embedded/embedded-databases.ts'
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
  const { databaseUrl, keyUrl, close } = await openAddresses(config)
  const clock = systemClock(config.proefKlok)
  const onError = () => undefined
  const database = openDatabase({
    url: databaseUrl,
    poolSize: config.poolSize,
    statements: noStatementNames,
    clock,
    onError
  })
  const keyPool = openPool(keyUrl, 2, onError)
  try {
    const time = config.proefKlok ? setByHand : openTimekeeping(keyPool, clock)
    const keys = await openKeyRing(keyPool, await openKek(config), clock, openKnownKeys(database), time)
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

async function openAddresses({ databaseUrl, sleutelDatabaseUrl, dataDir }: Config) {
  if (databaseUrl !== undefined) {
    const keyUrl = sleutelDatabaseUrl ?? withDatabase(databaseUrl, `${databaseOf(databaseUrl)}_sleutels`)
    return { databaseUrl, keyUrl, close: async () => {} }
  }
  const { url, stop } = await openEmbeddedDatabases(dataDir, 'signaalhub', [
    'signaalhub',
    'signaalhub_sleutels'
  ])
  return { databaseUrl: url('signaalhub'), keyUrl: url('signaalhub_sleutels'), close: stop }
}
