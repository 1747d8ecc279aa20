import { criteria } from '../beoordeling/criteria.ts'
import type { Hub } from '../toegang/hub.ts'
import type { Ontvangst } from './ontvangst.ts'
import type { SingleAnswer } from './receive-singles.ts'

type Counts = Hub['metrics']['counts']
/** What the report of a delivery counts. */
type Telling = Readonly<{
  aantalOpgenomen: number
  aantalAfgewezen: number
  aantalOngewijzigd: number
  redenen: readonly { readonly code: string; readonly aantal: number }[]
}>

const taken = 'referentie-bestaat'
const reasons: ReadonlySet<string> = new Set([...criteria.map(({ criterium }) => criterium), taken])

/** Counts for the operator what became of one posted signal. Call it when that is committed. */
export function countSingle(counts: Counts, answer: SingleAnswer): void {
  if ('refused' in answer) {
    countRefusal(counts, answer.refused)
    return
  }
  const isNew = answer.status === 201 && !answer.isReplayed
  counts.vroegsignalen({ weg: 'enkel', uitkomst: isNew ? 'opgenomen' : 'ongewijzigd' })
}

function countRefusal({ vroegsignalen, afwijzingen }: Counts, refused: Ontvangst): void {
  const weg = 'enkel'
  // Asked to come again: it is decided on then.
  if (refused.uitkomst === 'referentie-verloopt') return
  vroegsignalen({ weg, uitkomst: 'afgewezen' })
  if (refused.uitkomst === taken) afwijzingen({ weg, criterium: taken })
  if (refused.uitkomst === 'afgewezen')
    for (const { criterium } of refused.bevindingen) afwijzingen({ weg, criterium: criterium.criterium })
}

/** The same for the lines of a delivery. */
export function countAanlevering({ vroegsignalen, afwijzingen }: Counts, telling: Telling): void {
  const weg = 'aanlevering'
  vroegsignalen({ weg, uitkomst: 'opgenomen' }, telling.aantalOpgenomen)
  vroegsignalen({ weg, uitkomst: 'ongewijzigd' }, telling.aantalOngewijzigd)
  vroegsignalen({ weg, uitkomst: 'afgewezen' }, telling.aantalAfgewezen)
  for (const { code, aantal } of telling.redenen)
    afwijzingen({ weg, criterium: reasons.has(code) ? code : 'vorm' }, aantal)
}
