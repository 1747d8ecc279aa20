import { assessSignal, isRefusal } from '../beoordeling/assess-signal.ts'
import type { Bevinding } from '../beoordeling/criterium.ts'
import { mapInTurns } from '../platform/map-in-turns.ts'
import type { IdentifiedVroegsignaal } from '../vroegsignalen/identify-vroegsignaal.ts'
import {
  type GatheredVroegsignaal,
  gatherOmstandigheden,
  type Weging,
  type Weighing
} from './gather-omstandigheden.ts'
import type { OvereenkomstRij } from './omstandigheden-store.ts'

/** A gathered signal with the findings of the criteria: the third step of intake. */
export type WeighedVroegsignaal = GatheredVroegsignaal & {
  readonly bevindingen: readonly Bevinding[]
  /** The findings that refuse it. */
  readonly refused: readonly Bevinding[]
}

/** Weighed signals, in the order given, and the agreements that were read. */
export type Weighed = {
  readonly signals: readonly WeighedVroegsignaal[]
  readonly agreements: readonly OvereenkomstRij[]
}

/** Gathers what signals are weighed against and weighs each by the law on its signaaldatum. */
export async function weighVroegsignalen(
  weighing: Weighing,
  weging: Weging,
  identified: readonly IdentifiedVroegsignaal[]
): Promise<Weighed> {
  const { signals, agreements } = await gatherOmstandigheden(weighing, weging, identified)
  return { signals: await mapInTurns(signals, (one) => weigh(one, weging)), agreements }
}

function weigh(gathered: GatheredVroegsignaal, { isComparing = false }: Weging): WeighedVroegsignaal {
  const bevindingen =
    isComparing && gathered.standing !== undefined
      ? []
      : assessSignal(gathered.signaal, gathered.omstandigheden)
  const refused = bevindingen.filter(isRefusal).map((one) => pointToOpvolger(one, gathered))
  return { ...gathered, bevindingen, refused }
}

// The public fact that a municipality has merged says more than that there is no agreement with it.
function pointToOpvolger(
  bevinding: Bevinding,
  { signaal: { gemeentecode }, opgegaanIn }: GatheredVroegsignaal
): Bevinding {
  if (opgegaanIn === undefined || bevinding.criterium.criterium !== 'overeenkomst-actief') return bevinding
  const { opvolger, datum } = opgegaanIn
  const afwijzing = `Gemeente ${gemeentecode} is sinds ${datum} opgegaan in gemeente ${opvolger}.`
  const herstel = `Zend het signaal met gemeentecode ${opvolger}; uw overeenkomst loopt daar door.`
  return { ...bevinding, criterium: { ...bevinding.criterium, afwijzing, herstel } }
}
