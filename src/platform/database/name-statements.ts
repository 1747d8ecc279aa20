import { sql } from 'kysely'

/**
 * Begins a statement whose plan the server keeps, because planning it takes longer than running it. The plan may be made
 * for an empty table and must be right when a delivery has filled it, whatever statistics say: so such a statement fits
 * one index per table, and no condition in it or in a policy fits another.
 */
export const keptPlan = sql.raw('/* kept plan */')

// A list of values gives another text for every length; the server should not keep a plan for each.
const maxParameters = 24
const maxNames = 500

/**
 * Names the texts of statements whose plan is kept, so that the server plans each once per connection instead of on every
 * call. Names are per duty, because a plan holds the policies of one role and would be remade whenever the role changes.
 * Undefined = leave the statement unnamed.
 */
export function openStatementNames(): (duty: string, text: string, parameters: number) => string | undefined {
  const names = new Map<string, string>()
  return (duty, text, parameters) => {
    if (parameters > maxParameters || !isKept(duty, text)) return undefined
    const key = `${duty} ${text}`
    const known = names.get(key)
    if (known !== undefined || names.size >= maxNames) return known
    const name = `${duty}-${names.size}`
    names.set(key, name)
    return name
  }
}

// The tables of clients stay small, so that any plan will do.
function isKept(duty: string, text: string): boolean {
  return duty === 'toegang' || text.includes('/* kept plan */')
}
