import { isRefusedByPolicy } from '../platform/database/database-errors.ts'
import { noteLogged } from '../sporen/log-processing.ts'
import { todayIn } from '../time.ts'
import { addVroegsignalen, findByReferentie } from '../vroegsignalen/aanname-store.ts'
import type { StaandSignaal } from '../weging/omstandigheden-store.ts'
import type { WeighedVroegsignaal } from '../weging/weigh-vroegsignalen.ts'
import { compareStanding } from './compare-standing.ts'
import type { Inname } from './inname.ts'
import type { Ontvangst } from './ontvangst.ts'
import { overeenkomstChanged } from './overeenkomst-changed.ts'
import type { SealedVroegsignaal } from './seal-vroegsignalen.ts'
import { isAdmitted, type TracedVroegsignaal, type WeighedRound } from './weigh-round.ts'

/** Stores the admitted signals of a round and puts the result of every signal in `outcomes`. */
export async function storeRound(
  inname: Inname,
  { weighed, sealed }: WeighedRound,
  outcomes: Map<TracedVroegsignaal, Ontvangst>
): Promise<void> {
  const added = await addSealed(inname, sealed)
  noteLogged(inname, added)
  const stored = new Map(
    sealed.filter(({ row }) => added.has(row.id)).map((one) => [hex(one.row.referentieIndex), one])
  )
  // A signal that lost a race for its reference can see the winner only now.
  const winners =
    sealed.length > stored.size ? await findWinners(inname, weighed.filter(isAdmitted)) : undefined
  for (const one of weighed) {
    const { source, reference } = one
    outcomes.set(source, outcomeOf(one, stored.get(reference), winners?.get(reference)))
  }
}

async function addSealed({ tx, now }: Inname, sealed: readonly SealedVroegsignaal[]): Promise<Set<string>> {
  if (sealed.length === 0) return new Set()
  const aanneming = {
    activiteit: 'vroegsignaal-aannemen',
    ontvangenOp: now,
    ontvangstdatum: todayIn(now)
  } as const
  const rows = sealed.map(({ row }) => row)
  try {
    return await addVroegsignalen(tx, aanneming, rows)
  } catch (cause) {
    // A delivery does not lock its agreements, and the policy that admits a signal looks at them as they are now.
    throw isRefusedByPolicy(cause) ? overeenkomstChanged() : cause
  }
}

function outcomeOf(
  one: WeighedVroegsignaal,
  sealed: SealedVroegsignaal | undefined,
  winner: StaandSignaal | undefined
): Ontvangst {
  if (sealed !== undefined) {
    const { id, gemeentecode } = sealed.row
    return { uitkomst: 'opgenomen', id, gemeentecode, sealed }
  }
  if (one.standing === undefined && one.refused.length > 0) {
    const { gemeentecode = '', sector } = one.signaal
    const { signaalpartnerId } = one
    return { uitkomst: 'afgewezen', signaalpartnerId, gemeentecode, sector, bevindingen: one.refused }
  }
  return compareStanding(one, one.standing ?? winner)
}

async function findWinners(
  { tx }: Inname,
  admitted: readonly WeighedVroegsignaal[]
): Promise<ReadonlyMap<string, StaandSignaal>> {
  const references = admitted.map(({ indexes }) => indexes.referentieIndex)
  const rows = await findByReferentie(tx, references)
  return new Map(
    rows.map(({ gemeentecode, id, referentieIndex, inhoudHash }) => [
      hex(referentieIndex),
      { gemeentecode, id, referentieIndex: hex(referentieIndex), inhoudHash: hex(inhoudHash) }
    ])
  )
}

function hex(index: Buffer): string {
  return index.toString('hex')
}
