import type { Socket } from 'node:net'
import type { App } from './typebox.ts'

type Connection = {
  /** Resolves when every answer so far was taken from this process. */
  answered: Promise<void>
  /** How many were not. */
  waiting: number
  readonly isClosed: Promise<void>
}

/**
 * Begins a request that was sent ahead on its connection only when the answers before it have been taken from this process.
 * Whoever asks a thousand things at once and reads nothing would otherwise make it hold a thousand answers.
 */
export function answerInTurn(app: App): void {
  const connections = new WeakMap<Socket, Connection>()
  app.addHook('onRequest', async ({ raw: { socket } }, reply) => {
    const connection = connections.get(socket) ?? openConnection(socket)
    connections.set(socket, connection)
    const { answered, waiting, isClosed } = connection
    connection.waiting += 1
    const taken = new Promise<void>((resolve) => reply.raw.once('close', resolve))
    connection.answered = Promise.all([answered, taken]).then(() => {
      connection.waiting -= 1
    })
    if (waiting === 0) return
    await Promise.race([answered, isClosed])
    // Nobody is left to answer, and a thousand at once would be long work for nobody.
    if (socket.destroyed) reply.hijack()
  })
}

function openConnection(socket: Socket): Connection {
  const isClosed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  return { answered: Promise.resolve(), waiting: 0, isClosed }
}
