import { listGemeentenamen } from '../../organisaties/gemeenten/gemeente-store.ts'
import { type Place, sealFor } from '../../platform/crypto/seal-row.ts'
import { logVroegsignalenOf, pseudonymOf } from '../../sporen/log-processing.ts'
import { openSealed, type Sealed } from '../../sporen/open-sealed.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import type { BehandeldSignaal } from '../hold-vroegsignalen.ts'
import { addGemeldeSignalen, findGemeldSignaal, type GemeldSignaal } from './gemeld-signaal-store.ts'
import { describeMelding, type Melding } from './meldbewijs.ts'

/**
 * Stores what a partner may still ask for once a signal is over for it: the receipt, and that it was reported. The
 * record is the same for every result, so that neither a missing receipt nor a free reference reveals the result.
 */
export async function keepGemeldeSignalen(
  { tx, keys }: Handeling,
  signals: readonly BehandeldSignaal[]
): Promise<void> {
  const dataKeys = await keys.findDataKeys(signals.map(({ row }) => row.sleuteldag))
  const names = await listGemeentenamen(
    tx,
    signals.map(({ row }) => row.gemeentecode)
  )
  const receiptOf = ({ row, signaal }: BehandeldSignaal) =>
    JSON.stringify(describeMelding(signaal, names.get(row.gemeentecode)!))
  await addGemeldeSignalen(
    tx,
    signals.map(({ row, signaal }) => ({
      gemeentecode: row.gemeentecode,
      id: row.id,
      signaalpartnerId: row.signaalpartnerId,
      referentieIndex: row.referentieIndex,
      klantIndex: row.klantIndex,
      soort: row.soort,
      sector: row.sector,
      signaaldatum: row.signaaldatum,
      ontvangenOp: row.ontvangenOp,
      bedragInCenten: row.bedragInCenten,
      betrokkenePseudoniem: pseudonymOf(keys, row.persoonIndex),
      vernietigingsdatum: row.sleuteldag,
      inhoud: sealFor(dataKeys.get(row.sleuteldag)!, placeOf(row), receiptOf({ row, signaal }))
    }))
  )
}

/** Reads the receipt of a signal of the caller that is over for it, and logs that; undefined when there is none. */
export async function readGemeldSignaal(handeling: Handeling, id: string): Promise<Melding | undefined> {
  const row = await findGemeldSignaal(handeling.tx, id)
  if (row === undefined) return undefined
  const [receipt] = await openSealed(handeling, [sealedReceiptOf({ ...row, id })])
  if (receipt === undefined) return undefined
  await logVroegsignalenOf(handeling, 'vroegsignaal-inzien', [{ ...row, vroegsignaalId: id }])
  return JSON.parse(receipt)
}

/** The receipt of a signal that is over for its partner, to be opened. */
export function sealedReceiptOf({
  signaalpartnerId,
  id,
  vernietigingsdatum,
  inhoud
}: Pick<GemeldSignaal, 'signaalpartnerId' | 'id' | 'vernietigingsdatum' | 'inhoud'>): Sealed {
  return { place: placeOf({ signaalpartnerId, id }), dag: vernietigingsdatum, inhoud, vroegsignaalId: id }
}

// By partner, because the row may change municipality.
function placeOf({ signaalpartnerId, id }: { signaalpartnerId: string; id: string }): Place {
  return { table: 'gemeld_signaal', tenant: signaalpartnerId, id }
}
