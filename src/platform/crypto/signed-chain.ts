import { createHash } from 'node:crypto'
import type { Foutsoort } from '../../begrippen/ketenfout.ts'
import type { KeyRing } from './key-ring.ts'
import { verifyStatement } from './statement.ts'

/** A record of a chain: `bewijs` is a signed statement of what the record holds and of the link to the one before. */
export type Schakel = { readonly volgnummer: number; readonly bewijs: string }

/** The outcome for one chain: how many records are right, and the first that is not. */
export type Ketenuitkomst<Row> = {
  readonly aantal: number
  readonly fout?: { readonly volgnummer: number; readonly fout: Foutsoort; readonly row?: Row }
}

/** The link by which the next statement refers to this one. */
export function linkOf(bewijs: string): string {
  return createHash('sha256').update(bewijs).digest('base64url')
}

/** The number of the record after this one, and its link to it; the first when there is none before. */
export function nextOf(last: Schakel | undefined): { volgnummer: number; vorige: string | null } {
  return last === undefined
    ? { volgnummer: 1, vorige: null }
    : { volgnummer: last.volgnummer + 1, vorige: linkOf(last.bewijs) }
}

/**
 * Walks a chain from its first record, read in order after a number: each must be the next in number, be signed here as this
 * `typ`, say what its row says, refer to the one before, and be true by `isTrue`. Stops at the first that does not. What was
 * cut off at the end leaves no trace in it.
 */
export async function verifyChain<Row extends Schakel>(
  keys: KeyRing,
  typ: string,
  read: (after: number) => Promise<readonly Row[]>,
  isTrue: (row: Row) => Promise<boolean> = async () => true
): Promise<Ketenuitkomst<Row>> {
  let last: Row | undefined
  let aantal = 0
  for (;;) {
    const rows = await read(aantal)
    if (rows.length === 0) return { aantal }
    for (const row of rows) {
      const volgnummer = aantal + 1
      if (row.volgnummer !== volgnummer) return { aantal, fout: { volgnummer, fout: 'ontbreekt' } }
      const fout = await faultOf(keys, typ, row, last)
      if (fout !== undefined) return { aantal, fout: { volgnummer, fout, row } }
      if (!(await isTrue(row))) return { aantal, fout: { volgnummer, fout: 'gegevens-gewijzigd', row } }
      last = row
      aantal = volgnummer
    }
  }
}

async function faultOf(
  keys: KeyRing,
  typ: string,
  row: Schakel,
  last: Schakel | undefined
): Promise<Foutsoort | undefined> {
  const said = await verifyStatement<Record<string, unknown>>(keys, typ, row.bewijs)
  if (said === undefined) return 'bewijs-ongeldig'
  if (!saysTheSame(said, row)) return 'gegevens-gewijzigd'
  return said.vorige === nextOf(last).vorige ? undefined : 'verwijzing-klopt-niet'
}

function saysTheSame(said: Record<string, unknown>, { bewijs: _, ...row }: Schakel): boolean {
  return Object.entries(row).every(
    ([name, value]: [string, unknown]) => said[name] === (value instanceof Date ? value.toISOString() : value)
  )
}
