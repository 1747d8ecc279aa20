import { type AddressInfo, createServer } from 'node:net'

/** A port on loopback that was free a moment ago; get-port does the same, and cannot reserve it either. */
export function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const server = createServer().once('error', reject)
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo
    server.close(() => resolve(port))
  })
  return promise
}
