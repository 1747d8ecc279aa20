import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { aanleidingen } from '../src/begrippen/aanleiding.ts'
import {
  abonnementstatussen,
  bezorgfouten,
  bezorgstatussen,
  uitschakelredenen
} from '../src/begrippen/abonnement.ts'
import { registerbronnen, registerkanten } from '../src/begrippen/adresregister.ts'
import { betwistingsreacties, betwistingsredenlijst } from '../src/begrippen/betwistingsreden.ts'
import { bewaartermijnen } from '../src/begrippen/bewaartermijnen.ts'
import { contactsoorten, dagdelen } from '../src/begrippen/contactsoort.ts'
import { eindresultaatlijst } from '../src/begrippen/eindresultaat.ts'
import { gebeurtenissen } from '../src/begrippen/gebeurtenis.ts'
import { gebeurtenissoortlijst, proefsoort } from '../src/begrippen/gebeurtenissoort.ts'
import { adresindicatiebronnen } from '../src/begrippen/huishouden.ts'
import { intrekkingsredenen } from '../src/begrippen/intrekkingsreden.ts'
import { ongeldigheidsredenen } from '../src/begrippen/ongeldigheidsreden.ts'
import { aanmeldingstatussen, ingrepen, signaalpartnerstatussen } from '../src/begrippen/organisatie.ts'
import { rollen } from '../src/begrippen/scopes.ts'
import { terugkoppelcodelijst } from '../src/begrippen/terugkoppelcode.ts'
import { vernietigingsgronden } from '../src/begrippen/vernietigingsgrond.ts'
import { sectoren, signaalsoorten, signaalstatussen } from '../src/begrippen/vroegsignaal.ts'
import { criteria } from '../src/beoordeling/criteria.ts'
import { databaseOf, withDatabase } from '../src/platform/database/ensure-databases.ts'
import { withConnection } from '../src/platform/database/open-database.ts'
import { describeSchema, listColumns, listWordChecks } from './helpers/describe-schema.ts'
import { createTestDatabases } from './helpers/test-database.ts'

const golden = new URL('golden/schema.txt', import.meta.url)
const databases = await createTestDatabases()
t.teardown(() => databases.drop())
const keyAdminUrl = withDatabase(databases.adminUrl, databaseOf(databases.sleutelDatabaseUrl))

t.test('the migrations make the schema that was reviewed', async (t) => {
  const schema = `The main database

${await describeSchema(databases.adminUrl)}
The key database

${await describeSchema(keyAdminUrl)}`
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(golden, schema)
  t.equal(
    schema,
    readFileSync(golden, 'utf8'),
    'after a migration: UPDATE_GOLDEN=1 npm test -- test/schema.test.ts'
  )
})

t.test('the types of the query builder are the columns of the schema, and as nullable', async (t) => {
  const source = readFileSync(new URL('../src/begrippen/tables.ts', import.meta.url), 'utf8')
  const typed = columnsOf(source)
  const made = (await listColumns(databases.adminUrl)).map(
    ({ table, column, isNullable }) => `${camel(table)}.${camel(column)}${isNullable ? ' | null' : ''}`
  )
  t.same(typed.toSorted(), made.toSorted())
})

// The words that the code allows in each column.
const words: Readonly<Record<string, readonly string[]>> = {
  'aanmelding.status': aanmeldingstatussen,
  'abonnement.reden': uitschakelredenen,
  'abonnement.status': abonnementstatussen,
  'abonnement_wens.soort': gebeurtenissoortlijst,
  'adresregister_levering.bron': registerbronnen,
  'adresregister_levering.kant': registerkanten,
  'adresregister_stand.kant': registerkanten,
  'afwijzing_telling.sector': sectoren,
  'betwisting.reactie': betwistingsreacties,
  'betwisting.reden': betwistingsredenlijst,
  'bezorging.fout': bezorgfouten,
  'bezorging.status': bezorgstatussen,
  'client.rol': rollen,
  'contactpoging.dagdeel': dagdelen,
  'contactpoging.soort': contactsoorten,
  'gebeurtenis.soort': [...gebeurtenissoortlijst, proefsoort],
  'huishouden.adresindicatie_bron': adresindicatiebronnen,
  'monitor_telling.sector': ['', ...sectoren],
  'ongeldig_meldbewijs.reden': ongeldigheidsredenen,
  'overeenkomst.ingreep': ingrepen,
  'signaalpartner.status': signaalpartnerstatussen,
  'signaalpartner_telling.gebeurtenis': Object.keys(gebeurtenissen),
  'signaalpartner_telling.kenmerk': [
    ...sectoren,
    ...criteria.map(({ criterium }) => criterium),
    ...Object.keys(intrekkingsredenen),
    ...betwistingsredenlijst
  ],
  'signaalpartner_telling.sector': ['', ...sectoren],
  'terugkoppeling.code': terugkoppelcodelijst,
  'vernietiging.aanleiding': aanleidingen,
  'vroegsignaal.sector': sectoren,
  'vroegsignaal.soort': signaalsoorten,
  'vroegsignaal.status': signaalstatussen,
  'vroegsignaal.vernietigingsaanleiding': Object.keys(vernietigingsgronden),
  'vroegsignaalzaak.resultaat': eindresultaatlijst
}

t.test('a column takes every word that the code names; a check with a list takes no other', async (t) => {
  const checks = await listWordChecks(databases.adminUrl)
  t.same([...checks.keys()].toSorted(), Object.keys(words), 'every check on words is compared')
  for (const [column, check] of checks) {
    const named = words[column] ?? []
    const taken = check instanceof RegExp ? named.filter((word) => check.test(word)) : check
    t.same(taken.toSorted(), named.toSorted(), column)
  }
})

t.test('the schema repeats two terms of the code, and states no other', async (t) => {
  const schema = await describeSchema(databases.adminUrl)
  const { vroegsignaal, verwerking } = bewaartermijnen
  for (const [repeated, { maanden }] of [
    ['hub_vandaag() - ', verwerking],
    ['ontvangstdatum + ', vroegsignaal]
  ] as const) {
    t.match(schema, `${repeated}'${await intervalOf(maanden)}'::interval`)
  }
  t.equal(schema.match(/::interval/g)?.length, 2)
})

t.test('the reader of types finds columns, and no fields of a column', async (t) => {
  const source = `export type Other = { a: string }
export type Tables = {
  een: {
    id: string
    json: Json<{ keys: object[] }> | null
    soort: 'a' | 'b' | null
  }
  twee: { id: GeneratedAlways<number>; naam: string | null }
}`
  t.same(columnsOf(source), ['een.id', 'een.json | null', 'een.soort | null', 'twee.id', 'twee.naam | null'])
})

t.test('every table says above its definition whose data it holds', async (t) => {
  const folders = [
    new URL('../migrations/', import.meta.url),
    new URL('../migrations/sleutels/', import.meta.url)
  ]
  const text = folders
    .flatMap((folder) => sqlFiles(folder).map((file) => readFileSync(file, 'utf8')))
    .join('\n')
  const tables = [...(await listColumns(databases.adminUrl)), ...(await listColumns(keyAdminUrl))]
  const silent = [...new Set(tables.map(({ table }) => table))].filter((table) => !isExplained(table, text))
  t.same(silent, [])
  t.notOk(isExplained('zaak', '-- dossier: whatever it holds, of whomever\ncreate table zaak ('))
})

t.test(
  'no table of the main database is without row level security, but those without tenants',
  async (t) => {
    const schema = await describeSchema(databases.adminUrl)
    const open = [...schema.matchAll(/^table (\w+)\n(?: {2}.*\n)*? {2}security row level security OFF/gm)]
    t.same(
      open.map(([, table]) => table),
      [
        'adresregister_a',
        'adresregister_b',
        'adresregister_levering',
        'adresregister_postcode_a',
        'adresregister_postcode_b',
        'adresregister_stand',
        'bekende_dagsleutel',
        'bekende_sleutel',
        'job_run',
        'migratie',
        'vervroegd_stand'
      ]
    )
    t.notMatch(schema, /security row level security on\n/, 'and it binds the owner too')
  }
)

/** A number of months as PostgreSQL writes it in a definition. */
async function intervalOf(maanden: number): Promise<string> {
  return withConnection(databases.adminUrl, async (client) => {
    const { rows } = await client.query('select make_interval(months => $1)::text as term', [maanden])
    return rows[0].term
  })
}

/** `table.column` for each column of the type `Tables`, with ` | null` when it is nullable. */
function columnsOf(source: string): string[] {
  const [, body = ''] = source.split('export type Tables = {')
  return membersOf(body).flatMap(([table, shape]) =>
    membersOf(shape.replace(/^\{/, '')).map(
      ([column, type]) => `${table}.${column}${/\| null$/.test(type) ? ' | null' : ''}`
    )
  )
}

/** The members of a type, up to its closing brace. The text starts after the opening brace. */
function membersOf(body: string): (readonly [name: string, type: string])[] {
  const members = ['']
  let depth = 0
  for (const character of body) {
    depth += character === '{' ? 1 : character === '}' ? -1 : 0
    if (depth < 0) break
    if (depth === 0 && /[;\n]/.test(character)) members.push('')
    else members[members.length - 1] += character
  }
  return members
    .map((member) => /^\s*(\w+): (.*?)\s*$/s.exec(member))
    .filter((match) => match !== null)
    .map(([, name, type]) => [name!, type!] as const)
}

function isExplained(table: string, text: string): boolean {
  return new RegExp(`^-- ${table}: .{25,}\\n(--.*\\n)*create table ${table} \\(`, 'm').test(text)
}

function camel(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function sqlFiles(folder: URL): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql'))
  return names.map((name) => fileURLToPath(new URL(name, folder)))
}
