import { type Place, unsealFor } from '../platform/crypto/seal-row.ts'
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

/**
 * Opens sealed texts, in the order given; undefined where the data key was destroyed. The action can commit only when
 * the processing log names each opened signal. Throws when bytes were altered.
 */
export async function openSealed(
  { keys, opened }: Pick<Handeling, 'keys' | 'opened'>,
  sealed: readonly Sealed[]
): Promise<(string | undefined)[]> {
  const dataKeys = await keys.findDataKeys(sealed.map(({ dag }) => dag))
  return sealed.map(({ place, dag, inhoud, vroegsignaalId }) => {
    const key = dataKeys.get(dag)
    if (key === undefined) return undefined
    opened.add(vroegsignaalId)
    return unsealFor(key, place, inhoud)
  })
}

/** Records that these signals are not shown to anyone, so that they need no line in the processing log. */
export function discardOpened({ opened }: Pick<Handeling, 'opened'>, ids: Iterable<string>): void {
  for (const id of ids) opened.delete(id)
}
