import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, isIPv6 } from 'node:net'
import { standardHeaders } from '../http/headers.ts'
import { type Metrics, metricsType } from './open-metrics.ts'

/** A listener for the metrics alone. */
export type MetricsListener = { readonly url: string; close(): Promise<void> }

/** Serves `/metrics`, and nothing else, on an address of its own, which the outside need not reach. */
export async function listenForMetrics(
  { host, port }: { host: string; port: number },
  metrics: Metrics
): Promise<MetricsListener> {
  const server = createServer((request, response) => void answer(metrics, request, response))
  Object.assign(server, { headersTimeout: 10_000, requestTimeout: 10_000, maxRequestsPerSocket: 1_000 })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  return {
    url: `http://${isIPv6(host) ? `[${host}]` : host}:${(server.address() as AddressInfo).port}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
  }
}

async function answer(metrics: Metrics, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const send = (status: number, body: string, headers: Record<string, string> = {}) =>
    response.writeHead(status, { ...standardHeaders, 'content-type': metricsType, ...headers }).end(body)
  if (request.url?.split('?')[0] !== '/metrics') return void send(404, '')
  if (request.method !== 'GET' && request.method !== 'HEAD') return void send(405, '', { allow: 'GET, HEAD' })
  await metrics.text().then(
    (text) => send(200, text),
    () => send(500, '')
  )
}
