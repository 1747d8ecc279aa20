import { type Place, tryUnsealFor, unsealFor } from '../platform/crypto/seal-row.ts'
import type { IsoDate } from '../time.ts'
import type { Handeling } from '../toegang/handeling.ts'

/** A sealed text about a resident. */
export type Sealed = {
  readonly place: Place
  /** The day of the data key that opens it. */
  readonly dag: IsoDate
  readonly inhoud: Buffer
  /** The signal it is about, which the processing log must name. */
  readonly vroegsignaalId: string
}

/** What opening needs; `unreadable` takes the signals whose text cannot be opened, where that should cost no other. */
export type Opening = Pick<Handeling, 'keys' | 'opened'> & Partial<Pick<Handeling, 'unreadable'>>

/**
 * Opens sealed texts, in the order given; undefined where the data key is gone, or where bytes were altered or
 * belong to another key. The action can commit only when the processing log names each opened signal. Throws for the last
 * when there is no `unreadable`.
 */
export async function openSealed(
  { keys, opened, unreadable }: Opening,
  sealed: readonly Sealed[]
): Promise<(string | undefined)[]> {
  const dataKeys = await keys.findDataKeys(sealed.map(({ dag }) => dag))
  return sealed.map(({ place, dag, inhoud, vroegsignaalId }) => {
    const key = dataKeys.get(dag)
    const isStrict = key !== undefined && unreadable === undefined
    const text = isStrict ? unsealFor(key, place, inhoud) : tryUnsealFor(key, place, inhoud)
    if (text === undefined) unreadable?.add(vroegsignaalId)
    else opened.add(vroegsignaalId)
    return text
  })
}

/** Records that these signals are not shown to anyone, so that they need no line in the processing log. */
export function discardOpened({ opened }: Pick<Handeling, 'opened'>, ids: Iterable<string>): void {
  for (const id of ids) opened.delete(id)
}
