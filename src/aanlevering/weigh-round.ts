import { todayIn } from '../time.ts'
import type { IdentifiedVroegsignaal } from '../vroegsignalen/identify-vroegsignaal.ts'
import type { OvereenkomstRij } from '../weging/omstandigheden-store.ts'
import { type WeighedVroegsignaal, weighVroegsignalen } from '../weging/weigh-vroegsignalen.ts'
import type { Inname } from './inname.ts'
import { type SealedVroegsignaal, sealVroegsignalen } from './seal-vroegsignalen.ts'

/** An identified signal with the client and the trace of the request that brought it. */
export type TracedVroegsignaal = IdentifiedVroegsignaal & {
  readonly clientId: string
  readonly traceId: string
}

/** A weighed round: each signal with its source, and the admitted ones sealed. */
export type WeighedRound = {
  readonly weighed: readonly (WeighedVroegsignaal & { readonly source: TracedVroegsignaal })[]
  readonly sealed: readonly SealedVroegsignaal[]
}

/** How a batch uses agreements. */
export type OvereenkomstUse = {
  /** Whether they stay locked until the transaction ends. A long one does not; it checks them before it commits. */
  readonly isHolding?: boolean
  /** Filled with the agreements that were used, by id, as they were first read. */
  readonly agreements?: Map<string, OvereenkomstRij>
}

/** Weighs a round and seals the signals that are admitted. */
export async function weighRound(
  inname: Inname,
  round: readonly TracedVroegsignaal[],
  { isHolding = true, agreements = new Map() }: OvereenkomstUse
): Promise<WeighedRound> {
  if (round.length === 0) return { weighed: [], sealed: [] }
  const vandaag = todayIn(inname.now)
  const weging = { vandaag, ontvangstdatum: vandaag, isComparing: true, isHolding }
  const { signals, agreements: used } = await weighVroegsignalen(inname, weging, round)
  // The first reading is kept, so that a change after it is noticed at the end.
  for (const agreement of used) {
    if (!agreements.has(agreement.id)) agreements.set(agreement.id, agreement)
  }
  const weighed = signals.map((one, index) => ({ ...one, source: round[index]! }))
  const admitted = weighed.filter(isAdmitted)
  return {
    weighed,
    sealed: await sealVroegsignalen(
      inname,
      admitted.map((one) => ({ ...one, clientId: one.source.clientId, traceId: one.source.traceId }))
    )
  }
}

/** True when a signal is to be stored: its reference is new and no criterion refuses it. */
export function isAdmitted({ standing, refused }: WeighedVroegsignaal): boolean {
  return standing === undefined && refused.length === 0
}
