import { connect } from 'node:net'

/** An answer as it came over the wire. */
export type RawAnswer = {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string
  readonly milliseconds: number
}

export type RawRequest = {
  readonly method: string
  readonly path: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body?: string | Buffer | undefined
}

const patience = 20_000

/** Sends a request byte by byte as given, which no HTTP client would, and waits for the answer. Status 0 when there is none. */
export function sendRaw(url: string, { method, path, headers, body }: RawRequest): Promise<RawAnswer> {
  const { hostname, port, host } = new URL(url)
  const has = (wanted: string) => headers.some(([name]) => name.toLowerCase() === wanted)
  const lines = [
    `${method} ${path} HTTP/1.1`,
    ...(has('host') ? [] : [`Host: ${host}`]),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(has('connection') ? [] : ['Connection: close']),
    ...(body === undefined || has('transfer-encoding') ? [] : [`Content-Length: ${Buffer.byteLength(body)}`])
  ]
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  const began = performance.now()
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const socket = connect(Number(port), hostname)
    const finish = () => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ ...parse(Buffer.concat(chunks)), milliseconds: performance.now() - began })
    }
    const timer = setTimeout(finish, patience)
    socket
      .on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        if (isWhole(Buffer.concat(chunks))) finish()
      })
      .on('error', () => undefined)
      .on('close', finish)
    socket.write(Buffer.concat([head, Buffer.from(body ?? '')]))
  })
}

function isWhole(bytes: Buffer): boolean {
  const { head, rest } = split(bytes)
  const length = /^content-length: (\d+)/im.exec(head)?.[1]
  return length !== undefined && rest.length >= Number(length)
}

function split(bytes: Buffer): { head: string; rest: Buffer } {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return { head: '', rest: Buffer.alloc(0) }
  return { head: bytes.subarray(0, end).toString('latin1'), rest: bytes.subarray(end + 4) }
}

function parse(bytes: Buffer): Omit<RawAnswer, 'milliseconds'> {
  const { head, rest } = split(bytes)
  const [first = '', ...lines] = head.split('\r\n')
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim()
    ])
  )
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(first)?.[1] ?? 0), headers, body: rest.toString() }
}
