import { grondslagenOf } from '../beoordeling/assess-signal.ts'
import type { Criteriumuitkomst } from '../beoordeling/beoordelingstekst.ts'
import { discardOpened, type Opening } from '../sporen/open-sealed.ts'
import { type Inhoud, openBeoordelingen, openInhoud } from './vroegsignaal-inhoud.ts'
import type { Vroegsignaal } from './vroegsignaal-schema.ts'
import type { SignaalRij } from './vroegsignaal-store.ts'

/** What is shown of a signal's row. */
export type TeTonen = Omit<SignaalRij, 'adresIndex' | 'persoonIndex'>

/** A signal as the API shows it: JSON, and the address in it. */
export type GetoondSignaal = {
  readonly id: string
  readonly gemeentecode: string
  readonly tekst: string
  readonly adres: string
}

/**
 * Shows signals to their municipality or their partner, in the order of `rows`; the evidence is in it where the rows have that. Leaves
 * out a signal when its data key was destroyed: it is gone, whatever its row still says. Leaves out or throws, as `opening`
 * says, when content was altered.
 */
export async function showVroegsignalen(
  opening: Opening,
  rows: readonly TeTonen[]
): Promise<GetoondSignaal[]> {
  const contents = await openInhoud(opening, rows)
  const evidence = await openEvidence(opening, rows)
  return rows.flatMap((row, index) => {
    const [inhoud, found] = [contents[index], evidence.get(row.id)]
    const isWhole = inhoud !== undefined && (row.beoordeling === undefined || found !== undefined)
    if (isWhole) return [writeVroegsignaal(row, inhoud, found)]
    discardOpened(opening, [row.id])
    return []
  })
}

/** A shown signal as an object. */
export function parseVroegsignaal({ tekst }: GetoondSignaal): Vroegsignaal {
  return JSON.parse(tekst)
}

async function openEvidence(
  opening: Opening,
  rows: readonly TeTonen[]
): Promise<ReadonlyMap<string, readonly Criteriumuitkomst[] | undefined>> {
  const wanted = rows.filter(
    (row): row is TeTonen & { beoordeling: Buffer | null } => row.beoordeling !== undefined
  )
  if (wanted.length === 0) return new Map()
  const found = await openBeoordelingen(opening, wanted)
  return new Map(wanted.map(({ id }, index) => [id, found[index]]))
}

/** Writes a signal as the API shows it, of its row, its content and, where that is asked for, the evidence. */
export function writeVroegsignaal(
  row: Omit<TeTonen, 'inhoud' | 'beoordeling' | 'sleuteldag'>,
  { adres, overig }: Omit<Inhoud, 'herkomst'>,
  evidence: readonly Criteriumuitkomst[] | undefined
): GetoondSignaal {
  // Only the name needs JSON.stringify: the others are ids, codes, days and instants.
  const clear =
    `{"id":"${row.id}","status":"${row.status}"` +
    `,"signaalpartner":{"id":"${row.signaalpartnerId}","naam":${JSON.stringify(row.signaalpartnerNaam)}}` +
    `,"gemeentecode":"${row.gemeentecode}","ontvangenOp":"${row.ontvangenOp.toISOString()}"` +
    `,"reactiedatum":"${row.reactiedatum}","vernietigingsdatum":"${row.vernietigingsdatum}"` +
    (row.adresBekend === null ? '' : `,"adresBekend":${row.adresBekend}`) +
    (row.herhalingVan === null ? '' : `,"herhalingVan":"${row.herhalingVan}"`)
  const shown = `${clear},"adres":${adres},${overig.slice(1, -1)}`
  const tekst =
    evidence === undefined ? `${shown}}` : `${shown},"beoordeling":${writeEvidence(overig, evidence)}}`
  return { id: row.id, gemeentecode: row.gemeentecode, tekst, adres }
}

function writeEvidence(overig: string, evidence: readonly Criteriumuitkomst[]): string {
  const grondslagen = grondslagenOf(JSON.parse(overig))
  const criteria = evidence.map(({ criterium, uitkomst }) => ({
    criterium,
    uitkomst,
    grondslag: grondslagen.get(criterium) ?? 'onbekend'
  }))
  return JSON.stringify({ criteria })
}
