import type { IdentifiedVroegsignaal } from '../vroegsignalen/identify-vroegsignaal.ts'

/**
 * Parts signals into rounds, in order: no reference and no customer occurs twice within one. A round is weighed when the
 * rounds before it are stored, so that a repeat within one delivery is seen.
 */
export function roundsOf<Signal extends IdentifiedVroegsignaal>(signals: readonly Signal[]): Signal[][] {
  const rounds: Signal[][] = []
  const next = new Map<string, number>()
  for (const signal of signals) {
    const names = [signal.reference, signal.customer]
    const round = Math.max(...names.map((name) => next.get(name) ?? 0))
    for (const name of names) next.set(name, round + 1)
    rounds[round] ??= []
    rounds[round].push(signal)
  }
  return rounds
}

/** True when the later signals can be weighed before the earlier ones are stored: none depends on another. */
export function areApart(
  earlier: readonly IdentifiedVroegsignaal[],
  later: readonly IdentifiedVroegsignaal[]
): boolean {
  return roundsOf([...earlier, ...later]).length <= 1
}
