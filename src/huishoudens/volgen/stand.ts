import { timingSafeEqual } from 'node:crypto'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { Problem } from '../../platform/http/problem.ts'

/** How far a follower of the households has come. */
export type Stand = {
  /** The number of the last change it has seen. */
  readonly positie: number
  /** The number at which it began: of what was gone by then it never knew. */
  readonly begin: number
}

/**
 * A stand as the text that a follower keeps: signed for exactly these municipalities, for with another mandate there is
 * a list to take anew.
 */
export function writeStand(keys: KeyRing, gemeentecodes: readonly string[], stand: Stand): string {
  const body = `${stand.positie}.${stand.begin}`
  return `${body}.${sign(keys, gemeentecodes, body)}`
}

/** The stand that a text was made of; throws positie-onbekend when it was not made here, for these municipalities. */
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
