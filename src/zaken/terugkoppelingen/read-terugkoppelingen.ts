import { logVroegsignalenOf } from '../../sporen/log-processing.ts'
import { openSealed } from '../../sporen/open-sealed.ts'
import { signaalpartnerOf } from '../../toegang/caller.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import { terugkoppelingPlace } from './give-terugkoppeling.ts'
import type { Terugkoppeling } from './terugkoppeling-schema.ts'
import type { TerugkoppelingRij } from './terugkoppeling-store.ts'

/**
 * Shows the calling partner what municipalities said about its signals, in the order of `rows`, and logs that. Leaves
 * out a row when its data key was destroyed.
 */
export async function readTerugkoppelingen(
  handeling: Handeling,
  rows: readonly TerugkoppelingRij[]
): Promise<Terugkoppeling[]> {
  const signaalpartnerId = signaalpartnerOf(handeling.caller)
  const references = await openSealed(
    handeling,
    rows.map(({ id, vroegsignaalId, vernietigingsdatum, inhoud }) => ({
      place: terugkoppelingPlace(signaalpartnerId, id),
      dag: vernietigingsdatum,
      inhoud,
      vroegsignaalId
    }))
  )
  const readable = rows.flatMap((row, index) => {
    const referentie = references[index]
    return referentie === undefined ? [] : [{ ...row, referentie }]
  })
  await logVroegsignalenOf(handeling, 'terugkoppeling-inzien', readable)
  return readable.map(showFeedback)
}

function showFeedback(row: TerugkoppelingRij & { referentie: string }): Terugkoppeling {
  const { vroegsignaalId, referentie, code, op, incassopauzeTotEnMet } = row
  return {
    vroegsignaalId,
    referentie,
    code,
    op: op.toISOString(),
    ...(incassopauzeTotEnMet !== null && { incassopauzeTotEnMet })
  }
}
