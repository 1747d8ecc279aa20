import type { Inname } from './inname.ts'
import type { Ontvangst } from './ontvangst.ts'
import { roundsOf } from './rounds.ts'
import { storeRound } from './store-round.ts'
import {
  type OvereenkomstUse,
  type TracedVroegsignaal,
  type WeighedRound,
  weighRound
} from './weigh-round.ts'

/** A batch ready to be stored. Signals that a later one depends on are stored already. */
export type WeighedBatch = {
  readonly signals: readonly TracedVroegsignaal[]
  readonly outcomes: Map<TracedVroegsignaal, Ontvangst>
  readonly lastRound: WeighedRound
}

/**
 * Takes in signals of one or more partners (station 1). A known reference is answered with the existing signal. The
 * others are weighed by the law of their signaaldatum; those admitted are stored encrypted, marked for matching and
 * logged. One refused signal does not affect the others. Results come in the order given.
 */
export async function receiveVroegsignalen(
  inname: Inname,
  signals: readonly TracedVroegsignaal[]
): Promise<Ontvangst[]> {
  return storeBatch(inname, await weighBatch(inname, signals))
}

/** Weighs and seals a batch for `storeBatch`. Signals that a later one depends on are stored here. */
export async function weighBatch(
  inname: Inname,
  signals: readonly TracedVroegsignaal[],
  use: OvereenkomstUse = {}
): Promise<WeighedBatch> {
  const outcomes = new Map<TracedVroegsignaal, Ontvangst>()
  const rounds = roundsOf(signals)
  const last = rounds.pop() ?? []
  for (const round of rounds) {
    await storeRound(inname, await weighRound(inname, round, use), outcomes)
  }
  return { signals, outcomes, lastRound: await weighRound(inname, last, use) }
}

/** Stores a weighed batch and returns the results in the order of its signals. */
export async function storeBatch(
  inname: Inname,
  { signals, outcomes, lastRound }: WeighedBatch
): Promise<Ontvangst[]> {
  await storeRound(inname, lastRound, outcomes)
  return signals.map((signal) => outcomes.get(signal)!)
}
