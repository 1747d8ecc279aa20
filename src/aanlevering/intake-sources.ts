import type { Tx } from '../platform/database/open-database.ts'
import type { Instellingen } from '../platform/database/tables.ts'
import {
  findPostcodes,
  findSettings,
  holdAgreements,
  listAgreements,
  type OvereenkomstRij
} from './omstandigheden-store.ts'

type Lookup<Value> = (names: readonly string[]) => Promise<ReadonlyMap<string, Value>>

/** What signals are weighed against and what changes seldom: looked up once per name within a transaction. */
export type IntakeSources = {
  /** Settings per municipality that takes part. */
  readonly settings: Lookup<Instellingen>
  /** The partner's agreements per municipality. */
  readonly agreements: Lookup<OvereenkomstRij[]>
  /** Municipalities per postcode that the register knows. */
  readonly postcodes: Lookup<string[]>
}

// A delivery may name more postcodes than are worth holding.
const maxRemembered = 50_000

/**
 * Sources for one short transaction: the partner's agreements stay locked until it ends, so that one that is ended
 * meanwhile ends before or after it, never during.
 */
export function holdingSources(tx: Tx, signaalpartnerId: string): IntakeSources {
  return openSources(tx, (names) => holdAgreements(tx, signaalpartnerId, names))
}

/** Sources for a long transaction, which must not make others wait: it checks the agreements again before it commits. */
export function readingSources(tx: Tx, signaalpartnerId: string): IntakeSources {
  return openSources(tx, (names) => listAgreements(tx, signaalpartnerId, names))
}

function openSources(
  tx: Tx,
  loadAgreements: (names: readonly string[]) => Promise<OvereenkomstRij[]>
): IntakeSources {
  return {
    settings: remembering((names) => findSettings(tx, names)),
    agreements: remembering(async (names) =>
      Map.groupBy(await loadAgreements(names), (row) => row.gemeentecode)
    ),
    postcodes: remembering((names) => findPostcodes(tx, names))
  }
}

function remembering<Value>(load: Lookup<Value>): Lookup<Value> {
  const known = new Map<string, Value>()
  const asked = new Set<string>()
  return async (names) => {
    if (asked.size > maxRemembered) {
      asked.clear()
      known.clear()
    }
    const fresh = [...new Set(names)].filter((name) => !asked.has(name))
    if (fresh.length > 0) {
      for (const [name, value] of await load(fresh)) known.set(name, value)
      for (const name of fresh) asked.add(name)
    }
    return known
  }
}
