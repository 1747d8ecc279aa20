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

function isPublicKey(jwk: object): boolean {
  try {
    return createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' }).type === 'public'
  } catch {
    return false
  }
}
