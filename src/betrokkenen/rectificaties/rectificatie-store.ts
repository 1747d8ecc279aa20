import type { Selectable } from 'kysely'
import type { Tables } from '../../begrippen/tables.ts'
import type { Tx } from '../../platform/database/open-database.ts'

type Rij = Selectable<Tables['vroegsignaal']>

/** What a rectification changes of a row. */
export type Rectificatie = Pick<
  Rij,
  'inhoud' | 'adresIndex' | 'adresversie' | 'adresBekend' | 'persoonIndex' | 'bsnIndex' | 'jongere'
>

/** The partner and the day of receipt of a signal that the caller may see. */
export async function findOntvangst(
  tx: Tx,
  { gemeentecode, id }: { gemeentecode: string; id: string }
): Promise<Pick<Rij, 'signaalpartnerId' | 'ontvangstdatum' | 'jongere'>> {
  return tx
    .selectFrom('vroegsignaal')
    .select(['signaalpartnerId', 'ontvangstdatum', 'jongere'])
    .where('gemeentecode', '=', gemeentecode)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

/** Saves who a signal is about, and where. */
export async function saveRectificatie(
  tx: Tx,
  { gemeentecode, id }: { gemeentecode: string; id: string },
  rectificatie: Rectificatie
): Promise<void> {
  await tx
    .updateTable('vroegsignaal')
    .set(rectificatie)
    .where('gemeentecode', '=', gemeentecode)
    .where('id', '=', id)
    .execute()
}
