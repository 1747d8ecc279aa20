import type { Caller } from './caller.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Null on routes without authentication. */
    caller: Caller | null
  }
}
