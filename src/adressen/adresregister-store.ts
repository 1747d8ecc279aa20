import { type Selectable, sql } from 'kysely'
import type { Registerantwoord } from '../begrippen/adresregister.ts'
import type { Tables } from '../begrippen/tables.ts'
import type { Tx } from '../platform/database/open-database.ts'

const columns = [
  'id',
  'bron',
  'geladenOp',
  'aantalRegels',
  'aantalOvergeslagen',
  'aantalAdressen',
  'aantalPostcodes',
  'aantalGemeenten',
  'onbekendeGemeenten'
] as const

/** A load of the register, with what it holds. */
export type RegisterleveringRij = Pick<Selectable<Tables['adresregisterLevering']>, (typeof columns)[number]>

/** Looks up house numbers in the register in use, any number of them in one statement; nothing where none is loaded. */
export async function findRegisteradressen(
  tx: Tx,
  vragen: readonly { readonly postcode: string; readonly huisnummer: number }[]
): Promise<Registerantwoord> {
  const postcodes = vragen.map(({ postcode }) => postcode)
  const huisnummers = vragen.map(({ huisnummer }) => huisnummer)
  const { rows } = await sql<Registerantwoord>`select s.versie,
    (select coalesce(json_agg(r), '[]'::json)
      from zoek_registeradressen(${postcodes}::text[], ${huisnummers}::integer[]) r) as adressen,
    (select coalesce(json_agg(r), '[]'::json) from zoek_registerpostcodes(${postcodes}::text[]) r) as postcodes
    from adresregister_stand s`.execute(tx)
  return rows[0]!
}

/** One load of the register. */
export async function findRegisterlevering(tx: Tx, id: string): Promise<RegisterleveringRij | undefined> {
  return tx.selectFrom('adresregisterLevering').select(columns).where('id', '=', id).executeTakeFirst()
}

/** The load whose addresses are in use. */
export async function findLastRegisterlevering(tx: Tx): Promise<RegisterleveringRij | undefined> {
  return tx
    .selectFrom('adresregisterLevering')
    .select(columns)
    .where('geladenOp', 'is not', null)
    .orderBy('geladenOp', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
}
