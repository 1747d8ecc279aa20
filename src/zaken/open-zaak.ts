import { type HuishoudenRij, readHuishouden } from '../huishoudens/huishouden-store.ts'
import { upToDate } from '../huishoudens/matched.ts'
import { holdHerleiding } from '../platform/database/locks.ts'
import type { Tx } from '../platform/database/open-database.ts'
import { bodyFault, conflict, invalid, later, notFound, type Problem } from '../platform/http/problem.ts'
import { logHuishoudens } from '../sporen/log-processing.ts'
import { markAdressen } from '../sporen/markering-store.ts'
import type { IsoDate } from '../time.ts'
import type { Handeling } from '../toegang/handeling.ts'
import { settleVroegsignalen } from '../vroegsignalen/afhandeling-store.ts'
import { type BehandeldSignaal, holdVroegsignalen } from '../vroegsignalen/hold-vroegsignalen.ts'
import { giveTerugkoppeling } from './terugkoppelingen/give-terugkoppeling.ts'
import { addVroegsignalenToZaak, addZaak, lastDayOf, listZaken, type ZaakRij } from './zaak-store.ts'

/** A request to take up all waiting signals of a household, or exactly the ones named. */
export type Oppakverzoek = {
  readonly huishoudenId: string
  readonly vroegsignaalIds?: readonly string[]
  readonly datumOpgepakt: IsoDate
}

type Opening = { gemeentecode: string; id: string; adresIndex: Buffer; datumOpgepakt: IsoDate }

/**
 * Opens the case of a household (station 5): its signals become `opgepakt` and their partners hear that. Returns its id
 * and municipality. Throws niet-gevonden, ongeldige-invoer for a signal of another household,
 * toestand-staat-dit-niet-toe when the household has an open case or no signal can be taken up, and
 * tijdelijk-niet-beschikbaar while an earlier case is due for destruction but not destroyed yet, and OutdatedHuishouden
 * when it is told to check that.
 */
export async function openZaak(
  handeling: Handeling,
  { huishoudenId, vroegsignaalIds, datumOpgepakt }: Oppakverzoek,
  isChecking: boolean
): Promise<{ id: string; gemeentecode: string }> {
  const { tx, caller } = handeling
  const huishouden = await holdHuishouden(tx, caller.gemeentecodes, huishoudenId, isChecking)
  const { gemeentecode, adresIndex } = huishouden
  if (await hasOpenCase(tx, huishouden)) throw alreadyOpen()
  const signals = await holdNamed(handeling, gemeentecode, huishouden.vroegsignaalIds, vroegsignaalIds)
  // The address register has changed since the household was read, and so may its address have.
  if (signals.some(({ row }) => !row.adresIndex.equals(adresIndex))) throw later(1)
  const zaak = { gemeentecode, id: crypto.randomUUID(), huishoudenId, adresIndex, datumOpgepakt }
  const vernietigingsdatum = lastDayOf(signals.map(({ row }) => row))
  if (!(await addZaak(tx, { ...zaak, vernietigingsdatum }))) {
    // A case past its day is hidden, but takes up the place until it is destroyed.
    throw (await hasOpenCase(tx, huishouden)) ? alreadyOpen() : later(60)
  }
  await takeUp(handeling, 'zaak-openen', zaak, signals)
  return { id: zaak.id, gemeentecode }
}

// Until the case is there, its household may not be joined with another: the case would be left behind.
async function holdHuishouden(
  tx: Tx,
  gemeentecodes: readonly string[],
  id: string,
  isChecking: boolean
): Promise<HuishoudenRij> {
  const [seen] = upToDate(await readHuishouden(tx, gemeentecodes, id, 'geen'), isChecking)
  if (seen !== undefined) await holdHerleiding(tx, seen.gemeentecode)
  const [huishouden] = seen === undefined ? [] : (await readHuishouden(tx, gemeentecodes, id, 'geen')).rows
  if (huishouden === undefined) throw notFound('Dit huishouden bestaat niet (meer) in uw gemeente.')
  return huishouden
}

/**
 * Adds later signals to an open case and takes them up. Throws as `openZaak` does, and toestand-staat-dit-niet-toe when
 * the case is closed or has one of the signals already.
 */
export async function extendZaak(
  handeling: Handeling,
  zaak: ZaakRij,
  vroegsignaalIds: readonly string[],
  isChecking: boolean
): Promise<void> {
  refuseClosed(zaak)
  if (vroegsignaalIds.some((id) => zaak.vroegsignaalIds.includes(id))) {
    throw conflict('Een van deze signalen zit al in de zaak.')
  }
  const { gemeentecode, huishoudenId } = zaak
  const [huishouden] = upToDate(
    await readHuishouden(handeling.tx, [gemeentecode], huishoudenId, 'geen'),
    isChecking
  )
  const ofHousehold = huishouden?.vroegsignaalIds ?? []
  const signals = await holdNamed(handeling, gemeentecode, ofHousehold, vroegsignaalIds)
  await takeUp(handeling, 'zaak-uitbreiden', zaak, signals)
}

/** Throws toestand-staat-dit-niet-toe when a case has a result. */
export function refuseClosed({ resultaat }: Pick<ZaakRij, 'resultaat'>): void {
  if (resultaat === null) return
  throw conflict('De zaak is afgesloten: zij heeft een resultaat.')
}

async function hasOpenCase(
  tx: Tx,
  { gemeentecode, id }: { gemeentecode: string; id: string }
): Promise<boolean> {
  const open = await listZaken(tx, [gemeentecode], { huishoudenId: id, isOpen: true }, undefined, 1)
  return open.length > 0
}

function alreadyOpen(): Problem {
  const detail =
    'Dit huishouden heeft al een open zaak (GET /v1/vroegsignaalzaken?huishoudenId=…&afgesloten=false). Neem latere signalen daarin op met POST …/vroegsignalen, of sluit die zaak eerst.'
  return conflict(detail)
}

async function takeUp(
  handeling: Handeling,
  activiteit: 'zaak-openen' | 'zaak-uitbreiden',
  zaak: Opening,
  signals: readonly BehandeldSignaal[]
): Promise<void> {
  const { tx } = handeling
  const rows = signals.map(({ row }) => row)
  const vroegsignaalIds = rows.map(({ id }) => id)
  await addVroegsignalenToZaak(tx, zaak, rows)
  await settleVroegsignalen(tx, zaak.gemeentecode, vroegsignaalIds, { status: 'opgepakt', afgerond: false })
  await giveTerugkoppeling(handeling, signals, 'opgepakt', zaak.datumOpgepakt)
  await markAdressen(tx, rows)
  await logHuishoudens(handeling, activiteit, [{ ...zaak, vroegsignaalIds }])
}

async function holdNamed(
  handeling: Handeling,
  gemeentecode: string,
  ofHousehold: readonly string[],
  named: readonly string[] | undefined
): Promise<BehandeldSignaal[]> {
  refuseForeign(ofHousehold, named ?? [])
  const chosen = await holdVroegsignalen(
    handeling,
    [gemeentecode],
    named ?? ofHousehold,
    ({ status }) => named !== undefined || status === 'ontvangen'
  )
  if (chosen.length === 0 || chosen.length < (named?.length ?? 0)) {
    const detail =
      named === undefined
        ? 'Geen signaal van dit huishouden wacht nog. Noem in vroegsignaalIds wat u opnieuw wilt oppakken.'
        : 'Een van deze signalen is intussen ingetrokken of vernietigd; haal het huishouden opnieuw op.'
    throw conflict(detail)
  }
  if (chosen.some(({ row }) => row.afgerond && row.doorgezondenVan === null)) {
    const detail = 'Een van deze signalen is afgerond, en dat is de partner gezegd; het gaat niet weer open.'
    throw conflict(detail)
  }
  return chosen
}

function refuseForeign(ofHousehold: readonly string[], named: readonly string[]): void {
  const detail = 'Dit signaal hoort niet (meer) bij dit huishouden.'
  const errors = named.flatMap((id, index) =>
    ofHousehold.includes(id) ? [] : [bodyFault(`/vroegsignaalIds/${index}`, 'table', detail)]
  )
  if (errors.length > 0) throw invalid(errors)
}
