import type { Selectable } from 'kysely'
import type { Tables } from '../begrippen/tables.ts'
import type { Tx } from '../platform/database/open-database.ts'

export type ContactpogingRij = Selectable<Tables['contactpoging']>

/** Adds a contact attempt to its case. */
export async function addContactpoging(tx: Tx, contactpoging: ContactpogingRij): Promise<void> {
  await tx.insertInto('contactpoging').values(contactpoging).execute()
}

/** The contact attempts of a case, oldest first, after `after`. */
export async function listContactpogingen(
  tx: Tx,
  { gemeentecode, id }: { gemeentecode: string; id: string },
  after: string | undefined,
  limit: number
): Promise<ContactpogingRij[]> {
  return contacts(tx)
    .where('gemeentecode', '=', gemeentecode)
    .where('zaakId', '=', id)
    .$if(after !== undefined, (query) => query.where('id', '>', after!))
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** True when a resident was reached in a case. */
export async function hasReached(
  tx: Tx,
  { gemeentecode, id }: { gemeentecode: string; id: string }
): Promise<boolean> {
  const row = await contacts(tx)
    .where('gemeentecode', '=', gemeentecode)
    .where('zaakId', '=', id)
    .where('bereikt', '=', true)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** One contact attempt in a case of the caller. */
export async function findContactpoging(
  tx: Tx,
  zaak: { gemeentecode: string; id: string },
  id: string
): Promise<ContactpogingRij | undefined> {
  return contacts(tx)
    .where('gemeentecode', '=', zaak.gemeentecode)
    .where('zaakId', '=', zaak.id)
    .where('id', '=', id)
    .executeTakeFirst()
}

function contacts(tx: Tx) {
  return tx
    .selectFrom('contactpoging')
    .select([
      'gemeentecode',
      'zaakId',
      'id',
      'soort',
      'datum',
      'dagdeel',
      'bereikt',
      'wenstGeenContact',
      'toestemmingsdatum'
    ])
}
