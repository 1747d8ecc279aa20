import type { Tx } from '../../platform/database/open-database.ts'
import { addOpdracht } from '../../sporen/beheerhandeling-store.ts'
import { type IsoDate, isRealDate, todayIn } from '../../time.ts'
import { lockGemeente } from '../gemeenten/gemeente-store.ts'
import {
  addHerindelingen,
  type Herindeling,
  listHerindelingen,
  removeHerindelingen
} from './herindeling-store.ts'

/** The municipalities that merge, their successor and the day from which they are its. */
export type Plan = { readonly van: readonly string[]; readonly naar: string; readonly datum: IsoDate }

/** Why a plan is refused: a line for each fault, with the field and what to do. */
export class HerindelingRefused extends Error {
  constructor(faults: readonly string[]) {
    super(`De herindeling kan zo niet:\n- ${faults.join('\n- ')}`)
  }
}

/**
 * Plans that municipalities merge into another one on a day to come; returns those that were not planned so already. Throws
 * HerindelingRefused, with all faults, and plans nothing then. Each is recorded as an act of the operator.
 */
export async function planHerindeling(tx: Tx, plan: Plan, now: Date): Promise<string[]> {
  const faults = faultsOfForm(plan, todayIn(now))
  if (faults.length > 0) throw new HerindelingRefused(faults)
  const unknown = await lockAll(tx, [...plan.van, plan.naar])
  const planned = await listHerindelingen(tx)
  const all = [
    ...unknown.map((code) => `${fieldOf(plan, code)}: gemeente ${code} doet niet mee; voeg haar eerst toe.`),
    ...faultsAmong(plan, planned)
  ]
  if (all.length > 0) throw new HerindelingRefused(all)
  const fresh = plan.van.filter((van) => planned.every((one) => one.van !== van))
  const { naar, datum } = plan
  if (fresh.length > 0)
    await addHerindelingen(
      tx,
      fresh.map((van) => ({ van, naar, datum, geplandOp: now }))
    )
  for (const van of fresh) {
    const opdracht = { handeling: 'planHerindeling', objectIds: [van, naar], velden: ['naar', 'datum'] }
    await addOpdracht(tx, opdracht, now)
  }
  return fresh
}

/**
 * Withdraws planned re-divisions; returns of which municipalities. Throws HerindelingRefused once their day has come. Each is
 * recorded as an act of the operator.
 */
export async function withdrawHerindeling(tx: Tx, van: readonly string[], now: Date): Promise<string[]> {
  await lockAll(tx, van)
  const vandaag = todayIn(now)
  const past = (await listHerindelingen(tx)).filter((one) => van.includes(one.van) && one.datum <= vandaag)
  const faults = past.map(
    (one) => `VAN: ${one.van} is sinds ${one.datum} opgegaan in ${one.naar}; dat is niet meer in te trekken.`
  )
  if (faults.length > 0) throw new HerindelingRefused(faults)
  const gone = await removeHerindelingen(tx, van)
  for (const code of gone)
    await addOpdracht(tx, { handeling: 'withdrawHerindeling', objectIds: [code], velden: [] }, now)
  return gone
}

// In order of code, so that no two plans wait for each other. Returns those that do not take part.
async function lockAll(tx: Tx, codes: readonly string[]): Promise<string[]> {
  const unknown: string[] = []
  for (const code of [...new Set(codes)].toSorted())
    if ((await lockGemeente(tx, code)) === undefined) unknown.push(code)
  return unknown
}

function faultsOfForm({ van, naar, datum }: Plan, vandaag: IsoDate): string[] {
  return [
    ...(van.length === 0 ? ['VAN: noem de gemeenten die opgaan, zoals 0177 1773.'] : []),
    ...(new Set(van).size < van.length ? ['VAN: noem elke gemeente een keer.'] : []),
    ...(van.includes(naar) ? [`--naar: ${naar} kan niet in zichzelf opgaan; laat haar weg bij VAN.`] : []),
    ...(isRealDate(datum) ? [] : ['--datum: geef een dag, zoals 2027-01-01.']),
    ...(isRealDate(datum) && datum <= vandaag
      ? [`--datum: ${datum} is niet in de toekomst; kies een dag na ${vandaag}.`]
      : [])
  ]
}

// A successor must be there on the day and after it, and nobody may come to who leaves that same day: in what order the two
// were carried out would decide who ends up with what.
function faultsAmong({ van, naar, datum }: Plan, planned: readonly Herindeling[]): string[] {
  const leaves = planned.find((one) => one.van === naar && one.datum <= datum)
  const others = planned.filter((one) => van.includes(one.van) && (one.naar !== naar || one.datum !== datum))
  const late = planned.filter((one) => van.includes(one.naar) && one.datum >= datum)
  return [
    ...(leaves === undefined
      ? []
      : [`--naar: ${naar} gaat zelf op ${leaves.datum} op in ${leaves.naar}; noem die gemeente.`]),
    ...others.map(
      (one) =>
        `VAN: ${one.van} gaat al op ${one.datum} op in ${one.naar}; trek dat eerst in (herindeling intrekken ${one.van}).`
    ),
    ...late.map(
      (one) =>
        `VAN: in ${one.naar} gaat op ${one.datum} nog ${one.van} op; kies een latere dag, of laat ${one.van} meteen in ${naar} opgaan.`
    )
  ]
}

function fieldOf({ naar }: Plan, code: string): string {
  return code === naar ? '--naar' : 'VAN'
}
