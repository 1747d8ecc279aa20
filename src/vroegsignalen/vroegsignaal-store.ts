import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Tables } from '../begrippen/tables.ts'
import { inLockOrder } from '../platform/database/locks.ts'
import { isOneOf } from '../platform/database/many.ts'
import type { Tx } from '../platform/database/open-database.ts'
import type { IsoDate } from '../time.ts'

type Rij = Selectable<Tables['vroegsignaal']>

/** A row to be shown: clear columns, the sealed content and the partner's name. */
export type SignaalRij = Pick<Rij, (typeof shownColumns)[number]> & { signaalpartnerNaam: string }

/** A signal that the caller may see; a withdrawn one is gone, also while a case still holds it. */
export async function findVroegsignaal(tx: Tx, id: string): Promise<SignaalRij | undefined> {
  return shown(tx)
    .where('vroegsignaal.id', '=', id)
    .where('vroegsignaal.status', '<>', 'ingetrokken')
    .executeTakeFirst()
}

/** The caller's signals with these ids, newest first. */
export async function listVroegsignalenById(tx: Tx, ids: readonly string[]): Promise<SignaalRij[]> {
  if (ids.length === 0) return []
  // Looked up one by one (`offset 0` forces that) and by id alone. With a list of ids, or with the municipality named
  // here as well as in its policy, a planner may read all signals of the municipality.
  const { rows } = await withPartner(sql`
    select v.* from unnest(${[...ids]}::uuid[]) as gezocht(id) cross join lateral (
      select ${shownColumnList} from vroegsignaal where vroegsignaal.id = gezocht.id offset 0
    ) v`).execute(tx)
  return rows
}

/** Locks a signal of the caller until the transaction ends and returns it. */
export async function lockVroegsignaal(tx: Tx, id: string): Promise<TeWijzigenRij | undefined> {
  inLockOrder(tx, 'vroegsignaal')
  return tx
    .selectFrom('vroegsignaal')
    .select([
      'gemeentecode',
      'id',
      'status',
      'soort',
      'ontvangstdatum',
      'reactiedatum',
      'sleuteldag',
      'adresIndex',
      'persoonIndex',
      'inhoud'
    ])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}
/** A row that its partner may correct or withdraw. */
export type TeWijzigenRij = Pick<
  Rij,
  | 'gemeentecode'
  | 'id'
  | 'status'
  | 'soort'
  | 'ontvangstdatum'
  | 'reactiedatum'
  | 'sleuteldag'
  | 'adresIndex'
  | 'persoonIndex'
  | 'inhoud'
>

/** A row that a municipality acts upon: what is shown, and what the consequences need. */
export type BehandeldeRij = SignaalRij &
  Pick<
    Rij,
    'soort' | 'sector' | 'signaaldatum' | 'bedragInCenten' | 'referentieIndex' | 'klantIndex' | 'afgerond'
  >

/**
 * Locks the live signals of these municipalities with these ids until the transaction ends; returns them in order of
 * id.
 */
export async function lockVroegsignalenOfGemeente(
  tx: Tx,
  gemeentecodes: readonly string[],
  ids: readonly string[]
): Promise<BehandeldeRij[]> {
  inLockOrder(tx, 'vroegsignaal')
  if (ids.length === 0) return []
  return shown(tx)
    .select([
      'vroegsignaal.soort',
      'vroegsignaal.sector',
      'vroegsignaal.signaaldatum',
      'vroegsignaal.bedragInCenten',
      'vroegsignaal.referentieIndex',
      'vroegsignaal.klantIndex',
      'vroegsignaal.afgerond'
    ])
    .where('vroegsignaal.gemeentecode', 'in', [...gemeentecodes])
    .where(isOneOf('vroegsignaal.id', 'uuid', ids))
    .orderBy('vroegsignaal.id')
    .forUpdate('vroegsignaal')
    .execute()
}

/** Saves what a correction may change. */
export async function saveWijziging(
  tx: Tx,
  { gemeentecode, id }: { gemeentecode: string; id: string },
  changes: Pick<
    Rij,
    | 'signaaldatum'
    | 'reactiedatum'
    | 'geplandeDatum'
    | 'bedragInCenten'
    | 'inhoudHash'
    | 'herhalingVan'
    | 'inhoud'
  >
): Promise<void> {
  await tx
    .updateTable('vroegsignaal')
    .set(changes)
    .where('gemeentecode', '=', gemeentecode)
    .where('id', '=', id)
    .execute()
}

/** Withdraws a signal that an open case holds: takes it out of every list, and leaves it until the case ends. */
export async function saveIntrekking(
  tx: Tx,
  { gemeentecode, id }: { gemeentecode: string; id: string }
): Promise<void> {
  await tx
    .updateTable('vroegsignaal')
    .set({ status: 'ingetrokken' })
    .where('gemeentecode', '=', gemeentecode)
    .where('id', '=', id)
    .execute()
}

/** Withdraws a signal and makes it due for destruction at once, whatever its term. */
export async function condemnVroegsignaal(
  tx: Tx,
  { gemeentecode, id }: { gemeentecode: string; id: string },
  aanleiding: Rij['vernietigingsaanleiding']
): Promise<void> {
  await tx
    .updateTable('vroegsignaal')
    .set({ status: 'ingetrokken', vernietigingsaanleiding: aanleiding })
    .where('gemeentecode', '=', gemeentecode)
    .where('id', '=', id)
    .execute()
}

/** Blind indexes to select signals by. */
export type Zoeksleutels = {
  referentieIndex?: Buffer
  /** A signal has one of these. */
  adresIndexen?: readonly Buffer[]
  bsnIndex?: Buffer
}

/** The caller's signals that match every key, newest first, before `before`. */
export async function listVroegsignalen(
  tx: Tx,
  scope: { signaalpartnerId?: string | undefined; gemeentecodes?: readonly string[] },
  keys: Zoeksleutels,
  before: string | undefined,
  limit: number
): Promise<SignaalRij[]> {
  const { signaalpartnerId, gemeentecodes = [] } = scope
  const [column, owners] =
    signaalpartnerId === undefined
      ? [sql.ref('gemeentecode'), sql`unnest(${[...gemeentecodes]}::text[])`]
      : [sql.ref('signaalpartner_id'), sql`unnest(array[${signaalpartnerId}::uuid])`]
  const conditions = [
    sql`status <> 'ingetrokken'`,
    ...keyConditions(keys),
    ...(before === undefined ? [] : [sql`id < ${before}`])
  ]
  // Reads each owner on its own: only then does the query follow the index and stop at the end of the page.
  const { rows } = await withPartner(sql`
    select v.* from ${owners} as lijst(eigenaar) cross join lateral (
      select ${shownColumnList} from vroegsignaal where ${column} = lijst.eigenaar and ${sql.join(conditions, sql` and `)}
      order by id desc limit ${limit}
    ) v order by id desc limit ${limit}`).execute(tx)
  return rows
}

function keyConditions({ referentieIndex, bsnIndex, adresIndexen }: Zoeksleutels) {
  return [
    ...(referentieIndex ? [sql`referentie_index = ${referentieIndex}`] : []),
    ...(bsnIndex ? [sql`bsn_index = ${bsnIndex}`] : []),
    ...(adresIndexen ? [sql`adres_index = any (${[...adresIndexen]}::bytea[])`] : [])
  ]
}

/** The part of a destroyed signal that the sweeper still needs. */
export type Vernietigd = Pick<Rij, 'id' | 'adresIndex' | 'vernietigingsdatum' | 'vernietigingsaanleiding'>

/** Destroys at most `limit` signals that are due and returns them. Skips rows that another transaction has locked. */
export async function destroyExpired(
  tx: Tx,
  gemeentecode: string,
  vandaag: IsoDate,
  limit: number
): Promise<Vernietigd[]> {
  return (
    tx
      // A separate `with`: a plain subquery may run again for every row and take more than the limit each time.
      .with('verlopen', (query) =>
        query
          .selectFrom('vroegsignaal')
          .select('id')
          .where('gemeentecode', '=', gemeentecode)
          .where((due) =>
            due.or([
              due('vernietigingsdatum', '<=', vandaag),
              due('vernietigingsaanleiding', 'not in', ['bewaartermijn', 'geen-hulp'])
            ])
          )
          .orderBy('vernietigingsdatum')
          .limit(limit)
          .forUpdate()
          .skipLocked()
      )
      .deleteFrom('vroegsignaal')
      .where('gemeentecode', '=', gemeentecode)
      .where('id', 'in', (query) => query.selectFrom('verlopen').select('id'))
      .returning(['id', 'adresIndex', 'vernietigingsdatum', 'vernietigingsaanleiding'])
      .execute()
  )
}

function shown(tx: Tx) {
  return tx
    .selectFrom('vroegsignaal')
    .innerJoin('signaalpartner', 'signaalpartner.id', 'vroegsignaal.signaalpartnerId')
    .select(shownColumns.map((name) => `vroegsignaal.${name}` as const))
    .select('signaalpartner.naam as signaalpartnerNaam')
}

// Adds the partner's name. Newest first, which is the order of ids.
function withPartner(signals: RawBuilder<unknown>): RawBuilder<SignaalRij> {
  return sql`select s.*, p.naam as signaalpartner_naam
    from (${signals}) s join signaalpartner p on p.id = s.signaalpartner_id order by s.id desc`
}

const shownColumns = [
  'gemeentecode',
  'id',
  'status',
  'ontvangenOp',
  'reactiedatum',
  'sleuteldag',
  'vernietigingsdatum',
  'herhalingVan',
  'adresIndex',
  'adresBekend',
  'persoonIndex',
  'doorgezondenVan',
  'inhoud',
  'signaalpartnerId'
] as const
const shownColumnList = sql.join(shownColumns.map((name) => sql.ref(name)))
