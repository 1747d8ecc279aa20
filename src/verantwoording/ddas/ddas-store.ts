import { type Selectable, sql } from 'kysely'
import type { Tables } from '../../begrippen/tables.ts'
import { isOneOf, listOf } from '../../platform/database/many.ts'
import type { Tx } from '../../platform/database/open-database.ts'
import type { IsoDate } from '../../time.ts'

type Signaal = Selectable<Tables['vroegsignaal']>
type Zaak = Selectable<Tables['vroegsignaalzaak']>

/** The signals of a municipality that were received on these days. */
export type Selectie = Periode & { readonly gemeentecode: string }
/** Days of receipt, both included. */
export type Periode = { readonly van: IsoDate; readonly totEnMet: IsoDate }

/** A signal to be delivered: its clear columns and its sealed content. */
export type TeLeverenSignaal = Pick<
  Signaal,
  | 'gemeentecode'
  | 'id'
  | 'status'
  | 'soort'
  | 'sector'
  | 'signaaldatum'
  | 'bedragInCenten'
  | 'sleuteldag'
  | 'persoonIndex'
  | 'adresBekend'
  | 'inhoud'
>

/** A signal in a case that the result of that case is about, or is not. */
export type Zaaksignaal = {
  readonly vroegsignaalId: string
  readonly buitenResultaat: boolean
  readonly ontvangstdatum: IsoDate
}

/** A case with its live signals, in order of id. */
export type TeLeverenZaak = Pick<Zaak, 'id' | 'datumOpgepakt' | 'resultaat' | 'afgeslotenOp'> & {
  readonly signalen: readonly Zaaksignaal[]
}

/** A contact attempt as it is delivered. */
export type TeLeverenContactpoging = Pick<
  Selectable<Tables['contactpoging']>,
  'zaakId' | 'soort' | 'datum' | 'dagdeel' | 'bereikt'
>

// What the municipality itself sees; its policies say the same.
const levend = sql`status <> 'ingetrokken' and not beperkt`

/** How many signals each of these municipalities received on these days and still has, in the order given. */
export async function countTeLeveren(
  tx: Tx,
  gemeentecodes: readonly string[],
  { van, totEnMet }: Periode
): Promise<{ gemeentecode: string; aantal: number }[]> {
  const { rows } = await sql<{ gemeentecode: string; aantal: number }>`
    select g.gemeentecode, v.aantal from unnest(${listOf('text', gemeentecodes)})
      with ordinality as g(gemeentecode, plaats)
    cross join lateral (
      select count(*)::integer as aantal from vroegsignaal s
      where s.gemeentecode = g.gemeentecode and ontvangstdatum between ${van}::date and ${totEnMet}::date and ${levend}
    ) v order by g.plaats`.execute(tx)
  return rows
}

/** Signals in order of id, after `after`; `skip` passes over the first of them. */
export async function listTeLeverenSignalen(
  tx: Tx,
  { gemeentecode, van, totEnMet }: Selectie,
  { after, skip, limit }: { readonly after: string; readonly skip: number; readonly limit: number }
): Promise<TeLeverenSignaal[]> {
  const { rows } = await sql<TeLeverenSignaal>`
    select gemeentecode, id, status, soort, sector, signaaldatum, bedrag_in_centen, sleuteldag, persoon_index,
      adres_bekend, inhoud
    from vroegsignaal
    where gemeentecode = ${gemeentecode} and id > ${after}::uuid
      and ontvangstdatum between ${van}::date and ${totEnMet}::date and ${levend}
    order by id limit ${limit} offset ${skip}`.execute(tx)
  return rows
}

/** The cases of these signals, each with all its live signals, also those of other days. */
export async function listTeLeverenZaken(
  tx: Tx,
  gemeentecode: string,
  vroegsignaalIds: readonly string[]
): Promise<TeLeverenZaak[]> {
  const { rows } = await sql<Omit<TeLeverenZaak, 'signalen'> & Zaaksignaal>`
    select z.id, z.datum_opgepakt, z.resultaat, z.afgesloten_op, v.vroegsignaal_id, v.buiten_resultaat, v.ontvangstdatum
    from (
      select distinct k.zaak_id from unnest(${listOf('uuid', vroegsignaalIds)}) as g(id)
      join zaak_vroegsignaal k on k.vroegsignaal_id = g.id and k.gemeentecode = ${gemeentecode}
    ) gezocht
    join vroegsignaalzaak z on z.gemeentecode = ${gemeentecode} and z.id = gezocht.zaak_id
    cross join lateral (
      select k.vroegsignaal_id, k.buiten_resultaat, s.ontvangstdatum from zaak_vroegsignaal k
      join vroegsignaal s on (s.gemeentecode = k.gemeentecode) is true and s.id = k.vroegsignaal_id
      where k.gemeentecode = z.gemeentecode and k.zaak_id = z.id
    ) v
    order by z.id, v.vroegsignaal_id`.execute(tx)
  return [...Map.groupBy(rows, ({ id }) => id).values()].map((ofOne) => {
    const { id, datumOpgepakt, resultaat, afgeslotenOp } = ofOne[0]!
    const signalen = ofOne.map(({ vroegsignaalId, buitenResultaat, ontvangstdatum }) => ({
      vroegsignaalId,
      buitenResultaat,
      ontvangstdatum
    }))
    return { id, datumOpgepakt, resultaat, afgeslotenOp, signalen }
  })
}

/** The contact attempts in these cases, those of one case in order. */
export async function listTeLeverenContactpogingen(
  tx: Tx,
  gemeentecode: string,
  zaakIds: readonly string[]
): Promise<TeLeverenContactpoging[]> {
  if (zaakIds.length === 0) return []
  return tx
    .selectFrom('contactpoging')
    .select(['zaakId', 'soort', 'datum', 'dagdeel', 'bereikt'])
    .where('gemeentecode', '=', gemeentecode)
    .where(isOneOf('zaakId', 'uuid', zaakIds))
    .orderBy('zaakId')
    .orderBy('id')
    .execute()
}
