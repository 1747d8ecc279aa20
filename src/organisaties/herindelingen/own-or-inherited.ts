import type { Tx } from '../../platform/database/open-database.ts'
import { notFound } from '../../platform/http/problem.ts'
import type { Caller } from '../../toegang/caller.ts'
import { listVoorgangers } from './herindeling-store.ts'

/**
 * The municipalities that the caller accounts for, or only the one wanted: its own, and those that merged into them, whose
 * logs, proofs and figures stay under their own codes. Throws niet-gevonden when the one wanted is neither.
 */
export async function ownOrInherited(
  tx: Tx,
  { gemeentecodes }: Pick<Caller, 'gemeentecodes'>,
  wanted?: string
): Promise<readonly string[]> {
  if (wanted !== undefined && gemeentecodes.includes(wanted)) return [wanted]
  const all = [...gemeentecodes, ...(await listVoorgangers(tx, gemeentecodes))]
  const codes = [...new Set(all)]
  if (wanted === undefined) return codes
  if (!codes.includes(wanted)) throw notFound('Uw client werkt niet voor deze gemeente.', 'beyond-mandate')
  return [wanted]
}
