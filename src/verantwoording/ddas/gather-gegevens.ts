import type { Handeling } from '../../toegang/handeling.ts'
import { countTeLeveren, type Periode } from './ddas-store.ts'
import { planBladzijde } from './plan-bladzijde.ts'
import { writeLevering } from './write-levering.ts'

/** What is asked: days of receipt, municipalities with their names in the order of their leveringen, and a page. */
export type Gegevensvraag = {
  readonly periode: Periode
  readonly namen: ReadonlyMap<string, string>
  readonly page: number
  readonly pageSize: number
}

/** The leveringen on a page, each as JSON in pieces, and how much there is in all. */
export type Gegevens = {
  readonly leveringen: readonly (readonly Buffer[])[]
  readonly totalPages: number
  readonly totalRecords: number
}

/**
 * Gathers a page of the delivery to Statistics Netherlands: the signals that municipalities of the caller received and
 * still have, with their cases. Each signal on it is logged in the same transaction.
 */
export async function gatherGegevens(
  handeling: Handeling,
  { periode, namen, page, pageSize }: Gegevensvraag
): Promise<Gegevens> {
  const tellingen = await countTeLeveren(handeling.tx, [...namen.keys()], periode)
  const { delen, totalPages, totalRecords } = planBladzijde(tellingen, page, pageSize)
  const leveringen: (readonly Buffer[])[] = []
  for (const deel of delen) {
    const naam = namen.get(deel.gemeentecode)!
    leveringen.push(await writeLevering(handeling, deel, { ...periode, naam }))
  }
  return { leveringen, totalPages, totalRecords }
}
