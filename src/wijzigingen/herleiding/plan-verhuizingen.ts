import type { Samenvoeging, TeVerhuizen } from './herleiding-store.ts'

/** A signal that was not withdrawn, with its address before and after, as keyed hashes in hex. */
export type HerleidSignaal = { readonly id: string; readonly van: string; readonly naar: string }

/** What happens to households when the addresses of their signals change; addresses in hex. */
export type Verhuisplan = {
  readonly moves: readonly { readonly id: string; readonly naar: string }[]
  readonly joined: readonly Samenvoeging[]
}

/**
 * Plans where households go. One that is split goes where its case is, else where most of its signals are. Where
 * several come together, the oldest stays and the others are joined with it. An expired one makes room.
 */
export function planVerhuizingen(
  huishoudens: readonly TeVerhuizen[],
  signals: readonly HerleidSignaal[]
): Verhuisplan {
  const perAdres = Map.groupBy(signals, ({ van }) => van)
  const bestemming = new Map(
    huishoudens.map((one) => [one.id, destinationOf(one, perAdres.get(one.adres) ?? [])])
  )
  const moves: { id: string; naar: string }[] = []
  const joined: Samenvoeging[] = []
  for (const [naar, together] of Map.groupBy(huishoudens, ({ id }) => bestemming.get(id)!)) {
    const [stays, ...others] = together.toSorted(olderFirst)
    if (stays!.adres !== naar) moves.push({ id: stays!.id, naar })
    joined.push(...others.map(({ id }) => ({ id, blijft: stays!.id })))
  }
  return { moves, joined }
}

function olderFirst(a: TeVerhuizen, b: TeVerhuizen): number {
  return (
    Number(a.isVerlopen) - Number(b.isVerlopen) ||
    a.eersteSignaalOp.getTime() - b.eersteSignaalOp.getTime() ||
    (a.id < b.id ? -1 : 1)
  )
}

function destinationOf({ adres, zaaksignalen }: TeVerhuizen, signals: readonly HerleidSignaal[]): string {
  const naar = new Map(signals.map((signal) => [signal.id, signal.naar]))
  const ofCase = zaaksignalen.find((id) => naar.has(id))
  if (ofCase !== undefined) return naar.get(ofCase)!
  const groups = [...Map.groupBy(signals, (signal) => signal.naar)]
  const [largest] = groups.toSorted(([, some], [, others]) => others.length - some.length)
  return largest?.[0] ?? adres
}
