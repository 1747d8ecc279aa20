import { type Eindresultaat, gevolgVan } from '../begrippen/eindresultaat.ts'
import { isOnePerson, onlyThese } from '../personen/one-person.ts'
import { bodyFault, type Fault, invalid, Problem } from '../platform/http/problem.ts'
import type { IsoDate } from '../time.ts'
import type { Handeling } from '../toegang/handeling.ts'
import type { BehandeldSignaal } from '../vroegsignalen/hold-vroegsignalen.ts'
import { hasReached } from './contactpoging-store.ts'
import type { ZaakRij } from './zaak-store.ts'

/** The end of a case. `betreft`: the signals that the result is about, where it is not about all. */
export type Zaakeinde = {
  readonly resultaat: Eindresultaat
  readonly datum: IsoDate
  readonly betreft?: readonly string[]
}

/** The signals of a case that its result is about, and the others. */
export type Verdeling = {
  readonly concerned: readonly BehandeldSignaal[]
  readonly others: readonly BehandeldSignaal[]
}

/**
 * Says which signals of a case a result is about: all, or the named ones, with those about the same person where the
 * result is a fact about one. Throws ongeldige-invoer for a signal that is not in the case. Throws
 * betrokkene-onduidelijk when such a fact is not said of whom while the case is about more than one person, and when
 * the result says that someone agreed while nobody was reached.
 */
export async function weighResultaat(
  { tx }: Handeling,
  zaak: ZaakRij,
  signals: readonly BehandeldSignaal[],
  { resultaat, betreft }: Zaakeinde
): Promise<Verdeling> {
  refuseForeign(zaak, betreft ?? [])
  const isReached = !gevolgVan(resultaat).isNaContact || (await hasReached(tx, zaak))
  const errors = [
    ...(betreft === undefined && isAmbiguous(resultaat, signals) ? [betreftMissing()] : []),
    ...(isReached ? [] : [contactMissing()])
  ]
  if (errors.length > 0) throw new Problem('betrokkene-onduidelijk', { errors })
  const concerned = new Set(concernedBy(resultaat, signals, betreft))
  return { concerned: [...concerned], others: signals.filter((signal) => !concerned.has(signal)) }
}

function concernedBy(
  resultaat: Eindresultaat,
  signals: readonly BehandeldSignaal[],
  betreft: readonly string[] | undefined
): readonly BehandeldSignaal[] {
  if (betreft === undefined) return signals
  const ids = new Set(betreft)
  const named = signals.filter(({ row }) => ids.has(row.id))
  if (!gevolgVan(resultaat).isPersoonsfeit) return named
  const others = signals.filter(({ row }) => !ids.has(row.id))
  return [...named, ...onlyThese(named, others, ({ signaal }) => signaal.betrokkene)]
}

function isAmbiguous(resultaat: Eindresultaat, signals: readonly BehandeldSignaal[]): boolean {
  return gevolgVan(resultaat).isPersoonsfeit === true && !isAboutOnePerson(signals)
}

/** True when these signals, of one address, are about one person. */
export function isAboutOnePerson(signals: readonly BehandeldSignaal[]): boolean {
  return isOnePerson(signals.map(({ signaal }) => signaal.betrokkene))
}

function refuseForeign({ vroegsignaalIds }: ZaakRij, betreft: readonly string[]): void {
  const own = new Set(vroegsignaalIds)
  const detail = 'Dit signaal zit niet (meer) in de zaak. Kies uit haar `vroegsignaalIds`.'
  const errors = betreft.flatMap((id, index) =>
    own.has(id) ? [] : [bodyFault(`/betreft/${index}`, 'table', detail)]
  )
  if (errors.length > 0) throw invalid(errors)
}

function betreftMissing(): Fault {
  const detail =
    'De signalen in deze zaak gaan over meer dan één persoon, en dit resultaat is een feit over één. Noem in `betreft` de signalen over die persoon; de partners van de andere horen `afgerond`.'
  return bodyFault('/betreft', 'required', detail)
}

function contactMissing(): Fault {
  const detail =
    'Dit resultaat zegt dat een inwoner hulp aanvaardde, maar er is niemand bereikt. Leg eerst de contactpoging vast met `bereikt` true (POST /v1/vroegsignaalzaken/{id}/contactpogingen), of kies een ander resultaat.'
  return bodyFault('/resultaat', 'table', detail)
}
