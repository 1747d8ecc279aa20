import { type Connection, withConnection } from '../../src/platform/database/open-database.ts'

export type Column = { readonly table: string; readonly column: string; readonly isNullable: boolean }

// Each part gives lines per table. Their order does not depend on the locale, the version or the login.
const parts = {
  column: `
    select c.relname as "table", format('%s %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
      case when a.attnotnull then ' not null' else '' end,
      case when a.attidentity <> '' then ' generated always as identity'
           when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end) as line
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by c.relname collate "C", a.attnum`,
  constraint: `
    select c.relname as "table", format('%s %s', k.conname, pg_get_constraintdef(k.oid)) as line
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    where c.relnamespace = 'public'::regnamespace and k.contype in ('p', 'u', 'f', 'c')
    order by c.relname collate "C", k.contype, k.conname collate "C"`,
  index: `
    select tablename as "table", indexdef as line from pg_indexes where schemaname = 'public'
    order by tablename collate "C", indexname collate "C"`,
  security: `
    select relname as "table", format('row level security %s%s', case when relrowsecurity then 'on' else 'OFF' end,
      case when relforcerowsecurity then ', forced on the owner' else '' end) as line
    from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by relname collate "C"`,
  policy: `
    select tablename as "table", format('%s %s for %s to %s%s%s', policyname, lower(permissive), lower(cmd),
      (select string_agg(r::text, ', ' order by r::text collate "C") from unnest(roles) r),
      E'\\n    using ' || regexp_replace(qual, '\\s+', ' ', 'g'),
      E'\\n    with check ' || regexp_replace(with_check, '\\s+', ' ', 'g')) as line
    from pg_policies where schemaname = 'public' order by tablename collate "C", policyname collate "C"`,
  grant: `
    select "table", format('%s: %s', role, string_agg(right_, ', ' order by right_ collate "C")) as line from (
      select c.relname as "table", coalesce(r.rolname, 'public') as role, lower(x.privilege_type) as right_
      from pg_class c, aclexplode(c.relacl) x left join pg_roles r on r.oid = x.grantee
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and x.grantee <> c.relowner
      union all
      select c.relname, coalesce(r.rolname, 'public'), format('%s (%s)', lower(x.privilege_type),
        string_agg(a.attname, ', ' order by a.attnum))
      from pg_class c join pg_attribute a on a.attrelid = c.oid, aclexplode(a.attacl) x
      left join pg_roles r on r.oid = x.grantee
      where c.relnamespace = 'public'::regnamespace and x.grantee <> c.relowner
      group by 1, 2, x.privilege_type) rights
    group by "table", role order by "table" collate "C", role collate "C"`,
  trigger: `
    select c.relname as "table", pg_get_triggerdef(g.oid) as line
    from pg_trigger g join pg_class c on c.oid = g.tgrelid
    where c.relnamespace = 'public'::regnamespace and not g.tgisinternal
    order by c.relname collate "C", g.tgname collate "C"`
}

const functions = `
  select pg_get_functiondef(oid) as line from pg_proc where pronamespace = 'public'::regnamespace
  order by proname collate "C", pg_get_function_identity_arguments(oid) collate "C"`

const columns = `
  select c.relname as "table", a.attname as "column", not a.attnotnull as "isNullable"
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
  order by c.relname collate "C", a.attnum`

const columnChecks = `
  select c.relname || '.' || a.attname as "column", pg_get_constraintdef(k.oid) as definition
  from pg_constraint k join pg_class c on c.oid = k.conrelid
  join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
  where k.connamespace = 'public'::regnamespace and k.contype = 'c' and cardinality(k.conkey) = 1
  order by c.relname collate "C", a.attnum`

type Line = { readonly table: string; readonly part: string; readonly line: string }

/** The schema that the migrations made, as text that is the same on every machine. */
export async function describeSchema(adminUrl: string): Promise<string> {
  return withConnection(adminUrl, async (client) => {
    const lines = await readLines(client)
    const perTable = Map.groupBy(lines, ({ table }) => table)
    const tables = [...perTable].map(([table, found]) => `table ${table}\n${found.map(show).join('\n')}\n`)
    const { rows } = await client.query<{ line: string }>(functions)
    return [...tables, ...rows.map(({ line }) => `${line.trim()}\n`)].join('\n')
  })
}

/** The columns of every table, except the table that records the migrations. */
export async function listColumns(adminUrl: string): Promise<Column[]> {
  const rows = await withConnection(adminUrl, async (client) => (await client.query<Column>(columns)).rows)
  return rows.filter(({ table }) => table !== 'migratie')
}

/** The words that the check of each `table.column` lists, or the pattern that it sets. */
export async function listWordChecks(adminUrl: string): Promise<Map<string, readonly string[] | RegExp>> {
  const checks = await withConnection(adminUrl, async (client) => {
    return (await client.query<{ column: string; definition: string }>(columnChecks)).rows
  })
  const found = new Map<string, readonly string[] | RegExp>()
  for (const { column, definition } of checks) {
    const words = wordsOf(definition)
    if (words) found.set(column, words)
  }
  return found
}

function wordsOf(definition: string): readonly string[] | RegExp | undefined {
  const [, pattern] = /~ '(\^\[a-z-\].*)'::text/.exec(definition) ?? []
  if (pattern !== undefined) return new RegExp(pattern)
  const [, list] = /= ANY \(ARRAY\[(.*)\]/.exec(definition) ?? []
  return list?.split(', ').map((word) => word.replace(/^'(.*)'::text$/, '$1'))
}

async function readLines(client: Connection): Promise<Line[]> {
  const lines: Line[] = []
  for (const [part, query] of Object.entries(parts)) {
    const { rows } = await client.query<Omit<Line, 'part'>>(query)
    lines.push(...rows.map((row) => ({ ...row, part })))
  }
  return lines
}

function show({ part, line }: Line): string {
  return `  ${part} ${line}`
}
