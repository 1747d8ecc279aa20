import type { Selectable } from 'kysely'
import type { Tables } from '../../begrippen/tables.ts'
import type { Tx } from '../../platform/database/open-database.ts'

type Rij = Selectable<Tables['vroegsignaal']>

/** What a rectification changes of a row. */
export type Rectificatie = Pick<
  Rij,
  'inhoud' | 'adresIndex' | 'adresversie' | 'adresBekend' | 'persoonIndex' | 'bsnIndex' | 'jongere'
>

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
