import { timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { KeyRing } from '../crypto/key-ring.ts'
import { invalid, type Problem } from './problem.ts'
import type { PageQuery } from './wire-schema.ts'

/** Pages through lists by cursor. */
export type Pager = {
  /**
   * The position where the page starts, from the cursor; undefined for the first page. Throws ongeldige-invoer for a
   * cursor that is not ours.
   */
  after<Position>(request: FastifyRequest): Position | undefined
  /** Cuts `rows`, read with one more than the limit, to a page and links to the next page when there is one. */
  page<Row>(
    request: FastifyRequest,
    reply: FastifyReply,
    rows: readonly Row[],
    position: (row: Row) => unknown
  ): readonly Row[]
  /** Links to everything that comes after `position` later, for a feed that grows at its end. */
  resume(request: FastifyRequest, reply: FastifyReply, position: unknown): void
}

type PagerOptions = {
  readonly keys: () => KeyRing
  readonly publicUrl: string
  /** The owner of a cursor; others cannot use it. */
  readonly ownerOf: (request: FastifyRequest) => string
}

const defaultLimit = 100

/** The number of rows that the caller wants on a page; 100 by default. */
export function limitOf(request: FastifyRequest): number {
  return (request.query as PageQuery).limit ?? defaultLimit
}

/**
 * Opens keyset paging behind an opaque cursor. A cursor is signed for one client, path, filter and body, so it cannot
 * be forged, altered or used on another list.
 */
export function openPager({ keys, publicUrl, ownerOf }: PagerOptions): Pager {
  const sign = (request: FastifyRequest, body: string) =>
    keys()
      .hash('cursor', `${ownerOf(request)}|${listOf(request)}|${body}`)
      .toString('base64url')
      .slice(0, 22)
  const link = (request: FastifyRequest, reply: FastifyReply, position: unknown, rel: string) => {
    const body = Buffer.from(JSON.stringify(position)).toString('base64url')
    const cursor = `${body}.${sign(request, body)}`
    reply.header('link', `<${publicUrl}${nextUrl(request, cursor)}>; rel="${rel}"`)
  }
  return {
    after: (request) => {
      const { cursor } = request.query as PageQuery
      if (cursor === undefined) return undefined
      const [body = '', signature = ''] = cursor.split('.')
      // Compared as text: several texts decode to the same bytes, and only one of them is ours.
      const given = Buffer.from(signature)
      const expected = Buffer.from(sign(request, body))
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw badCursor()
      return JSON.parse(Buffer.from(body, 'base64url').toString())
    },
    page: (request, reply, rows, position) => {
      const page = rows.slice(0, limitOf(request))
      const last = page.at(-1)
      if (rows.length > page.length && last !== undefined) link(request, reply, position(last), 'next')
      return page
    },
    resume: (request, reply, position) => link(request, reply, position, 'current')
  }
}

function nextUrl(request: FastifyRequest, cursor: string): string {
  const query = new URLSearchParams({ ...filtersOf(request), limit: String(limitOf(request)), cursor })
  return `${pathOf(request)}?${query}`
}

function listOf(request: FastifyRequest): string {
  return `${pathOf(request)}?${new URLSearchParams(filtersOf(request))}|${JSON.stringify(request.body ?? null)}`
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0]!
}

function filtersOf(request: FastifyRequest): Record<string, string> {
  const entries = Object.entries(request.query as Record<string, unknown>)
  const filters = entries.filter(
    ([name, value]) => !['cursor', 'limit'].includes(name) && value !== undefined
  )
  return Object.fromEntries(filters.sort().map(([name, value]) => [name, String(value)]))
}

function badCursor(): Problem {
  const detail = 'De cursor is niet door deze lijst uitgegeven; neem hem over uit de Link-header.'
  return invalid([{ in: 'query', location: 'cursor', code: 'pattern', detail }])
}
