import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Tables } from '../begrippen/tables.ts'
import { inLockOrder } from '../platform/database/locks.ts'
import { dueOn, isAmong, isOneOf, type Vervaldag } from '../platform/database/many.ts'
import type { Tx } from '../platform/database/open-database.ts'

type Rij = Selectable<Tables['vroegsignaal']>

/**
 * A row to be shown: clear columns, the sealed content, the partner's name, and the sealed outcomes of the criteria where
 * they were asked for.
 */
export type SignaalRij = Pick<Rij, (typeof shownColumns)[number]> & {
  signaalpartnerNaam: string
  beoordeling?: Buffer | null
}

/**
 * A signal that the caller may see, with its evidence; a withdrawn one is gone, also while a case still holds it, and so
 * is a restricted one.
 */
export async function findVroegsignaal(tx: Tx, id: string): Promise<SignaalRij | undefined> {
  return shown(tx)
    .select('vroegsignaal.beoordeling')
    .where('vroegsignaal.id', '=', id)
    .where('vroegsignaal.status', '<>', 'ingetrokken')
    .where('vroegsignaal.beperkt', '=', false)
    .executeTakeFirst()
}

/** The caller's signals with these ids, with their evidence, newest first. */
export async function listVroegsignalenById(tx: Tx, ids: readonly string[]): Promise<SignaalRij[]> {
  if (ids.length === 0) return []
  const { rows } = await withPartner(sql`
    select v.* from unnest(${[...ids]}::uuid[]) as gezocht(id) cross join lateral (
      select ${columnsOf(true)} from vroegsignaal where vroegsignaal.id = gezocht.id offset 0
    ) v`).execute(tx)
  return rows
}

/** Locks a signal of the caller until the transaction ends and returns it; a restricted one stays as it is. */
export async function lockVroegsignaal(tx: Tx, id: string): Promise<TeWijzigenRij | undefined> {
  inLockOrder(tx, 'vroegsignaal')
  return tx
    .selectFrom('vroegsignaal')
    .select([
      'gemeentecode',
      'id',
      'signaalpartnerId',
      'status',
      'soort',
      'ontvangstdatum',
      'reactiedatum',
      'sleuteldag',
      'adresIndex',
      'adresBekend',
      'persoonIndex',
      'inhoud'
    ])
    .where('id', '=', id)
    .where('beperkt', '=', false)
    .forUpdate()
    .executeTakeFirst()
}
/** A row that its partner may correct or withdraw. */
export type TeWijzigenRij = Pick<
  Rij,
  | 'gemeentecode'
  | 'id'
  | 'signaalpartnerId'
  | 'status'
  | 'soort'
  | 'ontvangstdatum'
  | 'reactiedatum'
  | 'sleuteldag'
  | 'adresIndex'
  | 'adresBekend'
  | 'persoonIndex'
  | 'inhoud'
>

/** A row that a municipality acts upon: what is shown, and what the consequences need. */
export type BehandeldeRij = SignaalRij &
  Pick<
    Rij,
    | 'soort'
    | 'sector'
    | 'signaaldatum'
    | 'bedragInCenten'
    | 'referentieIndex'
    | 'klantIndex'
    | 'afgerond'
    | 'doorgezondenVan'
    | 'beoordeling'
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
      'vroegsignaal.afgerond',
      'vroegsignaal.doorgezondenVan',
      'vroegsignaal.beoordeling'
    ])
    .where(isAmong('vroegsignaal.gemeentecode', gemeentecodes))
    .where(isOneOf('vroegsignaal.id', 'uuid', ids))
    .orderBy('vroegsignaal.id')
    .forUpdate('vroegsignaal')
    .execute()
}

/** The sealed content of the caller's signals with these ids. */
export async function listContents(
  tx: Tx,
  ids: readonly string[]
): Promise<Pick<Rij, 'gemeentecode' | 'id' | 'sleuteldag' | 'adresBekend' | 'inhoud'>[]> {
  return tx
    .selectFrom('vroegsignaal')
    .select(['gemeentecode', 'id', 'sleuteldag', 'adresBekend', 'inhoud'])
    .where(isOneOf('id', 'uuid', ids))
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
    | 'beoordeling'
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

/** Which signals are wanted. */
export type Selectie = {
  readonly sleutels?: Zoeksleutels
  /** The id of the last signal of the previous page. */
  readonly before: string | undefined
  readonly limit: number
  readonly metBeoordeling: boolean
}

// A reader of more municipalities than this takes signals by id alone, and leaves out those of others: reading each
// municipality on its own would take longer.
const fewGemeenten = 32

/** The caller's signals that match every key, newest first. */
export async function listVroegsignalen(
  tx: Tx,
  scope: { signaalpartnerId?: string | undefined; gemeentecodes?: readonly string[] },
  { sleutels = {}, before, limit, metBeoordeling }: Selectie
): Promise<SignaalRij[]> {
  const wanted = sql.join(
    [
      sql`status <> 'ingetrokken' and not beperkt`,
      ...keyConditions(sleutels),
      ...(before === undefined ? [] : [sql`id < ${before}`])
    ],
    sql` and `
  )
  const page = pageOf(scope, sleutels, wanted, columnsOf(metBeoordeling), limit)
  const { rows } = await withPartner(page).execute(tx)
  return rows
}

// Reads each owner on its own: only then does the query follow the index and stop at the end of the page. A key needs
// no owner to be found by.
function pageOf(
  { signaalpartnerId, gemeentecodes = [] }: Parameters<typeof listVroegsignalen>[1],
  { referentieIndex, adresIndexen, bsnIndex }: Zoeksleutels,
  wanted: RawBuilder<unknown>,
  columns: RawBuilder<unknown>,
  limit: number
): RawBuilder<unknown> {
  const page = (condition: RawBuilder<unknown>) =>
    sql`select ${columns} from vroegsignaal where ${condition} order by id desc limit ${limit}`
  if ((referentieIndex ?? adresIndexen ?? bsnIndex) !== undefined) {
    // `offset 0`: otherwise a planner may look for them in the order of ids.
    const found = sql`select * from vroegsignaal where ${wanted} offset 0`
    return sql`select ${columns} from (${found}) v order by id desc limit ${limit}`
  }
  if (signaalpartnerId !== undefined) return page(sql`signaalpartner_id = ${signaalpartnerId} and ${wanted}`)
  if (gemeentecodes.length > fewGemeenten) return page(wanted)
  return sql`
    select v.* from unnest(${[...gemeentecodes]}::text[]) as lijst(eigenaar) cross join lateral (
      ${page(sql`gemeentecode = lijst.eigenaar and ${wanted}`)}
    ) v order by id desc limit ${limit}`
}

function keyConditions({ referentieIndex, bsnIndex, adresIndexen }: Zoeksleutels) {
  return [
    ...(referentieIndex ? [sql`referentie_index = ${referentieIndex}`] : []),
    ...(bsnIndex ? [sql`bsn_index = ${bsnIndex}`] : []),
    ...(adresIndexen ? [sql`adres_index = any (${[...adresIndexen]}::bytea[])`] : [])
  ]
}

/** The part of a destroyed signal that the sweeper still needs. */
export type Vernietigd = Pick<
  Rij,
  | 'gemeentecode'
  | 'id'
  | 'adresIndex'
  | 'status'
  | 'sector'
  | 'ontvangstdatum'
  | 'sleuteldag'
  | 'vernietigingsdatum'
  | 'vernietigingsaanleiding'
>

const vernietigd = sql`s.gemeentecode, s.id, s.adres_index, s.status, s.sector, s.ontvangstdatum, s.sleuteldag,
  s.vernietigingsdatum, s.vernietigingsaanleiding`

/**
 * Destroys at most `limit` signals that are due on these days, or at once where no day is given, and returns them.
 * Skips rows that another transaction has locked.
 */
export async function destroyExpired(
  tx: Tx,
  due: readonly Vervaldag[],
  limit: number
): Promise<Vernietigd[]> {
  const onDay = due.filter(({ dag }) => dag !== null)
  const atOnce = due.filter(({ dag }) => dag === null)
  // Looked up one day at a time (`offset 0` forces that): otherwise a planner may read all signals of the municipalities.
  const { rows } = await sql<Vernietigd>`
    with op_dag as (
      select v.* from ${dueOn('d', onDay)} cross join lateral (
        select s.gemeentecode, s.id from vroegsignaal s
        where s.gemeentecode = d.gemeentecode and s.vernietigingsdatum = d.dag offset 0 for update skip locked
      ) v
    ), vervroegd as (
      select v.* from ${dueOn('d', atOnce)} cross join lateral (
        select s.gemeentecode, s.id from vroegsignaal s where s.gemeentecode = d.gemeentecode
          and s.vernietigingsaanleiding not in ('bewaartermijn', 'geen-hulp') offset 0 for update skip locked
      ) v
    ), verlopen as (
      select * from op_dag union all select * from vervroegd limit ${limit}
    )
    delete from vroegsignaal s using verlopen v where s.gemeentecode = v.gemeentecode and s.id = v.id
    returning ${vernietigd}`.execute(tx)
  return rows
}

/**
 * Destroys at most `limit` of these signals of a municipality and returns them: those that are due, which the policy on the
 * table sees to. Skips rows that another transaction has locked.
 */
export async function destroyDue(
  tx: Tx,
  gemeentecode: string,
  ids: readonly string[],
  limit: number
): Promise<Vernietigd[]> {
  const { rows } = await sql<Vernietigd>`
    with verlopen as (
      select s.gemeentecode, s.id from vroegsignaal s
      where s.gemeentecode = ${gemeentecode} and ${isOneOf('s.id', 'uuid', ids)}
        and (s.vernietigingsdatum <= hub_vandaag() or s.vernietigingsaanleiding not in ('bewaartermijn', 'geen-hulp'))
      limit ${limit} for update skip locked
    )
    delete from vroegsignaal s using verlopen v where s.gemeentecode = v.gemeentecode and s.id = v.id
    returning ${vernietigd}`.execute(tx)
  return rows
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
  'inhoud',
  'signaalpartnerId'
] as const
const columnsOf = (metBeoordeling: boolean) =>
  sql.join([...shownColumns, ...(metBeoordeling ? ['beoordeling'] : [])].map((name) => sql.ref(name)))
