import type { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'

const sockets = new WeakSet<Socket>()

/**
 * Lets a request take longer to come in than the server allows, and its connection be silent for this many
 * milliseconds. The route must set a limit of its own. The connection is closed after the answer, so that no other
 * request gets the same room.
 */
export function allowLongRequest(
  { raw: { socket } }: FastifyRequest,
  reply: FastifyReply,
  longestSilence: number
): void {
  sockets.add(socket)
  // A request that a test injects has no real socket.
  socket.setTimeout?.(longestSilence)
  reply.header('connection', 'close')
}

/** True when a request on this connection may take longer to come in than the server allows. */
export function isLongRequest(socket: Socket): boolean {
  return sockets.has(socket)
}
