import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import type { Gebeurtenissoort } from '../../src/begrippen/gebeurtenissoort.ts'
import { openOutgoing } from '../../src/platform/outgoing/outgoing.ts'
import type { Party } from '../helpers/test-hub.ts'

/** A message as it came in. */
export type Received = {
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly event: { id: string; type: string; data: Record<string, string>; [attribute: string]: unknown }
}

/** A receiver of events: a real HTTP server that keeps what came in. */
export type Receiver = {
  readonly url: string
  readonly received: Received[]
  /** The last part of the kind of each message, sorted. */
  kinds(): string[]
  /** How it answers from now on; 204 by default. */
  answer: (reply: ServerResponse) => void
  forget(): void
}

/** The way out that tests use: this machine is allowed. */
export const toThisMachine = () => openOutgoing({ networks: ['127.0.0.1'], timeout: 2_000 })

export async function openReceiver(t: Test, wrap: typeof createServer = createServer): Promise<Receiver> {
  const received: Received[] = []
  const receiver: Receiver = {
    url: '',
    received,
    kinds: () => received.map(({ event }) => event.type.split('.').at(-1)!).sort(),
    answer: (reply) => void reply.writeHead(204).end(),
    forget: () => void received.splice(0)
  }
  const server: Server = wrap((request, reply) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => void chunks.push(chunk))
    request.on('error', () => undefined)
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      received.push({ headers: request.headers, body, event: JSON.parse(body) })
      receiver.answer(reply)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return Object.assign(receiver, { url: `http://127.0.0.1:${port}/haak` })
}

/** Takes a subscription; returns its id and secret. */
export async function subscribe(
  party: Party,
  url: string,
  soorten: readonly Gebeurtenissoort[]
): Promise<{ id: string; geheim: string }> {
  const answer = await party.post('/v1/abonnementen', { url, soorten })
  if (answer.statusCode !== 201) throw new Error(answer.body)
  return answer.json()
}
