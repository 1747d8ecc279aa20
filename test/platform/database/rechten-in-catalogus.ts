/** A query that lists what each duty may do with each table: per command the columns, where not all, and the policies. */
export const rechtenInCatalogus = `
  with duty as (
    select oid, substr(rolname, 12) as duty from pg_roles where rolname ~ '^signaalhub_' and not rolcanlogin
  ), command as (
    select * from (values (1, 'SELECT', 'r'), (2, 'INSERT', 'a'), (3, 'UPDATE', 'w'), (4, 'DELETE', 'd'), (5, 'TRUNCATE', '-'),
      (6, 'REFERENCES', '-'), (7, 'TRIGGER', '-')) as c(place, name, code)
  ), held as (
    select d.duty, t.oid as relation, t.relname as table, c.place, lower(c.name) as command,
      has_table_privilege(d.oid, t.oid, c.name) as whole,
      case when c.name in ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') and has_any_column_privilege(d.oid, t.oid, c.name) then (
        select string_agg(a.attname, ', ' order by a.attnum) from pg_attribute a
        where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
          and has_column_privilege(d.oid, t.oid, a.attnum, c.name)) end as columns,
      (select string_agg(p.polname, ', ' order by p.polname) from pg_policy p
        where p.polrelid = t.oid and p.polcmd in (c.code::"char", '*') and (d.oid = any (p.polroles) or 0 = any (p.polroles))
      ) as policies,
      t.relrowsecurity and t.relforcerowsecurity as is_secured
    from duty d cross join pg_class t cross join command c
    where t.relnamespace = 'public'::regnamespace and t.relkind in ('r', 'p', 'v', 'm')
  )
  select duty, "table", string_agg(
    command || case when whole then '' else ' (' || columns || ')' end
      || case when is_secured then ' by ' || coalesce(policies, 'no policy') else '' end,
    '; ' order by place) as may
  from held where whole or columns is not null group by duty, "table" order by duty, "table"`
