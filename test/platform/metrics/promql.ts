import { parser } from '@prometheus-io/lezer-promql'

/** A metric that an expression asks for, with the labels that it must have and the values that it must be. */
export type Selected = {
  readonly metric: string
  readonly labels: readonly string[]
  readonly equals: readonly (readonly [label: string, value: string])[]
}

/** The metrics in an expression of PromQL; throws at one that is no PromQL. */
export function selectedIn(expression: string): Selected[] {
  const found: { metric: string; labels: string[]; equals: [string, string][] }[] = []
  const grouped: string[] = []
  parser.parse(expression).iterate({
    enter: ({ type, node, from, to }) => {
      if (type.isError) throw new Error(`no PromQL at ${from}: ${expression}`)
      const text = expression.slice(from, to)
      if (type.name === 'VectorSelector') {
        const { from, to } = node.getChild('Identifier')!
        found.push({ metric: expression.slice(from, to), labels: [], equals: [] })
      }
      if (type.name === 'UnquotedLabelMatcher') {
        const [, label = '', operator, value = ''] = /^(\w+)\s*(=~|!~|!=|=)\s*"(.*)"$/.exec(text) ?? []
        found.at(-1)!.labels.push(label)
        if (operator === '=') found.at(-1)!.equals.push([label, value])
      }
      if (type.name === 'GroupingLabels') grouped.push(...text.slice(1, -1).split(/\s*,\s*/))
    }
  })
  return found.map((one) => ({ ...one, labels: [...one.labels, ...grouped.filter(isOurs)] }))
}

// Prometheus adds where a series came from.
function isOurs(label: string): boolean {
  return label !== 'instance'
}
