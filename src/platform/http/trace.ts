import { randomUUID } from 'node:crypto'
import type { FastifyRequest } from 'fastify'

const traceparent = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/

/** The trace id of a request: the caller's (W3C `traceparent`), else a new one; 32 hex digits. */
export function traceIdOf(headers: FastifyRequest['headers']): string {
  const given = traceparent.exec(String(headers.traceparent ?? ''))?.[1]
  return given !== undefined && !/^0+$/.test(given) ? given : randomUUID().replaceAll('-', '')
}
