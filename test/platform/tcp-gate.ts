import { randomInt } from 'node:crypto'
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
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', () => {
        server.off('error', reject)
        resolve()
      })
    })
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
  const port = await choosePort(listen)
  await shut()
  return { port, open: () => listen(port), shut, silence }
}

// Below those that the system hands out, so that nobody gets this port while the gate is shut.
async function choosePort(listen: (port: number) => Promise<void>): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000)
    const isFree = await listen(port).then(
      () => true,
      () => false
    )
    if (isFree) return port
  }
}

/** The same address, through the gate. */
export function throughGate(url: string, { port }: Gate): string {
  const address = new URL(url)
  address.host = `127.0.0.1:${port}`
  return address.toString()
}
