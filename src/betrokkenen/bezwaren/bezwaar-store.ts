import { type Selectable, sql } from 'kysely'
import type { Bezwaar } from '../../begrippen/bezwaar.ts'
import type { Tables } from '../../begrippen/tables.ts'
import { isAmong } from '../../platform/database/many.ts'
import type { Tx } from '../../platform/database/open-database.ts'

type Rij = Selectable<Tables['bezwaar']>

/** An objection with the hashes that tell whose it is. */
export type GehoudenBezwaar = Bezwaar & Pick<Rij, 'gemeentecode' | 'signaalpartnerId' | 'einddatum'>

const hex = (column: keyof Rij) => sql`encode(${sql.ref(`b.${column}`)}, 'hex') as ${sql.ref(column)}`
const hexes = (column: keyof Rij) =>
  sql`array(select encode(h, 'hex') from unnest(${sql.ref(`b.${column}`)}) h) as ${sql.ref(column)}`
const columns = sql.join([
  sql`b.gemeentecode, b.id, b.signaalpartner_id, b.einddatum`,
  ...(['bsnIndex', 'geboortedatumIndex', 'voorletterIndex'] as const).map(hex),
  ...(['adresIndexen', 'naamIndexen'] as const).map(hexes)
])

/** The objections in these municipalities on these house numbers, or by these BSNs. */
export async function listBezwarenOp(
  tx: Tx,
  gemeentecodes: readonly string[],
  { huisnummers, bsns }: { huisnummers: readonly Buffer[]; bsns: readonly Buffer[] }
): Promise<GehoudenBezwaar[]> {
  const own = isAmong('b.gemeentecode', gemeentecodes)
  const { rows } = await sql<GehoudenBezwaar>`
    select ${columns} from bezwaar b where b.huisnummer_index = any (${[...huisnummers]}::bytea[]) and ${own}
    union select ${columns} from bezwaar b where b.bsn_index = any (${[...bsns]}::bytea[]) and ${own}
    order by einddatum, id`.execute(tx)
  return rows
}

/** Registers an objection. */
export async function addBezwaar(tx: Tx, bezwaar: Rij): Promise<void> {
  await tx.insertInto('bezwaar').values(bezwaar).execute()
}

/** An objection that the caller is refused for, or its municipality's; without the hashes. */
export async function findBezwaar(
  tx: Tx,
  id: string
): Promise<Pick<Rij, 'gemeentecode' | 'signaalpartnerId' | 'viaSignaalpartner' | 'einddatum'> | undefined> {
  return tx
    .selectFrom('bezwaar')
    .select(['gemeentecode', 'signaalpartnerId', 'viaSignaalpartner', 'einddatum'])
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Ends an objection; false when it is not the caller's to end. */
export async function destroyBezwaar(tx: Tx, gemeentecode: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('bezwaar')
    .where('gemeentecode', '=', gemeentecode)
    .where('id', '=', id)
    .executeTakeFirst()
  return numDeletedRows === 1n
}
