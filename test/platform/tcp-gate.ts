import { randomInt } from 'node:crypto'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A proxy to a server that can be open or shut. Its address stays the same. */
export type Gate = {
  readonly port: number
  open(): Promise<void>
  shut(): Promise<void>
  /** Keeps the newest connections open but passes nothing on, like a lost network or a hung server. */
  silence(count: number): void
  /** Breaks every connection there is; new ones are taken. */
  cut(): void
  /** Takes connections and passes nothing on, until it is called with false; what came meanwhile is passed on then. */
  hush(isHushed: boolean): void
  /** Passes everything on this many milliseconds later. */
  delay(milliseconds: number): void
  /** Leads new connections to another server. */
  lead(url: string): void
}

/** Makes a gate to the server in `url`. It starts shut: nothing listens on its port. */
export async function makeGate(url: string): Promise<Gate> {
  let target = new URL(url)
  let late = 0
  let hushed: Promise<void> | undefined
  let speak: () => void = () => undefined
  const sockets = new Set<Socket>()
  const pairs = new Set<Pair>()
  // At once, as both ends do without a gate: to wait for more may take 40 ms for each message.
  const noDelay = true
  const server = createServer({ noDelay }, (near) => {
    const far = connect({ port: Number(target.port), host: target.hostname, noDelay })
    const pair: Pair = { near, far, isSilent: false }
    pairs.add(pair)
    for (const socket of [near, far]) sockets.add(socket.on('error', () => undefined))
    near.once('close', () => {
      far.destroy()
      pairs.delete(pair)
      for (const socket of [near, far]) sockets.delete(socket)
    })
    far.once('close', () => near.destroy())
    void passOn(pair, near, far)
    void passOn(pair, far, near)
  })
  const passOn = async (pair: Pair, from: Socket, to: Socket) => {
    try {
      for await (const chunk of from) {
        if (late > 0) await sleep(late)
        if (pair.isSilent) await new Promise(() => undefined)
        await hushed
        if (!to.write(chunk)) await new Promise((resolve) => to.once('drain', resolve).once('close', resolve))
      }
      to.end()
    } catch {
      to.destroy()
    }
  }
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', () => {
        server.off('error', reject)
        resolve()
      })
    })
  const cut = () => {
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  const shut = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    cut()
    await closed
  }
  const hush = (isHushed: boolean) => {
    speak()
    hushed = isHushed ? new Promise((resolve) => (speak = resolve)) : undefined
  }
  const silence = (count: number) => {
    for (const pair of [...pairs].slice(-count)) pair.isSilent = true
  }
  const port = await choosePort(listen)
  await shut()
  return {
    port,
    open: () => listen(port),
    shut,
    silence,
    cut,
    hush,
    delay: (milliseconds) => {
      late = milliseconds
    },
    lead: (url) => {
      target = new URL(url)
    }
  }
}

type Pair = { readonly near: Socket; readonly far: Socket; isSilent: boolean }

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
