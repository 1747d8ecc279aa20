// A list of values gives another text for every length; the server should not keep a plan for each.
const maxParameters = 24
const maxNames = 500

/**
 * Names the texts of statements, so that the server plans each once per connection instead of on every call. Names are
 * per duty, because a plan holds the policies of one role and would be remade whenever the role changes.
 * Undefined = leave the statement unnamed.
 */
export function openStatementNames(): (duty: string, text: string, parameters: number) => string | undefined {
  const names = new Map<string, string>()
  return (duty, text, parameters) => {
    if (parameters > maxParameters) return undefined
    const key = `${duty} ${text}`
    const known = names.get(key)
    if (known !== undefined || names.size >= maxNames) return known
    const name = `${duty}-${names.size}`
    names.set(key, name)
    return name
  }
}
