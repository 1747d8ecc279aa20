import type { FastifyRequest } from 'fastify'
import type { Rol } from '../begrippen/scopes.ts'
import type { Context } from '../platform/database/open-database.ts'
import { notFound } from '../platform/http/problem.ts'

/** The client that calls. Looked up from its row on every request, never read from the request itself. */
export type Caller = {
  /** Row id of the client. */
  readonly id: string
  readonly rol: Rol
  readonly signaalpartnerId: string | undefined
  readonly signaalpartnerNaam: string | undefined
  readonly gemeentecodes: readonly string[]
  /** The scopes that the token grants and the client's row still allows. */
  readonly scopes: readonly string[]
}

/** The caller of an authenticated request. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new Error('route without authentication asks for its caller')
  return request.caller
}

/** The id of the calling partner; only for routes that are for partners alone. */
export function signaalpartnerOf(caller: Caller): string {
  if (caller.signaalpartnerId === undefined) throw new Error('caller is no signaalpartner')
  return caller.signaalpartnerId
}

/** The transaction context of a caller, in which the database shows only the caller's own rows. */
export function contextOf({ id, rol, signaalpartnerId, gemeentecodes }: Caller): Context {
  return { duty: rol, clientId: id, gemeentecodes, signaalpartnerId }
}

/** The caller's municipalities, or only the one wanted; throws niet-gevonden when that is not the caller's. */
export function ownCodes({ gemeentecodes }: Caller, wanted: string | undefined): readonly string[] {
  if (wanted === undefined) return gemeentecodes
  if (!gemeentecodes.includes(wanted))
    throw notFound('Uw client werkt niet voor deze gemeente.', 'beyond-mandate')
  return [wanted]
}
