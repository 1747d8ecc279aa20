/** The value of each series in a text for Prometheus, by name and labels as they are written. */
export type Samples = ReadonlyMap<string, number>

/** Reads a text for Prometheus; throws at a line that is none of it, and at a series that comes twice. */
export function samplesIn(text: string): Samples {
  const samples = new Map<string, number>()
  for (const line of text.split('\n')) {
    if (line === '' || /^# (HELP|TYPE) [a-z_0-9]+ \S/.test(line)) continue
    const [, series = '', value] =
      /^([a-z_0-9]+(?:\{\w+="[^"\n]*"(?:,\w+="[^"\n]*")*\})?) (\S+)$/.exec(line) ?? []
    if (series === '' || Number.isNaN(Number(value))) throw new Error(`no line of metrics: ${line}`)
    if (samples.has(series)) throw new Error(`twice: ${series}`)
    samples.set(series, Number(value))
  }
  return samples
}
