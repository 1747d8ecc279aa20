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

const blockSize = 16

/**
 * Writes a stand as text for exactly these municipalities: with another mandate the follower has to start again. It is
 * encrypted, because the numbers are those of all municipalities together and would tell how busy the others are; the same
 * stand is always the same text.
 */
export function writeStand(
  keys: KeyRing,
  gemeentecodes: readonly string[],
  { positie, begin }: Stand
): string {
  const block = Buffer.alloc(blockSize)
  block.writeBigUInt64BE(BigInt(positie))
  block.writeBigUInt64BE(BigInt(begin), blockSize / 2)
  const tag = tagOf(keys, gemeentecodes, block)
  return Buffer.concat([tag, masked(keys, tag, block)]).toString('base64url')
}

/** Reads a stand from its text; throws positie-onbekend when it was not made here, for these municipalities. */
export function readStand(keys: KeyRing, gemeentecodes: readonly string[], text: string): Stand {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length !== 2 * blockSize || bytes.toString('base64url') !== text) throw unknown()
  const tag = bytes.subarray(0, blockSize)
  const block = masked(keys, tag, bytes.subarray(blockSize))
  if (!timingSafeEqual(tag, tagOf(keys, gemeentecodes, block))) throw unknown()
  return {
    positie: Number(block.readBigUInt64BE()),
    begin: Number(block.readBigUInt64BE(blockSize / 2))
  }
}

// The tag is that of what is encrypted and is what it is encrypted with (SIV, RFC 5297): no random number is needed, so
// equal stands read the same.
function tagOf(keys: KeyRing, gemeentecodes: readonly string[], block: Buffer): Buffer {
  const tenant = gemeentecodes.toSorted().join(',')
  return keys.hash('cursor', `stand|${tenant}|${block.toString('hex')}`).subarray(0, blockSize)
}

function masked(keys: KeyRing, tag: Buffer, block: Buffer): Buffer {
  const mask = keys.hash('cursor', `stand-masker|${tag.toString('hex')}`)
  return Buffer.from(block.map((byte, place) => byte ^ mask[place]!))
}

function unknown(): Problem {
  return new Problem('positie-onbekend')
}
