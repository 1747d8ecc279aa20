import { randomBytes, randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { bewaartermijnen } from '../../src/begrippen/bewaartermijnen.ts'
import { gebeurtenissoortlijst } from '../../src/begrippen/gebeurtenissoort.ts'
import { databaseOf, withDatabase } from '../../src/platform/database/ensure-databases.ts'
import { type Tx, withConnection } from '../../src/platform/database/open-database.ts'
import { dataMap, type Gegevensklasse, type Tabelkaart } from '../../src/vernietiging/data-map.ts'
import { listDue } from '../../src/vernietiging/due-store.ts'
import {
  coreHandlers,
  gemeenteHandlers,
  horizonAt,
  hubHandlers,
  signaalHandlers
} from '../../src/vernietiging/handlers.ts'
import type { Vernietigd } from '../../src/vroegsignalen/vroegsignaal-store.ts'
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

t.test('the sweep has the handlers that the map names, and no other', async (t) => {
  const handlers = { ...coreHandlers, ...signaalHandlers, ...gemeenteHandlers, ...hubHandlers }
  t.same(namedHandlers({ ...dataMap.hub, ...dataMap.sleutels }), Object.keys(handlers).sort())
})

t.test('a handler takes rows only from the tables that name it', async (t) => {
  const hub = await openTestHub(t, { now: '2026-11-25T09:00:00Z' })
  await fill(t, hub)
  const now = '2031-11-26T09:00:00Z'
  hub.setClock(now)
  const tables = namesOfPassing(dataMap.hub)
  let before = await countRows(hub, tables)
  for (const [name, destroy] of callsOf(hub, now)) {
    await destroy()
    const after = await countRows(hub, tables)
    const taken = tables.filter((_, index) => after[index]! < before[index]!)
    const naming = tables.filter((table) => handlersOf(dataMap.hub[table]!).includes(name))
    t.same(
      taken.filter((table) => !naming.includes(table)),
      [],
      `${name}: ${taken}`
    )
    before = after
  }
})

t.test('every term decides over a table, but the one that brings a signal forward', async (t) => {
  const moments = Object.values(dataMap.hub).map(({ vernietiging }) => vernietiging)
  const idle = Object.keys(bewaartermijnen).filter((term) => !moments.some((moment) => moment === term))
  t.same(idle, ['geenHulpGewenst'])
})

t.test('every bytea column is classified as sealed, a blind index, a pseudonym or a hash', async (t) => {
  const hub = await openTestHub(t)
  const bytes = await hub.admin<{ name: string }>(
    `select table_name || '.' || column_name as name from information_schema.columns
     join information_schema.tables using (table_schema, table_name)
     where table_schema = 'public' and table_type = 'BASE TABLE' and udt_name in ('bytea', '_bytea')`
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
  t.same(
    await filled(hub.databases.adminUrl, passing),
    ['huishouden_vervallen', 'verwerkingsblad', 'beheerhandeling', 'gebeurtenis'],
    'but that it is gone, who saw it, who let them, and that this is told'
  )
  hub.setClock('2027-07-07T09:00:00Z')
  await hub.sweep()
  t.same(await filled(hub.databases.adminUrl, passing), ['verwerkingsblad', 'beheerhandeling'])
  hub.setClock('2032-06-02T09:00:00Z')
  await hub.sweep()
  t.same(await filled(hub.databases.adminUrl, passing), [])
  t.same(await filled(keyUrlOf(hub), ['dagsleutel']), [])
})

/** Puts a row in every table that must end up empty. Uses the API where it can, and SQL for the rest. */
async function fill(t: Test, hub: TestHub): Promise<void> {
  const raalte = await hub.gemeente('0177')
  const partner = await hub.signaalpartner(['huur'], ['0177'])
  const signal = aSignalFor('huur', { signaaldatum: '2026-11-25' })
  const subscription = { url: 'https://ontvanger.voorbeeld.example/', soorten: gebeurtenissoortlijst }
  const { id: abonnementId } = (await raalte.post('/v1/abonnementen', subscription)).json()
  await raalte.post(`/v1/abonnementen/${abonnementId}/_test`)
  const posted = await partner.post('/v1/vroegsignalen', signal, { 'idempotency-key': 'een' })
  t.equal(posted.statusCode, 201)
  t.equal((await raalte.get('/v1/huishoudens')).json().resultaten.length, 1)
  await handle(raalte, partner)
  const [{ id: clientId }] = (await hub.admin('select id from client limit 1')) as [{ id: string }]
  const bytes = randomBytes(32)
  const rows: [string, unknown[]][] = [
    ["insert into huishouden_vervallen values ('0177', $1, 1, '2026-11-25')", [randomUUID()]],
    ["insert into huishouden_markering (gemeentecode, adres_index) values ('0177', $1)", [bytes]],
    [
      "insert into bezwaar (gemeentecode, id, bsn_index, einddatum) values ('0177', $1, $2, '2027-05-01')",
      [randomUUID(), bytes]
    ],
    ['insert into maandspoor select gemeentecode, id, true, true, true, true, true from vroegsignaal', []],
    ["insert into beperking values ('0177', $1, '{}', now(), null, '2027-05-01')", [randomUUID()]],
    ["insert into aanmelding values ($1, now(), 'ontvangen', '2027-05-25', null, $2)", [randomUUID(), bytes]],
    ["insert into dagverbruik values ($1, '2026-11-25', 3)", [clientId]],
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

/** Every handler of the main database as the sweep calls it, in that order, on one municipality and its first batch. */
function callsOf(
  { database }: TestHub,
  now: string
): (readonly [name: string, call: () => Promise<unknown>])[] {
  const horizon = horizonAt(new Date(now))
  const run = <Result>(work: (tx: Tx) => Promise<Result>) =>
    database.as({ duty: 'vernietiger', gemeentecodes: ['0177'] }, work)
  const dueTo = async (handler: string) =>
    (await run((tx) => listDue(tx, horizon))).filter((due) => due.handler === handler)
  let gone: Vernietigd[] = []
  const { vroegsignalen, huishoudens } = coreHandlers
  const destroySignals = async () => {
    const due = await dueTo('vroegsignalen')
    gone = await run((tx) => vroegsignalen(tx, due, 10))
  }
  return [
    ['vroegsignalen', destroySignals],
    ['huishoudens', () => run((tx) => huishoudens(tx, gone))],
    ...callsTo(signaalHandlers, (destroy) => run((tx) => destroy(tx, gone))),
    ...Object.entries(gemeenteHandlers).map(
      ([name, destroy]) =>
        [
          name,
          async () => {
            const due = await dueTo(name)
            return run((tx) => destroy(tx, due))
          }
        ] as const
    ),
    ...callsTo(hubHandlers, (destroy) => destroy(run, horizon))
  ]
}

function callsTo<Handler>(
  handlers: Readonly<Record<string, Handler>>,
  call: (handler: Handler) => Promise<unknown>
) {
  return Object.entries(handlers).map(([name, handler]) => [name, () => call(handler)] as const)
}

async function countRows({ databases }: TestHub, tables: readonly string[]): Promise<number[]> {
  return withConnection(databases.adminUrl, async (client) => {
    const counts: number[] = []
    for (const table of tables) counts.push((await client.query(`select from ${table}`)).rowCount!)
    return counts
  })
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

function namedHandlers(kaart: Kaart): string[] {
  return [...new Set(Object.values(kaart).flatMap(handlersOf))].sort()
}

function handlersOf(table: Tabelkaart): readonly string[] {
  return 'handlers' in table ? table.handlers : []
}

function stayingPersonalData(kaart: Kaart): string[] {
  return Object.entries(kaart)
    .filter(([, { vernietiging }]) => typeof vernietiging !== 'string')
    .flatMap(([table, { kolommen }]) =>
      somebodys.flatMap((klasse) => (kolommen[klasse] ?? []).map((column) => `${table}.${column}`))
    )
}
