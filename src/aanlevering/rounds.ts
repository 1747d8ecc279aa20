import type { IdentifiedVroegsignaal } from '../vroegsignalen/identify-vroegsignaal.ts'

/**
 * Splits signals into rounds, in order, so that no reference or customer occurs twice in a round. Each round is weighed
 * after the earlier ones are stored, so that a repeat or an earlier signal within one delivery is noticed.
 */
export function roundsOf<Signal extends IdentifiedVroegsignaal>(signals: readonly Signal[]): Signal[][] {
  const rounds: Signal[][] = []
  const next = new Map<string, number>()
  for (const signal of signals) {
    const { reference, customer, personIndex } = signal
    const names = [reference, customer, ...(personIndex ? [personIndex.toString('hex')] : [])]
    const round = Math.max(...names.map((name) => next.get(name) ?? 0))
    for (const name of names) next.set(name, round + 1)
    rounds[round] ??= []
    rounds[round].push(signal)
  }
  return rounds
}

/** True when no signal depends on another, so that the later ones can be weighed before the earlier ones are stored. */
export function areApart(
  earlier: readonly IdentifiedVroegsignaal[],
  later: readonly IdentifiedVroegsignaal[]
): boolean {
  return roundsOf([...earlier, ...later]).length <= 1
}
