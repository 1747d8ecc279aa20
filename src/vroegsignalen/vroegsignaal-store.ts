import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Tables } from '../begrippen/tables.ts'
import { inLockOrder } from '../platform/database/locks.ts'
import { isOneOf } from '../platform/database/many.ts'
import type { Tx } from '../platform/database/open-database.ts'
import type { IsoDate } from '../time.ts'

type Rij = Selectable<Tables['vroegsignaal']>

/** A row as it is shown: clear columns, the sealed content and the partner's name. */
export type SignaalRij = Pick<Rij, (typeof shownColumns)[number]> & { signaalpartnerNaam: string }

/** A signal that is the caller's to see. */
export async function findVroegsignaal(tx: Tx, id: string): Promise<SignaalRij | undefined> {
  return shown(tx).where('vroegsignaal.id', '=', id).executeTakeFirst()
}

/** The caller's signals with these ids. */
export async function listVroegsignalenById(tx: Tx, ids: readonly string[]): Promise<SignaalRij[]> {
  if (ids.length === 0) return []
  // One by one (offset 0 keeps it so), and by their ids alone: for a list of ids, or with the municipality named beside
  // its policy, a planner may read all signals of the municipality.
  const { rows } = await withPartner(sql`
    select v.* from unnest(${[...ids]}::uuid[]) as gezocht(id) cross join lateral (
      select ${shownColumnList} from vroegsignaal where vroegsignaal.id = gezocht.id offset 0
    ) v`).execute(tx)
  return rows
}

/** A signal of the caller, held against change until the transaction ends. */
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
      'sleuteldag',
      'adresIndex',
      'persoonIndex',
      'inhoud'
    ])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}
export type TeWijzigenRij = Pick<
  Rij,
  | 'gemeentecode'
  | 'id'
  | 'status'
  | 'soort'
  | 'ontvangstdatum'
  | 'sleuteldag'
  | 'adresIndex'
  | 'persoonIndex'
  | 'inhoud'
>

/** A row that a municipality acts upon: as it is shown, with what its consequences need. */
export type BehandeldeRij = SignaalRij &
  Pick<
    Rij,
    'soort' | 'sector' | 'signaaldatum' | 'bedragInCenten' | 'referentieIndex' | 'klantIndex' | 'afgerond'
  >

/** Those of a municipality's signals with these ids that live, held against change, in order of id. */
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

/** Replaces what a correction may change. */
export async function saveWijziging(
  tx: Tx,
  { gemeentecode, id }: { gemeentecode: string; id: string },
  changes: Pick<Rij, 'signaaldatum' | 'bedragInCenten' | 'inhoudHash' | 'herhalingVan' | 'inhoud'>
): Promise<void> {
  await tx
    .updateTable('vroegsignaal')
    .set(changes)
    .where('gemeentecode', '=', gemeentecode)
    .where('id', '=', id)
    .execute()
}

/** Takes a signal out of every list but leaves it to its own day of destruction. */
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

/** Takes a signal out of every list and has the sweeper destroy it whatever its term. */
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

export type Zoeksleutels = {
  referentieIndex?: Buffer
  adresIndex?: Buffer
  persoonIndex?: Buffer
  bsnIndex?: Buffer
}

/** The caller's signals, newest first, before `before`, with every one of the keys. */
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
    ...(Object.entries(keys) as [keyof Zoeksleutels, Buffer][]).map(
      ([name, key]) => sql`${sql.ref(name)} = ${key}`
    ),
    ...(before === undefined ? [] : [sql`id < ${before}`])
  ]
  // Owner by owner, for only so can each list be read in the order of its index, as far as the page goes.
  const { rows } = await withPartner(sql`
    select v.* from ${owners} as lijst(eigenaar) cross join lateral (
      select ${shownColumnList} from vroegsignaal where ${column} = lijst.eigenaar and ${sql.join(conditions, sql` and `)}
      order by id desc limit ${limit}
    ) v order by id desc limit ${limit}`).execute(tx)
  return rows
}

/** What is left to say of a signal that was destroyed. */
export type Vernietigd = Pick<Rij, 'id' | 'adresIndex' | 'vernietigingsdatum' | 'vernietigingsaanleiding'>

/** Destroys at most `limit` signals whose day has come or that must go sooner; returns them. Rows another sweep holds are passed over. */
export async function destroyExpired(
  tx: Tx,
  gemeentecode: string,
  vandaag: IsoDate,
  limit: number
): Promise<Vernietigd[]> {
  return (
    tx
      // Apart, for as a plain subquery it may run anew for every row and take more than the limit each time.
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

// Newest first, which is the order of their ids.
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
  'persoonIndex',
  'doorgezondenVan',
  'inhoud',
  'signaalpartnerId'
] as const
const shownColumnList = sql.join(shownColumns.map((name) => sql.ref(name)))
