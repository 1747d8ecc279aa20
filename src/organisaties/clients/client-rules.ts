import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { scopesPerRol } from '../../begrippen/scopes.ts'
import { bodyFault, type Fault } from '../../platform/http/problem.ts'
import type { ClientInvoer } from './client-schema.ts'

/** The faults of a client: a role, organisation, scope or key that does not fit the rest. */
export function clientFaults(given: ClientInvoer): Fault[] {
  const { rol, signaalpartnerId, gemeentecodes, scopes, jwks, uitgever } = given
  const faults: Fault[] = []
  if (uitgever !== undefined && jwks !== undefined) {
    faults.push(
      bodyFault('/jwks', 'paramsCombination', 'Een client van een externe uitgever meldt zich niet hier.')
    )
  }
  if ((rol === 'signaalpartner') !== (signaalpartnerId !== undefined)) {
    faults.push(
      bodyFault('/signaalpartnerId', 'paramsCombination', 'Alleen en altijd bij de rol signaalpartner.')
    )
  }
  if ((rol === 'gemeente') !== (gemeentecodes !== undefined)) {
    faults.push(bodyFault('/gemeentecodes', 'paramsCombination', 'Alleen en altijd bij de rol gemeente.'))
  }
  for (const [index, jwk] of (jwks?.keys ?? []).entries()) {
    if (!isPublicKey(jwk))
      faults.push(bodyFault(`/jwks/keys/${index}`, 'pattern', 'Dit is geen volledige publieke sleutel.'))
  }
  const allowed: readonly string[] = scopesPerRol[rol]
  scopes.forEach((scope, index) => {
    if (!allowed.includes(scope)) {
      faults.push(bodyFault(`/scopes/${index}`, 'enum', `Bij de rol ${rol} horen: ${allowed.join(', ')}.`))
    }
  })
  return faults
}

// What else a JWK may say (RFC 7517 §4): it is passed over, as any reader of one must. Never a private part.
const passedOver = ['key_ops', 'x5u', 'x5c', 'x5t', 'x5t#S256', 'ext', 'iat', 'nbf', 'exp']

/** A body with the keys of a client as most systems print them, without the members that the hub has no use for. */
export function readJwks(body: unknown): unknown {
  const { jwks } = (body ?? {}) as { jwks?: { keys?: unknown } }
  if (!Array.isArray(jwks?.keys)) return body
  const keys = jwks.keys.map((jwk) =>
    typeof jwk === 'object' && jwk !== null
      ? Object.fromEntries(Object.entries(jwk).filter(([name]) => !passedOver.includes(name)))
      : jwk
  )
  return { ...(body as object), jwks: { ...jwks, keys } }
}

function isPublicKey(jwk: object): boolean {
  try {
    return createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' }).type === 'public'
  } catch {
    return false
  }
}
