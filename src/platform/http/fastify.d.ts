import type { Access } from '../../begrippen/scopes.ts'
import type { Fault } from './problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call this route; the hub does not start with a route that lacks it. */
    toegang?: Access
    /** The handler reads the body as a stream and decodes it itself. */
    isStreamed?: boolean
    /** Neither limited nor refused under load. */
    isAlwaysServed?: boolean
    /** Counts apart from other requests: a signal that comes in. */
    isIntake?: boolean
    /** Looks up residents, which a client may do so many times a day. */
    isLookUp?: boolean
    /** Media types of the answers of this route, when not only JSON. */
    produces?: readonly string[]
    /** Checks every part of a request and returns all faults; converts query parameters from text. */
    controleer?: (request: FastifyRequest) => Fault[]
  }
}
