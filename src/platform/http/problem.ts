import { catalogue, type Slug } from './problem-catalogue.ts'
import type { SecurityEvent } from './security-event.ts'

/** One fault of a request: where it is, which rule it breaks and, for a criterion, the law. Never the value itself. */
export type Fault = {
  in: 'body' | 'query' | 'path' | 'header'
  location: string
  code: string
  detail: string
  grondslag?: string
}

type Extras = {
  readonly detail?: string | undefined
  readonly errors?: readonly Fault[]
  /** Seconds until the caller may try again. */
  readonly retryAfter?: number
  /** The value of `WWW-Authenticate`. */
  readonly challenge?: string | undefined
  /** The methods that the path has, for `Allow`. */
  readonly allow?: string
  /** The security event that this is, where its slug does not say. */
  readonly event?: SecurityEvent | undefined
  /** The client that it is about, for the log, where the request has no caller. */
  readonly clientId?: string | undefined
  readonly cause?: unknown
}

/** An error that is an answer to the caller: `slug`, `detail` and `errors` are sent, `cause` only goes to the log. */
export class Problem extends Error {
  readonly slug: Slug
  readonly detail: string
  readonly errors: readonly Fault[]
  readonly retryAfter: number | undefined
  readonly challenge: string | undefined
  readonly allow: string | undefined
  readonly event: SecurityEvent | undefined
  readonly clientId: string | undefined

  constructor(slug: Slug, { errors = [], ...extras }: Extras = {}) {
    const { detail, retryAfter, challenge, allow, event, clientId, cause } = extras
    super(slug, { cause })
    this.slug = slug
    this.detail = detail ?? catalogue[slug].uitleg
    this.errors = errors
    this.retryAfter = retryAfter
    this.challenge = challenge
    this.allow = allow
    this.event = event
    this.clientId = clientId
  }

  get status(): number {
    return catalogue[this.slug].status
  }
}

/** 404: it does not exist, or not for this caller. */
export function notFound(detail?: string, event?: SecurityEvent): Problem {
  return new Problem('niet-gevonden', { detail, event })
}

/** 409: the state does not allow this; `detail` names the state. */
export function conflict(detail: string): Problem {
  return new Problem('toestand-staat-dit-niet-toe', { detail })
}

/** 400: the request itself is wrong, in these places. */
export function invalid(errors: readonly Fault[], cause?: unknown): Problem {
  return new Problem('ongeldige-invoer', { errors, cause })
}

/** 503: try again after so many seconds. */
export function later(seconds: number, detail?: string, cause?: unknown): Problem {
  return new Problem('tijdelijk-niet-beschikbaar', { retryAfter: seconds, detail, cause })
}

/** A fault in the body, at a JSON pointer. */
export function bodyFault(location: string, code: string, detail: string): Fault {
  return { in: 'body', location, code, detail }
}
