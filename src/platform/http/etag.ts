import type { FastifyReply, FastifyRequest } from 'fastify'
import type { KeyRing } from '../crypto/key-ring.ts'
import { Problem } from './problem.ts'

/** A strong ETag of a representation: a keyed hash, for a plain one would say something of what it holds. */
export function etagOf(keys: KeyRing, representation: object): string {
  const hash = keys.hash('cursor', `etag|${JSON.stringify(representation)}`)
  return `"${hash.toString('base64url').slice(0, 22)}"`
}

/** Sends one resource with its ETag. */
export function sendResource<Body extends object>(keys: KeyRing, reply: FastifyReply, body: Body): Body {
  reply.header('etag', etagOf(keys, body))
  return body
}

const unquoted = 'Neem de ETag over zoals hij is, met de aanhalingstekens, en stuur hem mee in If-Match.'

function isEntityTag(tag: string): boolean {
  return tag === '*' || /^(W\/)?"[^"]*"$/.test(tag)
}

/** Refuses a change by a caller who does not know the resource as it stands (RFC 9110 §13.1.1, RFC 6585). */
export function requireMatch(keys: KeyRing, request: FastifyRequest, current: object): void {
  const given = request.headers['if-match']
  if (given === undefined) throw new Problem('versie-vereist')
  const tags = given.split(',').map((tag) => tag.trim())
  if (!tags.includes('*') && !tags.includes(etagOf(keys, current))) {
    throw new Problem('verouderde-versie', tags.every(isEntityTag) ? {} : { detail: unquoted })
  }
}
