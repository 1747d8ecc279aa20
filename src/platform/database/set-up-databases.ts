import { sqlStateOf } from './database-errors.ts'
import { withDatabase, withLogin } from './ensure-databases.ts'
import { admitLogin, listStrange, listUnfit } from './login-rights.ts'
import { migrate, missingMigrations } from './migrate.ts'
import { type Connection, withConnection } from './open-database.ts'

type Login = { readonly name: string; readonly password: string }

/** One of the two databases of a hub, as it should be. */
export type Wanted = {
  /** The address of whoever may make logins and databases there. */
  readonly adminUrl: string
  readonly database: string
  /** Owns the database and migrates. */
  readonly owner: Login
  /** Serves: owns nothing, and has no right but that to take a duty. */
  readonly service: Login
  /** The folder of the migrations. */
  readonly migrations: string
}

/** Something that is not yet as it should be: what will be done, in Dutch, and what does it. */
export type Step = { readonly tekst: string; run(): Promise<unknown> }

/**
 * What it takes to have a database with logins as wanted, in order; nothing when all is right. A login keeps no other
 * right than it should have, and passwords become those that are wanted.
 */
export async function planDatabase(wanted: Wanted): Promise<Step[]> {
  return withConnection(wanted.adminUrl, async (client) => {
    const place: Place = { ...wanted, client, isSuperuser: await isMighty(client) }
    const isThere = await hasDatabase(client, wanted.database)
    const ofOwner = await planLogin(place, wanted.owner, ownerRights)
    return [
      ...ofOwner,
      ...(await planLogin(place, wanted.service, serviceRights)),
      ...(isThere ? await planOwnership(place) : [creation(place)]),
      ...(await planContents(place, isThere && (place.isSuperuser || ofOwner.length === 0)))
    ]
  })
}

/** Whether whoever sets up may also close the context of a transaction to what runs in it; else `Step`s leave that out. */
export async function maySealContext(adminUrl: string): Promise<boolean> {
  return withConnection(adminUrl, isMighty)
}

type Place = Wanted & { readonly client: Connection; readonly isSuperuser: boolean }

const never = ['superuser', 'bypassrls', 'createdb', 'replication'] as const
type Right = (typeof never)[number] | 'canlogin' | 'createrole' | 'inherit'
type Rights = Partial<Record<Right, boolean>>
const none = Object.fromEntries(never.map((right) => [right, false])) as Rights
const ownerRights: Rights = { canlogin: true, createrole: true, ...none }
const serviceRights: Rights = { canlogin: true, createrole: false, inherit: false, ...none }

async function isMighty(client: Connection): Promise<boolean> {
  const { rows } = await client.query('select rolsuper from pg_roles where rolname = current_user')
  return rows[0].rolsuper
}

async function hasDatabase(client: Connection, database: string): Promise<boolean> {
  return (await client.query('select from pg_database where datname = $1', [database])).rowCount === 1
}

async function planLogin(place: Place, login: Login, rights: Rights): Promise<Step[]> {
  const { client, adminUrl } = place
  const { name, password } = login
  const { rows } = await client.query<Record<string, boolean>>(
    `select rolcanlogin as canlogin, rolcreaterole as createrole, rolinherit as inherit, rolsuper as superuser,
       rolbypassrls as bypassrls, rolcreatedb as createdb, rolreplication as replication
     from pg_roles where rolname = $1`,
    [name]
  )
  const found = rows[0]
  const wrong = (Object.keys(rights) as Right[]).filter((right) => found?.[right] !== rights[right])
  const isIn = found !== undefined && (await opens(withLogin(adminUrl, name, password)))
  if (wrong.length === 0 && isIn) return []
  const verb = found === undefined ? 'create' : 'alter'
  // Only a superuser may mention some of these, so what is right already is left out.
  const words = wrong.filter((right) => verb === 'alter' || rights[right] || right === 'inherit')
  const options = words.map(
    (right) => `${rights[right] ? '' : 'no'}${right === 'canlogin' ? 'login' : right}`
  )
  const text = `${verb} role ${client.escapeIdentifier(name)} ${options.join(' ')} password ${client.escapeLiteral(password)}`
  const what = rights.createrole ? 'migreert en is eigenaar' : 'bedient, en heeft zelf geen enkel recht'
  const tekst =
    verb === 'create'
      ? `login ${name} maken: ${what}`
      : `login ${name} aanpassen: ${[...options, ...(isIn ? [] : ['wachtwoord'])].join(', ')}`
  return [{ tekst, run: () => asAdmin(place, [text]) }]
}

// Whether its password is right; the database itself may be closed to it.
async function opens(url: string): Promise<boolean> {
  return withConnection(url, async () => true).catch((error: unknown) => {
    const state = sqlStateOf(error) ?? ''
    if (state.startsWith('28')) return false
    if (state === '42501') return true
    throw error
  })
}

function asAdmin({ adminUrl }: Place, statements: readonly string[]): Promise<void> {
  return runAll(adminUrl, statements)
}

async function runAll(url: string, statements: readonly string[]): Promise<void> {
  await withConnection(url, async (client) => {
    for (const statement of statements) await client.query(statement)
  })
}

function creation(place: Place): Step {
  const { client, database, owner, isSuperuser } = place
  const [name, ownerName] = [client.escapeIdentifier(database), client.escapeIdentifier(owner.name)]
  return {
    tekst: `database ${database} maken, met eigenaar ${owner.name}`,
    run: () =>
      asAdmin(place, [
        // Who is no superuser may give something only to a role that it may become.
        ...(isSuperuser ? [] : [`grant ${ownerName} to current_user`]),
        `create database ${name} owner ${ownerName}`
      ])
  }
}

// As when one login did everything until now.
async function planOwnership(place: Place): Promise<Step[]> {
  const { client, database, owner } = place
  const name = client.escapeIdentifier(owner.name)
  const { rowCount: isRight } = await client.query(
    'select from pg_database d join pg_roles r on r.oid = d.datdba where datname = $1 and rolname = $2',
    [database, owner.name]
  )
  const things = await withConnection(inside(place), (there) => listForeign(there, owner.name))
  return [
    ...(isRight === 1
      ? []
      : [
          {
            tekst: `database ${database} geven aan ${owner.name}`,
            run: () =>
              asAdmin(place, [`alter database ${client.escapeIdentifier(database)} owner to ${name}`])
          }
        ]),
    ...(things.length === 0
      ? []
      : [
          {
            tekst: `in ${database} geven aan ${owner.name}: ${things.length} tabellen, reeksen en functies`,
            run: () =>
              runAll(
                inside(place),
                things.map((thing) => `alter ${thing} owner to ${name}`)
              )
          }
        ])
  ]
}

// A sequence of an identity column goes with its table, and an index too.
async function listForeign(client: Connection, owner: string): Promise<string[]> {
  const { rows } = await client.query<{ thing: string }>(
    `select format('%s %s', case c.relkind when 'S' then 'sequence' when 'v' then 'view' else 'table' end,
       c.oid::regclass) as thing
     from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'S')
       and pg_get_userbyid(c.relowner) <> $1
       and not exists (select from pg_depend d where d.objid = c.oid and d.deptype in ('i', 'a') and c.relkind = 'S')
     union all
     select format('function %s', p.oid::regprocedure) from pg_proc p
     where p.pronamespace = 'public'::regnamespace and pg_get_userbyid(p.proowner) <> $1
     order by 1`,
    [owner]
  )
  return rows.map(({ thing }) => thing)
}

async function planContents(place: Place, isKnown: boolean): Promise<Step[]> {
  const { database, service, migrations } = place
  const missing = isKnown ? await missingMigrations(asOwner(place), migrations) : undefined
  const rights = isKnown ? await withConnection(inside(place), (there) => readRights(there, place)) : unset
  return [
    ...(missing?.length === 0
      ? []
      : [
          {
            tekst: `schema van ${database} bijwerken${missing === undefined ? '' : `: ${missing.join(', ')}`}`,
            run: () => migrate(withLogin(inside(place), place.owner.name, place.owner.password), migrations)
          }
        ]),
    ...(rights.strange.length === 0
      ? []
      : [
          {
            tekst: `login ${service.name} ontnemen: ${rights.strange.join(', ')}`,
            run: () =>
              asAdmin(
                place,
                rights.strange.map((role) => revoking(place, role))
              )
          }
        ]),
    ...(missing?.length === 0 && rights.unfit.length === 0
      ? []
      : [
          {
            tekst: `login ${service.name} de taken van ${database} laten opnemen`,
            run: () => admitLogin(asOwner(place), service.name)
          }
        ]),
    ...(rights.isTemporary
      ? [
          {
            tekst: `tijdelijke tabellen in ${database} afsluiten`,
            run: () =>
              runAll(asOwner(place), [
                `revoke temporary on database ${place.client.escapeIdentifier(database)} from public`
              ])
          }
        ]
      : []),
    ...(place.isSuperuser && rights.isOpen
      ? [
          {
            tekst: `set_config in ${database} afsluiten voor wat in een transactie draait`,
            run: () => runAll(inside(place), sealing(place))
          }
        ]
      : [])
  ]
}

type Found = {
  readonly strange: readonly string[]
  readonly unfit: readonly string[]
  readonly isTemporary: boolean
  readonly isOpen: boolean
}
const unset: Found = { strange: [], unfit: [], isTemporary: true, isOpen: true }

const setConfig = 'function pg_catalog.set_config(text, text, boolean)'
// Who sets the context of a transaction, who migrates, and who makes a dump.
const mayCallIt = ({ owner, service }: Wanted) => [owner.name, service.name, 'pg_read_all_data']

async function readRights(client: Connection, place: Place): Promise<Found> {
  const { rows } = await client.query(
    `select has_database_privilege('public', current_database(), 'temporary') as "isTemporary",
       has_function_privilege('public', f.oid, 'execute') or not coalesce((select bool_and(
         has_function_privilege(r.oid, f.oid, 'execute')) from pg_roles r where rolname = any($1)), false) as "isOpen"
     from pg_proc f where f.oid = 'pg_catalog.set_config(text, text, boolean)'::regprocedure`,
    [mayCallIt(place)]
  )
  return {
    ...rows[0],
    strange: await listStrange(client, place.service.name),
    unfit: await listUnfit(client, place.service.name)
  }
}

// With it a statement could change the duty and the tenant of its own transaction.
function sealing(place: Place): string[] {
  const callers = mayCallIt(place).map((name) => place.client.escapeIdentifier(name))
  return [
    `grant execute on ${setConfig} to ${callers.join(', ')}`,
    `revoke execute on ${setConfig} from public`
  ]
}

function revoking({ client, service }: Place, role: string): string {
  return `revoke ${client.escapeIdentifier(role)} from ${client.escapeIdentifier(service.name)}`
}

function inside({ adminUrl, database }: Place): string {
  return withDatabase(adminUrl, database)
}

// Who is no superuser has no rights in a database of another login.
function asOwner(place: Place): string {
  return place.isSuperuser ? inside(place) : withLogin(inside(place), place.owner.name, place.owner.password)
}
