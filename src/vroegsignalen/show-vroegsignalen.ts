import { grondslagenOf } from '../beoordeling/assess-signal.ts'
import type { Handeling } from '../toegang/handeling.ts'
import { type Beoordeling, type Inhoud, openInhoud } from './vroegsignaal-inhoud.ts'
import type { Vroegsignaal } from './vroegsignaal-schema.ts'
import type { SignaalRij } from './vroegsignaal-store.ts'

type Opening = Pick<Handeling, 'keys' | 'opened'>

/**
 * Shows signals to their municipality, in the order of `rows`. Leaves out a signal when its data key was destroyed: it
 * is gone, whatever its row still says. Throws when content was altered.
 */
export async function showVroegsignalen(
  opening: Opening,
  rows: readonly SignaalRij[]
): Promise<Vroegsignaal[]> {
  return show(opening, rows, ({ gemeentecode }) => gemeentecode)
}

/** The same for their partner, which always sees the municipality that it sent a signal to, even after a move. */
export async function showOwnVroegsignalen(
  opening: Opening,
  rows: readonly SignaalRij[]
): Promise<Vroegsignaal[]> {
  return show(opening, rows, aangeleverdIn)
}

/** The municipality that a partner sent a signal to. */
export function aangeleverdIn({
  doorgezondenVan,
  gemeentecode
}: Pick<SignaalRij, 'doorgezondenVan' | 'gemeentecode'>): string {
  return doorgezondenVan ?? gemeentecode
}

async function show(
  opening: Opening,
  rows: readonly SignaalRij[],
  gemeentecodeOf: (row: SignaalRij) => string
): Promise<Vroegsignaal[]> {
  const contents = await openInhoud(opening, rows)
  return rows.flatMap((row, index) => {
    const inhoud = contents[index]
    return inhoud === undefined ? [] : [showVroegsignaal(row, gemeentecodeOf(row), inhoud)]
  })
}

/** A signal as the API shows it, made of its row and its content. */
export function showVroegsignaal(
  row: Omit<SignaalRij, 'inhoud'>,
  gemeentecode: string,
  { signaal, beoordeling, nummeraanduiding }: Inhoud
): Vroegsignaal {
  return {
    id: row.id,
    status: row.status,
    signaalpartner: { id: row.signaalpartnerId, naam: row.signaalpartnerNaam },
    ...signaal,
    adres: shownAdres(signaal.adres, nummeraanduiding, row.adresBekend),
    gemeentecode,
    ...(row.adresBekend !== null && { adresBekend: row.adresBekend }),
    ontvangenOp: row.ontvangenOp.toISOString(),
    reactiedatum: row.reactiedatum,
    vernietigingsdatum: row.vernietigingsdatum,
    ...(row.herhalingVan !== null && { herhalingVan: row.herhalingVan }),
    beoordeling: { criteria: showAssessment(signaal, beoordeling) }
  }
}

// An id that the partner gave and the register does not confirm may be that of another home.
function shownAdres(
  adres: Inhoud['signaal']['adres'],
  nummeraanduiding: string | undefined,
  adresBekend: boolean | null
) {
  if (nummeraanduiding !== undefined) return { ...adres, nummeraanduidingIdentificatie: nummeraanduiding }
  const { nummeraanduidingIdentificatie: _, ...withoutId } = adres
  return adresBekend === false ? withoutId : adres
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
