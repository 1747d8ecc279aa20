import type { Tx } from '../../platform/database/open-database.ts'
import { findGemeente } from '../gemeenten/gemeente-store.ts'
import { findOpgegaan } from '../gemeenten/opgegaan-store.ts'
import { useOpvolger } from './use-opvolger.ts'

/** Why nobody can be bound to a municipality, with what to do; undefined while it takes part. */
export async function whyAbsent(tx: Tx, gemeentecode: string): Promise<string | undefined> {
  if ((await findGemeente(tx, gemeentecode)) === undefined)
    return 'Deze gemeente doet niet mee; voeg haar eerst toe.'
  const opgegaan = await findOpgegaan(tx, gemeentecode)
  return opgegaan && useOpvolger(opgegaan)
}
