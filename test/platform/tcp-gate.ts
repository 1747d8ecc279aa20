import { connect, createServer, type Socket } from 'node:net'

/** A proxy to a server that can be open or shut. Its address stays the same. */
export type Gate = {
  readonly port: number
  open(): Promise<void>
  shut(): Promise<void>
  /** Keeps the newest connections open but passes nothing on, like a lost network or a hung server. */
  silence(count: number): void
}

/** Makes a gate to the server in `url`. It starts shut: nothing listens on its port. */
export async function makeGate(url: string): Promise<Gate> {
  const { hostname, port: target } = new URL(url)
  const sockets = new Set<Socket>()
  const pairs: (readonly [Socket, Socket])[] = []
  const server = createServer((near) => {
    const far = connect(Number(target), hostname)
    for (const socket of [near, far]) sockets.add(socket.on('error', () => undefined))
    near.once('close', () => far.destroy())
    far.once('close', () => near.destroy())
    near.pipe(far).pipe(near)
    pairs.push([near, far])
  })
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const shut = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    sockets.clear()
    await closed
  }
  const silence = (count: number) => {
    for (const [near, far] of pairs.slice(-count)) {
      near.unpipe(far).pause()
      far.unpipe(near).pause()
    }
  }
  await listen(0)
  const { port } = server.address() as { port: number }
  await shut()
  return { port, open: () => listen(port), shut, silence }
}

/** The same address, through the gate. */
export function throughGate(url: string, { port }: Gate): string {
  const address = new URL(url)
  address.host = `127.0.0.1:${port}`
  return address.toString()
}
