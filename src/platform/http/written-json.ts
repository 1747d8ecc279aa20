import type { FastifyReply } from 'fastify'

/**
 * Makes JSON that was written already the answer of a handler that returns it; the type says that it may, whatever its
 * schema. Sends nothing yet: a handler returns after its transaction has been committed.
 */
export function asJson(reply: FastifyReply, text: string | Buffer): never {
  reply.type('application/json; charset=utf-8')
  return text as never
}

/** The same for a collection of resources that are JSON already. */
export function asCollection(reply: FastifyReply, resources: readonly { readonly tekst: string }[]): never {
  // Memory for one long text costs more than all of its parts.
  const parts = resources.map(({ tekst }, index) => Buffer.from(index === 0 ? tekst : `,${tekst}`))
  return asJson(reply, Buffer.concat([opening, ...parts, closing]))
}

const opening = Buffer.from('{"resultaten":[')
const closing = Buffer.from(']}')
