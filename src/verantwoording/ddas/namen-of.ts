import { listGemeentenamen } from '../../organisaties/gemeenten/gemeente-store.ts'
import { notFound } from '../../platform/http/problem.ts'
import type { Handeling } from '../../toegang/handeling.ts'

/**
 * The municipalities of the caller with their names, in order of code; only those of that name when one is given. Throws
 * niet-gevonden when there is none, whether or not another caller has one of that name.
 */
export async function namenOf(
  { tx, caller }: Handeling,
  wanted: string | undefined
): Promise<ReadonlyMap<string, string>> {
  const namen = [...(await listGemeentenamen(tx, caller.gemeentecodes))].sort()
  const found = namen.filter(([, naam]) => wanted === undefined || plain(naam) === plain(wanted))
  if (found.length > 0) return new Map(found)
  throw notFound(
    'Uw client levert niet voor een organisatie met deze naam. Laat aanleverendeOrganisatie weg: dan staat elke gemeente van uw client in de levering, met haar naam.'
  )
}

function plain(naam: string): string {
  return naam.toLowerCase().replace(/^gemeente\s+/, '')
}
