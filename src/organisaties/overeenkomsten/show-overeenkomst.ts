import type { Partij } from '../../begrippen/organisatie.ts'
import type { IsoDate } from '../../time.ts'
import { statusOn } from './overeenkomst.ts'
import type { Overeenkomst } from './overeenkomst-schema.ts'
import type { Ondertekening, OvereenkomstRij } from './overeenkomst-store.ts'

/** An agreement as the API shows it on a day. */
export function showOvereenkomst(overeenkomst: OvereenkomstRij, day: IsoDate): Overeenkomst {
  const { id, signaalpartnerId, gemeentecode, sectoren, convenantversie, ingangsdatum, einddatum } =
    overeenkomst
  return {
    id,
    signaalpartnerId,
    gemeentecode,
    sectoren,
    convenantversie,
    ingangsdatum,
    ...(einddatum !== null && { einddatum }),
    status: statusOn(overeenkomst, day),
    ondertekeningen: [
      ...showSignature('signaalpartner', overeenkomst.ondertekeningSignaalpartner),
      ...showSignature('gemeente', overeenkomst.ondertekeningGemeente)
    ]
  }
}

function showSignature(partij: Partij, by: Ondertekening | null): Overeenkomst['ondertekeningen'] {
  return by === null ? [] : [{ partij, naam: by.naam, functie: by.functie, ondertekendOp: by.op }]
}
