import type { FastifyReply } from 'fastify'

/**
 * Makes JSON that was written already the answer of a handler that returns it; the type says that it may, whatever its
 * schema. Sends nothing yet: a handler returns after its transaction has been committed.
 */
export function asJson(reply: FastifyReply, text: string): never {
  reply.type('application/json; charset=utf-8')
  return text as never
}

/** The same for a collection of resources that are JSON already. */
export function asCollection(reply: FastifyReply, resources: readonly { readonly tekst: string }[]): never {
  return asJson(reply, `{"resultaten":[${resources.map(({ tekst }) => tekst).join()}]}`)
}
