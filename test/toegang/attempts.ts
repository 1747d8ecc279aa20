import { sql } from 'kysely'
import type { Context, Duty } from '../../src/platform/database/open-database.ts'
import type { Tenants } from './tenants.ts'

export type Table = { readonly name: string; readonly columns: readonly string[] }

/** Every table with a column for a tenant. */
export function tenantTables({ hub }: Tenants): Promise<Table[]> {
  return hub.admin<Table>(`
    select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r', 'p', 'v', 'm') and c.relnamespace = 'public'::regnamespace
    group by c.relname
    having array_agg(a.attname::text) && array['gemeentecode', 'signaalpartner_id']
    order by c.relname`)
}

/** The column that tells a duty whose row it is, if the table has one. */
export function tenantColumn(duty: Duty, { name, columns }: Table): string | undefined {
  if (name === 'idempotentie') return 'client_id'
  const column = duty === 'signaalpartner' ? 'signaalpartner_id' : 'gemeentecode'
  return columns.includes(column) ? column : undefined
}

/** The context of partner A or municipality A, depending on the duty. */
export function contextA({ parties, owned }: Tenants, duty: Duty): Context {
  const { clientId } = duty === 'signaalpartner' ? parties.partnerA : parties.gemeenteA
  return { duty, gemeentecodes: ['0177'], signaalpartnerId: owned.signaalpartners![0]!.id, clientId }
}

/** The values of a column for tenants A and B. */
export function tenantsIn(
  { parties, owned }: Tenants,
  duty: Duty,
  column: string
): [own: string, other: string] {
  if (column === 'gemeentecode') return ['0177', '0150']
  if (column === 'signaalpartner_id') return [owned.signaalpartners![0]!.id, owned.signaalpartners![1]!.id]
  if (duty === 'signaalpartner') return [parties.partnerA.clientId, parties.partnerB.clientId]
  return [parties.gemeenteA.clientId, parties.gemeenteB.clientId]
}

/** The number of rows a statement touches, or the SQLSTATE it fails with. The transaction is always rolled back. */
export async function attempt(
  { hub }: Tenants,
  context: Context,
  statement: string
): Promise<number | string> {
  let touched = -1
  try {
    await hub.database.as(context, async (tx) => {
      const { rows, numAffectedRows } = await sql.raw(statement).execute(tx)
      touched = Number(numAffectedRows ?? rows.length)
      throw new Error('undo')
    })
  } catch (error) {
    return (error as { code?: string }).code ?? touched
  }
  return touched
}

/** An insert statement that copies a row of a tenant under a new id. */
export async function copyOf(
  { hub }: Tenants,
  { name }: Table,
  column: string,
  tenant: string
): Promise<string> {
  const writable = await hub.admin<{ column: string }>(
    `select attname as column from pg_attribute where attrelid = $1::regclass and attnum > 0
     and attidentity = '' and not attisdropped`,
    [name]
  )
  const query = `select to_jsonb(r) as row from ${name} r where ${column}::text = $1 limit 1`
  const [found] = await hub.admin<{ row: object }>(query, [tenant])
  const fresh = { ...found!.row, ...('id' in found!.row && { id: crypto.randomUUID() }) }
  const list = writable.map(({ column }) => column).join(', ')
  const literal = JSON.stringify(fresh).replaceAll("'", "''")
  return `insert into ${name} (${list}) select ${list} from jsonb_populate_record(null::${name}, '${literal}')`
}

/** Gives every table rows of both municipalities and both partners, so that an empty result proves something. */
export async function seed(tenants: Tenants): Promise<void> {
  const { hub, owned, parties } = tenants
  await hub.admin(`insert into herindeling values ('0177', '0150', '2027-01-01', '0150', '2026-11-20', null)`)
  for (const gemeentecode of ['0177', '0150']) {
    const objection = `insert into bezwaar (gemeentecode, id, signaalpartner_id, bsn_index, einddatum)
      values ($1, gen_random_uuid(), $2, '\\x01', '2027-01-01')`
    await hub.admin(objection, [gemeentecode, null])
    await hub.admin(`insert into huishouden_markering (gemeentecode, adres_index) values ($1, '\\x01')`, [
      gemeentecode
    ])
    await hub.admin(
      `insert into huishouden_vervallen values ($1, gen_random_uuid(), nextval('huishouden_volgnummer'), '2026-11-20')`,
      [gemeentecode]
    )
    await hub.admin('insert into huishouden_vergeten values ($1, 0)', [gemeentecode])
    await hub.admin('insert into maandspoor values ($1, gen_random_uuid(), true, true, true, true, true)', [
      gemeentecode
    ])
    await hub.admin(
      `insert into verwerkingszegel values ($1, 1, '2026-01-20', '2026-01-20', 1, 'hash', 'bewijs')`,
      [gemeentecode]
    )
    const [{ id: eventId }] = (await hub.admin<{ id: string }>(
      `insert into gebeurtenis (gemeentecode, id, soort, op, dag) values ($1, gen_random_uuid(),
         'nl.vroegsignalering.proef', '2026-11-20', '2026-11-20') returning id`,
      [gemeentecode]
    )) as [{ id: string }]
    await hub.admin(
      `insert into bezorging (gemeentecode, id, abonnement_id, gebeurtenis_id, volgende_poging_op, opgeven_na)
       select $1, gen_random_uuid(), id, $2, '2027-01-01', '2027-01-01' from abonnement where gemeentecodes = array[$1]`,
      [gemeentecode, eventId]
    )
    for (const { id } of owned.signaalpartners!) {
      await hub.admin(
        `insert into gemeld_signaal values ($1, gen_random_uuid(), $2, '\\x01', '\\x01', 'vroegsignaal', 'huur',
          '2026-11-20', '2026-11-20', 100, '\\x01', '2027-05-20', '\\x01')`,
        [gemeentecode, id]
      )
      await hub.admin(objection, [gemeentecode, id])
      await hub.admin(`insert into afwijzing_telling values ($1, $2, '2026-11-20', 'huur', 'proef', 1)`, [
        gemeentecode,
        id
      ])
    }
  }
  for (const { clientId } of [parties.partnerA, parties.partnerB, parties.gemeenteA, parties.gemeenteB]) {
    await hub.admin(
      `insert into idempotentie (client_id, sleutel_hash, vingerafdruk, status, gemeentecode, resultaat_id, verloopt_op)
       values ($1, '\\x01', '\\x01', 200, '0177', 'x', '2027-01-01')`,
      [clientId]
    )
  }
}

/** The tables without rows for both tenants, per tenant column. */
export async function tablesWithoutRows(tenants: Tenants, tables: readonly Table[]): Promise<string[]> {
  const lacking: string[] = []
  for (const table of tables) {
    for (const duty of ['signaalpartner', 'gemeente'] as const) {
      const column = tenantColumn(duty, table)
      if (column === undefined) continue
      const query = `select from ${table.name} where ${column}::text = any($1)`
      const rows = await tenants.hub.admin(query, [tenantsIn(tenants, duty, column)])
      if (rows.length < 2) lacking.push(`${table.name} by ${column}`)
    }
  }
  return lacking
}
