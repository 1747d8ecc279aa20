import { type Selectable, sql } from 'kysely'
import type { Tables } from '../../begrippen/tables.ts'
import { inLockOrder } from '../../platform/database/locks.ts'
import { isOneOf } from '../../platform/database/many.ts'
import type { Tx } from '../../platform/database/open-database.ts'

type Overgang = { readonly van: string; readonly naar: string }
type Rij = Selectable<Tables['vroegsignaal']>

const columns = [
  'gemeentecode',
  'id',
  'signaalpartnerId',
  'status',
  'sleuteldag',
  'adresIndex',
  'adresBekend',
  'persoonIndex',
  'inhoud',
  'beoordeling'
] as const

/** A signal that moves to the successor of its municipality. */
export type TeVerhuizenSignaal = Pick<Rij, (typeof columns)[number]>

/** At most `limit` addresses with signals of the old municipality. */
export async function listAdressenVan(tx: Tx, { van }: Overgang, limit: number): Promise<Buffer[]> {
  const { rows } = await sql<{ adresIndex: Buffer }>`
    select distinct d.adres_index from (
      select v.adres_index from vroegsignaal v where v.gemeentecode = ${van}
      order by v.adresversie limit ${limit}) d`.execute(tx)
  return rows.map(({ adresIndex }) => adresIndex)
}

/** These addresses, and those of signals that share a case, a household's case or a restriction with signals on them. */
export async function withConnected(
  tx: Tx,
  { van }: Overgang,
  adressen: readonly Buffer[]
): Promise<Buffer[]> {
  const given = sql`${[...adressen]}::bytea[]`
  const { rows } = await sql<{ adresIndex: Buffer }>`
    with hier as materialized (
      select v.id from vroegsignaal v where (v.gemeentecode = ${van}) is true and v.adres_index = any (${given})
    ), zaak as materialized (
      select k.zaak_id as id from hier join zaak_vroegsignaal k on k.vroegsignaal_id = hier.id
        and k.gemeentecode = ${van}
      union
      select z.id from huishouden h join vroegsignaalzaak z on z.huishouden_id = h.id and (z.gemeentecode = ${van}) is true
      where (h.gemeentecode = ${van}) is true and h.adres_index = any (${given})
    ), gekoppeld as materialized (
      select k.vroegsignaal_id as id from zaak join zaak_vroegsignaal k on k.gemeentecode = ${van} and k.zaak_id = zaak.id
      union
      select unnest(b.vroegsignaal_ids) from beperking b
      where b.gemeentecode = ${van} and b.vroegsignaal_ids && array(select id from hier)
    )
    select v.adres_index from gekoppeld g join vroegsignaal v on v.gemeentecode = ${van} and v.id = g.id
    union select unnest(${given})`.execute(tx)
  return rows.map(({ adresIndex }) => adresIndex)
}

/** Locks the cases about signals or households on these addresses until the transaction ends; returns their ids. */
export async function lockZakenVan(
  tx: Tx,
  { van }: Overgang,
  adressen: readonly Buffer[]
): Promise<string[]> {
  inLockOrder(tx, 'zaak')
  const given = sql`${[...adressen]}::bytea[]`
  const { rows } = await sql<{ id: string }>`
    select z.id from vroegsignaalzaak z where z.gemeentecode = ${van} and (z.id in (
      select k.zaak_id from vroegsignaal v
        join zaak_vroegsignaal k on k.vroegsignaal_id = v.id and k.gemeentecode = v.gemeentecode
      where (v.gemeentecode = ${van}) is true and v.adres_index = any (${given}))
      or z.huishouden_id in (select h.id from huishouden h
        where (h.gemeentecode = ${van}) is true and h.adres_index = any (${given})))
    order by z.id for update`.execute(tx)
  return rows.map(({ id }) => id)
}

/** Locks the signals on these addresses until the transaction ends and returns them. */
export async function lockSignalenVan(
  tx: Tx,
  { van }: Overgang,
  adressen: readonly Buffer[]
): Promise<TeVerhuizenSignaal[]> {
  inLockOrder(tx, 'vroegsignaal')
  return tx
    .selectFrom('vroegsignaal')
    .select(columns)
    .where(sql<boolean>`(gemeentecode = ${van}) is true`)
    .where(isOneOf('adresIndex', 'bytea', adressen))
    .orderBy('id')
    .forUpdate()
    .execute()
}

/** What a signal is saved with; null stays as it is. */
export type Verhuisd = {
  readonly id: string
  readonly inhoud: Buffer | null
  readonly beoordeling: Buffer | null
  /** Whether the resident objected to it in the new municipality, so that it must go at once. */
  readonly isBezwaar: boolean
}

/** Moves signals to the successor, with all their days. */
export async function moveSignalen(
  tx: Tx,
  { van, naar }: Overgang,
  signals: readonly Verhuisd[]
): Promise<void> {
  await sql`
    update vroegsignaal v set gemeentecode = ${naar}, inhoud = coalesce(n.inhoud, v.inhoud),
      beoordeling = coalesce(n.beoordeling, v.beoordeling),
      status = case when n.is_bezwaar then 'ingetrokken' else v.status end,
      vernietigingsaanleiding = case when n.is_bezwaar then 'bezwaar' else v.vernietigingsaanleiding end
    from unnest(${signals.map(({ id }) => id)}::uuid[], ${signals.map(({ inhoud }) => inhoud)}::bytea[],
      ${signals.map(({ beoordeling }) => beoordeling)}::bytea[],
      ${signals.map(({ isBezwaar }) => isBezwaar)}::boolean[]) as n(id, inhoud, beoordeling, is_bezwaar)
    where v.gemeentecode = ${van} and v.id = n.id`.execute(tx)
}

/** Moves cases to the successor, with their signals and attempts at contact. */
export async function moveZaken(tx: Tx, { van, naar }: Overgang, ids: readonly string[]): Promise<void> {
  await sql`update vroegsignaalzaak set gemeentecode = ${naar}
    where gemeentecode = ${van} and id = any (${[...ids]}::uuid[])`.execute(tx)
}

/** Moves all that is kept of these signals and told about them and these households, but contests, which are sealed. */
export async function moveAfgeleid(
  tx: Tx,
  { van, naar }: Overgang,
  { signalen, huishoudens }: { readonly signalen: readonly string[]; readonly huishoudens: readonly string[] }
): Promise<void> {
  const ids = sql`${[...signalen]}::uuid[]`
  await sql`update maandspoor set gemeentecode = ${naar}
    where gemeentecode = ${van} and vroegsignaal_id = any (${ids})`.execute(tx)
  await sql`update terugkoppeling set gemeentecode = ${naar}
    where gemeentecode = ${van} and vroegsignaal_id = any (${ids})`.execute(tx)
  await sql`update gemeld_signaal set gemeentecode = ${naar}
    where gemeentecode = ${van} and id = any (${ids})`.execute(tx)
  await sql`update beperking set gemeentecode = ${naar}
    where gemeentecode = ${van} and vroegsignaal_ids && ${ids}`.execute(tx)
  await sql`update gebeurtenis set gemeentecode = ${naar}
    where (gemeentecode = ${van}) is true and vroegsignaal_id = any (${ids})`.execute(tx)
  await sql`update gebeurtenis set gemeentecode = ${naar}
    where (gemeentecode = ${van}) is true and huishouden_id = any (${[...huishoudens]}::uuid[])`.execute(tx)
}

/** Has repeats of the requests that made these, or attempts at contact in these cases, be answered from where they are now. */
export async function moveAntwoorden(
  tx: Tx,
  { van, naar }: Overgang,
  { resultaten, zaken }: { readonly resultaten: readonly string[]; readonly zaken: readonly string[] }
): Promise<void> {
  await sql`update idempotentie i set gemeentecode = ${naar}
    where (i.gemeentecode = ${van}) is true and i.resultaat_id in (
      select unnest(${[...resultaten]}::text[])
      union select c.id::text from contactpoging c
      where c.gemeentecode = ${naar} and c.zaak_id = any (${[...zaken]}::uuid[]))`.execute(tx)
}

/** A contest that moves with its signal. */
export type TeVerhuizenBetwisting = Pick<
  Selectable<Tables['betwisting']>,
  'gemeentecode' | 'id' | 'vroegsignaalId' | 'sleuteldag' | 'inhoud'
>

/** Locks the contests of these signals until the transaction ends and returns them. */
export async function lockBetwistingenVan(
  tx: Tx,
  { van }: Overgang,
  vroegsignaalIds: readonly string[]
): Promise<TeVerhuizenBetwisting[]> {
  inLockOrder(tx, 'betwisting')
  return tx
    .selectFrom('betwisting')
    .select(['gemeentecode', 'id', 'vroegsignaalId', 'sleuteldag', 'inhoud'])
    .where(sql<boolean>`(gemeentecode = ${van}) is true`)
    .where(isOneOf('vroegsignaalId', 'uuid', vroegsignaalIds))
    .orderBy('id')
    .forUpdate()
    .execute()
}

/** Moves contests to the successor; what is null of their content stays as it is. */
export async function moveBetwistingen(
  tx: Tx,
  { van, naar }: Overgang,
  rows: readonly { readonly id: string; readonly inhoud: Buffer | null }[]
): Promise<void> {
  await sql`update betwisting b set gemeentecode = ${naar}, inhoud = coalesce(n.inhoud, b.inhoud)
    from unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ inhoud }) => inhoud)}::bytea[]) as n(id, inhoud)
    where b.gemeentecode = ${van} and b.id = n.id`.execute(tx)
}

/** Moves households to the successor, whose followers hear of them. They keep their ids. */
export async function moveHuishoudens(
  tx: Tx,
  { van, naar }: Overgang,
  ids: readonly string[]
): Promise<void> {
  await sql`update huishouden set gemeentecode = ${naar}, volgnummer = nextval('huishouden_volgnummer')
    where gemeentecode = ${van} and id = any (${[...ids]}::uuid[])`.execute(tx)
}

/** The hashes of house numbers and BSNs among these by which residents objected in the successor. */
export async function listBezwaarindexen(
  tx: Tx,
  { naar }: Overgang,
  huisnummers: readonly Buffer[],
  bsns: readonly Buffer[]
): Promise<Set<string>> {
  const { rows } = await sql<{ gevonden: string }>`
    select encode(b.huisnummer_index, 'hex') as gevonden from bezwaar b
    where (b.gemeentecode = ${naar}) is true and b.huisnummer_index = any (${[...huisnummers]}::bytea[])
    union select encode(b.bsn_index, 'hex') from bezwaar b
    where (b.gemeentecode = ${naar}) is true and b.bsn_index = any (${[...bsns]}::bytea[])`.execute(tx)
  return new Set(rows.map(({ gevonden }) => gevonden))
}

// What belongs to no signal of the old municipality, or to one that is gone. A table, and its key.
const loose = {
  bezwaar: 'id',
  beperking: 'id',
  terugkoppeling: 'id',
  gemeld_signaal: 'id',
  gebeurtenis: 'id'
} as const
export type Los = keyof typeof loose

/** Moves at most `limit` rows of a table that have no signal in the old municipality; returns how many. */
export async function moveLos(tx: Tx, table: Los, { van, naar }: Overgang, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    update ${sql.table(table)} t set gemeentecode = ${naar} where t.gemeentecode = ${van} and t.id in (
      select l.id from ${sql.table(table)} l where l.gemeentecode = ${van} order by l.id limit ${limit})`.execute(
    tx
  )
  return Number(numAffectedRows)
}

/** Marks what is left of households in the old municipality: none of them has a signal any more. */
export async function markVerlaten(tx: Tx, { van }: Overgang): Promise<void> {
  await sql`insert into huishouden_markering (gemeentecode, adres_index)
    select gemeentecode, adres_index from huishouden where gemeentecode = ${van}`.execute(tx)
}
