import type { Foutsoort } from '../begrippen/ketenfout.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import { verifyChain } from '../platform/crypto/signed-chain.ts'
import type { Tx } from '../platform/database/open-database.ts'
import { zegeltype } from '../sporen/seal-verwerkingen.ts'
import { countBladen, findDagMetBladen, listZegels, type ZegelRij } from '../sporen/zegel-store.ts'
import { addDays, addMonths, type IsoDate } from '../time.ts'

/** What the seals of a municipality's processing log say of it. */
export type Zegelstand = {
  readonly aantal: number
  /** The last day that is sealed. */
  readonly verzegeldTotEnMet?: IsoDate
  /** The last day of which the sheets are gone, as they must be once their term is over. */
  readonly vernietigdTotEnMet?: IsoDate
  readonly fout?: { readonly volgnummer: number; readonly dag?: IsoDate; readonly fout: Foutsoort }
}

type InTransaction = <Result>(work: (tx: Tx) => Promise<Result>) => Promise<Result>

const atOnce = 200
// No municipality may choose a shorter term, so no sheet of a later day may be gone.
const shortestTerm = 12

/**
 * Walks the seals of a municipality: each must be signed, follow on the one before, and have the sheets of its days as they
 * were. Days before the oldest sheet that is left, longer ago than the shortest term, count as destroyed.
 */
export async function verifyZegels(
  keys: KeyRing,
  gemeentecode: string,
  today: IsoDate,
  inTransaction: InTransaction
): Promise<Zegelstand> {
  const oldest = await inTransaction((tx) => findDagMetBladen(tx, gemeentecode))
  const mustBeThere = addMonths(today, -shortestTerm)
  const isDestroyed = (dag: IsoDate) => dag < mustBeThere && (oldest === undefined || dag < oldest)
  let sealed: ZegelRij | undefined
  let destroyed: IsoDate | undefined
  const isTrue = async (zegel: ZegelRij): Promise<boolean> => {
    if (sealed !== undefined && zegel.van !== addDays(sealed.dag, 1)) return false
    if (isDestroyed(zegel.dag)) destroyed = zegel.dag
    else if (!(await inTransaction((tx) => holds(tx, zegel, sealed === undefined)))) return false
    sealed = zegel
    return true
  }
  const { aantal, fout } = await verifyChain(
    keys,
    zegeltype,
    (after) => inTransaction((tx) => listZegels(tx, gemeentecode, after, atOnce)),
    isTrue
  )
  return {
    aantal,
    ...(sealed && { verzegeldTotEnMet: sealed.dag }),
    ...(destroyed && { vernietigdTotEnMet: destroyed }),
    ...(fout && {
      fout: { volgnummer: fout.volgnummer, fout: fout.fout, ...(fout.row && { dag: fout.row.dag }) }
    })
  }
}

// Before the first seal there was nothing, so it reaches back to the beginning.
async function holds(
  tx: Tx,
  { gemeentecode, van, dag, aantalBladen, bladenHash }: ZegelRij,
  isFirst: boolean
) {
  const { aantal, hash } = await countBladen(tx, gemeentecode, isFirst ? '1900-01-01' : van, dag)
  return aantal === aantalBladen && hash === bladenHash
}
