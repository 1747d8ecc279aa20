/** What the hub counts while it works: each with the values of its labels, or null where these follow from a list elsewhere. */
export const counters = {
  vroegsignalen: {
    name: 'signaalhub_vroegsignalen_total',
    help: 'Signals that were decided on, by the way they came and what became of them.',
    labels: { weg: ['enkel', 'aanlevering'], uitkomst: ['opgenomen', 'ongewijzigd', 'afgewezen'] }
  },
  afwijzingen: {
    name: 'signaalhub_afwijzingen_total',
    help: 'Reasons for which signals were refused; one signal may have several. vorm: a line of a delivery that is no signal.',
    labels: { weg: ['enkel', 'aanlevering'], criterium: null }
  },
  deltas: {
    name: 'signaalhub_deltas_answers_total',
    help: 'Answers to followers of the households. rest=ja: full, so the follower is behind and more is to come.',
    labels: { rest: ['ja', 'nee'] }
  },
  failedLogins: {
    name: 'signaalhub_failed_logins_total',
    help: 'Requests for a token that were refused, by error of OAuth.',
    labels: { error: null }
  },
  unreadable: {
    name: 'signaalhub_vroegsignalen_unreadable_total',
    help: 'Times that a signal was left out of an answer because it cannot be opened; the log names it.',
    labels: {}
  },
  sweeps: {
    name: 'signaalhub_sweeps_total',
    help: 'Sweeps of this instance that came to their end, or failed.',
    labels: { result: ['done', 'failed'] }
  },
  destroyed: {
    name: 'signaalhub_vroegsignalen_destroyed_total',
    help: 'Signals that this instance destroyed, by the sweeper or on request.',
    labels: {}
  },
  spans: {
    name: 'signaalhub_spans_total',
    help: 'Spans that the collector took, that it did not take, and that were dropped because it is away or slow.',
    labels: { result: ['sent', 'failed', 'dropped'] }
  }
} as const satisfies Record<string, { name: string; help: string; labels: LabelValues }>

type LabelValues = Readonly<Record<string, readonly string[] | null>>
type Labels<Values extends LabelValues> = {
  readonly [Name in keyof Values]: Values[Name] extends readonly string[] ? Values[Name][number] : string
}

/** Adds to each counter, 1 by default. Costs about a microsecond and never throws. */
export type Counts = {
  readonly [Key in keyof typeof counters]: (
    labels: Labels<(typeof counters)[Key]['labels']>,
    by?: number
  ) => void
}

/** Every combination of known values, so that a counter is there, at 0, before it first counts. */
export function combinationsOf(labels: LabelValues): Record<string, string>[] {
  return Object.entries(labels).reduce<Record<string, string>[]>(
    (combinations, [name, values]) =>
      combinations.flatMap((one) => (values ?? []).map((value) => ({ ...one, [name]: value }))),
    [{}]
  )
}
