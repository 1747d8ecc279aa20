import { type Selectable, sql } from 'kysely'
import type { Tx } from '../platform/database/open-database.ts'
import type { Tables } from '../platform/database/tables.ts'
import type { IsoDate } from '../time.ts'

type Rij = Selectable<Tables['vroegsignaal']>

/** A row as it goes in: everything but what the database fills in. */
export type NieuwSignaal = Omit<Rij, 'status'>

/** A row as it is shown: clear columns, the sealed content and the partner's name. */
export type SignaalRij = Pick<
  Rij,
  | 'gemeentecode'
  | 'id'
  | 'status'
  | 'ontvangenOp'
  | 'reactiedatum'
  | 'vernietigingsdatum'
  | 'herhalingVan'
  | 'adresIndex'
> & { inhoud: Buffer; signaalpartnerId: string; signaalpartnerNaam: string }

/** What of an earlier signal of the same partner counts when a new one is weighed. */
export type EerderSignaal = Pick<
  Rij,
  'id' | 'klantIndex' | 'sector' | 'soort' | 'signaaldatum' | 'bedragInCenten' | 'ontvangenOp'
>

/**
 * Adds signals in one statement; returns the ids of those that were new. A reference that exists is passed over,
 * so that a repeat never makes a second signal.
 */
export async function addSignals(tx: Tx, signals: readonly NieuwSignaal[]): Promise<Set<string>> {
  const rows = JSON.stringify(signals.map(toJsonRow))
  const { rows: added } = await sql<{ id: string }>`
    insert into vroegsignaal (gemeentecode, id, signaalpartner_id, referentie_index, soort, sector, status,
      signaaldatum, ontvangen_op, ontvangstdatum, reactiedatum, vernietigingsdatum, bedrag_in_centen, jongere,
      adres_index, persoon_index, bsn_index, klant_index, inhoud_hash, herhaling_van, inhoud)
    select r."gemeentecode", r."id", r."signaalpartnerId", r."referentieIndex", r."soort", r."sector", 'ontvangen',
      r."signaaldatum", r."ontvangenOp", r."ontvangstdatum", r."reactiedatum", r."vernietigingsdatum",
      r."bedragInCenten", r."jongere", r."adresIndex", r."persoonIndex", r."bsnIndex", r."klantIndex",
      r."inhoudHash", r."herhalingVan", r."inhoud"
    from json_to_recordset(${rows}::json) as r("gemeentecode" text, "id" uuid, "signaalpartnerId" uuid,
      "referentieIndex" bytea, "soort" text, "sector" text, "signaaldatum" date, "ontvangenOp" timestamptz,
      "ontvangstdatum" date, "reactiedatum" date, "vernietigingsdatum" date, "bedragInCenten" integer,
      "jongere" boolean, "adresIndex" bytea, "persoonIndex" bytea, "bsnIndex" bytea, "klantIndex" bytea,
      "inhoudHash" bytea, "herhalingVan" uuid, "inhoud" bytea)
    on conflict (signaalpartner_id, referentie_index) do nothing
    returning id`.execute(tx)
  return new Set(added.map(({ id }) => id))
}

// bytea as JSON text; everything else is JSON already.
function toJsonRow(signal: NieuwSignaal): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(signal).map(([name, value]) => [
      name,
      Buffer.isBuffer(value) ? `\\x${value.toString('hex')}` : value
    ])
  )
}

/** The partner's live signals with one of these references. */
export async function findByReference(
  tx: Tx,
  signaalpartnerId: string,
  referenties: readonly Buffer[]
): Promise<Pick<Rij, 'gemeentecode' | 'id' | 'referentieIndex' | 'inhoudHash'>[]> {
  return tx
    .selectFrom('vroegsignaal')
    .select(['gemeentecode', 'id', 'referentieIndex', 'inhoudHash'])
    .where('signaalpartnerId', '=', signaalpartnerId)
    .where('referentieIndex', 'in', [...referenties])
    .execute()
}

/** The partner's live signals about these customers that were not withdrawn, newest first. */
export async function listEarlierSignals(
  tx: Tx,
  signaalpartnerId: string,
  klanten: readonly Buffer[]
): Promise<EerderSignaal[]> {
  return tx
    .selectFrom('vroegsignaal')
    .select(['id', 'klantIndex', 'sector', 'soort', 'signaaldatum', 'bedragInCenten', 'ontvangenOp'])
    .where('signaalpartnerId', '=', signaalpartnerId)
    .where('klantIndex', 'in', [...klanten])
    .where('status', '<>', 'ingetrokken')
    .orderBy('ontvangenOp', 'desc')
    .orderBy('id', 'desc')
    .execute()
}

/** A signal that is the caller's to see. */
export async function findSignal(tx: Tx, id: string): Promise<SignaalRij | undefined> {
  return shown(tx).where('vroegsignaal.id', '=', id).executeTakeFirst()
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
  let query = shown(tx).orderBy('vroegsignaal.id', 'desc').limit(limit)
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

/** The live signals on some addresses of one municipality, newest first. */
export async function listSignalsOnAddresses(
  tx: Tx,
  gemeentecode: string,
  adressen: readonly Buffer[]
): Promise<SignaalRij[]> {
  return shown(tx)
    .where('vroegsignaal.gemeentecode', '=', gemeentecode)
    .where('vroegsignaal.adresIndex', 'in', [...adressen])
    .orderBy('vroegsignaal.id', 'desc')
    .execute()
}

/** Destroys at most `limit` signals whose day has come; returns them. Rows another sweep holds are passed over. */
export async function destroyExpired(
  tx: Tx,
  gemeentecode: string,
  vandaag: IsoDate,
  limit: number
): Promise<{ id: string; adresIndex: Buffer; vernietigingsdatum: IsoDate }[]> {
  return tx
    .deleteFrom('vroegsignaal')
    .where('gemeentecode', '=', gemeentecode)
    .where('id', 'in', (due) =>
      due
        .selectFrom('vroegsignaal as s')
        .select('s.id')
        .where('s.gemeentecode', '=', gemeentecode)
        .where('s.vernietigingsdatum', '<=', vandaag)
        .orderBy('s.vernietigingsdatum')
        .limit(limit)
        .forUpdate()
        .skipLocked()
    )
    .returning(['id', 'adresIndex', 'vernietigingsdatum'])
    .execute()
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
      'vroegsignaal.vernietigingsdatum',
      'vroegsignaal.herhalingVan',
      'vroegsignaal.adresIndex',
      'vroegsignaal.inhoud',
      'vroegsignaal.signaalpartnerId',
      'signaalpartner.naam as signaalpartnerNaam'
    ])
}
