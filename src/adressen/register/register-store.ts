import { type Selectable, sql } from 'kysely'
import type { Registerkant } from '../../begrippen/adresregister.ts'
import type { Tables } from '../../begrippen/tables.ts'
import type { Tx } from '../../platform/database/open-database.ts'
import type { Registerregel } from './register-columns.ts'

type RegisterleveringRij = Selectable<Tables['adresregisterLevering']>

/** Milliseconds without a sign of life after which a load may be taken over. */
const longestSilence = 60_000

/** How far a load is. */
export type Voortgang = Partial<
  Pick<RegisterleveringRij, 'bron' | 'aantalRegels' | 'aantalOvergeslagen' | 'onbekendeGemeenten'>
>

/**
 * Begins a load of the side that is not in use, and takes over from one that gives no sign of life. Returns that side;
 * undefined while another load runs.
 */
export async function beginRegisterlevering(
  tx: Tx,
  id: string,
  now: Date
): Promise<Registerkant | undefined> {
  const { earliest, latest } = signsOfLife(now)
  await tx
    .updateTable('adresregisterLevering')
    .set({ afgebrokenOp: now })
    .where('geladenOp', 'is', null)
    .where('afgebrokenOp', 'is', null)
    // A trial clock may have been set back since.
    .where((or) => or.or([or('laatsteTekenOp', '<', earliest), or('laatsteTekenOp', '>', latest)]))
    .execute()
  const { rows } = await sql<{ kant: Registerkant }>`
    insert into adresregister_levering (id, kant, begonnen_op, laatste_teken_op)
    select ${id}, case when kant = 'a' then 'b' else 'a' end, ${now}, ${now} from adresregister_stand
    on conflict do nothing returning kant`.execute(tx)
  return rows[0]?.kant
}

/** Removes a load that has not loaded anything. */
export async function dropRegisterlevering(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('adresregisterLevering').where('id', '=', id).execute()
}

/** Gives a sign of life and says how far the load is; false when it was taken over. */
export async function reportVoortgang(
  tx: Tx,
  id: string,
  now: Date,
  voortgang: Voortgang = {}
): Promise<boolean> {
  const updated = await tx
    .updateTable('adresregisterLevering')
    .set({ laatsteTekenOp: now, ...voortgang })
    .where('id', '=', id)
    .where('geladenOp', 'is', null)
    .where('afgebrokenOp', 'is', null)
    .executeTakeFirst()
  return updated.numUpdatedRows === 1n
}

/** Ends a load without result; does nothing when it is over already. */
export async function abortRegisterlevering(tx: Tx, id: string, now: Date): Promise<void> {
  await tx
    .updateTable('adresregisterLevering')
    .set({ afgebrokenOp: now })
    .where('id', '=', id)
    .where('geladenOp', 'is', null)
    .where('afgebrokenOp', 'is', null)
    .execute()
}

/** Empties a side of the register. Waits for transactions that read it before it went out of use. */
export async function emptyRegisterkant(tx: Tx, kant: Registerkant): Promise<void> {
  await sql`truncate ${addressesOf(kant)}, ${postcodesOf(kant)}`.execute(tx)
}

/**
 * Adds addresses to a side, each once; returns how many were new. The transaction does not wait for the disk: the one
 * that takes the side into use does so for all.
 */
export async function addRegisterregels(
  tx: Tx,
  kant: Registerkant,
  regels: readonly Registerregel[]
): Promise<number> {
  if (regels.length === 0) return 0
  await sql`set local synchronous_commit = off`.execute(tx)
  const texts = (column: Exclude<keyof Registerregel, 'huisnummer'>) => regels.map((regel) => regel[column])
  const { numAffectedRows } = await sql`
    insert into ${addressesOf(kant)} (postcode, huisnummer, aanduiding, nummeraanduiding, gemeentecode)
    select * from unnest(${texts('postcode')}::text[], ${regels.map(({ huisnummer }) => huisnummer)}::integer[],
      ${texts('aanduiding')}::text[], ${texts('nummeraanduiding')}::text[], ${texts('gemeentecode')}::text[])
    on conflict do nothing`.execute(tx)
  return Number(numAffectedRows)
}

/** Lists the postcodes of a side with their municipalities, once all its addresses are there. */
export async function fillRegisterpostcodes(tx: Tx, kant: Registerkant): Promise<void> {
  await sql`insert into ${postcodesOf(kant)} (postcode, gemeentecode)
    select distinct postcode, gemeentecode from ${addressesOf(kant)}`.execute(tx)
}

/** Takes a side into use, with what it holds. */
export async function activateRegisterkant(
  tx: Tx,
  { id, kant, aantalAdressen }: { id: string; kant: Registerkant; aantalAdressen: number },
  now: Date
): Promise<void> {
  await sql`update adresregister_levering l set geladen_op = ${now}, aantal_adressen = ${aantalAdressen},
      aantal_postcodes = p.postcodes, aantal_gemeenten = p.gemeenten
    from (select count(distinct postcode) as postcodes,
      count(distinct gemeentecode) filter (where gemeentecode <> '') as gemeenten from ${postcodesOf(kant)}) p
    where l.id = ${id}`.execute(tx)
  await sql`update adresregister_stand set kant = ${kant}, versie = versie + 1`.execute(tx)
}

/** The load that runs now. */
export async function findRunningRegisterlevering(
  tx: Tx,
  now: Date
): Promise<Pick<RegisterleveringRij, 'begonnenOp' | 'aantalRegels'> | undefined> {
  const { earliest, latest } = signsOfLife(now)
  return tx
    .selectFrom('adresregisterLevering')
    .select(['begonnenOp', 'aantalRegels'])
    .where('geladenOp', 'is', null)
    .where('afgebrokenOp', 'is', null)
    .where('laatsteTekenOp', '>=', earliest)
    .where('laatsteTekenOp', '<=', latest)
    .executeTakeFirst()
}

function signsOfLife(now: Date) {
  const at = now.getTime()
  return { earliest: new Date(at - longestSilence), latest: new Date(at + longestSilence) }
}

const addressesOf = (kant: Registerkant) => sql.table(`adresregister_${kant}`)
const postcodesOf = (kant: Registerkant) => sql.table(`adresregister_postcode_${kant}`)
