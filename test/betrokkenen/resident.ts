import type { Test } from 'tap'
import type { Overrides } from '../helpers/builders.ts'
import { openStage, type Partner } from '../zaken/zaak-stage.ts'

/** How the resident of these tests is named in a request. */
export const adres = { postcode: '8101AA', huisnummer: 1 }
export const dijk = { naam: { geslachtsnaam: 'Dijk', voorvoegsel: 'van' }, adres }

/** The stage of the cases, with a health insurer and a way to send signals about named persons. */
export async function openRights(t: Test, options: { now?: string } = {}) {
  const stage = await openStage(t, options)
  const zorg: Partner = await stage.partner('zorgverzekering')
  /** Posts a signal about a person on the address. Returns its id. */
  const about = (by: Partner, betrokkene: Overrides, overrides: Overrides = {}): Promise<string> =>
    stage.send(by, 1, { betrokkene, ...overrides })
  const vanDijk = (by: Partner, overrides: Overrides = {}) =>
    about(by, { naam: { voorletters: 'A.', voorvoegsel: 'van', geslachtsnaam: 'Dijk' } }, overrides)
  return { ...stage, zorg, about, vanDijk }
}
