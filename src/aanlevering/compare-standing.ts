import type { StaandSignaal } from '../weging/omstandigheden-store.ts'
import type { WeighedVroegsignaal } from '../weging/weigh-vroegsignalen.ts'
import type { Ontvangst } from './ontvangst.ts'

/**
 * What becomes of a signal with a known reference: it is compared with the existing one, not weighed again. Without that
 * one, which its reference hides, it is due for destruction.
 */
export function compareStanding(
  { origin, indexes, opgegaanIn }: Pick<WeighedVroegsignaal, 'origin' | 'indexes' | 'opgegaanIn'>,
  standing: StaandSignaal | undefined
): Extract<Ontvangst, { uitkomst: 'ongewijzigd' | 'referentie-bestaat' | 'referentie-verloopt' }> {
  if (standing === undefined) return { uitkomst: 'referentie-verloopt' }
  // The gemeentecode may be left out, so it is not part of the hash. Another gemeentecode is other content, unless that
  // municipality has merged into this one.
  const { gemeentecode = standing.gemeentecode } = origin.signaal
  const isHere = [gemeentecode, opgegaanIn?.opvolger].includes(standing.gemeentecode)
  return standing.inhoudHash === indexes.inhoudHash.toString('hex') && isHere
    ? { uitkomst: 'ongewijzigd', id: standing.id, gemeentecode: standing.gemeentecode }
    : { uitkomst: 'referentie-bestaat', staand: standing.id }
}
