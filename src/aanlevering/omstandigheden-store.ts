import type { Selectable } from 'kysely'
import type { Tx } from '../platform/database/open-database.ts'
import type { Instellingen, Tables } from '../platform/database/tables.ts'

export type OvereenkomstRij = Omit<Selectable<Tables['overeenkomst']>, 'signaalpartnerId' | 'convenantversie'>

/** The partner's agreements with these municipalities. */
export async function listAgreements(
  tx: Tx,
  signaalpartnerId: string,
  gemeentecodes: readonly string[]
): Promise<OvereenkomstRij[]> {
  return agreements(tx, signaalpartnerId, gemeentecodes).execute()
}

/** The same, held against change until the transaction ends. */
export async function holdAgreements(
  tx: Tx,
  signaalpartnerId: string,
  gemeentecodes: readonly string[]
): Promise<OvereenkomstRij[]> {
  return agreements(tx, signaalpartnerId, gemeentecodes).forShare().execute()
}

function agreements(tx: Tx, signaalpartnerId: string, gemeentecodes: readonly string[]) {
  return tx
    .selectFrom('overeenkomst')
    .select([
      'gemeentecode',
      'id',
      'sectoren',
      'ingangsdatum',
      'einddatum',
      'ingreep',
      'ondertekeningSignaalpartner',
      'ondertekeningGemeente'
    ])
    .where('signaalpartnerId', '=', signaalpartnerId)
    .where('gemeentecode', 'in', [...gemeentecodes])
    .orderBy('gemeentecode')
    .orderBy('id')
}

/** What these municipalities have settled. */
export async function findSettings(
  tx: Tx,
  gemeentecodes: readonly string[]
): Promise<Map<string, Instellingen>> {
  const rows = await tx
    .selectFrom('gemeente')
    .select(['gemeentecode', 'instellingen'])
    .where('gemeentecode', 'in', [...gemeentecodes])
    .execute()
  return new Map(rows.map(({ gemeentecode, instellingen }) => [gemeentecode, instellingen]))
}

/** In which municipalities each of these postcodes lies, as far as the register knows. */
export async function findPostcodes(tx: Tx, postcodes: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await tx
    .selectFrom('adresregister')
    .select(['postcode', 'gemeentecode'])
    .where('postcode', 'in', [...postcodes])
    .execute()
  const perPostcode = Map.groupBy(rows, ({ postcode }) => postcode)
  return new Map(
    [...perPostcode].map(([postcode, found]) => [postcode, found.map(({ gemeentecode }) => gemeentecode)])
  )
}

/** Objections in force against signals about these persons, as `gemeentecode|hex`. */
export async function findObjections(tx: Tx, personen: readonly Buffer[]): Promise<Set<string>> {
  const rows = await tx
    .selectFrom('bezwaar')
    .select(['gemeentecode', 'persoonIndex'])
    .where('persoonIndex', 'in', [...personen])
    .execute()
  return new Set(
    rows.map(({ gemeentecode, persoonIndex }) => `${gemeentecode}|${persoonIndex.toString('hex')}`)
  )
}
