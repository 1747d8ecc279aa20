import { type Connection, withConnection } from './open-database.ts'

// A role of the hub counts as a duty of the database in whose schema it was given a place.
const dutiesOf = `select r.rolname, r.oid from pg_namespace n cross join aclexplode(n.nspacl) a
  join pg_roles r on r.oid = a.grantee
  where n.nspname = 'public' and a.privilege_type = 'USAGE' and r.rolname like 'signaalhub\\_%' and not r.rolcanlogin`

/** What the rights of a login are, beside those of the duties that it may take. */
export type LoginRights = {
  /** The duties of the database that the login may not take. */
  readonly lacking: readonly string[]
  /** Whatever else it may do, in words. */
  readonly excess: readonly string[]
}

/** Looks which rights a login has in the database that it logs in to. */
export async function readLoginRights(url: string): Promise<LoginRights> {
  return withConnection(url, async (client) => {
    const { rows } = await client.query<Record<string, string | null>>(rightsOfLogin)
    const { lacking, ...excess } = rows[0]!
    return {
      lacking: lacking ? lacking.split(', ') : [],
      excess: Object.values(excess).filter((words) => words !== null)
    }
  })
}

// `usage` is a right that the login has without taking the role, `member` one that it may take.
const rightsOfLogin = `with duty as (${dutiesOf}), me as (select * from pg_roles where rolname = session_user),
    other as (select r.oid, r.rolname from pg_roles r, me where r.oid <> me.oid and not me.rolsuper)
  select
    (select string_agg(rolname, ', ' order by rolname) from duty
      where not pg_has_role(session_user, oid, 'member')) as lacking,
    (select 'is a superuser' from me where rolsuper) as superuser,
    (select 'bypasses row level security' from me where rolbypassrls) as bypassrls,
    (select 'may make roles, databases or copies' from me
      where rolcreaterole or rolcreatedb or rolreplication) as maker,
    (select 'owns ' || coalesce(min(d.datname), min(c.relname), 'functions') || ' and ' || count(*) - 1 || ' more'
      from me join pg_shdepend s on s.refclassid = 'pg_authid'::regclass and s.refobjid = me.oid and s.deptype = 'o'
        and s.dbid in (0, (select oid from pg_database where datname = current_database()))
      left join pg_class c on s.classid = 'pg_class'::regclass and c.oid = s.objid
      left join pg_database d on s.classid = 'pg_database'::regclass and d.oid = s.objid having count(*) > 0) as owner,
    (select 'inherits ' || string_agg(rolname, ', ' order by rolname) from other
      where pg_has_role(session_user, oid, 'usage')) as heir,
    (select 'may become ' || string_agg(rolname, ', ' order by rolname) from other
      where pg_has_role(session_user, oid, 'member') and oid not in (select oid from duty)) as impostor`

/**
 * Lets a login take each duty of a database, without having its rights at any other moment. `url` is that of whoever may
 * grant them. Returns the duties that it could not take yet, or had the rights of.
 */
export async function admitLogin(url: string, login: string): Promise<string[]> {
  return withConnection(url, async (client) => {
    const unfit = await listUnfit(client, login)
    for (const duty of unfit) await client.query(await grantOf(client, duty, login))
    return unfit
  })
}

/** The duties of a database that a login may not take, or has the rights of without taking them. */
export async function listUnfit(client: Connection, login: string): Promise<string[]> {
  const { rows } = await client.query<{ rolname: string }>(
    `select duty.rolname from (${dutiesOf}) duty where not exists (select from pg_roles me where me.rolname = $1
       and (me.rolsuper or pg_has_role(me.oid, duty.oid, 'member') and not pg_has_role(me.oid, duty.oid, 'usage')))
     order by duty.rolname`,
    [login]
  )
  return rows.map(({ rolname }) => rolname)
}

/** The roles, no duties of the database, that a login is a member of. */
export async function listStrange(client: Connection, login: string): Promise<string[]> {
  const { rows } = await client.query<{ rolname: string }>(
    `select r.rolname from pg_auth_members m join pg_roles r on r.oid = m.roleid join pg_roles me on me.oid = m.member
     where me.rolname = $1 and r.oid not in (select oid from (${dutiesOf}) duty) order by r.rolname`,
    [login]
  )
  return rows.map(({ rolname }) => rolname)
}

// Before version 16 it is the login itself that inherits all or nothing.
async function grantOf(client: Connection, duty: string, login: string): Promise<string> {
  const { rows } = await client.query(
    `select current_setting('server_version_num')::integer >= 160000 as "isPerGrant"`
  )
  const grant = `grant ${client.escapeIdentifier(duty)} to ${client.escapeIdentifier(login)}`
  return rows[0].isPerGrant ? `${grant} with inherit false, set true` : grant
}
