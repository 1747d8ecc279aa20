import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { Hub } from '../../toegang/hub.ts'
import { ensureBeheerClient, registerBeheerClient, type Toepassing } from './register-beheer-client.ts'

type Settings = {
  readonly beheer?: Parameters<typeof registerBeheerClient>[2] | undefined
  readonly databaseUrl?: string | undefined
}

type Logger = { info(message: string): void; warn(message: string): void }

const reports: Readonly<Record<Toepassing, (logger: Logger) => void>> = {
  applied: (logger) =>
    logger.info("BEHEER_CLIENT_SECRET: the operator's client has this secret now, and no other"),
  'in use': () => undefined,
  'applied before and replaced since': (logger) =>
    logger.warn(
      'BEHEER_CLIENT_SECRET: this secret was replaced since it was set, so it is passed over; a new one would be set'
    )
}

/**
 * Sees to the operator's first client: that of the settings or, on the hub's own PostgreSQL, one that it makes when there is
 * none; returns what it made, the only copy of its secret.
 */
export async function firstClient(
  { beheer, databaseUrl }: Settings,
  { database, clock }: Pick<Hub, 'database' | 'clock'>,
  keys: KeyRing,
  logger: Logger
): Promise<{ clientId: string; clientSecret: string } | undefined> {
  if (beheer !== undefined) reports[await registerBeheerClient(database, keys, beheer, clock())](logger)
  if (beheer !== undefined || databaseUrl !== undefined) return undefined
  return ensureBeheerClient(database, keys, clock())
}
