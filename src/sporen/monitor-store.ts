import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Eindresultaat } from '../begrippen/eindresultaat.ts'
import type { Tables } from '../begrippen/tables.ts'
import type { Vernietigingsgrond } from '../begrippen/vernietigingsgrond.ts'
import { listed, listOf, listOfBytes, type Sleutel } from '../platform/database/many.ts'
import type { Tx } from '../platform/database/open-database.ts'
import type { IsoDate } from '../time.ts'

// The national monitor counts signals, and households per calendar month of receipt. A household is what an address got
// in one month: meervoudig = two or more signals in it, opeenvolgend = another one in the six months before, enkelvoudig =
// neither. With several sectors it counts in each, and once in all together. A signal that was withdrawn, or found to be
// wrong, counts in nothing.
//
// What lives is counted when it is asked for. When the last signal of a household of a month goes, or the last of a sector,
// it is added to `monitor_telling`; until then the others keep in `maandspoor` what it was. So a destruction changes no
// figure. One thing is lost with the data: a signal that comes after its predecessor was destroyed is not `opeenvolgend`.

/** The figures of a municipality in a month (`YYYY-MM`) and sector; '' = all sectors together. */
export type Monitorcijfer = Omit<Selectable<Tables['monitorTelling']>, 'maand'> & { readonly maand: string }

/** A signal that was destroyed. */
type Weg = Pick<
  Selectable<Tables['vroegsignaal']>,
  'gemeentecode' | 'id' | 'adresIndex' | 'status' | 'sector' | 'ontvangstdatum' | 'vernietigingsaanleiding'
>

type Maanden = { readonly van: IsoDate; readonly totEnMet: IsoDate }

/**
 * The figures of these municipalities in these months, also on what was destroyed; `aanvaardeHulp` are the results that
 * count as help accepted. Expects the duty `teller`.
 */
export async function listMonitorcijfers(
  tx: Tx,
  gemeentecodes: readonly string[],
  { van, totEnMet }: Maanden,
  aanvaardeHulp: readonly Eindresultaat[]
): Promise<Monitorcijfer[]> {
  const { rows } = await sql<Monitorcijfer>`
    with signaal as (
      select ${signaalOf('s', sql`false`)} from vroegsignaal s ${zaakOf('s', aanvaardeHulp)}
      where s.gemeentecode = any (${listOf('text', gemeentecodes)}) and ${telt('s')}
    ), ${huishoudens},
    cijfer as (
      ${cijfers(sql`not weg`)}
      union all select ${cijferkolommen} from monitor_telling
      where gemeentecode = any (${listOf('text', gemeentecodes)})
    )
    select gemeentecode, to_char(maand, 'YYYY-MM') as maand, sector, ${sommen}
    from cijfer where maand between ${van}::date and ${totEnMet}::date
    group by 1, 2, 3 order by 1, 2, 3`.execute(tx)
  return rows
}

/**
 * Counts signals that were destroyed in this transaction, for the figures that outlive them. Expects the duty `teller`,
 * their cases still there, and the lock on the households of their municipalities.
 */
export async function countDestroyed(
  tx: Tx,
  gone: readonly Weg[],
  aanvaardeHulp: readonly Eindresultaat[]
): Promise<void> {
  await sql`
    with verdwenen as (
      select * from unnest(${column(gone, 'gemeentecode')}::text[], ${column(gone, 'id')}::uuid[],
        ${listOfBytes(gone.map(({ adresIndex }) => adresIndex))}, ${column(gone, 'sector')}::text[],
        ${column(gone, 'status')}::text[], ${column(gone, 'ontvangstdatum')}::date[],
        ${column(gone, 'vernietigingsaanleiding')}::text[])
        as v(gemeentecode, id, adres_index, sector, status, ontvangstdatum, vernietigingsaanleiding)
      where ${telt('v')}
    ), signaal as (
      select ${signaalOf('v', sql`true`)} from verdwenen v ${zaakOf('v', aanvaardeHulp)}
      union all
      select ${signaalOf('s', sql`false`)} from (select distinct gemeentecode, adres_index from verdwenen) a
      cross join lateral (
        select s.gemeentecode, s.id, s.adres_index, s.sector, s.status, s.ontvangstdatum from vroegsignaal s
        where (s.gemeentecode = a.gemeentecode) is true and s.adres_index = a.adres_index and ${telt('s')} offset 0
      ) s ${zaakOf('s', aanvaardeHulp)}
    ), ${huishoudens},
    geteld as (
      insert into monitor_telling (${cijferkolommen})
      select gemeentecode, maand, sector, ${sommen} from (${cijfers(sql`weg`)}) c
      group by gemeentecode, maand, sector order by gemeentecode, maand, sector
      on conflict (gemeentecode, maand, sector) do update set ${opgeteld}
    )
    insert into maandspoor as oud (gemeentecode, vroegsignaal_id, meervoudig, opeenvolgend, opgepakt, bereikt, hulp_aanvaard)
    select s.gemeentecode, s.id, h.weg_in_maand, s.opeenvolgend or h.weg_in_maand and h.spoor or h.weg_ervoor,
      h.weg_in_maand and h.opgepakt, h.weg_in_maand and h.bereikt, h.weg_in_maand and h.hulp_aanvaard
    from signaal s join huishouden h using (gemeentecode, adres_index, maand)
    where not s.weg and (h.weg_in_maand or h.weg_ervoor)
    on conflict (gemeentecode, vroegsignaal_id) do update set
      meervoudig = oud.meervoudig or excluded.meervoudig, opeenvolgend = oud.opeenvolgend or excluded.opeenvolgend,
      opgepakt = oud.opgepakt or excluded.opgepakt, bereikt = oud.bereikt or excluded.bereikt,
      hulp_aanvaard = oud.hulp_aanvaard or excluded.hulp_aanvaard`.execute(tx)
}

/** Destroys what these signals kept for the monitor. */
export async function destroyMaandsporen(tx: Tx, signalen: readonly Sleutel[]): Promise<void> {
  await sql`delete from maandspoor m using ${listed('s', signalen)}
    where m.gemeentecode = s.gemeentecode and m.vroegsignaal_id = s.id`.execute(tx)
}

/** What is counted of a month and sector. */
export const monitormaten = [
  'signalen',
  'huishoudens',
  'enkelvoudig',
  'meervoudig',
  'opeenvolgend',
  'opgepakt',
  'bereikt',
  'hulpAanvaard'
] as const
const maten = monitormaten.map((maat) => maat.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
const each = (text: (maat: string) => string) => sql.raw(maten.map(text).join(', '))
const cijferkolommen = sql.raw(['gemeentecode', 'maand', 'sector', ...maten].join(', '))
const sommen = each((maat) => `sum(${maat})::integer as ${maat}`)
const opgeteld = each((maat) => `${maat} = monitor_telling.${maat} + excluded.${maat}`)

// What of a signal is counted, and what it keeps of others.
function signaalOf(signal: string, weg: RawBuilder<boolean>) {
  const s = sql.table(signal)
  return sql`${s}.gemeentecode, ${s}.id, ${s}.adres_index, ${s}.sector, ${weg} as weg,
    date_trunc('month', ${s}.ontvangstdatum::timestamp)::date as maand,
    coalesce(m.meervoudig, false) as meervoudig, coalesce(m.opeenvolgend, false) as opeenvolgend,
    z.is_in_zaak and ${s}.status <> 'niet-opgepakt' or coalesce(m.opgepakt, false) as opgepakt,
    coalesce(z.bereikt, false) or coalesce(m.bereikt, false) as bereikt,
    coalesce(z.hulp_aanvaard, false) or coalesce(m.hulp_aanvaard, false) as hulp_aanvaard`
}

// Looked up one signal at a time: of a batch that is destroyed only a few rows of each table are wanted.
function zaakOf(signal: string, aanvaardeHulp: readonly Eindresultaat[]) {
  const s = sql.table(signal)
  return sql`
    left join maandspoor m on m.gemeentecode = ${s}.gemeentecode and m.vroegsignaal_id = ${s}.id
    left join lateral (
      select count(*) > 0 as is_in_zaak, bool_or(exists (select from contactpoging c
          where c.gemeentecode = k.gemeentecode and c.zaak_id = k.zaak_id and c.bereikt)) as bereikt,
        bool_or(not k.buiten_resultaat and zk.resultaat = any (${listOf('text', aanvaardeHulp)})) as hulp_aanvaard
      from zaak_vroegsignaal k join vroegsignaalzaak zk on zk.gemeentecode = k.gemeentecode and zk.id = k.zaak_id
      where k.vroegsignaal_id = ${s}.id and k.gemeentecode = ${s}.gemeentecode
    ) z on true`
}

// A signal that the resident had erased, or objected to, was rightly given.
const nietTeTellen: readonly Vernietigingsgrond[] = ['intrekking', 'onterecht-signaal']

function telt(signal: string) {
  const s = sql.table(signal)
  return sql`not (${s}.status = 'ingetrokken' and ${s}.vernietigingsaanleiding = 'bewaartermijn')
    and ${s}.vernietigingsaanleiding <> all (${listOf('text', nietTeTellen)})`
}

// `huishouden`: what the signals of an address in a month are together. `deel`: the same household, in all sectors ('')
// and in each of its own; `weg` when none of those signals is left.
const huishoudens = sql`
  maandadres as (
    select gemeentecode, adres_index, maand, count(*) >= 2 or bool_or(meervoudig) as meervoudig,
      bool_or(opeenvolgend) as spoor, bool_or(opgepakt) as opgepakt, bool_or(bereikt) as bereikt,
      bool_or(hulp_aanvaard) as hulp_aanvaard, bool_or(weg) as weg_in_maand
    from signaal group by gemeentecode, adres_index, maand
  ), huishouden as (
    select h.*, spoor or count(*) over ervoor > 0 as opeenvolgend,
      count(*) filter (where weg_in_maand) over ervoor > 0 as weg_ervoor
    from maandadres h window ervoor as (partition by gemeentecode, adres_index order by maand
      range between interval '6 months' preceding and interval '1 month' preceding)
  ), deel as (
    select gemeentecode, adres_index, maand, coalesce(sector, '') as sector, bool_and(weg) as weg
    from signaal group by gemeentecode, adres_index, maand, grouping sets ((sector), ())
  )`

function cijfers(counts: RawBuilder<boolean>) {
  return sql`
    select gemeentecode, maand, sector, 0 as signalen, count(*) as huishoudens,
      count(*) filter (where not meervoudig and not opeenvolgend) as enkelvoudig,
      count(*) filter (where meervoudig) as meervoudig, count(*) filter (where opeenvolgend) as opeenvolgend,
      count(*) filter (where opgepakt) as opgepakt, count(*) filter (where bereikt) as bereikt,
      count(*) filter (where hulp_aanvaard) as hulp_aanvaard
    from deel join huishouden using (gemeentecode, adres_index, maand) where ${counts}
    group by gemeentecode, maand, sector
    union all
    select gemeentecode, maand, coalesce(sector, ''), count(*), 0, 0, 0, 0, 0, 0, 0
    from signaal where ${counts} group by gemeentecode, maand, grouping sets ((sector), ())`
}

function column<Name extends keyof Weg>(rows: readonly Weg[], name: Name): Weg[Name][] {
  return rows.map((row) => row[name])
}
