import type { AangeleverdSignaal } from '../begrippen/vroegsignaal.ts'
import type { Criteriumuitkomst, Toelating } from '../beoordeling/beoordelingstekst.ts'

/** The content of a signal as the first two versions of a seal hold it: with the outcomes, which have a seal of their own now. */
type OlderInhoud = {
  readonly signaal: AangeleverdSignaal
  readonly nummeraanduiding?: string
  readonly beoordeling: Readonly<Record<Toelating, readonly string[]>>
}

/** Reads a signal from the text of an older seal. */
export function readOlderInhoud(text: string): OlderInhoud {
  return JSON.parse(text)
}

/** Reads the outcomes of the criteria from the text of an older seal. */
export function readOlderBeoordeling(text: string): Criteriumuitkomst[] {
  const { beoordeling } = readOlderInhoud(text)
  return (Object.keys(beoordeling) as Toelating[]).flatMap((uitkomst) =>
    beoordeling[uitkomst].map((criterium) => ({ criterium, uitkomst }))
  )
}
