import { OauthError } from './oauth-error.ts'

const parameters = [
  'grant_type',
  'scope',
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type'
] as const
/** The parameters of a token request. */
export type TokenForm = Partial<Record<(typeof parameters)[number], string>>

/**
 * Reads the parameters of a token request; what is empty counts as left out, and what is not known is passed over
 * (RFC 6749 §3.2). Throws invalid_request.
 */
export function readTokenForm(body: unknown): TokenForm {
  const given = (body ?? {}) as Record<string, unknown>
  const entries = parameters.filter((name) => given[name] !== '').map((name) => [name, given[name]] as const)
  if (entries.some(([, value]) => Array.isArray(value))) {
    throw new OauthError('invalid_request', 'Elke parameter mag hoogstens eenmaal voorkomen.')
  }
  // Ids and secrets made by the hub hold nothing else, and the database takes no NUL.
  if (entries.some(([, value]) => value !== undefined && !/^[\x20-\x7E]{1,8192}$/.test(value as string))) {
    throw new OauthError(
      'invalid_request',
      'Een parameter bestaat uit leesbare ASCII-tekens, hoogstens 8192.'
    )
  }
  return Object.fromEntries(entries)
}
