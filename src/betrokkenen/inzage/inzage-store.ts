import { type Selectable, sql } from 'kysely'
import type { Tables } from '../../begrippen/tables.ts'
import { isAmong, isOneOf, listed, type Sleutel } from '../../platform/database/many.ts'
import type { Tx } from '../../platform/database/open-database.ts'

type Terugkoppeling = Selectable<Tables['terugkoppeling']>
type Contactpoging = Selectable<Tables['contactpoging']>

/** The names of these partners, by id. */
export async function listPartnernamen(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx
    .selectFrom('signaalpartner')
    .select(['id', 'naam'])
    .where(isOneOf('id', 'uuid', ids))
    .execute()
  return new Map(rows.map(({ id, naam }) => [id, naam]))
}

/** A case with those of its signals that were asked for. */
export type ZaakVanBetrokkene = Pick<
  Selectable<Tables['vroegsignaalzaak']>,
  'gemeentecode' | 'id' | 'datumOpgepakt' | 'resultaat' | 'resultaatdatum'
> & {
  vroegsignaalIds: string[]
  /** Whether the result is about at least one of them. */
  isBetreft: boolean
  /** Whether the case has, or had, signals besides these. */
  heeftAndere: boolean
}

/** The cases that hold these signals, oldest first. */
export async function listZakenVan(tx: Tx, signalen: readonly Sleutel[]): Promise<ZaakVanBetrokkene[]> {
  const ids = signalen.map(({ id }) => id)
  const { rows } = await sql<ZaakVanBetrokkene>`
    select z.gemeentecode, z.id, z.datum_opgepakt, z.resultaat, z.resultaatdatum, k.vroegsignaal_ids, k.is_betreft,
      exists (select from zaak_vroegsignaal a where a.gemeentecode = z.gemeentecode and a.zaak_id = z.id
        and a.vroegsignaal_id <> all (${ids}::uuid[])) as heeft_andere
    from (
      select k.gemeentecode, k.zaak_id, array_agg(k.vroegsignaal_id order by k.vroegsignaal_id) as vroegsignaal_ids,
        bool_or(not k.buiten_resultaat) as is_betreft
      from ${listed('s', signalen)} cross join lateral (
        select * from zaak_vroegsignaal l
        where l.vroegsignaal_id = s.id and l.gemeentecode = s.gemeentecode offset 0) k
      group by 1, 2
    ) k join vroegsignaalzaak z on z.gemeentecode = k.gemeentecode and z.id = k.zaak_id
    order by z.datum_opgepakt, z.id`.execute(tx)
  return rows
}

/** The contact attempts of these cases, oldest first. */
export async function listContactpogingenVan(tx: Tx, zaken: readonly Sleutel[]): Promise<Contactpoging[]> {
  const { rows } = await sql<Contactpoging>`
    select c.* from ${listed('z', zaken)} join contactpoging c on c.gemeentecode = z.gemeentecode and c.zaak_id = z.id
    order by c.datum, c.id`.execute(tx)
  return rows
}

/** What partners were told about a signal. */
export type TerugkoppelingVanBetrokkene = Pick<
  Terugkoppeling,
  'vroegsignaalId' | 'signaalpartnerId' | 'code' | 'op' | 'incassopauzeTotEnMet'
>

/** What partners were told about these signals, oldest first. Only the duty that acts beyond the lists may read it. */
export async function listTerugkoppelingenVan(
  tx: Tx,
  signalen: readonly Sleutel[]
): Promise<TerugkoppelingVanBetrokkene[]> {
  const { rows } = await sql<TerugkoppelingVanBetrokkene>`
    select t.vroegsignaal_id, t.signaalpartner_id, t.code, t.op, t.incassopauze_tot_en_met
    from ${listed('s', signalen)}
      join terugkoppeling t on t.gemeentecode = s.gemeentecode and t.vroegsignaal_id = s.id
    order by t.op, t.id`.execute(tx)
  return rows
}

/** The contests of these signals, oldest first; read as `listTerugkoppelingenVan`. */
export async function listBetwistingenVan(
  tx: Tx,
  signalen: readonly Sleutel[]
): Promise<Selectable<Tables['betwisting']>[]> {
  const { rows } = await sql<Selectable<Tables['betwisting']>>`
    select b.gemeentecode, b.id, b.vroegsignaal_id, b.signaalpartner_id, b.reden, b.reactie, b.betrokkene_pseudoniem,
      b.ingediend_op, b.beantwoord_op, b.sleuteldag, b.vernietigingsdatum, b.inhoud
    from ${listed('s', signalen)} cross join lateral (
      select * from betwisting b where b.vroegsignaal_id = s.id and b.gemeentecode = s.gemeentecode offset 0) b
    order by b.id`.execute(tx)
  return rows
}

/** Who looked at or changed something on a day, how often, and when first and last. */
export type Inzicht = {
  readonly gemeentecode: string
  readonly activiteit: string
  readonly clientId: string | null
  readonly signaalpartnerId: string | null
  readonly gebruiker: string | null
  readonly aantal: number
  readonly eersteOp: Date
  readonly laatsteOp: Date
}

/** Which lines of the processing log are about a resident. */
export type Logvraag = {
  readonly gemeentecodes: readonly string[]
  /** The pseudonyms of the resident as the log names it. */
  readonly personen: readonly Buffer[]
  /** Those of the addresses: what was shown there since `vanaf` showed the resident as well. */
  readonly adressen: readonly Buffer[]
  readonly vanaf: Date
  /** Of the cases on these addresses, those of the resident. */
  readonly zaken: readonly string[]
}

/**
 * Who processed a resident's data, besides taking in the signals, by day: a municipality's system may read the same
 * household every minute.
 */
export async function listInzichten(
  tx: Tx,
  { gemeentecodes, personen, adressen, vanaf, zaken }: Logvraag
): Promise<Inzicht[]> {
  const pseudoniemen = [...personen, ...adressen]
  if (pseudoniemen.length === 0) return []
  const { rows } = await sql<Inzicht>`
    select b.gemeentecode, b.activiteit, b.client_id, b.signaalpartner_id, b.gebruiker, count(distinct b.id)::integer as aantal,
      min(b.op) as eerste_op, max(b.op) as laatste_op
    from verwerkingsblad b
      cross join lateral unnest(b.betrokkene_pseudoniemen, b.object_ids) as regel(pseudoniem, object_id)
    where b.betrokkene_pseudoniemen && ${pseudoniemen}::bytea[] and b.activiteit <> 'vroegsignaal-aannemen'
      and ${isAmong('b.gemeentecode', gemeentecodes)}
      and (regel.pseudoniem = any (${[...personen]}::bytea[])
        or regel.pseudoniem = any (${[...adressen]}::bytea[]) and b.op >= ${vanaf}
          and (b.activiteit not like 'zaak-%' and b.activiteit <> 'contactpoging-vastleggen'
            or regel.object_id = any (${[...zaken]}::uuid[])))
    group by 1, 2, 3, 4, 5, (b.op at time zone 'Europe/Amsterdam')::date
    order by eerste_op, b.activiteit`.execute(tx)
  return rows
}
