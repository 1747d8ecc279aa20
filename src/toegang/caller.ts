import type { FastifyRequest } from 'fastify'
import type { Rol } from '../begrippen/scopes.ts'
import type { Context } from '../platform/database/open-database.ts'
import { Problem } from '../platform/http/problem.ts'
import { traceIdOf } from '../platform/http/trace.ts'
import type { Clock } from '../time.ts'

/** Who calls: looked up from the client's row on every request, never read from the request itself. */
export type Caller = {
  /** Row id of the client. */
  readonly id: string
  readonly rol: Rol
  readonly signaalpartnerId: string | undefined
  readonly signaalpartnerNaam: string | undefined
  readonly gemeentecodes: readonly string[]
  /** What the token grants and the client's row still allows. */
  readonly scopes: readonly string[]
}

/** Who acts upon data of residents, under which trace, and when: what the processing log says of it. */
export type Inzage = { readonly caller: Caller; readonly traceId: string; readonly now: Date }

/** The caller of an authenticated request. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new Error('route without authentication asks for its caller')
  return request.caller
}

/** Who acts in an authenticated request, and when. */
export function inzageOf(request: FastifyRequest, clock: Clock): Inzage {
  return { caller: callerOf(request), traceId: traceIdOf(request.headers), now: clock() }
}

/** The partner that calls; only for routes that admit partners. */
export function signaalpartnerOf(caller: Caller): string {
  if (caller.signaalpartnerId === undefined) throw new Error('caller is no signaalpartner')
  return caller.signaalpartnerId
}

/** The transaction context in which the database shows a caller what is its own. */
export function contextOf({ id, rol, signaalpartnerId, gemeentecodes }: Caller): Context {
  return { duty: rol, clientId: id, gemeentecodes, signaalpartnerId }
}

/** The caller's municipalities, narrowed to the one wanted; throws niet-gevonden when that is not the caller's. */
export function ownCodes({ gemeentecodes }: Caller, wanted: string | undefined): readonly string[] {
  if (wanted === undefined) return gemeentecodes
  if (!gemeentecodes.includes(wanted)) {
    throw new Problem('niet-gevonden', { detail: 'Uw client werkt niet voor deze gemeente.' })
  }
  return [wanted]
}
