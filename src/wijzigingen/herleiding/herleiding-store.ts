import { type Selectable, sql } from 'kysely'
import type { Tables } from '../../begrippen/tables.ts'
import { inLockOrder } from '../../platform/database/locks.ts'
import { isAmong, isOneOf, piecesOf } from '../../platform/database/many.ts'
import type { Tx } from '../../platform/database/open-database.ts'

type Rij = Selectable<Tables['vroegsignaal']>

/** A live signal, perhaps withdrawn, whose address is compared anew. */
export type TeHerleiden = Pick<Rij, (typeof columns)[number]>

const columns = [
  'gemeentecode',
  'id',
  'status',
  'sleuteldag',
  'inhoud',
  'beoordeling',
  'adresIndex',
  'adresBekend',
  'persoonIndex'
] as const

/** Starts a new version for every signal when the rules for addresses are newer than those it was compared under. */
export async function raiseRegels(tx: Tx, regels: number): Promise<void> {
  await tx
    .updateTable('adresregisterStand')
    .set((stand) => ({ regels, versie: sql`${stand.ref('versie')} + 1` }))
    .where('regels', '<', regels)
    .execute()
}

/** The municipalities among these with a signal that was compared under an older version. */
export async function listDueGemeenten(tx: Tx, gemeentecodes: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ gemeentecode: string }>`
    select g.gemeentecode from unnest(${[...gemeentecodes]}::text[]) as g(gemeentecode)
    where exists (select from vroegsignaal v where v.gemeentecode = g.gemeentecode
      and v.adresversie < (select versie from adresregister_stand))`.execute(tx)
  return rows.map(({ gemeentecode }) => gemeentecode)
}

/** At most `limit` addresses of a municipality with a signal that was compared under an older version. */
export async function listDueAdressen(tx: Tx, gemeentecode: string, limit: number): Promise<Buffer[]> {
  const { rows } = await sql<{ adresIndex: Buffer }>`
    select distinct d.adres_index from (
      select v.adres_index from vroegsignaal v where v.gemeentecode = ${gemeentecode}
        and v.adresversie < (select versie from adresregister_stand)
      order by v.adresversie limit ${limit}) d`.execute(tx)
  return rows.map(({ adresIndex }) => adresIndex)
}

/** Locks the cases about signals on these addresses until the transaction ends. */
export async function lockZakenOnAdressen(
  tx: Tx,
  gemeentecode: string,
  adressen: readonly Buffer[]
): Promise<void> {
  inLockOrder(tx, 'zaak')
  await sql`
    select from vroegsignaalzaak z where z.gemeentecode = ${gemeentecode} and z.id in (
      select k.zaak_id from vroegsignaal v
        join zaak_vroegsignaal k on k.gemeentecode = v.gemeentecode and k.vroegsignaal_id = v.id
      where ${isAmong('v.gemeentecode', [gemeentecode])} and v.adres_index = any (${[...adressen]}::bytea[]))
    order by z.id for update`.execute(tx)
}

/** Those of these addresses that have a signal that was compared under an older version. */
export async function listDueOf(
  tx: Tx,
  gemeentecode: string,
  adressen: readonly Buffer[]
): Promise<Buffer[]> {
  const { rows } = await sql<{ adresIndex: Buffer }>`
    select distinct v.adres_index from vroegsignaal v
    where ${isAmong('v.gemeentecode', [gemeentecode])} and v.adres_index = any (${[...adressen]}::bytea[])
      and v.adresversie + 0 < (select versie from adresregister_stand)`.execute(tx)
  return rows.map(({ adresIndex }) => adresIndex)
}

/** The ids of the live signals on these addresses. */
export async function listSignalsOnAdressen(
  tx: Tx,
  gemeentecode: string,
  adressen: readonly Buffer[]
): Promise<string[]> {
  const rows = await tx
    .selectFrom('vroegsignaal')
    .select('id')
    .where(isAmong('gemeentecode', [gemeentecode]))
    .where(isOneOf('adresIndex', 'bytea', adressen))
    .execute()
  return rows.map(({ id }) => id)
}

// Few enough to open and seal without keeping requests waiting.
const signalsAtOnce = 500

/** Splits signals into pieces that fit in memory, in the order in which every transaction locks them. */
export function piecesById(ids: readonly string[]): string[][] {
  return piecesOf(ids.toSorted(), signalsAtOnce)
}

/** Reads those of these signals that live, in order of id. */
export async function readSignals(
  tx: Tx,
  gemeentecode: string,
  ids: readonly string[]
): Promise<TeHerleiden[]> {
  return signalsOf(tx, gemeentecode, ids).execute()
}

/** The same, locked until the transaction ends. */
export async function lockSignals(
  tx: Tx,
  gemeentecode: string,
  ids: readonly string[]
): Promise<TeHerleiden[]> {
  inLockOrder(tx, 'vroegsignaal')
  return signalsOf(tx, gemeentecode, ids).forUpdate().execute()
}

function signalsOf(tx: Tx, gemeentecode: string, ids: readonly string[]) {
  return tx
    .selectFrom('vroegsignaal')
    .select(columns)
    .where(isAmong('gemeentecode', [gemeentecode]))
    .where(isOneOf('id', 'uuid', ids))
    .orderBy('id')
}

/** Saves the addresses of signals under a version of the register. What is null of their content stays as it is. */
export async function saveAdressen(
  tx: Tx,
  gemeentecode: string,
  versie: number,
  signals: readonly (Pick<Rij, 'id' | 'adresIndex' | 'adresBekend' | 'beoordeling'> & {
    readonly inhoud: Buffer | null
  })[]
): Promise<void> {
  await sql`
    update vroegsignaal v set adres_index = n.adres_index, adres_bekend = n.adres_bekend, adresversie = ${versie},
      inhoud = coalesce(n.inhoud, v.inhoud), beoordeling = coalesce(n.beoordeling, v.beoordeling)
    from unnest(${signals.map(({ id }) => id)}::uuid[], ${signals.map(({ adresIndex }) => adresIndex)}::bytea[],
      ${signals.map(({ adresBekend }) => adresBekend)}::boolean[], ${signals.map(({ inhoud }) => inhoud)}::bytea[],
      ${signals.map(({ beoordeling }) => beoordeling)}::bytea[])
      as n(id, adres_index, adres_bekend, inhoud, beoordeling)
    where ${isAmong('v.gemeentecode', [gemeentecode])} and v.id = n.id`.execute(tx)
}

/** The households on these addresses, also those that have expired or have withdrawn signals only. */
export async function listHuishoudensTeVerhuizen(
  tx: Tx,
  gemeentecode: string,
  adressen: readonly Buffer[]
): Promise<TeVerhuizen[]> {
  const { rows } = await sql<TeVerhuizen>`
    select h.id, encode(h.adres_index, 'hex') as adres, h.eerste_signaal_op,
      h.laatste_verval <= hub_vandaag() or not exists (select from vroegsignaal v
        where (v.gemeentecode = h.gemeentecode) is true and v.adres_index = h.adres_index
          and v.status <> 'ingetrokken')
        as is_verlopen,
      array(select k.vroegsignaal_id from vroegsignaalzaak z
        join zaak_vroegsignaal k on k.gemeentecode = z.gemeentecode and k.zaak_id = z.id
        where z.gemeentecode = h.gemeentecode and z.huishouden_id = h.id
        order by z.resultaat is not null, k.vroegsignaal_id desc) as zaaksignalen
    from huishouden h
    where ${isAmong('h.gemeentecode', [gemeentecode])} and h.adres_index = any (${[...adressen]}::bytea[])
    order by h.eerste_signaal_op, h.id`.execute(tx)
  return rows
}

/** A household whose address may change. */
export type TeVerhuizen = {
  readonly id: string
  /** The keyed hash of its address, in hex. */
  readonly adres: string
  readonly eersteSignaalOp: Date
  /** Whether it has no live signal that was not withdrawn. */
  readonly isVerlopen: boolean
  /** The signals of its cases, those of open cases first. */
  readonly zaaksignalen: readonly string[]
}

/** Gives households another address. The address that each leaves may be the one that another gets. */
export async function saveVerhuizingen(
  tx: Tx,
  gemeentecode: string,
  moves: readonly { readonly id: string; readonly naar: Buffer }[]
): Promise<void> {
  const ids = moves.map(({ id }) => id)
  // First to an address that no household has, because an address has one household at every moment.
  await sql`update huishouden set adres_index = uuid_send(id)
    where gemeentecode = ${gemeentecode} and id = any (${ids}::uuid[])`.execute(tx)
  await sql`update huishouden h set adres_index = n.naar
    from unnest(${ids}::uuid[], ${moves.map(({ naar }) => naar)}::bytea[]) as n(id, naar)
    where h.gemeentecode = ${gemeentecode} and h.id = n.id`.execute(tx)
}

/** A household that is joined with another, and the one that stays. */
export type Samenvoeging = { readonly id: string; readonly blijft: string }

/**
 * Gives the household that stays the mark at its address of one that is joined with it, unless it has its own. Both are in
 * these municipalities.
 */
export async function joinAdresindicaties(
  tx: Tx,
  gemeentecodes: readonly string[],
  joined: readonly Samenvoeging[]
): Promise<void> {
  await sql`update huishouden h
    set adresindicatie_bron = o.adresindicatie_bron, adresindicatie_datum = o.adresindicatie_datum
    from ${joinedAs(joined)} join huishouden o on ${isAmong('o.gemeentecode', gemeentecodes)} and o.id = n.id
    where ${isAmong('h.gemeentecode', gemeentecodes)} and h.id = n.blijft
      and h.adresindicatie_bron is null and o.adresindicatie_bron is not null`.execute(tx)
}

/** Gives the cases of households that are joined with others to those that stay. */
export async function joinZaken(
  tx: Tx,
  gemeentecode: string,
  joined: readonly Samenvoeging[]
): Promise<void> {
  await sql`update vroegsignaalzaak z set huishouden_id = n.blijft, samengevoegd = true
    from ${joinedAs(joined)} where z.gemeentecode = ${gemeentecode} and z.huishouden_id = n.id`.execute(tx)
}

/** Gives the cases of these households their address. */
export async function saveZaakadressen(tx: Tx, gemeentecode: string, ids: readonly string[]): Promise<void> {
  await sql`update vroegsignaalzaak z set adres_index = h.adres_index from huishouden h
    where z.gemeentecode = ${gemeentecode} and h.gemeentecode = z.gemeentecode and h.id = z.huishouden_id
      and h.id = any (${[...ids]}::uuid[]) and z.adres_index <> h.adres_index`.execute(tx)
}

function joinedAs(joined: readonly Samenvoeging[]) {
  return sql`unnest(${joined.map(({ id }) => id)}::uuid[], ${joined.map(({ blijft }) => blijft)}::uuid[]) as n(id, blijft)`
}
