import { type Selectable, sql } from 'kysely'
import type { Tables } from '../begrippen/tables.ts'
import type { Tx } from '../platform/database/open-database.ts'

type Rij = Selectable<Tables['vroegsignaal']>

/** A row as it goes in: everything but what the database fills in. */
export type NieuwSignaal = Omit<
  Rij,
  'status' | 'vernietigingsaanleiding' | 'afgerond' | 'doorgezondenVan'
> & {
  traceId: string
  pseudoniem: Buffer
}

/** What signals that come in together have in common, and what the processing log says of it. */
export type Aanneming = Pick<Rij, 'signaalpartnerId' | 'ontvangenOp' | 'ontvangstdatum'> & {
  readonly activiteit: string
  readonly clientId: string
}

/**
 * Adds signals in one statement, marks their addresses for the matcher and writes the processing log; returns the ids
 * of those that were new. A reference that exists is passed over, so that a repeat never makes a second signal.
 * Bytes travel apart from the JSON, for as hexadecimal text they took the database a third of the whole statement.
 * The line of the log has the id of its signal, which has one such line.
 */
export async function addSignals(
  tx: Tx,
  { activiteit, clientId, signaalpartnerId, ontvangenOp, ontvangstdatum }: Aanneming,
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
        "soort" text, "sector" text, "signaaldatum" date, "reactiedatum" date, "sleuteldag" date,
        "vernietigingsdatum" date, "bedragInCenten" integer, "jongere" boolean, "herhalingVan" uuid, "traceId" text,
        "plek" integer, "lengte" integer, "heeftBsn" boolean)
    ), nieuw as (
      insert into vroegsignaal (gemeentecode, id, signaalpartner_id, referentie_index, soort, sector, status,
        signaaldatum, ontvangen_op, ontvangstdatum, reactiedatum, sleuteldag, vernietigingsdatum, bedrag_in_centen,
        jongere, adres_index, persoon_index, bsn_index, klant_index, inhoud_hash, herhaling_van, inhoud)
      select r."gemeentecode", r."id", ${signaalpartnerId}::uuid, r.referentie_index, r."soort", r."sector", 'ontvangen',
        r."signaaldatum", ${ontvangenOp}::timestamptz, ${ontvangstdatum}::date, r."reactiedatum", r."sleuteldag",
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

// What rows that come in together do not have in common.
const ownColumns = [
  'gemeentecode',
  'id',
  'soort',
  'sector',
  'signaaldatum',
  'reactiedatum',
  'sleuteldag',
  'vernietigingsdatum',
  'bedragInCenten',
  'jongere',
  'herhalingVan',
  'traceId',
  'plek',
  'lengte',
  'heeftBsn'
]

// Rows as JSON that says where their bytes begin (counted from 1, as SQL does), and the bytes of all of them in one.
function packRows(signals: readonly NieuwSignaal[]): { rows: string; bytes: Buffer } {
  const pieces: Buffer[] = []
  let plek = 1
  const rows = signals.map((signal) => {
    pieces.push(...hashes.map((name) => signal[name] ?? noHash), signal.inhoud)
    const row = {
      ...signal,
      plek,
      lengte: signal.inhoud.length,
      heeftBsn: signal.bsnIndex !== null
    }
    plek += hashes.length * hashLength + signal.inhoud.length
    return row
  })
  return { rows: JSON.stringify(rows, ownColumns), bytes: Buffer.concat(pieces) }
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
