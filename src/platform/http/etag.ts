import type { FastifyReply, FastifyRequest } from 'fastify'
import type { KeyRing } from '../crypto/key-ring.ts'
import { Problem } from './problem.ts'
import { asJson } from './written-json.ts'

/** The strong ETag of a representation. A keyed hash, because a plain one would reveal something of the content. */
export function etagOf(keys: KeyRing, representation: object): string {
  return etagOfText(keys, JSON.stringify(representation))
}

function etagOfText(keys: KeyRing, text: string): string {
  const hash = keys.hash('cursor', `etag|${text}`)
  return `"${hash.toString('base64url').slice(0, 22)}"`
}

/** Sets the ETag of one resource on the reply and returns the resource. */
export function sendResource<Body extends object>(keys: KeyRing, reply: FastifyReply, body: Body): Body {
  reply.header('etag', etagOf(keys, body))
  return body
}

/** The same for a resource that is JSON already; it is sent when the handler returns it. */
export function resourceText(keys: KeyRing, reply: FastifyReply, text: string): never {
  reply.header('etag', etagOfText(keys, text))
  return asJson(reply, text)
}

const unquoted = 'Neem de ETag over zoals hij is, met de aanhalingstekens, en stuur hem mee in If-Match.'

const weak =
  'If-Match vraagt de ETag zoals de hub hem gaf, zonder W/. Dat zet een proxy ervoor die antwoorden comprimeert of aanpast.'

// What to do about a version that does not match, by the form in which it came.
function adviceOn(tags: readonly string[]): { detail?: string } {
  if (!tags.every((tag) => tag === '*' || /^(W\/)?"[^"]*"$/.test(tag))) return { detail: unquoted }
  return tags.some((tag) => tag.startsWith('W/')) ? { detail: weak } : {}
}

/**
 * Requires `If-Match` with the current ETag, or `*` (RFC 9110 §13.1.1, RFC 6585). Throws versie-vereist without it,
 * verouderde-versie when it differs.
 */
export function requireMatch(keys: KeyRing, request: FastifyRequest, current: object): void {
  const given = request.headers['if-match']
  if (given === undefined) throw new Problem('versie-vereist')
  const tags = given.split(',').map((tag) => tag.trim())
  if (!tags.includes('*') && !tags.includes(etagOf(keys, current))) {
    throw new Problem('verouderde-versie', adviceOn(tags))
  }
}
