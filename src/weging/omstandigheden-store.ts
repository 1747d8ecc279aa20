import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Adresplaats } from '../adressen/resolve-adres.ts'
import type { Registerantwoord } from '../begrippen/adresregister.ts'
import type { Bezwaar } from '../begrippen/bezwaar.ts'
import type { Instellingen, Tables } from '../begrippen/tables.ts'
import type { Sector, Signaalsoort } from '../begrippen/vroegsignaal.ts'
import { inLockOrder } from '../platform/database/locks.ts'
import { keptPlan } from '../platform/database/name-statements.ts'
import type { Tx } from '../platform/database/open-database.ts'
import type { IsoDate } from '../time.ts'

/** An agreement, without what does not matter to a signal. */
export type OvereenkomstRij = Omit<Selectable<Tables['overeenkomst']>, 'convenantversie'>

/**
 * The existing signal with a reference. Without a hash when it is over for its partner, so that no content equals it.
 */
export type StaandSignaal = {
  gemeentecode: string
  id: string
  referentieIndex: string
  inhoudHash: string | null
}

/** An earlier signal of the partner about the same customer. */
export type EerderSignaal = {
  id: string
  klantIndex: string
  sector: Sector
  soort: Signaalsoort
  signaaldatum: IsoDate
  bedragInCenten: number
  isIngetrokken: boolean
}

/** A look-up for signals on their way in; the buffers are keyed hashes, those of references and customers of one partner. */
export type Vraag = {
  readonly referenties: readonly Buffer[]
  readonly klanten: readonly Buffer[]
  /** Of the house numbers, with the postcode, and the BSNs that objections are looked up by. */
  readonly huisnummers: readonly Buffer[]
  readonly bsns: readonly Buffer[]
  readonly adressen: readonly Adresplaats[]
  /** The partner and the municipality of each signal; without one, the postcode may tell it. */
  readonly overeenkomsten: readonly {
    readonly signaalpartnerId: string
    readonly gemeentecode: string | null
    readonly postcode: string
  }[]
  /**
   * Whether the agreements stay locked until the transaction ends, so that an agreement ends either before or after it.
   * A long transaction must not make others wait, so it checks them again before it commits.
   */
  readonly isHolding: boolean
}

/**
 * An objection that may be that of a signal's person: the municipality, the partner whose signals it is about (null = all),
 * and the two hashes that it was found by.
 */
export type BezwaarRij = Bezwaar & {
  gemeentecode: string
  signaalpartnerId: string | null
  huisnummerIndex: string
}

/** The answer, with hashes in hex. */
export type Antwoord = Registerantwoord & {
  readonly staand: readonly StaandSignaal[]
  /** Newest first; also those that are withdrawn, or over for the partner. */
  readonly eerder: readonly EerderSignaal[]
  readonly bezwaren: readonly BezwaarRij[]
  /** Of the municipalities that were named, those that have merged into another one, and since when. */
  readonly opgegaan: readonly { van: string; opvolger: string; datum: IsoDate }[]
  readonly gemeenten: readonly { gemeentecode: string; instellingen: Instellingen }[]
  readonly overeenkomsten: readonly OvereenkomstRij[]
}

/**
 * Reads everything that signals are weighed against in one round trip. References and customers are looked up one by
 * one (`offset 0` forces that): for a list of hundreds a planner without statistics reads the whole table.
 */
export async function readOmstandigheden(tx: Tx, vraag: Vraag): Promise<Antwoord> {
  const { referenties, klanten, huisnummers, bsns, adressen, overeenkomsten, isHolding } = vraag
  const postcodes = adressen.map(({ postcode }) => postcode)
  const nummers = adressen.map(({ huisnummer }) => huisnummer)
  if (isHolding) inLockOrder(tx, 'overeenkomst')
  const lock = isHolding ? sql`for share of o` : sql``
  const { rows } = await sql<Antwoord>`
    ${keptPlan} with bekend as materialized (
      -- A register may be older than a re-division.
      select distinct p.postcode, coalesce(h.opvolger, p.gemeentecode) as gemeentecode
      from zoek_registerpostcodes(${postcodes}::text[]) p
      left join herindeling h on h.van = p.gemeentecode and h.datum <= hub_vandaag()
    ), genoemd as materialized (
      select distinct g.signaalpartner_id, coalesce(g.gemeentecode, b.gemeentecode) as gemeentecode
      from unnest(${overeenkomsten.map((one) => one.signaalpartnerId)}::uuid[],
        ${overeenkomsten.map((one) => one.gemeentecode)}::text[],
        ${overeenkomsten.map((one) => one.postcode)}::text[]) as g(signaalpartner_id, gemeentecode, postcode)
        left join bekend b on g.gemeentecode is null and b.postcode = g.postcode
    ), referentie as (
      select unnest(${[...referenties]}::bytea[]) as gezocht
    ) select
      ${list(sql`select s.gemeentecode, s.id,
          encode(s.referentie_index, 'hex') as "referentieIndex",
          encode(s.inhoud_hash, 'hex') as "inhoudHash"
        from referentie r cross join lateral (
          select * from vroegsignaal v
          where v.referentie_index = r.gezocht offset 0) s
        union all select g.gemeentecode, g.id, encode(g.referentie_index, 'hex'), null
        from referentie r cross join lateral (
          select * from gemeld_signaal v
          where v.referentie_index = r.gezocht offset 0) g`)} as staand,
      ${list(sql`select s.id, encode(s.klant_index, 'hex') as "klantIndex", s.sector, s.soort, s.signaaldatum,
          s.bedrag_in_centen as "bedragInCenten", s.is_ingetrokken as "isIngetrokken"
        from unnest(${[...klanten]}::bytea[]) as k(gezocht) cross join lateral (
          select id, klant_index, sector, soort, signaaldatum, bedrag_in_centen, ontvangen_op,
            status = 'ingetrokken' as is_ingetrokken from vroegsignaal v
          where v.klant_index = k.gezocht
          union all
          select id, klant_index, sector, soort, signaaldatum, bedrag_in_centen, ontvangen_op, false
          from gemeld_signaal v
          where v.klant_index = k.gezocht
            and (v.vernietigingsdatum > hub_vandaag()) is true offset 0) s
        order by s.ontvangen_op desc, s.id desc`)} as eerder,
      ${list(sql`select ${bezwaarColumns} from bezwaar b where b.huisnummer_index = any (${[...huisnummers]}::bytea[])
        union select ${bezwaarColumns} from bezwaar b where b.bsn_index = any (${[...bsns]}::bytea[])`)} as bezwaren,
      (select s.versie from adresregister_stand s) as versie,
      ${list(sql`select * from zoek_registeradressen(${postcodes}::text[], ${nummers}::integer[])`)} as adressen,
      ${list(sql`select p.postcode, p.gemeentecode from bekend p`)} as postcodes,
      ${list(sql`select h.van, h.opvolger, h.datum from herindeling h
        where h.datum <= hub_vandaag() and h.van in (select n.gemeentecode from genoemd n)`)} as opgegaan,
      ${list(sql`select g.gemeentecode, g.instellingen from gemeente g
        where g.gemeentecode in (select n.gemeentecode from genoemd n)`)} as gemeenten,
      ${list(sql`select ${agreementColumns} from genoemd n join overeenkomst o
          on o.signaalpartner_id = n.signaalpartner_id and o.gemeentecode = n.gemeentecode
        ${lock}`)} as overeenkomsten`.execute(tx)
  return rows[0]!
}

// These texts hold only our own names.
const hex = (column: string) => sql`encode(${sql.ref(`b.${column}`)}, 'hex') as ${sql.raw(`"${column}"`)}`
const hexes = (column: string) =>
  sql`array(select encode(h, 'hex') from unnest(${sql.ref(`b.${column}`)}) h) as ${sql.raw(`"${column}"`)}`
const bezwaarColumns = sql.join([
  sql`b.gemeentecode, b.id, b.signaalpartner_id as "signaalpartnerId"`,
  ...['huisnummerIndex', 'bsnIndex', 'geboortedatumIndex', 'voorletterIndex'].map(hex),
  ...['adresIndexen', 'naamIndexen'].map(hexes)
])

/**
 * The objections in a municipality that may be those of a person on a house number, as far as they are to signals of
 * this partner.
 */
export async function listBezwaren(
  tx: Tx,
  gemeentecode: string,
  signaalpartnerId: string,
  { huisnummer, bsn }: { huisnummer: Buffer; bsn: Buffer | null }
): Promise<Bezwaar[]> {
  const { rows } = await sql<Bezwaar>`select ${bezwaarColumns} from bezwaar b
    where b.gemeentecode = ${gemeentecode} and (b.huisnummer_index = ${huisnummer} or b.bsn_index = ${bsn})
      and (b.signaalpartner_id is null or b.signaalpartner_id = ${signaalpartnerId})`.execute(tx)
  return rows
}

/** Locks the partner's agreements with these municipalities until the transaction ends and returns them. */
export async function lockOvereenkomsten(
  tx: Tx,
  signaalpartnerId: string,
  gemeentecodes: readonly string[]
): Promise<OvereenkomstRij[]> {
  inLockOrder(tx, 'overeenkomst')
  const { rows } = await sql<{
    overeenkomsten: OvereenkomstRij[]
  }>`select ${list(sql`select ${agreementColumns} from overeenkomst o
    where o.signaalpartner_id = ${signaalpartnerId} and o.gemeentecode = any (${[...gemeentecodes]}::text[])
    for share of o`)} as overeenkomsten`.execute(tx)
  return rows[0]!.overeenkomsten
}

const agreementColumns = sql`o.gemeentecode, o.id, o.signaalpartner_id as "signaalpartnerId", o.sectoren,
  o.ingangsdatum, o.einddatum, o.ingreep, o.ondertekening_signaalpartner as "ondertekeningSignaalpartner",
  o.ondertekening_gemeente as "ondertekeningGemeente"`

function list(query: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(select coalesce(json_agg(q), '[]'::json) from (${query}) q)`
}
