import t from 'tap'
import { type Connection, withConnection } from '../../../src/platform/database/open-database.ts'
import { seed } from '../../toegang/attempts.ts'
import { openTenants, signalOf, type Tenants } from '../../toegang/tenants.ts'

t.setTimeout(240_000)

type Policy = { readonly name: string; readonly table: string; readonly duties: string[] }
type Column = { readonly name: string; readonly isWritable: boolean }
/** Everything that a duty can do with a table: a number of rows or an SQLSTATE per attempt. */
type Outcomes = Readonly<Record<string, number | string>>

const tenants = await openTenants(t)
await seed(tenants)
await seedStates(tenants)
const { owned, parties } = tenants
const partner = owned.signaalpartners![0]!.id

// As itself, for the two municipalities of a move, and for nobody; today, and when everything is due.
const gemeentecodes = ['0177', '0177,0150', '']
const days = ['2026-11-20', '2040-01-01']

// Where a plain `set column = column` cannot be tried, or would not be what the duty is for.
const updates: Readonly<Record<string, string>> = {
  'vernietiger idempotentie': `update idempotentie set vingerafdruk = '', gemeentecode = null, resultaat_id = ''`,
  'vernietiger vroegsignaal': 'update vroegsignaal set beperkt = false',
  'doorzender vroegsignaal': `update vroegsignaal set gemeentecode = '0150', doorgezonden_van = '0177', afgerond = true,
    status = 'ontvangen' where gemeentecode = '0177'`,
  'doorzender terugkoppeling': `update terugkoppeling set gemeentecode = '0150' where gemeentecode = '0177'`,
  'herindeler gebeurtenis': `update gebeurtenis set gemeentecode = '0150' where gemeentecode = '0177'`,
  'herindeler gemeld_signaal': `update gemeld_signaal set gemeentecode = '0150' where gemeentecode = '0177'`,
  'herindeler terugkoppeling': `update terugkoppeling set gemeentecode = '0150' where gemeentecode = '0177'`,
  'herindeler betwisting': `update betwisting set gemeentecode = '0150' where gemeentecode = '0177'`,
  'herindeler maandspoor': `update maandspoor set gemeentecode = '0150' where gemeentecode = '0177'`,
  'herindeler bezwaar': `update bezwaar set gemeentecode = '0150' where gemeentecode = '0177'`,
  'herindeler beperking': `update beperking set gemeentecode = '0150' where gemeentecode = '0177'`,
  'herindeler vroegsignaal': `update vroegsignaal set gemeentecode = '0150' where gemeentecode = '0177'`,
  'herindeler vroegsignaalzaak': `update vroegsignaalzaak set gemeentecode = '0150' where gemeentecode = '0177'`,
  'herindeler huishouden': `update huishouden set gemeentecode = '0150' where gemeentecode = '0177'`,
  'herindeler idempotentie': `update idempotentie set gemeentecode = '0150' where gemeentecode = '0177'`,
  'herindeler client': `update client set gemeentecodes = array['0150'] where gemeentecodes = array['0177']`,
  'herindeler abonnement': `update abonnement set gemeentecodes = array['0150'] where gemeentecodes = array['0177']`,
  'herindeler herindeling': `update herindeling set uitgevoerd_op = gepland_op`,
  'doorzender gemeld_signaal': `update gemeld_signaal set gemeentecode = '0150' where gemeentecode = '0177'`
}

t.test('what the duties can do tells when any one policy is missing', async (t) => {
  await withConnection(tenants.hub.databases.adminUrl, async (client) => {
    const policies = await listPolicies(client)
    t.ok(policies.length > 100)
    const whole = new Map<string, Outcomes>()
    for (const { table, duties } of policies) {
      for (const duty of duties) {
        const name = `${duty} ${table}`
        if (!whole.has(name)) whole.set(name, await tryAll(client, 'select', duty, table))
      }
    }
    for (const { name, table, duties } of policies) {
      for (const duty of duties) {
        const without = await tryAll(client, `drop policy ${name} on ${table}`, duty, table)
        t.strictNotSame(without, whole.get(`${duty} ${table}`), `${name} on ${table} for ${duty}`)
      }
    }
  })
})

async function listPolicies(client: Connection): Promise<Policy[]> {
  const { rows } = await client.query<Policy>(`
    select polname as name, polrelid::regclass::text as table, array(
      select substr(rolname, 12) from pg_roles r where rolname ~ '^signaalhub_' and not rolcanlogin
        and (r.oid = any (polroles) or 0 = any (polroles)) and has_any_column_privilege(r.oid, polrelid, 'select, insert')
      order by 1) as duties
    from pg_policy order by 2, 1`)
  return rows
}

async function tryAll(client: Connection, first: string, duty: string, table: string): Promise<Outcomes> {
  const outcomes: Record<string, number | string> = {}
  await client.query('begin')
  await client.query(first)
  const statements = await statementsOf(client, duty, table)
  for (const codes of gemeentecodes) {
    for (const day of days) {
      for (const [name, statement] of Object.entries(statements)) {
        outcomes[`${name} for ${codes || 'nobody'} on ${day}`] = await attempt(
          client,
          contextOf(duty, codes, day),
          statement
        )
      }
    }
  }
  await client.query('rollback')
  return outcomes
}

async function statementsOf(
  client: Connection,
  duty: string,
  table: string
): Promise<Record<string, string>> {
  const { rows: columns } = await client.query<Column>(
    `select attname as name, has_column_privilege($1, attrelid, attnum, 'update') and has_column_privilege($1, attrelid, attnum, 'select')
       as "isWritable"
     from pg_attribute where attrelid = $2::regclass and attnum > 0 and attidentity = '' and not attisdropped order by attnum`,
    [`signaalhub_${duty}`, table]
  )
  const { rows: copies } = await client.query<{ row: string }>(
    `select quote_literal(to_jsonb(r)) as row from ${table} r order by r limit 40`
  )
  const names = columns.map(({ name }) => name).join(', ')
  const written = columns.find(({ isWritable }) => isWritable)?.name
  const update = updates[`${duty} ${table}`] ?? (written && `update ${table} set ${written} = ${written}`)
  const inserts = copies.map(({ row }, n) => [
    `insert ${n}`,
    `insert into ${table} (${names}) select ${names} from jsonb_populate_record(null::${table}, ${row})`
  ])
  return {
    select: `select from ${table}`,
    delete: `delete from ${table}`,
    ...(update && { update }),
    ...Object.fromEntries(inserts)
  }
}

function contextOf(duty: string, codes: string, day: string): string[] {
  const isPartner = duty === 'signaalpartner'
  const client = isPartner ? parties.partnerA : duty === 'beheer' ? parties.beheer : parties.gemeenteA
  const isNobody = codes === ''
  const clientId = isNobody ? '' : client.clientId
  const herkomst = isPartner && !isNobody ? `${partner}/${clientId}` : ''
  return [`signaalhub_${duty}`, codes, isNobody ? '' : partner, clientId, herkomst, day, `${day}T12:00:00Z`]
}

async function attempt(client: Connection, context: string[], statement: string): Promise<number | string> {
  await client.query('savepoint attempt')
  try {
    await client.query(
      `select set_config('hub.gemeentecodes', $2, true), set_config('hub.signaalpartner_id', $3, true),
        set_config('hub.client_id', $4, true), set_config('hub.herkomsten', $5, true), set_config('hub.vandaag', $6, true),
        set_config('hub.nu', $7, true), set_config('role', $1, true)`,
      context
    )
    return (await client.query(statement)).rowCount ?? 0
  } catch (error) {
    return (error as { code: string }).code
  } finally {
    await client.query('rollback to savepoint attempt')
  }
}

/** Adds rows in the states that a policy asks for, or that only a policy keeps: what waits, and what lost its signal. */
async function seedStates({ hub, parties, owned }: Tenants): Promise<void> {
  const { partnerA, gemeenteA } = parties
  const signal = signalOf('partnerA', 'gemeenteA')
  const waiting = { ...signal, referentie: 'WACHT', adres: { ...signal.adres, huisnummer: 8 } }
  const { statusCode, body } = await partnerA.post('/v1/vroegsignalen', waiting)
  if (statusCode !== 201) throw new Error(body)
  const run = (text: string, ...values: unknown[]) => hub.admin(text, values)
  const [partner] = owned.signaalpartners!
  for (const { clientId } of [partnerA, gemeenteA]) {
    await run(
      `insert into beheerhandeling values (gen_random_uuid(), '2026-11-20', 'spoor', $1, null, 'patchGemeente', '{}', '{}')`,
      clientId
    )
  }
  for (const clientId of [gemeenteA.clientId, null]) {
    await run(
      `insert into verwerkingsblad values ('0177', gen_random_uuid(), 'spoor', 'proef', $1, null, array['\\x01'::bytea],
        array[gen_random_uuid()], '2026-11-20')`,
      clientId
    )
  }
  await run(`insert into gebruikte_assertie values ($1, '\\x01', '2026-11-25')`, gemeenteA.clientId)
  await run(`insert into ongeldig_meldbewijs values ('\\x01', 'foutief')`)
  await run(
    `insert into bezwaar (gemeentecode, id, signaalpartner_id, bsn_index, via_signaalpartner, einddatum)
      values ('0177', gen_random_uuid(), $1, '\\x02', true, '2027-01-01')`,
    partner!.id
  )
  await run(`insert into gemeld_signaal select gemeentecode, id, signaalpartner_id, referentie_index, klant_index, soort,
    sector, signaaldatum, ontvangen_op, bedrag_in_centen, persoon_index, sleuteldag, inhoud
    from vroegsignaal where gemeentecode = '0177' and status = 'ontvangen'`)
  // What lost its signal.
  await run(`insert into betwisting select (jsonb_populate_record(b, jsonb_build_object('id', gen_random_uuid(),
    'vroegsignaal_id', gen_random_uuid()))).* from betwisting b where gemeentecode = '0177' limit 1`)
  await run(`insert into terugkoppeling select (jsonb_populate_record(b, jsonb_build_object('id', gen_random_uuid(),
    'vroegsignaal_id', gen_random_uuid(), 'volgnummer', 1000))).* from terugkoppeling b where gemeentecode = '0177' limit 1`)
  for (const hasLink of [true, false]) {
    const [zaak] = await hub.admin<{
      id: string
    }>(`insert into vroegsignaalzaak select (jsonb_populate_record(z,
      jsonb_build_object('id', gen_random_uuid(), 'huishouden_id', gen_random_uuid()))).* from vroegsignaalzaak z
      where gemeentecode = '0177' limit 1 returning id`)
    if (hasLink) await run(`insert into zaak_vroegsignaal values ('0177', $1, gen_random_uuid())`, zaak!.id)
  }
}
