import { conflict, notFound } from '../../platform/http/problem.ts'
import { todayIn } from '../../time.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import { findGemeente } from '../gemeenten/gemeente-store.ts'
import { findOpgegaan } from '../gemeenten/opgegaan-store.ts'
import { proposeOvereenkomst } from '../overeenkomsten/propose-overeenkomst.ts'
import { addSignaalpartner } from '../signaalpartners/signaalpartner-store.ts'
import type { Aanmelding, BesluitInvoer } from './aanmelding-schema.ts'
import { lockAanmelding, saveBesluit } from './aanmelding-store.ts'
import { openAanmeldingen, sealAanmelding } from './open-aanmelding.ts'

// The covenant of the day; the operator may change it in the agreement until both have signed.
const convenantversie = 'LCV 2020'

/**
 * Decides on an application. Admission makes the partner, and an agreement to sign with every municipality that was asked
 * for and takes part. Throws niet-gevonden, and toestand-staat-dit-niet-toe when it was decided on before.
 */
export async function decideAanmelding(
  handeling: Handeling,
  id: string,
  { besluit, toelichting }: BesluitInvoer
): Promise<void> {
  const { tx, keys, now } = handeling
  const row = await lockAanmelding(tx, id)
  const [aanmelding] = row === undefined ? [] : await openAanmeldingen(handeling, [row])
  if (row === undefined || aanmelding === undefined) throw notFound()
  if (row.status !== 'ontvangen') throw conflict('Op deze aanmelding is al besloten.')
  const admitted = besluit === 'toegelaten' ? await admit({ tx, now }, aanmelding) : {}
  const { id: _, status: __, ontvangenOp: ___, ...gegevens } = aanmelding
  const key = (await keys.findDataKeys([row.vernietigingsdatum])).get(row.vernietigingsdatum)!
  const inhoud = sealAanmelding(key, id, {
    ...gegevens,
    ...admitted,
    besluitOp: now.toISOString(),
    ...(toelichting !== undefined && { toelichting })
  })
  await saveBesluit(tx, { id, status: besluit, inhoud })
}

async function admit(
  { tx, now }: Pick<Handeling, 'tx' | 'now'>,
  { naam, kvkNummer, sectoren, gemeentecodes }: Aanmelding
): Promise<Required<Pick<Aanmelding, 'signaalpartnerId' | 'overeenkomstIds'>>> {
  const signaalpartnerId = crypto.randomUUID()
  const partner = { id: signaalpartnerId, naam, sectoren, kvkNummer: kvkNummer ?? null, oin: null }
  await addSignaalpartner(tx, { ...partner, status: 'actief' })
  const overeenkomstIds: string[] = []
  for (const gemeentecode of await opvolgersOf(tx, gemeentecodes)) {
    if ((await findGemeente(tx, gemeentecode)) === undefined) continue
    const terms = { signaalpartnerId, gemeentecode, sectoren, convenantversie, ingangsdatum: todayIn(now) }
    overeenkomstIds.push(await proposeOvereenkomst(tx, terms))
  }
  return { signaalpartnerId, overeenkomstIds }
}

// Who applied for a municipality that has merged since is admitted to its successor.
async function opvolgersOf(tx: Handeling['tx'], gemeentecodes: readonly string[]): Promise<Set<string>> {
  const codes = new Set<string>()
  for (const gemeentecode of gemeentecodes)
    codes.add((await findOpgegaan(tx, gemeentecode))?.opvolger ?? gemeentecode)
  return codes
}
