import { ownOrInherited } from '../organisaties/herindelingen/own-or-inherited.ts'
import { invalid } from '../platform/http/problem.ts'
import { addDays, addMonths, type IsoDate } from '../time.ts'
import type { Handeling } from '../toegang/handeling.ts'
import type { Periode } from './partnercijfers-store.ts'

type Vraag = { readonly van?: string; readonly totEnMet?: string; readonly gemeentecode?: string }

/**
 * The days and municipalities of a question about months: by default the last twelve, and every municipality of the
 * caller, with those that merged into them. Throws ongeldige-invoer when the first month comes after the last,
 * niet-gevonden for another's municipality.
 */
export async function periodOf(
  handeling: Pick<Handeling, 'tx' | 'caller'>,
  query: Vraag,
  today: IsoDate
): Promise<{ periode: Periode; van: string; totEnMet: string }> {
  const { totEnMet = today.slice(0, 7), van = addMonths(`${totEnMet}-01`, -11).slice(0, 7) } = query
  if (van > totEnMet) {
    const detail = 'De eerste maand komt na de laatste.'
    throw invalid([{ in: 'query', location: 'van', code: 'maximum', detail }])
  }
  const last = addDays(addMonths(`${totEnMet}-01`, 1), -1)
  const gemeentecodes = await codesOf(handeling, query.gemeentecode)
  return { periode: { van: `${van}-01`, totEnMet: last, gemeentecodes }, van, totEnMet }
}

// Undefined means all municipalities, which only the operator may see.
async function codesOf(
  { tx, caller }: Pick<Handeling, 'tx' | 'caller'>,
  wanted: string | undefined
): Promise<readonly string[] | undefined> {
  if (caller.rol === 'gemeente') return ownOrInherited(tx, caller, wanted)
  return wanted === undefined ? undefined : [wanted]
}
