import { timingSafeEqual } from 'node:crypto'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { Problem } from '../../platform/http/problem.ts'

/** How far a follower of the households has come. */
export type Stand = {
  /** The number of the last change it has seen. */
  readonly positie: number
  /** The number at which it began; it never saw households that were gone before that. */
  readonly begin: number
}

/**
 * Writes a stand as text, signed for exactly these municipalities: with another mandate the follower has to start
 * again.
 */
export function writeStand(keys: KeyRing, gemeentecodes: readonly string[], stand: Stand): string {
  const body = `${stand.positie}.${stand.begin}`
  return `${body}.${sign(keys, gemeentecodes, body)}`
}

/** Reads a stand from its text; throws positie-onbekend when it was not made here, for these municipalities. */
export function readStand(keys: KeyRing, gemeentecodes: readonly string[], text: string): Stand {
  const [positie = '', begin = ''] = text.split('.')
  const expected = Buffer.from(`${positie}.${begin}.${sign(keys, gemeentecodes, `${positie}.${begin}`)}`)
  const given = Buffer.from(text)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new Problem('positie-onbekend')
  }
  return { positie: Number(positie), begin: Number(begin) }
}

function sign(keys: KeyRing, gemeentecodes: readonly string[], body: string): string {
  const tenant = gemeentecodes.toSorted().join(',')
  return keys.hash('cursor', `stand|${tenant}|${body}`).toString('base64url').slice(0, 22)
}
