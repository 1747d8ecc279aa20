import type { Access } from '../../begrippen/scopes.ts'
import type { Fault } from './problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call this route; a route without it does not start. */
    toegang?: Access
    /** The handler reads the body as a stream and decodes it itself. */
    isStreamed?: boolean
    /** Media types this route answers with, when not JSON. */
    produces?: readonly string[]
    /** Checks every part of a request and replaces what was converted; all faults at once. */
    controleer?: (request: FastifyRequest) => Fault[]
  }
}
