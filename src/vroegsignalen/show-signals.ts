import { grondslagOf } from '../beoordeling/assess-signal.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import { type Beoordeling, type Inhoud, unsealContent } from './signal-content.ts'
import type { Vroegsignaal } from './vroegsignaal-schema.ts'
import type { SignaalRij } from './vroegsignaal-store.ts'

/**
 * Signals as the wire shows them, in the order of `rows`. One whose data key was destroyed is left out: it is gone,
 * whatever its row still says. Throws when a content was altered.
 */
export async function showSignals(keys: KeyRing, rows: readonly SignaalRij[]): Promise<Vroegsignaal[]> {
  const dataKeys = await keys.findDataKeys(rows.map(({ sleuteldag }) => sleuteldag))
  return rows.flatMap((row) => {
    const key = dataKeys.get(row.sleuteldag)
    return key === undefined ? [] : [showSignal(row, unsealContent(key, row, row.inhoud))]
  })
}

function showSignal(row: SignaalRij, { signaal, beoordeling }: Inhoud): Vroegsignaal {
  return {
    id: row.id,
    status: row.status,
    signaalpartner: { id: row.signaalpartnerId, naam: row.signaalpartnerNaam },
    ...signaal,
    gemeentecode: row.gemeentecode,
    ontvangenOp: row.ontvangenOp.toISOString(),
    reactiedatum: row.reactiedatum,
    vernietigingsdatum: row.vernietigingsdatum,
    ...(row.herhalingVan !== null && { herhalingVan: row.herhalingVan }),
    beoordeling: { criteria: showAssessment(signaal, beoordeling) }
  }
}

function showAssessment(signaal: Inhoud['signaal'], beoordeling: Beoordeling) {
  return (Object.keys(beoordeling) as (keyof Beoordeling)[]).flatMap((uitkomst) =>
    beoordeling[uitkomst].map((criterium) => ({
      criterium,
      uitkomst,
      grondslag: grondslagOf(criterium, signaal) ?? 'onbekend'
    }))
  )
}
