import { type Selectable, sql } from 'kysely'
import type { Tables } from '../begrippen/tables.ts'
import { keptPlan } from '../platform/database/name-statements.ts'
import type { Tx } from '../platform/database/open-database.ts'
import { sqlName, vroegsignaalColumnNames, vroegsignaalColumns } from './vroegsignaal-columns.ts'

type Rij = Selectable<Tables['vroegsignaal']>
type Column = keyof Rij

/** The columns that the database fills in for a new signal. */
const filledIn = ['vernietigingsaanleiding', 'afgerond', 'doorgezondenVan', 'beperkt'] as const
/** The columns that have one value for all signals of a statement. */
const shared = ['ontvangenOp', 'ontvangstdatum', 'status'] as const

/** The row of a new signal, with what the processing log needs to name it. */
export type NieuwSignaal = Omit<Rij, (typeof filledIn)[number] | 'status' | 'beoordeling'> & {
  readonly beoordeling: Buffer
  readonly clientId: string
  readonly traceId: string
  readonly pseudoniem: Buffer
}

/** The values that all signals of a statement share, and what the processing log needs about it. */
export type Aanneming = Pick<Rij, 'ontvangenOp' | 'ontvangstdatum'> & { readonly activiteit: string }

const hashLength = 16
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

const isOneOf = (names: readonly string[], column: string) => names.includes(column)
const inserted = vroegsignaalColumnNames.filter((column) => !isOneOf(filledIn, column))
// The columns sent as JSON; bytes are sent separately.
const written = inserted.filter(
  (column) => !isOneOf(shared, column) && vroegsignaalColumns[column] !== 'bytea'
)

// These texts hold only our own names.
const insertedNames = sql.raw(inserted.map(sqlName).join(', '))
const insertedValues = sql.raw(inserted.map(valueIn).join(', '))
const jsonColumns = sql.raw(written.map((column) => `"${column}" ${vroegsignaalColumns[column]}`).join(', '))
const pieces = sql.raw(
  [
    ...hashes.map((name) => `${pieceOf(name)} as "${name}"`),
    `${sealedPiece('0', 'lengte')} as "inhoud"`,
    `${sealedPiece('lengte', '"lengteBeoordeling"')} as "beoordeling"`
  ].join(', ')
)

/**
 * Adds signals in one statement, marks their addresses for the matcher, writes the processing log, and the outbox where some
 * subscription wants to hear of them; returns the ids of the new ones. Skips a reference that exists, so that a repeat never makes a second signal. Bytes are sent apart
 * from the JSON: as hexadecimal text they took a third of the whole statement in the database. A sheet of the log has the
 * id of its signal, which has only one such sheet.
 */
export async function addVroegsignalen(
  tx: Tx,
  { activiteit, ontvangenOp, ontvangstdatum }: Aanneming,
  signals: readonly NieuwSignaal[]
): Promise<Set<string>> {
  const { rows, bytes } = packRows(signals)
  const { rows: added } = await sql<{ id: string }>`
    ${keptPlan} with r as (
      select r.*, ${pieces}, ${ontvangenOp}::timestamptz as "ontvangenOp",
        ${ontvangstdatum}::date as "ontvangstdatum", 'ontvangen' as "status"
      from (select ${bytes}::bytea as bytes) b, json_to_recordset(${rows}::json) as r(${jsonColumns}, "clientId" uuid, "traceId" text,
        "plek" integer, "lengte" integer, "lengteBeoordeling" integer, "heeftBsn" boolean)
    ), nieuw as (
      insert into vroegsignaal (${insertedNames}) select ${insertedValues} from r
      on conflict (referentie_index) do nothing
      returning gemeentecode, id, signaalpartner_id, adres_index, ontvangen_op, soort
    ), gemarkeerd as (
      insert into huishouden_markering (gemeentecode, adres_index) select gemeentecode, adres_index from nieuw
    ), gelogd as (
      insert into verwerkingsblad (gemeentecode, id, trace_id, activiteit, client_id, signaalpartner_id,
        betrokkene_pseudoniemen, object_ids, op)
      select n.gemeentecode, n.id, r."traceId", ${activiteit}, r."clientId", n.signaalpartner_id,
        array[r."pseudoniem"], array[n.id], n.ontvangen_op
      from nieuw n join r using (id)
    ), gewenst as materialized (
      -- Looked up once per municipality, not once per signal.
      select distinct w.gemeentecode, w.soort from (select distinct gemeentecode from nieuw) g cross join lateral (
        select gemeentecode, soort from abonnement_wens w where w.gemeentecode = g.gemeentecode
          and w.soort = any (array['nl.vroegsignalering.signaal-ontvangen', 'nl.vroegsignalering.crisis-gemeld'])
        offset 0) w
    ), gemeld as (
      insert into gebeurtenis (gemeentecode, soort, vroegsignaal_id)
      select n.gemeentecode, w.soort, n.id from gewenst w join nieuw n on n.gemeentecode = w.gemeentecode
      where w.soort <> 'nl.vroegsignalering.crisis-gemeld' or n.soort <> 'vroegsignaal'
    )
    select id from nieuw`.execute(tx)
  return new Set(added.map(({ id }) => id))
}

function valueIn(column: Column): string {
  return `r."${column}"`
}

// The bytes of a row begin at its "plek", counted from 1 as in SQL.
function pieceOf(name: Hash): string {
  const piece = `substring(b.bytes from plek + ${hashes.indexOf(name) * hashLength} for ${hashLength})`
  return name === 'bsnIndex' ? `case when "heeftBsn" then ${piece} end` : piece
}

function sealedPiece(from: string, length: string): string {
  return `substring(b.bytes from plek + ${hashes.length * hashLength} + ${from} for ${length})`
}

const jsonNames = [...written, 'clientId', 'traceId', 'plek', 'lengte', 'lengteBeoordeling', 'heeftBsn']

// Packs rows as JSON that says where their bytes begin, and all bytes as one buffer.
function packRows(signals: readonly NieuwSignaal[]): { rows: string; bytes: Buffer } {
  const bytes: Buffer[] = []
  let plek = 1
  const rows = signals.map((signal) => {
    const { inhoud, beoordeling } = signal
    bytes.push(...hashes.map((name) => signal[name] ?? noHash), inhoud, beoordeling)
    const lengths = { lengte: inhoud.length, lengteBeoordeling: beoordeling.length }
    const row = { ...signal, ...lengths, plek, heeftBsn: signal.bsnIndex !== null }
    plek += hashes.length * hashLength + inhoud.length + beoordeling.length
    return row
  })
  return { rows: JSON.stringify(rows, jsonNames), bytes: Buffer.concat(bytes) }
}

/** The signals with one of these references, as far as the caller may see them. */
export async function findByReferentie(
  tx: Tx,
  referenties: readonly Buffer[]
): Promise<Pick<Rij, 'gemeentecode' | 'id' | 'referentieIndex' | 'inhoudHash'>[]> {
  // Looked up one by one (`offset 0` forces that): for a list of hundreds a planner without statistics reads the whole
  // table.
  const { rows } = await sql<Pick<Rij, 'gemeentecode' | 'id' | 'referentieIndex' | 'inhoudHash'>>`
    select s.gemeentecode, s.id, s.referentie_index, s.inhoud_hash
    from unnest(${referenties}::bytea[]) as r(referentie_index) cross join lateral (
      select * from vroegsignaal v where v.referentie_index = r.referentie_index offset 0
    ) s`.execute(tx)
  return rows
}
