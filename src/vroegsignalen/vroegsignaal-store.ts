import { type Selectable, sql } from 'kysely'
import type { Tx } from '../platform/database/open-database.ts'
import type { Tables } from '../platform/database/tables.ts'
import type { IsoDate } from '../time.ts'

type Rij = Selectable<Tables['vroegsignaal']>

/** A row as it goes in: everything but what the database fills in. */
export type NieuwSignaal = Omit<
  Rij,
  'status' | 'vernietigingsaanleiding' | 'afgerond' | 'doorgezondenVan'
> & {
  traceId: string
  pseudoniem: Buffer
}

/** A row as it is shown: clear columns, the sealed content and the partner's name. */
export type SignaalRij = Pick<
  Rij,
  | 'gemeentecode'
  | 'id'
  | 'status'
  | 'ontvangenOp'
  | 'reactiedatum'
  | 'sleuteldag'
  | 'vernietigingsdatum'
  | 'herhalingVan'
  | 'adresIndex'
  | 'doorgezondenVan'
> & { inhoud: Buffer; signaalpartnerId: string; signaalpartnerNaam: string }

/** What the processing log says of the signals that come in; each has its own trace and pseudonym. */
export type Aanneming = { readonly activiteit: string; readonly clientId: string }

/**
 * Adds signals in one statement, marks their addresses for the matcher and writes the processing log; returns the ids
 * of those that were new. A reference that exists is passed over, so that a repeat never makes a second signal.
 * Bytes travel apart from the JSON, for as hexadecimal text they took the database a third of the whole statement.
 * The line of the log has the id of its signal, which has one such line.
 */
export async function addSignals(
  tx: Tx,
  { activiteit, clientId }: Aanneming,
  signals: readonly NieuwSignaal[]
): Promise<Set<string>> {
  const { rows, bytes } = packRows(signals)
  const piece = (name: Hash) =>
    sql`substring(b.bytes from plek + ${sql.lit(hashes.indexOf(name) * hashLength)} for ${sql.lit(hashLength)})`
  const { rows: added } = await sql<{ id: string }>`
    with r as (
      select r.*, ${piece('referentieIndex')} as referentie_index, ${piece('adresIndex')} as adres_index,
        ${piece('persoonIndex')} as persoon_index, ${piece('klantIndex')} as klant_index,
        ${piece('inhoudHash')} as inhoud_hash, ${piece('pseudoniem')} as pseudoniem,
        case when "heeftBsn" then ${piece('bsnIndex')} end as bsn_index,
        substring(b.bytes from plek + ${sql.lit(hashes.length * hashLength)} for lengte) as inhoud
      from (select ${bytes}::bytea as bytes) b, json_to_recordset(${rows}::json) as r("gemeentecode" text, "id" uuid,
        "signaalpartnerId" uuid, "soort" text, "sector" text, "signaaldatum" date, "ontvangenOp" timestamptz,
        "ontvangstdatum" date, "reactiedatum" date, "sleuteldag" date, "vernietigingsdatum" date,
        "bedragInCenten" integer, "jongere" boolean, "herhalingVan" uuid, "traceId" text, "plek" integer,
        "lengte" integer, "heeftBsn" boolean)
    ), nieuw as (
      insert into vroegsignaal (gemeentecode, id, signaalpartner_id, referentie_index, soort, sector, status,
        signaaldatum, ontvangen_op, ontvangstdatum, reactiedatum, sleuteldag, vernietigingsdatum, bedrag_in_centen,
        jongere, adres_index, persoon_index, bsn_index, klant_index, inhoud_hash, herhaling_van, inhoud)
      select r."gemeentecode", r."id", r."signaalpartnerId", r.referentie_index, r."soort", r."sector", 'ontvangen',
        r."signaaldatum", r."ontvangenOp", r."ontvangstdatum", r."reactiedatum", r."sleuteldag",
        r."vernietigingsdatum", r."bedragInCenten", r."jongere", r.adres_index, r.persoon_index, r.bsn_index,
        r.klant_index, r.inhoud_hash, r."herhalingVan", r.inhoud
      from r
      on conflict (signaalpartner_id, referentie_index) do nothing
      returning gemeentecode, id, signaalpartner_id, adres_index, ontvangen_op
    ), gemarkeerd as (
      insert into huishouden_markering (gemeentecode, adres_index) select gemeentecode, adres_index from nieuw
    ), gelogd as (
      insert into verwerking (gemeentecode, id, trace_id, activiteit, client_id, signaalpartner_id,
        betrokkene_pseudoniem, object_id, op)
      select n.gemeentecode, n.id, r."traceId", ${activiteit}, ${clientId}::uuid, n.signaalpartner_id,
        r.pseudoniem, n.id, n.ontvangen_op
      from nieuw n join r using (id)
    )
    select id from nieuw`.execute(tx)
  return new Set(added.map(({ id }) => id))
}

const hashLength = 32
const hashes = [
  'referentieIndex',
  'adresIndex',
  'persoonIndex',
  'klantIndex',
  'inhoudHash',
  'pseudoniem',
  'bsnIndex'
] as const
type Hash = (typeof hashes)[number]
const noHash = Buffer.alloc(hashLength)

// Rows as JSON that says where their bytes begin (counted from 1, as SQL does), and the bytes of all of them in one.
function packRows(signals: readonly NieuwSignaal[]): { rows: string; bytes: Buffer } {
  const pieces: Buffer[] = []
  let plek = 1
  const rows = signals.map((signal) => {
    pieces.push(...hashes.map((name) => signal[name] ?? noHash), signal.inhoud)
    const row = {
      ...withoutBytes(signal),
      plek,
      lengte: signal.inhoud.length,
      heeftBsn: signal.bsnIndex !== null
    }
    plek += hashes.length * hashLength + signal.inhoud.length
    return row
  })
  return { rows: JSON.stringify(rows), bytes: Buffer.concat(pieces) }
}

function withoutBytes(signal: NieuwSignaal): Omit<NieuwSignaal, Hash | 'inhoud'> {
  const {
    referentieIndex,
    adresIndex,
    persoonIndex,
    klantIndex,
    inhoudHash,
    pseudoniem,
    bsnIndex,
    inhoud,
    ...rest
  } = signal
  return rest
}

/** The partner's live signals with one of these references. */
export async function findByReference(
  tx: Tx,
  signaalpartnerId: string,
  referenties: readonly Buffer[]
): Promise<Pick<Rij, 'gemeentecode' | 'id' | 'referentieIndex' | 'inhoudHash'>[]> {
  // Looked up one by one (offset 0 keeps it so): for a list of hundreds a planner without statistics reads the table.
  const { rows } = await sql<Pick<Rij, 'gemeentecode' | 'id' | 'referentieIndex' | 'inhoudHash'>>`
    select s.gemeentecode, s.id, s.referentie_index, s.inhoud_hash
    from unnest(${referenties}::bytea[]) as r(referentie_index) cross join lateral (
      select * from vroegsignaal v
      where v.signaalpartner_id = ${signaalpartnerId} and v.referentie_index = r.referentie_index offset 0
    ) s`.execute(tx)
  return rows
}

/** A signal that is the caller's to see. */
export async function findSignal(tx: Tx, id: string): Promise<SignaalRij | undefined> {
  return shown(tx).where('vroegsignaal.id', '=', id).executeTakeFirst()
}

/** The caller's signals with these ids, in any order. */
export async function listSignalsById(tx: Tx, ids: readonly string[]): Promise<SignaalRij[]> {
  return ids.length === 0
    ? []
    : shown(tx)
        .where('vroegsignaal.id', 'in', [...ids])
        .execute()
}

/** A signal of the caller, held against change until the transaction ends. */
export async function lockSignal(tx: Tx, id: string): Promise<TeWijzigenRij | undefined> {
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
    | 'soort'
    | 'sector'
    | 'signaaldatum'
    | 'bedragInCenten'
    | 'persoonIndex'
    | 'referentieIndex'
    | 'klantIndex'
    | 'afgerond'
  >

/** Those of a municipality's signals with these ids that live, held against change, in order of id. */
export async function lockSignalsOfGemeente(
  tx: Tx,
  gemeentecodes: readonly string[],
  ids: readonly string[]
): Promise<BehandeldeRij[]> {
  if (ids.length === 0) return []
  return shown(tx)
    .select([
      'vroegsignaal.soort',
      'vroegsignaal.sector',
      'vroegsignaal.signaaldatum',
      'vroegsignaal.bedragInCenten',
      'vroegsignaal.persoonIndex',
      'vroegsignaal.referentieIndex',
      'vroegsignaal.klantIndex',
      'vroegsignaal.afgerond'
    ])
    .where('vroegsignaal.gemeentecode', 'in', [...gemeentecodes])
    .where('vroegsignaal.id', 'in', [...ids])
    .orderBy('vroegsignaal.id')
    .forUpdate('vroegsignaal')
    .execute()
}

/** Says of signals what the municipality did with them, and whether they are over for their partners. */
export async function settleRows(
  tx: Tx,
  gemeentecode: string,
  ids: readonly string[],
  settled: Pick<Rij, 'status' | 'afgerond'>
): Promise<void> {
  await tx
    .updateTable('vroegsignaal')
    .set(settled)
    .where('gemeentecode', '=', gemeentecode)
    .where('id', 'in', [...ids])
    .execute()
}

/** Brings the destruction of signals of which no help is wanted forward to a day, where that is sooner. */
export async function bringForward(
  tx: Tx,
  gemeentecode: string,
  ids: readonly string[],
  dag: IsoDate
): Promise<void> {
  await tx
    .updateTable('vroegsignaal')
    .set({ vernietigingsdatum: dag, vernietigingsaanleiding: 'geen-hulp' })
    .where('gemeentecode', '=', gemeentecode)
    .where('id', 'in', [...ids])
    .where('vernietigingsdatum', '>', dag)
    .execute()
}

/**
 * Moves a signal to another municipality with all its days, as one that nobody has taken up yet. False, and nothing
 * moved, when its partner has no agreement there.
 */
export async function moveRow(
  tx: Tx,
  { gemeentecode, id }: { gemeentecode: string; id: string },
  naar: string,
  inhoud: Buffer
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    with weg as (
      delete from vroegsignaal v where v.gemeentecode = ${gemeentecode} and v.id = ${id} and exists (
        select from overeenkomst o
        where o.gemeentecode = ${naar} and o.signaalpartner_id = v.signaalpartner_id and v.sector = any (o.sectoren)
          and overeenkomst_geldt(o, v.signaaldatum) and overeenkomst_geldt(o, hub_vandaag()))
      returning *
    )
    insert into vroegsignaal (gemeentecode, id, signaalpartner_id, referentie_index, soort, sector, status,
      signaaldatum, ontvangen_op, ontvangstdatum, reactiedatum, sleuteldag, vernietigingsdatum, bedrag_in_centen,
      jongere, adres_index, persoon_index, bsn_index, klant_index, inhoud_hash, herhaling_van, inhoud,
      doorgezonden_van)
    select ${naar}, id, signaalpartner_id, referentie_index, soort, sector, 'ontvangen', signaaldatum, ontvangen_op,
      ontvangstdatum, reactiedatum, sleuteldag, vernietigingsdatum, bedrag_in_centen, jongere, adres_index,
      persoon_index, bsn_index, klant_index, inhoud_hash, herhaling_van, ${inhoud},
      coalesce(doorgezonden_van, gemeentecode)
    from weg`.execute(tx)
  return numAffectedRows === 1n
}

/** Replaces what a correction may change. */
export async function correctRow(
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
export async function withdrawRow(
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
export async function condemnRow(
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
export async function listSignals(
  tx: Tx,
  scope: { signaalpartnerId?: string | undefined; gemeentecodes?: readonly string[] },
  keys: Zoeksleutels,
  before: string | undefined,
  limit: number
): Promise<SignaalRij[]> {
  let query = shown(tx)
    .where('vroegsignaal.status', '<>', 'ingetrokken')
    .orderBy('vroegsignaal.id', 'desc')
    .limit(limit)
  if (scope.signaalpartnerId !== undefined) {
    query = query.where('vroegsignaal.signaalpartnerId', '=', scope.signaalpartnerId)
  } else {
    query = query.where('vroegsignaal.gemeentecode', 'in', scope.gemeentecodes ?? [])
  }
  for (const [column, key] of Object.entries(keys) as [keyof Zoeksleutels, Buffer][]) {
    query = query.where(`vroegsignaal.${column}`, '=', key)
  }
  if (before !== undefined) query = query.where('vroegsignaal.id', '<', before)
  return query.execute()
}

/** Those of a municipality's signals with these ids that live, in any order. */
export async function listSignalsOfGemeente(
  tx: Tx,
  gemeentecode: string,
  ids: readonly string[]
): Promise<SignaalRij[]> {
  return shown(tx)
    .where('vroegsignaal.gemeentecode', '=', gemeentecode)
    .where('vroegsignaal.id', 'in', [...ids])
    .execute()
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
    .select([
      'vroegsignaal.gemeentecode',
      'vroegsignaal.id',
      'vroegsignaal.status',
      'vroegsignaal.ontvangenOp',
      'vroegsignaal.reactiedatum',
      'vroegsignaal.sleuteldag',
      'vroegsignaal.vernietigingsdatum',
      'vroegsignaal.herhalingVan',
      'vroegsignaal.adresIndex',
      'vroegsignaal.doorgezondenVan',
      'vroegsignaal.inhoud',
      'vroegsignaal.signaalpartnerId',
      'signaalpartner.naam as signaalpartnerNaam'
    ])
}
