import { createHash } from 'node:crypto'
import type { Tx } from '../../platform/database/open-database.ts'
import { ownCodes } from '../../toegang/caller.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import { condemnSignalen } from '../condemn-signalen.ts'
import { findBetrokkene } from '../find-betrokkene.ts'
import { logVerzoek } from '../log-verzoek.ts'
import { onlyGemeente } from '../only-gemeente.ts'
import type { Betrokkenenverzoek } from '../verzoek-schema.ts'
import { findLastVolgnummer, listWissingsbewijzen, type Wissingsbewijs } from './wissing-store.ts'

/** An erasure that was decided, as far as its record can be found by it later: nothing about whom. */
export type Wissing = {
  readonly gemeentecode: string | undefined
  readonly aantal: number
  /** The number of the last record of destruction before it. */
  readonly na: number
  /** The hash over the ids of the erased signals that their record has as well. */
  readonly idsHash: string
}

/**
 * Condemns every signal of a resident: each is gone from every list, search and household at the commit and due for
 * destruction at once. Throws as `findBetrokkene` and `onlyGemeente` do.
 */
export async function eraseBetrokkene(handeling: Handeling, verzoek: Betrokkenenverzoek): Promise<Wissing> {
  const { tx, caller } = handeling
  const gemeentecodes = ownCodes(caller, verzoek.gemeentecode)
  const { signalen } = await findBetrokkene(handeling, { gemeentecodes }, verzoek)
  const gemeentecode = onlyGemeente({ gemeentecodes }, signalen)
  const about = { grond: 'wissing', activiteit: 'wissing-uitvoeren' } as const
  const na = gemeentecode === undefined ? 0 : await findLastVolgnummer(tx, gemeentecode)
  if (signalen.length === 0)
    await logVerzoek(handeling, about.activiteit, gemeentecode ?? gemeentecodes[0]!, verzoek)
  else await condemnSignalen(handeling, gemeentecode!, signalen, about)
  const ids = signalen.map(({ row }) => row.id)
  return { gemeentecode, aantal: ids.length, na, idsHash: hashOf(ids) }
}

/**
 * The record of the destruction that an erasure led to: exactly that of its signals, or the one that also holds those of
 * another request at the same moment. Undefined while they are not destroyed yet.
 */
export async function findWissingsbewijs(
  tx: Tx,
  { gemeentecode, aantal, na, idsHash }: Wissing
): Promise<Wissingsbewijs | undefined> {
  if (gemeentecode === undefined || aantal === 0) return undefined
  const records = await listWissingsbewijzen(tx, gemeentecode, na)
  return (
    records.find(({ bewijs }) => idsHashIn(bewijs) === idsHash) ??
    records.find(({ aantalVroegsignalen }) => aantalVroegsignalen > aantal)
  )
}

// As the statement of destruction hashes them: sorted, joined by newlines.
function hashOf(ids: readonly string[]): string {
  return createHash('sha256').update(ids.toSorted().join('\n')).digest('base64url')
}

function idsHashIn(bewijs: string): unknown {
  const [, payload = ''] = bewijs.split('.')
  return JSON.parse(Buffer.from(payload, 'base64url').toString()).idsHash
}

/** Writes an erasure as the result that an Idempotency-Key remembers, and reads it back. */
export const wissingsresultaat = {
  write: ({ aantal, na, idsHash }: Wissing): string => ['wissing', aantal, na, idsHash].join('|'),
  read: (id: string, gemeentecode: string | undefined): Wissing => {
    const [, aantal, na, idsHash = ''] = id.split('|')
    return { gemeentecode, aantal: Number(aantal), na: Number(na), idsHash }
  }
}
