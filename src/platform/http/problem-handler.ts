import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { KeysLost } from '../crypto/data-keys.ts'
import { ClockDoubted } from '../crypto/timekeeping.ts'
import { isLogRefused, isTemporary } from '../database/database-errors.ts'
import { standardHeaders } from './headers.ts'
import { isLongRequest } from './long-requests.ts'
import { later, notFound, Problem } from './problem.ts'
import { catalogue, type Slug } from './problem-catalogue.ts'
import type { App } from './typebox.ts'

/**
 * Answers every error as application/problem+json. Only a Problem brings its own text; other errors get that of the
 * catalogue.
 */
export function addProblemHandler(app: App): void {
  app.setErrorHandler((error, request, reply) => sendProblem(toProblem(error), request, reply))
  app.setNotFoundHandler((request, reply) => sendProblem(notFound(), request, reply))
}

/** Answers errors that Fastify meets before it finds a route. */
export function frameworkErrors(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(standardHeaders)
  sendProblem(toProblem(error), request, reply)
}

// Milliseconds for which a connection stays open after the answer to bytes that are not HTTP.
const lastWords = 1_000

/** Answers bytes that are not HTTP. Written to the socket by hand, because there is no request. */
export function clientErrorHandler(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && isLongRequest(socket)) return
  const status = clientErrorStatus[error.code ?? ''] ?? 400
  const body = JSON.stringify({
    ...wireProblem(new Problem('ongeldige-invoer'), crypto.randomUUID()),
    status
  })
  const headers = {
    ...standardHeaders,
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close'
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  // Who goes on sending would keep it open for as long as it likes; the answer is given time to be read.
  setTimeout(() => socket.destroy(), lastWords).unref()
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`)
}

const clientErrorStatus: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408
}

const frameworkCodes: Record<string, Slug> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'mediatype-niet-ondersteund',
  FST_ERR_CTP_BODY_TOO_LARGE: 'te-groot',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'ongeldige-invoer',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'ongeldige-invoer',
  FST_ERR_BAD_URL: 'niet-gevonden',
  FST_ERR_MAX_PARAM_LENGTH: 'niet-gevonden',
  FST_ERR_NOT_FOUND: 'niet-gevonden',
  FST_ERR_HANDLER_TIMEOUT: 'tijdelijk-niet-beschikbaar',
  FST_ERR_REP_ALREADY_SENT: 'interne-fout'
}

/** Turns an error into a problem; an unforeseen one becomes a 500 that says nothing. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  const slug = frameworkCodes[(error as FastifyError).code ?? '']
  if (slug !== undefined) return new Problem(slug, { cause: error })
  if (isTemporary(error) || isLogRefused(error)) return later(5, undefined, error)
  if (error instanceof KeysLost || error instanceof ClockDoubted) return later(60, undefined, error)
  const status = (error as FastifyError).statusCode
  if (status === 413) return new Problem('te-groot', { cause: error })
  if (status === 403 || status === 404) return new Problem('niet-gevonden', { cause: error })
  if (status === 400) return new Problem('ongeldige-invoer', { cause: error })
  return new Problem('interne-fout', { cause: error })
}

/** A problem as it is sent (RFC 9457); `instance` is the id of the request in the log. */
function wireProblem(problem: Problem, id: string) {
  return {
    type: `/v1/problemen/${problem.slug}`,
    title: catalogue[problem.slug].titel,
    status: problem.status,
    detail: problem.detail,
    instance: `urn:uuid:${id}`,
    ...(problem.errors.length > 0 && { errors: problem.errors })
  }
}

function headersOf({ retryAfter, challenge, allow }: Problem): Record<string, string> {
  return {
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
    ...(challenge !== undefined && { 'www-authenticate': challenge }),
    ...(allow !== undefined && { allow })
  }
}

function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): void {
  sendAs('application/problem+json', wireProblem(problem, request.id), problem, request, reply)
}

/** Answers with a problem in the form that another standard gives it: its log line, status and headers stay the same. */
export function sendAs(
  mediaType: string,
  body: object,
  problem: Problem,
  request: FastifyRequest,
  reply: FastifyReply
): void {
  request.problem = problem
  if (problem.status >= 500) request.log.error({ err: problem }, 'request failed')
  reply.code(problem.status).headers(headersOf(problem)).type(mediaType).send(JSON.stringify(body))
}
