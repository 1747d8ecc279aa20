import type { KeyObject } from 'node:crypto'
import type { AangeleverdSignaal } from '../begrippen/vroegsignaal.ts'
import type { Bevinding, Uitkomst } from '../beoordeling/criterium.ts'
import { seal, unseal } from '../platform/crypto/seal.ts'
import type { IsoDate } from '../time.ts'

/** The outcome per criterion as it was at intake: slugs by outcome. */
export type Beoordeling = {
  readonly voldaan: readonly string[]
  readonly waarschuwing: readonly string[]
  readonly 'niet-van-toepassing': readonly string[]
}

/** All of a signal that only its sender and its municipality may read. */
export type Inhoud = { readonly signaal: AangeleverdSignaal; readonly beoordeling: Beoordeling }

/** The row a content belongs to; it opens in no other. */
export type Plaats = {
  readonly gemeentecode: string
  readonly id: string
  readonly sleuteldag: IsoDate
}

/** What is kept of the findings on a signal that was admitted. */
export function summarise(bevindingen: readonly Bevinding[]): Beoordeling {
  const slugs = (uitkomst: Uitkomst) =>
    bevindingen
      .filter((bevinding) => bevinding.uitkomst === uitkomst)
      .map(({ criterium }) => criterium.criterium)
  return {
    voldaan: slugs('voldaan'),
    waarschuwing: slugs('waarschuwing'),
    'niet-van-toepassing': slugs('niet-van-toepassing')
  }
}

/** Encrypts a signal under the data key of its day of destruction. */
export function sealContent(key: KeyObject, plaats: Plaats, inhoud: Inhoud): Buffer {
  return seal(key, Buffer.from(JSON.stringify(inhoud)), contextOf(plaats))
}

/** Decrypts a signal; throws when the bytes were altered or belong to another row. */
export function unsealContent(key: KeyObject, plaats: Plaats, sealed: Buffer): Inhoud {
  return JSON.parse(unseal(key, sealed, contextOf(plaats)).toString())
}

function contextOf({ gemeentecode, id, sleuteldag }: Plaats): string {
  return `vroegsignaal|${gemeentecode}|${id}|${sleuteldag}`
}
