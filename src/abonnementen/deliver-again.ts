import { proefsoort } from '../begrippen/gebeurtenissoort.ts'
import { conflict, notFound } from '../platform/http/problem.ts'
import type { Handeling } from '../toegang/handeling.ts'
import { lockAbonnement } from './abonnement-store.ts'
import { geduld } from './bezorgen/wachttijd.ts'
import { addProef, findBezorging, repeatBezorging } from './bezorging-store.ts'

/**
 * Has an event delivered once more, at once and then as any other. Throws niet-gevonden, and toestand-staat-dit-niet-toe when
 * the subscription is switched off.
 */
export async function deliverAgain(
  { tx, now }: Handeling,
  abonnementId: string,
  bezorgingId: string
): Promise<void> {
  const abonnement = await lockAbonnement(tx, abonnementId)
  const bezorging = abonnement && (await findBezorging(tx, abonnementId, bezorgingId))
  if (abonnement === undefined || bezorging === undefined) throw notFound()
  if (abonnement.status !== 'actief' && bezorging.soort !== proefsoort)
    throw conflict('Het abonnement is uitgeschakeld; schakel het eerst weer in.')
  await repeatBezorging(tx, bezorging, { now, opgevenNa: new Date(now.getTime() + geduld) })
}

/** Has a trial event delivered to a subscription; returns the id of the delivery. Throws niet-gevonden. */
export async function tryAbonnement({ tx, now }: Handeling, id: string): Promise<string> {
  const abonnement = await lockAbonnement(tx, id)
  if (abonnement === undefined) throw notFound()
  const [gemeentecode] = abonnement.gemeentecodes
  return addProef(tx, { abonnementId: id, gemeentecode: gemeentecode! }, proefsoort, now)
}
