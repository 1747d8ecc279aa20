import { grondslagenOf } from '../beoordeling/assess-signal.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import { type Beoordeling, type Inhoud, unsealContent } from './signal-content.ts'
import type { Vroegsignaal } from './vroegsignaal-schema.ts'
import type { SignaalRij } from './vroegsignaal-store.ts'

/**
 * Signals as their municipality sees them, in the order of `rows`. One whose data key was destroyed is left out: it is gone,
 * whatever its row still says. Throws when a content was altered.
 */
export async function showSignals(keys: KeyRing, rows: readonly SignaalRij[]): Promise<Vroegsignaal[]> {
  return show(keys, rows, ({ gemeentecode }) => gemeentecode)
}

/** The same for their partner: to it a signal stays in the municipality that it was sent to, wherever the resident went. */
export async function showOwnSignals(keys: KeyRing, rows: readonly SignaalRij[]): Promise<Vroegsignaal[]> {
  return show(keys, rows, aangeleverdIn)
}

/** The municipality that a partner sent a signal to. */
export function aangeleverdIn({
  doorgezondenVan,
  gemeentecode
}: Pick<SignaalRij, 'doorgezondenVan' | 'gemeentecode'>): string {
  return doorgezondenVan ?? gemeentecode
}

async function show(
  keys: KeyRing,
  rows: readonly SignaalRij[],
  gemeentecodeOf: (row: SignaalRij) => string
): Promise<Vroegsignaal[]> {
  const dataKeys = await keys.findDataKeys(rows.map(({ sleuteldag }) => sleuteldag))
  return rows.flatMap((row) => {
    const key = dataKeys.get(row.sleuteldag)
    return key === undefined
      ? []
      : [showSignal(row, gemeentecodeOf(row), unsealContent(key, row, row.inhoud))]
  })
}

function showSignal(row: SignaalRij, gemeentecode: string, { signaal, beoordeling }: Inhoud): Vroegsignaal {
  return {
    id: row.id,
    status: row.status,
    signaalpartner: { id: row.signaalpartnerId, naam: row.signaalpartnerNaam },
    ...signaal,
    gemeentecode,
    ontvangenOp: row.ontvangenOp.toISOString(),
    reactiedatum: row.reactiedatum,
    vernietigingsdatum: row.vernietigingsdatum,
    ...(row.herhalingVan !== null && { herhalingVan: row.herhalingVan }),
    beoordeling: { criteria: showAssessment(signaal, beoordeling) }
  }
}

function showAssessment(signaal: Inhoud['signaal'], beoordeling: Beoordeling) {
  const grondslagen = grondslagenOf(signaal)
  return (Object.keys(beoordeling) as (keyof Beoordeling)[]).flatMap((uitkomst) =>
    beoordeling[uitkomst].map((criterium) => ({
      criterium,
      uitkomst,
      grondslag: grondslagen.get(criterium) ?? 'onbekend'
    }))
  )
}
