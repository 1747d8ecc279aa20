import type { Handeling } from '../toegang/handeling.ts'

/** What signals are taken in with: a transaction that may hold those of several partners. */
export type Inname = Pick<Handeling, 'tx' | 'keys' | 'now' | 'opened' | 'logged'>
