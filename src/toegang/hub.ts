import type { KeyRing } from '../platform/crypto/key-ring.ts'
import type { Database } from '../platform/database/open-database.ts'
import type { Pager } from '../platform/http/page.ts'
import type { Clock } from '../time.ts'

/** What every station needs to do its work; made once in server.ts and passed on. */
export type Hub = {
  readonly database: Database
  /** The keys; throws tijdelijk-niet-beschikbaar as long as the databases have not been reached. */
  readonly keys: () => KeyRing
  readonly clock: Clock
  readonly pager: Pager
  /** External base address without a slash at its end. */
  readonly publicUrl: string
}
