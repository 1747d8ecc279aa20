import { addDays, type IsoDate } from '../../time.ts'
import type { OvereenkomstRij } from './overeenkomst-store.ts'

/** What becomes of the agreements of a municipality that merges: those that end there, and those that go on with its successor. */
export type Voortzetting = {
  readonly ended: readonly Pick<OvereenkomstRij, 'id' | 'einddatum' | 'ingreep'>[]
  readonly continued: readonly OvereenkomstRij[]
}

// A signal may be a month older than its receipt, and rests on an agreement in force on its own day.
const longestDelay = 31

/**
 * Decides what becomes of the agreements of a municipality that merges on a day, given those of its successor. Each goes on
 * with its successor as it is, signed or not, suspended or not, unless that has one with the partner that covers it. One that
 * had ended goes on as evidence where the successor has none with that partner, so that its live signals can be dealt with.
 */
export function continueOvereenkomsten(
  naar: string,
  datum: IsoDate,
  vanOude: readonly OvereenkomstRij[],
  vanOpvolger: readonly OvereenkomstRij[]
): Voortzetting {
  const [over, live] = [true, false].map((wanted) => vanOude.filter((one) => isOver(one, datum) === wanted))
  const goOn = (one: OvereenkomstRij) => ({ ...one, gemeentecode: naar, id: crypto.randomUUID() })
  const continued = live!.filter((one) => !vanOpvolger.some((other) => covers(other, one, datum))).map(goOn)
  const known = new Set([...vanOpvolger, ...continued].map(({ signaalpartnerId }) => signaalpartnerId))
  for (const one of over!) {
    if (known.has(one.signaalpartnerId)) continue
    known.add(one.signaalpartnerId)
    continued.push(goOn(one))
  }
  return { ended: live!.map((one) => endOf(one, datum)), continued }
}

function isOver({ einddatum, ingreep }: OvereenkomstRij, datum: IsoDate): boolean {
  return ingreep === 'beeindigd' || (einddatum !== null && einddatum < datum)
}

// An agreement that the operator suspended covers as well: were another one added, the partner could signal all the same.
function covers(theirs: OvereenkomstRij, own: OvereenkomstRij, datum: IsoDate): boolean {
  const isSigned = theirs.ondertekeningSignaalpartner !== null && theirs.ondertekeningGemeente !== null
  const from = addDays(datum, -longestDelay)
  return (
    theirs.signaalpartnerId === own.signaalpartnerId &&
    isSigned &&
    !isOver(theirs, datum) &&
    own.sectoren.every((sector) => theirs.sectoren.includes(sector)) &&
    theirs.ingangsdatum <= (own.ingangsdatum > from ? own.ingangsdatum : from) &&
    (theirs.einddatum === null || (own.einddatum !== null && own.einddatum <= theirs.einddatum))
  )
}

function endOf(
  { id, ingangsdatum, ingreep }: OvereenkomstRij,
  datum: IsoDate
): Voortzetting['ended'][number] {
  const last = addDays(datum, -1)
  return ingangsdatum <= last
    ? { id, einddatum: last, ingreep }
    : { id, einddatum: null, ingreep: 'beeindigd' }
}
