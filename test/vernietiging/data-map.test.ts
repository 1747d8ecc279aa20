import { randomBytes, randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { databaseOf, withDatabase } from '../../src/platform/database/ensure-databases.ts'
import { withConnection } from '../../src/platform/database/open-database.ts'
import { dataMap, type Gegevensklasse, type Tabelkaart } from '../../src/vernietiging/data-map.ts'
import { aSignalFor } from '../helpers/builders.ts'
import { listColumns } from '../helpers/describe-schema.ts'
import { openTestHub, type Party, type TestHub } from '../helpers/test-hub.ts'

type Kaart = Readonly<Record<string, Tabelkaart>>

const somebodys: readonly Gegevensklasse[] = [
  'persoonsgegeven-versleuteld',
  'persoonsgegeven-kenmerk',
  'blinde-index'
]
const keyUrlOf = ({ databases }: TestHub) =>
  withDatabase(databases.adminUrl, databaseOf(databases.sleutelDatabaseUrl))

t.test('every column of both databases is classified, and no column that does not exist', async (t) => {
  const hub = await openTestHub(t)
  t.same(columnsOf(dataMap.hub), namesOf(await listColumns(hub.databases.adminUrl)))
  t.same(columnsOf(dataMap.sleutels), namesOf(await listColumns(keyUrlOf(hub))))
})

t.test('a column is classified once', async (t) => {
  const columns = [...columnsOf(dataMap.hub), ...columnsOf(dataMap.sleutels)]
  t.equal(new Set(columns).size, columns.length)
})

t.test('no table that is kept holds data of a resident', async (t) => {
  t.same(stayingPersonalData({ ...dataMap.hub, ...dataMap.sleutels }), [])
  const wrong: Kaart = {
    dossier: { vernietiging: { blijft: 'invented' }, kolommen: { 'blinde-index': ['adres_index'] } }
  }
  t.same(stayingPersonalData(wrong), ['dossier.adres_index'], 'or it is found out')
})

t.test('every bytea column is classified as sealed, a blind index, a pseudonym or a hash', async (t) => {
  const hub = await openTestHub(t)
  const bytes = await hub.admin<{ name: string }>(
    `select table_name || '.' || column_name as name from information_schema.columns
     where table_schema = 'public' and data_type = 'bytea'`
  )
  const closed: readonly Gegevensklasse[] = [
    'persoonsgegeven-versleuteld',
    'blinde-index',
    'pseudoniem',
    'hash'
  ]
  const allowed = Object.entries(dataMap.hub).flatMap(([table, { kolommen }]) =>
    closed.flatMap((klasse) => (kolommen[klasse] ?? []).map((column) => `${table}.${column}`))
  )
  t.same(bytes.map(({ name }) => name).sort(), allowed.sort(), 'and what is closed is bytes')
})

t.test('when all terms have passed a sweep leaves rows only in the tables that stay', async (t) => {
  const hub = await openTestHub(t, { now: '2026-11-25T09:00:00Z' })
  await fill(t, hub)
  const passing = namesOfPassing(dataMap.hub)
  t.same(await filled(hub.databases.adminUrl, passing), passing, 'each of them had rows')
  t.same(await filled(keyUrlOf(hub), ['dagsleutel']), ['dagsleutel'])

  hub.setClock('2027-06-01T09:00:00Z')
  await hub.sweep()
  await (await hub.gemeente('0177')).get('/v1/huishoudens')
  t.same(await filled(hub.databases.adminUrl, passing), ['huishouden_vervallen'], 'but that it is gone')
  hub.setClock('2027-07-07T09:00:00Z')
  await hub.sweep()
  t.same(await filled(hub.databases.adminUrl, passing), [])
  t.same(await filled(keyUrlOf(hub), ['dagsleutel']), [])
})

/** Puts a row in every table that must end up empty. Uses the API where it can, and SQL for the rest. */
async function fill(t: Test, hub: TestHub): Promise<void> {
  const raalte = await hub.gemeente('0177')
  const partner = await hub.signaalpartner(['huur'], ['0177'])
  const signal = aSignalFor('huur', { signaaldatum: '2026-11-25' })
  const posted = await partner.post('/v1/vroegsignalen', signal, { 'idempotency-key': 'een' })
  t.equal(posted.statusCode, 201)
  t.equal((await raalte.get('/v1/huishoudens')).json().resultaten.length, 1)
  await handle(raalte, partner)
  const [{ id: clientId }] = (await hub.admin('select id from client limit 1')) as [{ id: string }]
  const bytes = randomBytes(32)
  const rows: [string, unknown[]][] = [
    ["insert into huishouden_vervallen values ('0177', $1, 1, '2026-11-25')", [randomUUID()]],
    ["insert into huishouden_markering (gemeentecode, adres_index) values ('0177', $1)", [bytes]],
    ["insert into bezwaar values ('0177', $1, null, $2, '2027-05-01')", [randomUUID(), bytes]],
    ["insert into gebruikte_assertie values ($1, $2, '2026-11-25T09:05:00Z')", [clientId, bytes]],
    [
      "insert into aanlevering values ($1, $2, '2026-11-25T09:00:00Z', '2026-12-25', 1, 1, 0, 0, '[]')",
      [partner.id, randomUUID()]
    ],
    [
      "insert into aanlevering_deel values ($1, $2, 1, 1, 0, 1, 0, '2026-12-25', $3)",
      [partner.id, randomUUID(), bytes]
    ]
  ]
  for (const [query, values] of rows) await hub.admin(query, values)
}

/** Makes a closed case with a betwisting and a contactpoging, on a separate address. */
async function handle(raalte: Party, partner: Party): Promise<void> {
  const adres = { huisnummer: 99 }
  const signal = aSignalFor('huur', { referentie: 'ZAAK', signaaldatum: '2026-11-25', adres })
  const { id } = (await partner.post('/v1/vroegsignalen', signal)).json()
  const huishoudens: { id: string; vroegsignalen: { id: string }[] }[] = (
    await raalte.get('/v1/huishoudens')
  ).json().resultaten
  const huishouden = huishoudens.find(({ vroegsignalen }) => vroegsignalen[0]!.id === id)!
  await raalte.post(`/v1/vroegsignalen/${id}/betwistingen`, { reden: 'te-klein' })
  const zaak = (await raalte.post('/v1/vroegsignaalzaken', { huishoudenId: huishouden.id })).json()
  const url = `/v1/vroegsignaalzaken/${zaak.id}`
  await raalte.post(`${url}/contactpogingen`, { soort: 'brief', datum: '2026-11-25', bereikt: false })
  await raalte.call({
    method: 'PUT',
    url: `${url}/resultaat`,
    headers: { 'if-match': '*', 'content-type': 'application/json' },
    payload: { resultaat: 'geen-contact', datum: '2026-11-25' }
  })
}

async function filled(url: string, tables: readonly string[]): Promise<string[]> {
  return withConnection(url, async (client) => {
    const found: string[] = []
    for (const table of tables) {
      const { rowCount } = await client.query(`select from ${table} limit 1`)
      if (rowCount !== 0) found.push(table)
    }
    return found
  })
}

function columnsOf(kaart: Kaart): string[] {
  const columns = Object.entries(kaart).flatMap(([table, { kolommen }]) =>
    Object.values(kolommen).flatMap((names) => names.map((column) => `${table}.${column}`))
  )
  return columns.sort()
}

function namesOf(columns: readonly { table: string; column: string }[]): string[] {
  return columns.map(({ table, column }) => `${table}.${column}`).sort()
}

function namesOfPassing(kaart: Kaart): string[] {
  return Object.keys(kaart).filter((table) => typeof kaart[table]!.vernietiging === 'string')
}

function stayingPersonalData(kaart: Kaart): string[] {
  return Object.entries(kaart)
    .filter(([, { vernietiging }]) => typeof vernietiging !== 'string')
    .flatMap(([table, { kolommen }]) =>
      somebodys.flatMap((klasse) => (kolommen[klasse] ?? []).map((column) => `${table}.${column}`))
    )
}
