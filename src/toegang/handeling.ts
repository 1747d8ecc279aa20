import type { KeyRing } from '../platform/crypto/key-ring.ts'
import type { Tx } from '../platform/database/open-database.ts'
import type { Caller } from './caller.ts'

/**
 * A caller, the trace under which it acts (W3C: 32 hex digits) and, where a municipality says so, the pseudonym of the
 * employee for whom it acts.
 */
export type Actor = { readonly caller: Caller; readonly traceId: string; readonly gebruiker?: string }

/** One action on behalf of a caller, in one transaction. */
export type Handeling = Actor & {
  readonly tx: Tx
  readonly keys: KeyRing
  readonly now: Date
  /** Ids of the signals that this action opened, and of those that the processing log names. */
  readonly opened: Set<string>
  readonly logged: Set<string>
  /** Ids of the signals, deliveries and applications whose content could not be opened, which is left out. */
  readonly unreadable: Set<string>
}

/** Throws when the action opened a signal that the processing log does not name, so that the action cannot commit. */
export function requireLogged({ opened, logged }: Pick<Handeling, 'opened' | 'logged'>): void {
  const missing = [...opened].filter((id) => !logged.has(id))
  if (missing.length > 0) throw new Error(`${missing.length} signals were opened without a line in the log`)
}
