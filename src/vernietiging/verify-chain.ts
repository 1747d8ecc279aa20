import type { Foutsoort } from '../begrippen/ketenfout.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import { linkOf, readBewijs, type Verklaring } from './bewijs.ts'
import type { VernietigingRij } from './vernietiging-store.ts'

/** The first record of a chain that is not what it should be, and why. */
export type Ketenfout = {
  readonly gemeentecode: string
  readonly volgnummer: number
  readonly vernietigingId?: string
  readonly fout: Foutsoort
}

/** The outcome for one or more chains. */
export type Ketencontrole = { readonly aantal: number; readonly fout?: Ketenfout }

type ReadChain = (after: number) => Promise<readonly VernietigingRij[]>

/**
 * Walks the chain of a municipality from its first record: each must be the next in number, be signed here, say what its row
 * says, and refer to the one before. Stops at the first that does not. What was cut off at the end leaves no trace in it.
 */
export async function verifyChain(
  keys: KeyRing,
  gemeentecode: string,
  read: ReadChain
): Promise<Ketencontrole> {
  let last: VernietigingRij | undefined
  let aantal = 0
  for (;;) {
    const rows = await read(aantal)
    if (rows.length === 0) return { aantal }
    for (const row of rows) {
      const volgnummer = aantal + 1
      const fout = row.volgnummer === volgnummer ? await faultOf(keys, row, last) : 'ontbreekt'
      if (fout !== undefined) {
        const id = fout === 'ontbreekt' ? {} : { vernietigingId: row.id }
        return { aantal, fout: { gemeentecode, volgnummer, ...id, fout } }
      }
      last = row
      aantal = volgnummer
    }
  }
}

async function faultOf(
  keys: KeyRing,
  row: VernietigingRij,
  last: VernietigingRij | undefined
): Promise<Foutsoort | undefined> {
  const verklaring = await readBewijs(keys, row.bewijs)
  if (verklaring === undefined) return 'bewijs-ongeldig'
  if (!saysTheSame(verklaring, row)) return 'gegevens-gewijzigd'
  const vorige = last === undefined ? null : linkOf(last.bewijs)
  return verklaring.vorige === vorige ? undefined : 'verwijzing-klopt-niet'
}

function saysTheSame(verklaring: Verklaring, { uitgevoerdOp, bewijs: _, ...row }: VernietigingRij): boolean {
  const said = { ...row, uitgevoerdOp: uitgevoerdOp.toISOString() }
  return Object.entries(said).every(([name, value]) => verklaring[name as keyof typeof said] === value)
}
