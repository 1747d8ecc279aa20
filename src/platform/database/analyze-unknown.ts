/** Runs one statement as the login itself; each row is a list of values. */
type Run = (text: string, milliseconds: number) => Promise<{ rows: unknown[][] }>

const prompt = 2_000
const patient = 120_000

/**
 * Gathers statistics of the tables that have rows of which the planner knows nothing, or that it takes for empty, as after a
 * restore, an upgrade of the server, or a first delivery: without, a plan may read whole tables for each row. Returns the
 * tables of others, which this login may not analyse.
 */
export async function analyzeUnknown(run: Run): Promise<string[]> {
  const { rows } = await run(unknownTables, prompt)
  const tables = rows as [name: string, isOwn: boolean][]
  // Whoever vacuums a table keeps this waiting, so it gives up soon; both statements are one transaction.
  for (const [name, isOwn] of tables)
    if (isOwn) await run(`select set_config('lock_timeout', '2s', true); analyze ${name}`, patient)
  return tables.flatMap(([name, isOwn]) => (isOwn ? [] : [name]))
}

// A name comes quoted where that is needed.
const unknownTables = `select format('%I.%I', n.nspname, c.relname), pg_has_role(c.relowner, 'usage')
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relkind = 'r' and c.reltuples <= 0 and pg_relation_size(c.oid) > 0 order by 1`
