import type { IncomingMessage } from 'node:http'
import type { App } from './typebox.ts'

/** How much of a body is read for nothing, and for how many milliseconds, to keep the connection. */
const longestDrain = 16 * 1024 * 1024
const drainMilliseconds = 2_000

/**
 * Reads what is left of a body before a request is answered early. What stays in the connection would be taken for the next
 * request, which behind a proxy is somebody else's. A body beyond the limits costs its sender the connection.
 */
export function addUnreadBodies(app: App): void {
  app.addHook('onSend', async ({ raw }, reply) => {
    if (hasUnread(raw) && !(await drain(raw))) reply.header('connection', 'close')
  })
}

function hasUnread({ headers, readableEnded }: IncomingMessage): boolean {
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
  return hasBody && !readableEnded
}

/** Reads to the end of a request; false when that would take more than the limits, or the sender is gone. */
function drain(raw: IncomingMessage): Promise<boolean> {
  if (raw.destroyed) return Promise.resolve(false)
  let bytes = 0
  return new Promise((resolve) => {
    const finish = (isRead: boolean) => {
      clearTimeout(timer)
      raw.off('data', count)
      resolve(isRead)
    }
    const count = (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > longestDrain) finish(false)
    }
    const timer = setTimeout(() => finish(false), drainMilliseconds)
    // A reader that gave up may still listen, which would keep the stream from flowing.
    raw.removeAllListeners('readable')
    raw
      .on('data', count)
      .once('end', () => finish(true))
      .once('close', () => finish(raw.readableEnded))
      .resume()
  })
}
