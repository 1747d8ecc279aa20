import { expect } from './expect.ts'
import { must, type Party } from './open-party.ts'
import type { Stage } from './open-stage.ts'
import type { Afloop } from './post-month.ts'
import { printTable } from './print-table.ts'
import type { Huishouden } from './pull-households.ts'

type Terugkoppeling = { vroegsignaalId: string; code: string; incassopauzeTotEnMet?: string }

/**
 * The municipality opens a case for a household, reaches the residents and helps them. Each partner hears one word per
 * step. Returns the receipt of one partner, to be checked after the signal is destroyed.
 */
export async function handleHousehold(
  stage: Stage,
  huishouden: Huishouden,
  opgenomen: readonly Afloop[],
  today: string
): Promise<string> {
  const gemeente = await stage.as(huishouden.gemeentecode)
  const from = await standNow(gemeente)
  const zaken = '/v1/vroegsignaalzaken'
  const zaak = await must(201, gemeente.call('POST', zaken, { huishoudenId: huishouden.id }))
  const poging = { soort: 'huisbezoek', datum: today, dagdeel: 'avond', bereikt: true }
  await must(201, gemeente.call('POST', `${zaken}/${zaak.id}/contactpogingen`, poging))
  const result = { resultaat: 'vervolghulp-financieel', datum: today }
  const { headers } = await gemeente.call('GET', `${zaken}/${zaak.id}`)
  const match = { 'if-match': headers.get('etag') ?? '' }
  await must(200, gemeente.call('PUT', `${zaken}/${zaak.id}/resultaat`, result, match))
  expect(
    zaak.vroegsignaalIds.length === huishouden.aantalSignalen,
    `de gemeente pakt alle ${huishouden.aantalSignalen} signalen in één zaak op en sluit die met ${result.resultaat}`
  )
  await checkDeltas(gemeente, from, huishouden)

  const senders = opgenomen.filter(({ id }) => zaak.vroegsignaalIds.includes(id))
  await showFeedback(stage, senders)
  const { meldbewijs } = await must(
    200,
    (await stage.as(senders[0]!.partner)).call('GET', `/v1/vroegsignalen/${senders[0]!.id}/meldbewijs`)
  )
  return meldbewijs
}

/** Expects that the receipt is still valid after its signal was destroyed. */
export async function checkReceipt(stage: Stage, meldbewijs: string): Promise<void> {
  const judge = await stage.as('beheer')
  const { geldig, melding } = await must(
    200,
    judge.call('POST', '/v1/meldbewijzen/_verifieer', { meldbewijs })
  )
  expect(
    geldig && melding.criteria.length > 0,
    'het meldbewijs van een partner is nog te controleren, en noemt de inwoner niet'
  )
}

async function standNow(gemeente: Party): Promise<string> {
  let stand = ''
  for (;;) {
    const query = stand && `&after=${stand}`
    const { deltas, stateId } = await must(
      200,
      gemeente.call('GET', `/v1/huishoudens/_deltas?limit=1000${query}`)
    )
    stand = stateId
    if (deltas.length === 0) return stand
  }
}

async function checkDeltas(gemeente: Party, from: string, { id, aantalSignalen }: Huishouden): Promise<void> {
  const { deltas } = await must(200, gemeente.call('GET', `/v1/huishoudens/_deltas?after=${from}`))
  expect(
    deltas.length === 1 && deltas[0].huishoudenId === id && deltas[0].huishouden.opgepakt === aantalSignalen,
    'wie de huishoudens volgt, krijgt precies deze ene wijziging',
    `${deltas.length} wijzigingen`
  )
}

async function showFeedback(stage: Stage, senders: readonly Afloop[]): Promise<void> {
  const rows: string[][] = []
  for (const { partner, id } of senders) {
    const { items } = await (await stage.as(partner)).all('/v1/terugkoppelingen')
    const own = (items as Terugkoppeling[]).filter(({ vroegsignaalId }) => vroegsignaalId === id)
    const pause = own.find(({ incassopauzeTotEnMet }) => incassopauzeTotEnMet)?.incassopauzeTotEnMet
    rows.push([partner, own.map(({ code }) => code).join(', '), pause ?? ''])
  }
  printTable(['Signaalpartner', 'Hoort', 'Incasso rust tot en met'], rows)
  expect(
    rows.every(([, heard, pause]) => heard === 'opgepakt, hulp-aanvaard' && pause !== ''),
    'elke partner hoort over zijn eigen signaal twee woorden, en meer niet'
  )
}
