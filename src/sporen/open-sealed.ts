import { type Place, unsealFor } from '../platform/crypto/seal-row.ts'
import type { IsoDate } from '../time.ts'
import type { Handeling } from '../toegang/handeling.ts'

/** Something sealed about a resident. */
export type Sealed = {
  readonly place: Place
  /** The day whose data key opens it. */
  readonly dag: IsoDate
  readonly inhoud: Buffer
  /** The signal that it is about, and that the processing log has to name. */
  readonly vroegsignaalId: string
}

/**
 * Opens what is sealed, in the order given; undefined where the data key was destroyed. The action commits only when the
 * processing log names each signal that was opened. Throws when bytes were altered.
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

/** Says of signals that nobody is shown anything of them, so that they need no line in the log. */
export function discardOpened({ opened }: Pick<Handeling, 'opened'>, ids: Iterable<string>): void {
  for (const id of ids) opened.delete(id)
}
