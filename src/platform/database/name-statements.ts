import { createHash } from 'node:crypto'
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

/** The names of statements whose plan is kept, shared by the pools of one process. */
export type StatementNames = {
  /** The name of a statement, or undefined to leave it unnamed. */
  of(duty: string, text: string, parameters: number): string | undefined
  /** Hears that a named statement was lost, or was there already: a pooler gives a connection to one after another. */
  lost(): void
}

/**
 * Names statements so that the server plans each once per connection instead of on every call. Names are per duty, because
 * a plan holds the policies of one role and would be remade whenever the role changes. A name follows from its text, so
 * that behind a pooler no other process can mean another statement by it. With `onLost` the first loss ends all naming.
 */
export function openStatementNames(onLost?: () => void): StatementNames {
  const names = new Map<string, string>()
  let isNaming = true
  return {
    of: (duty, text, parameters) => {
      if (!isNaming || parameters > maxParameters || !isKept(duty, text)) return undefined
      const key = `${duty} ${text}`
      const known = names.get(key)
      if (known !== undefined || names.size >= maxNames) return known
      const name = `${duty}-${createHash('sha256').update(text).digest('hex').slice(0, 32)}`
      names.set(key, name)
      return name
    },
    lost: () => {
      if (!isNaming || onLost === undefined) return
      isNaming = false
      onLost()
    }
  }
}

/** No names: every statement is planned on every call. */
export const noStatementNames: StatementNames = { of: () => undefined, lost: () => undefined }

// The tables of clients stay small, so that any plan will do.
function isKept(duty: string, text: string): boolean {
  return duty === 'toegang' || text.includes('/* kept plan */')
}
