import { todayIn } from '../time.ts'
import { signaalpartnerOf } from '../toegang/caller.ts'
import type { Handeling } from '../toegang/handeling.ts'
import type { IdentifiedSignal } from '../vroegsignalen/identify-signal.ts'
import type { OvereenkomstRij } from '../weging/omstandigheden-store.ts'
import { type WeighedSignal, weighSignals } from '../weging/weigh-signals.ts'
import { type SealedSignal, sealSignals } from './seal-signals.ts'

/** An identified signal with the trace of the request that brought it. */
export type TracedSignal = IdentifiedSignal & { readonly traceId: string }

/** A round that was weighed: each signal with the one it came from, and those that passed, sealed. */
export type WeighedRound = {
  readonly weighed: readonly (WeighedSignal & { readonly source: TracedSignal })[]
  readonly sealed: readonly SealedSignal[]
}

/** How a batch uses agreements. */
export type AgreementUse = {
  /** Whether they stay locked until the transaction ends. A long one checks them again before it commits instead. */
  readonly isHolding?: boolean
  /** Filled with the agreements that were used, by id, as they were first read. */
  readonly agreements?: Map<string, OvereenkomstRij>
}

/** Weighs a round and seals what passes. */
export async function weighRound(
  handeling: Handeling,
  round: readonly TracedSignal[],
  { isHolding = true, agreements = new Map() }: AgreementUse
): Promise<WeighedRound> {
  if (round.length === 0) return { weighed: [], sealed: [] }
  const { tx, caller, now } = handeling
  const vandaag = todayIn(now)
  const signaalpartnerId = signaalpartnerOf(caller)
  const weging = { signaalpartnerId, vandaag, ontvangstdatum: vandaag, isComparing: true, isHolding }
  const { signals, agreements: used } = await weighSignals(tx, weging, round)
  // The first reading counts: an agreement that changed since must not pass for what earlier signals used.
  for (const agreement of used) {
    if (!agreements.has(agreement.id)) agreements.set(agreement.id, agreement)
  }
  const weighed = signals.map((one, index) => ({ ...one, source: round[index]! }))
  const admitted = weighed.filter(isAdmitted)
  return {
    weighed,
    sealed: await sealSignals(
      handeling,
      admitted.map((one) => ({ ...one, traceId: one.source.traceId }))
    )
  }
}

/** True for a signal that is to be stored: its reference is new, and no criterion keeps it out. */
export function isAdmitted({ standing, refused }: WeighedSignal): boolean {
  return standing === undefined && refused.length === 0
}
