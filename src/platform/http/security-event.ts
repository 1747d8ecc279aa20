import type { Slug } from './problem-catalogue.ts'

/** What an operator may want an alarm on: somebody tried what it may not do, or as somebody it is not. */
export type SecurityEvent =
  | 'login-failed'
  | 'login-blocked'
  | 'token-refused'
  | 'client-refused'
  | 'beyond-scope'
  | 'beyond-mandate'
  | 'without-agreement'
  | 'too-many-requests'
  | 'too-many-look-ups'

// Which event a problem is, unless whoever throws it knows better.
const events: Partial<Record<Slug, SecurityEvent>> = {
  'niet-ingelogd': 'token-refused',
  'geen-toegang': 'beyond-scope',
  'geen-overeenkomst': 'without-agreement',
  'te-veel-verzoeken': 'too-many-requests'
}

/** The security event that a problem is; undefined for an ordinary one. */
export function securityEventOf({
  slug,
  event
}: {
  readonly slug: Slug
  readonly event: SecurityEvent | undefined
}): SecurityEvent | undefined {
  return event ?? events[slug]
}
