import { logVroegsignalen } from '../sporen/log-processing.ts'
import type { Handeling } from '../toegang/handeling.ts'
import type { WeighedVroegsignaal } from '../weging/weigh-vroegsignalen.ts'

/**
 * Logs about whom a trial told what the hub holds: whether they objected. It tells that only of customers about whom the
 * partner reported before, so each line names the newest of those signals.
 */
export async function logTrial(handeling: Handeling, weighed: readonly WeighedVroegsignaal[]): Promise<void> {
  const told = weighed.flatMap(({ signaal, omstandigheden, bevindingen, eerdere: [id], indexes }) => {
    const { gemeentecode } = signaal
    const isTold = omstandigheden.overeenkomstActief && bevindingen.length > 0
    if (gemeentecode === undefined || id === undefined || !isTold) return []
    return { gemeentecode, id, persoonIndex: indexes.persoonIndex }
  })
  await logVroegsignalen(handeling, 'vroegsignaal-inzien', told)
}
