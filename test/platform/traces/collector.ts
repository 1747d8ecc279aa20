import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'

type Value = { stringValue?: string; intValue?: number }
type Attribute = { key: string; value: Value }
type Sent = {
  resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: OtlpSpan[] }[] }[]
}

/** A span as OTLP writes it in JSON. */
export type OtlpSpan = {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly status: { readonly code: number }
  readonly attributes: readonly Attribute[]
}

/** What a collector received. */
export type Collected = {
  readonly endpoint: string
  readonly requests: readonly { url: string; headers: IncomingHttpHeaders; body: string }[]
  spans(): OtlpSpan[]
  /** Waits until there are as many spans of this kind. */
  until(count: number, is: (span: OtlpSpan) => boolean): Promise<OtlpSpan[]>
}

/** A collector of OTLP over HTTP, which answers as `answer` does. */
export async function openCollector(t: Test, answer: RequestListener = accept): Promise<Collected> {
  const requests: { url: string; headers: IncomingHttpHeaders; body: string }[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      requests.push({ url: request.url!, headers: request.headers, body: Buffer.concat(chunks).toString() })
      answer(request, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const spans = () =>
    requests.flatMap(({ body }) =>
      (JSON.parse(body) as Sent).resourceSpans.flatMap(({ scopeSpans }) =>
        scopeSpans.flatMap((one) => one.spans)
      )
    )
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    spans,
    until: async (count, is) => {
      for (let turn = 0; turn < 200; turn += 1) {
        const found = spans().filter(is)
        if (found.length >= count) return found
        await sleep(50)
      }
      throw new Error(`only these came: ${spans().map(({ name }) => name)}`)
    }
  }
}

const accept: RequestListener = (_request, response) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}')

/** The attributes of a span by key. */
export function attributesOf({ attributes }: OtlpSpan): Record<string, string | number> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue!]))
}
