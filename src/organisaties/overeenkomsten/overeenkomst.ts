import type { Ingreep, Overeenkomststatus } from '../../begrippen/organisatie.ts'
import type { IsoDate } from '../../time.ts'

type Geldigheid = {
  readonly ingangsdatum: IsoDate
  readonly einddatum: IsoDate | null
  readonly ingreep: Ingreep | null
  readonly ondertekeningSignaalpartner: object | null
  readonly ondertekeningGemeente: object | null
}

/** The status of an agreement on a day. It follows from the signatures, the term and what the operator did. */
export function statusOn(overeenkomst: Geldigheid, day: IsoDate): Overeenkomststatus {
  const { ingangsdatum, einddatum, ingreep } = overeenkomst
  if (ingreep !== null) return ingreep
  if (einddatum !== null && einddatum < day) return 'beeindigd'
  return isSigned(overeenkomst) && ingangsdatum <= day ? 'actief' : 'ter-ondertekening'
}

/** True when the agreement is in force on every one of the days. */
export function isInForce(overeenkomst: Geldigheid, ...days: readonly IsoDate[]): boolean {
  return days.every((day) => statusOn(overeenkomst, day) === 'actief')
}

function isSigned({ ondertekeningSignaalpartner, ondertekeningGemeente }: Geldigheid): boolean {
  return ondertekeningSignaalpartner !== null && ondertekeningGemeente !== null
}
