import { bewaartermijnen } from '../../begrippen/bewaartermijnen.ts'
import { bodyFault, invalid } from '../../platform/http/problem.ts'
import { addMonths, type IsoDate } from '../../time.ts'
import type { Periode } from './ddas-store.ts'

type Vraag = {
  readonly aanleverperiodeStartdatum?: IsoDate
  readonly aanleverperiodeEinddatum?: IsoDate
}

const { maanden } = bewaartermijnen.vroegsignaal

/**
 * The days of receipt that are asked for. Left out, the last is today and the first is so early that nothing older lives.
 * Throws ongeldige-invoer when the first comes after the last.
 */
export function aanleverperiodeOf(vraag: Vraag, today: IsoDate): Periode {
  const { aanleverperiodeEinddatum: totEnMet = today } = vraag
  const { aanleverperiodeStartdatum: van = addMonths(totEnMet, -maanden) } = vraag
  if (van <= totEnMet) return { van, totEnMet }
  const detail =
    vraag.aanleverperiodeEinddatum === undefined
      ? 'De startdatum ligt na vandaag, en zonder einddatum loopt de periode tot en met vandaag. Kies een eerdere startdatum.'
      : 'De startdatum komt na de einddatum. Verwissel ze, of laat er een weg.'
  throw invalid([bodyFault('/aanleverperiodeStartdatum', 'maximum', detail)])
}
