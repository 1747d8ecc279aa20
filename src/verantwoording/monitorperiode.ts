import { invalid } from '../platform/http/problem.ts'
import { addDays, addMonths, type IsoDate } from '../time.ts'
import { type Caller, ownCodes } from '../toegang/caller.ts'
import type { Periode } from './partnercijfers-store.ts'

type Vraag = { readonly van?: string; readonly totEnMet?: string; readonly gemeentecode?: string }

/**
 * The days and municipalities of a question about months: by default the last twelve, and every municipality of the
 * caller. Throws ongeldige-invoer when the first month comes after the last, niet-gevonden for another's municipality.
 */
export function periodOf(
  caller: Caller,
  query: Vraag,
  today: IsoDate
): { periode: Periode; van: string; totEnMet: string } {
  const { totEnMet = today.slice(0, 7), van = addMonths(`${totEnMet}-01`, -11).slice(0, 7) } = query
  if (van > totEnMet) {
    const detail = 'De eerste maand komt na de laatste.'
    throw invalid([{ in: 'query', location: 'van', code: 'maximum', detail }])
  }
  const last = addDays(addMonths(`${totEnMet}-01`, 1), -1)
  const gemeentecodes = codesOf(caller, query.gemeentecode)
  return { periode: { van: `${van}-01`, totEnMet: last, gemeentecodes }, van, totEnMet }
}

// Undefined means all municipalities, which only the operator may see.
function codesOf(caller: Caller, wanted: string | undefined): readonly string[] | undefined {
  if (caller.rol === 'gemeente') return ownCodes(caller, wanted)
  return wanted === undefined ? undefined : [wanted]
}
