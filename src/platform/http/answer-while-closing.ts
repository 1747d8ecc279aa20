import type { Socket } from 'node:net'
import { later } from './problem.ts'
import type { App } from './typebox.ts'

// Milliseconds between two looks at what may be closed.
const interval = 250

/**
 * Answers requests that come in while the process ends with tijdelijk-niet-beschikbaar, as whatever else cannot be served
 * now; the framework would answer in a form of its own, without Retry-After. Whether it lives is always answered. A
 * connection on which nothing is being answered is closed: the server closes those that are idle when it begins to close,
 * not those that become so later or never send a whole request.
 */
export function answerWhileClosing(app: App): void {
  const sockets = new Map<Socket, 'quiet' | 'answering'>()
  let closing: NodeJS.Timeout | undefined
  const become = (socket: Socket, what: 'quiet' | 'answering') => {
    // The socket of a request that a test injects is none of the server's.
    if (sockets.has(socket)) sockets.set(socket, what)
  }
  app.server.on('connection', (socket: Socket) => {
    sockets.set(socket, 'quiet')
    socket.once('close', () => sockets.delete(socket))
  })
  app.addHook('preClose', async () => {
    closing = setInterval(() => {
      for (const [socket, what] of sockets) if (what === 'quiet') socket.destroySoon()
    }, interval)
  })
  app.addHook('onClose', async () => clearInterval(closing))
  app.addHook('onRequest', async ({ raw, routeOptions }) => {
    become(raw.socket, 'answering')
    if (closing !== undefined && !routeOptions.config.isAlwaysServed) throw later(5)
  })
  app.addHook('onResponse', async ({ raw }) => become(raw.socket, 'quiet'))
}
