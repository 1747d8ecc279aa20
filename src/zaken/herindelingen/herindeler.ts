import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { Context, Database } from '../../platform/database/open-database.ts'
import type { Overgang } from './overgang-store.ts'

/** What a re-division is carried out with. */
export type Herindeler = {
  readonly database: Database
  readonly keys: () => KeyRing
  readonly clock: () => Date
  readonly logger: { warn(fields: object, message: string): void }
  /** Destroys those of these signals of a municipality that are due. Never rejects. */
  readonly destroyNow: (gemeentecode: string, ids: readonly string[]) => Promise<void>
}

/**
 * The transactions of a re-division, in which the database shows both municipalities. Each waits briefly for a lock: the
 * households of both are locked meanwhile.
 */
export function contextOfOvergang({ van, naar }: Overgang): Context {
  return { duty: 'herindeler', gemeentecodes: [van, naar], statementTimeout: 60_000, lockTimeout: 250 }
}
