import { todayIn } from '../../time.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import type { StaandSignaal } from '../../weging/omstandigheden-store.ts'
import { type WeighedVroegsignaal, weighVroegsignalen } from '../../weging/weigh-vroegsignalen.ts'
import { compareStanding } from '../compare-standing.ts'
import { logTrial } from '../log-trial.ts'
import { openVerslag, type Verslagtelling } from './open-verslag.ts'
import type { Regel } from './read-aanlevering.ts'
import type { Regelontvangst, Regelverslag } from './report-line.ts'
import { slicesOf } from './slices-of.ts'

/** The report of a trial: its counts, and at most `maxRejected` of the lines that would be rejected. */
export type Proefverslag = Verslagtelling & { readonly regels: readonly Regelverslag[] }

/**
 * Says what would become of each line of a delivery, as `receiveAanlevering` decides it, and keeps nothing: no signal, no
 * report, no count; only the processing log says about whom something was told.
 */
export async function assessAanlevering(
  handeling: Handeling,
  lines: AsyncIterable<readonly Regel[]>,
  maxRejected: number
): Promise<Proefverslag> {
  const vandaag = todayIn(handeling.now)
  const weging = { vandaag, ontvangstdatum: vandaag, isComparing: true, isTrial: true }
  const verslag = openVerslag()
  const regels: Regelverslag[] = []
  const seen = new Map<string, StaandSignaal>()
  for await (const { lines: together, signals } of slicesOf(handeling, lines)) {
    const weighed = await weighVroegsignalen(handeling, weging, signals)
    await logTrial(handeling, weighed.signals)
    const reports = verslag.add(
      together,
      weighed.signals.map((one) => decide(one, seen))
    )
    const rejected = reports.filter(({ uitkomst }) => uitkomst === 'afgewezen')
    regels.push(...rejected.slice(0, maxRejected - regels.length))
  }
  return { ...verslag.counts(), regels }
}

// A reference that occurs twice in one delivery stands when it comes again, though nothing is stored here.
function decide(one: WeighedVroegsignaal, seen: Map<string, StaandSignaal>): Regelontvangst {
  const { reference, indexes, signaal, refused } = one
  const standing = one.standing ?? seen.get(reference)
  if (standing !== undefined) return withoutId(compareStanding(one, standing))
  if (refused.length > 0) return { uitkomst: 'afgewezen', bevindingen: refused }
  const inhoudHash = indexes.inhoudHash.toString('hex')
  const { gemeentecode = '' } = signaal
  seen.set(reference, { gemeentecode, id: '', referentieIndex: reference, inhoudHash })
  return { uitkomst: 'opgenomen' }
}

function withoutId({ uitkomst }: ReturnType<typeof compareStanding>): Regelontvangst {
  return { uitkomst }
}
