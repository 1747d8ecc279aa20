import type { Sector } from '../../../src/begrippen/vroegsignaal.ts'
import {
  asBag,
  asBrp,
  asExport,
  asHyphened,
  asOneAddition,
  asSpoken,
  type WriteAddress
} from './write-address.ts'
import {
  asBrpName,
  asCapitals,
  asContract,
  asFirstName,
  asPlainLetters,
  asSorted,
  type WriteName
} from './write-name.ts'

/** A partner of the landscape with its own way of writing. */
export type WritingPartner = {
  readonly naam: string
  /** Its code in the landscape. */
  readonly code: string
  readonly sector: Sector
  readonly writeAddress: WriteAddress
  readonly writeName: WriteName
}

/** Six partners; the first is the one the others are compared with. */
export const partners: readonly WritingPartner[] = [
  { naam: 'verhuurder', code: 'H1', sector: 'huur', writeAddress: asBag, writeName: asContract },
  {
    naam: 'energie',
    code: 'E1',
    sector: 'elektriciteit',
    writeAddress: asOneAddition,
    writeName: asPlainLetters
  },
  { naam: 'water', code: 'W1', sector: 'drinkwater', writeAddress: asHyphened, writeName: asCapitals },
  { naam: 'zorg', code: 'Z1', sector: 'zorgverzekering', writeAddress: asBrp, writeName: asBrpName },
  { naam: 'gas', code: 'E2', sector: 'gas', writeAddress: asSpoken, writeName: asFirstName },
  { naam: 'export', code: 'H2', sector: 'huur', writeAddress: asExport, writeName: asSorted }
]
