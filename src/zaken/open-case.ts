import { findHousehold } from '../huishoudens/huishouden-store.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import type { Tx } from '../platform/database/open-database.ts'
import { type Fault, Problem } from '../platform/http/problem.ts'
import { logHouseholds } from '../sporen/log-household.ts'
import { markAddresses } from '../sporen/markering-store.ts'
import type { IsoDate } from '../time.ts'
import type { Inzage } from '../toegang/caller.ts'
import { settleRows } from '../vroegsignalen/afhandeling-store.ts'
import { type BehandeldSignaal, holdSignals } from './hold-signals.ts'
import { giveFeedback } from './terugkoppelingen/give-feedback.ts'
import { addCase, addSignalsToCase, listCases, type ZaakRij } from './zaak-store.ts'

/** What a municipality takes up: a household's waiting signals, or exactly those named. */
export type Oppakverzoek = {
  readonly huishoudenId: string
  readonly vroegsignaalIds?: readonly string[]
  readonly datumOpgepakt: IsoDate
}

/**
 * Opens the case of a household (station 5): its signals become `opgepakt`, and their partners hear that. Returns its id
 * and municipality. Throws niet-gevonden, ongeldige-invoer for a signal of another household, and
 * toestand-staat-dit-niet-toe when the household has an open case or no signal waits; tijdelijk-niet-beschikbaar while
 * a case of it that has come to its day is not destroyed yet.
 */
export async function openCase(
  tx: Tx,
  keys: KeyRing,
  inzage: Inzage,
  { huishoudenId, vroegsignaalIds, datumOpgepakt }: Oppakverzoek
): Promise<{ id: string; gemeentecode: string }> {
  const huishouden = await findHousehold(tx, inzage.caller.gemeentecodes, huishoudenId)
  if (huishouden === undefined) {
    throw new Problem('niet-gevonden', { detail: 'Dit huishouden bestaat niet (meer) in uw gemeente.' })
  }
  const { gemeentecode, adresIndex } = huishouden
  const [standing] = await listCases(tx, [gemeentecode], { huishoudenId, isOpen: true }, undefined, 1)
  if (standing !== undefined) throw hasOpenCase()
  const signals = await holdNamed(tx, keys, gemeentecode, huishouden.vroegsignaalIds, vroegsignaalIds)
  const vernietigingsdatum = signals
    .map(({ row }) => row.vernietigingsdatum)
    .sort()
    .at(-1)!
  const zaak = { gemeentecode, id: crypto.randomUUID(), huishoudenId, adresIndex, datumOpgepakt }
  if (!(await addCase(tx, { ...zaak, vernietigingsdatum }))) {
    const [open] = await listCases(tx, [gemeentecode], { huishoudenId, isOpen: true }, undefined, 1)
    // One that shows no more holds its place until the sweeper comes by.
    throw open
      ? hasOpenCase()
      : new Problem('tijdelijk-niet-beschikbaar', { headers: { 'retry-after': '60' } })
  }
  await takeUp(tx, keys, inzage, zaak, signals)
  await logHouseholds(tx, keys, inzage, 'zaak-openen', [zaak])
  return zaak
}

/**
 * Takes signals that came later up in an open case. Throws as openCase does, and toestand-staat-dit-niet-toe when the
 * case is closed or a signal is in it already.
 */
export async function extendCase(
  tx: Tx,
  keys: KeyRing,
  inzage: Inzage,
  zaak: ZaakRij,
  vroegsignaalIds: readonly string[]
): Promise<void> {
  refuseClosed(zaak)
  if (vroegsignaalIds.some((id) => zaak.vroegsignaalIds.includes(id))) {
    throw new Problem('toestand-staat-dit-niet-toe', { detail: 'Een van deze signalen zit al in de zaak.' })
  }
  const huishouden = await findHousehold(tx, [zaak.gemeentecode], zaak.huishoudenId)
  const signals = await holdNamed(
    tx,
    keys,
    zaak.gemeentecode,
    huishouden?.vroegsignaalIds ?? [],
    vroegsignaalIds
  )
  await takeUp(tx, keys, inzage, zaak, signals)
  await logHouseholds(tx, keys, inzage, 'zaak-uitbreiden', [zaak])
}

/** Refuses to change a case that has its result. */
export function refuseClosed({ resultaat }: Pick<ZaakRij, 'resultaat'>): void {
  if (resultaat === null) return
  throw new Problem('toestand-staat-dit-niet-toe', {
    detail: 'De zaak is afgesloten: zij heeft een resultaat.'
  })
}

function hasOpenCase(): Problem {
  const detail =
    'Dit huishouden heeft al een open zaak (GET /v1/vroegsignaalzaken?huishoudenId=…&afgesloten=false). Neem latere signalen daarin op met POST …/vroegsignalen, of sluit haar eerst.'
  return new Problem('toestand-staat-dit-niet-toe', { detail })
}

async function takeUp(
  tx: Tx,
  keys: KeyRing,
  { now }: Inzage,
  zaak: { gemeentecode: string; id: string; adresIndex: Buffer; datumOpgepakt: IsoDate },
  signals: readonly BehandeldSignaal[]
): Promise<void> {
  const rows = signals.map(({ row }) => row)
  const ids = rows.map(({ id }) => id)
  await addSignalsToCase(tx, zaak, rows)
  await settleRows(tx, zaak.gemeentecode, ids, { status: 'opgepakt', afgerond: false })
  await giveFeedback(tx, keys, signals, 'opgepakt', { now, dag: zaak.datumOpgepakt })
  await markAddresses(tx, [zaak])
}

async function holdNamed(
  tx: Tx,
  keys: KeyRing,
  gemeentecode: string,
  ofHousehold: readonly string[],
  named: readonly string[] | undefined
): Promise<BehandeldSignaal[]> {
  refuseForeign(ofHousehold, named ?? [])
  const held = await holdSignals(tx, keys, [gemeentecode], named ?? ofHousehold)
  const chosen = named === undefined ? held.filter(({ row }) => row.status === 'ontvangen') : held
  if (chosen.length === 0 || chosen.length < (named?.length ?? 0)) {
    const detail =
      named === undefined
        ? 'Geen signaal van dit huishouden wacht nog. Noem in vroegsignaalIds wat u opnieuw wilt oppakken.'
        : 'Een van deze signalen is intussen ingetrokken of vernietigd; haal het huishouden opnieuw op.'
    throw new Problem('toestand-staat-dit-niet-toe', { detail })
  }
  if (chosen.some(({ row }) => row.afgerond)) {
    const detail = 'Een van deze signalen is afgerond, en dat is de partner gezegd; het gaat niet weer open.'
    throw new Problem('toestand-staat-dit-niet-toe', { detail })
  }
  return chosen
}

function refuseForeign(ofHousehold: readonly string[], named: readonly string[]): void {
  const errors: Fault[] = named.flatMap((id, index) =>
    ofHousehold.includes(id)
      ? []
      : [
          {
            in: 'body',
            location: `/vroegsignaalIds/${index}`,
            code: 'table',
            detail: 'Dit signaal hoort niet (meer) bij dit huishouden.'
          }
        ]
  )
  if (errors.length > 0) throw new Problem('ongeldige-invoer', { errors })
}
