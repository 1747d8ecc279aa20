import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { Database } from '../../platform/database/open-database.ts'

/** What a new comparison of addresses works with. */
export type Herleider = {
  readonly database: Database
  readonly keys: () => KeyRing
  readonly clock: () => Date
  readonly logger: { warn(fields: object, message: string): void }
}
