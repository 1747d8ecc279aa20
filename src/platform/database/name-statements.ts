// A list of values makes another text for every length, of which the server should not keep a plan each.
const maxParameters = 24
const maxNames = 500

/**
 * Names the texts of statements, so that the server plans each once per connection instead of at every call. Names
 * are per duty: a plan holds the policies of one role, and would be made anew each time the role changes.
 * Undefined = leave it unnamed.
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
