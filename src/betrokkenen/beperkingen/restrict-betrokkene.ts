import { randomUUIDv7 } from 'node:crypto'
import { underDuty } from '../../platform/database/under-duty.ts'
import { bodyFault, invalid, notFound } from '../../platform/http/problem.ts'
import { logVroegsignalen, logVroegsignalenOf } from '../../sporen/log-processing.ts'
import { markAdressen } from '../../sporen/markering-store.ts'
import { addDays, todayIn } from '../../time.ts'
import { ownCodes } from '../../toegang/caller.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import { findBetrokkene } from '../find-betrokkene.ts'
import { logVerzoek } from '../log-verzoek.ts'
import { chooseGemeente, onlyGemeente } from '../only-gemeente.ts'
import type { Beperkingsverzoek } from '../verzoek-schema.ts'
import { addBeperking, destroyBeperking, findBeperking, hideBeperkt, showBeperkt } from './beperking-store.ts'

/**
 * Restricts every signal of a resident (AVG art. 18): each is out of every list, search, household and delta at the commit,
 * and stays until its own term. Throws as `findBetrokkene` does, and ongeldige-invoer for an end that has passed.
 */
export async function restrictBetrokkene(
  handeling: Handeling,
  verzoek: Beperkingsverzoek
): Promise<{ id: string; gemeentecode: string }> {
  const { tx, caller, now } = handeling
  const { einddatum } = verzoek
  const vandaag = todayIn(now)
  if (einddatum !== undefined && einddatum < vandaag) throw passed()
  const gemeentecodes = ownCodes(caller, verzoek.gemeentecode)
  const { signalen } = await findBetrokkene(handeling, { gemeentecodes }, verzoek)
  const gemeentecode = onlyGemeente({ gemeentecodes }, signalen)
  if (gemeentecode === undefined) throw chooseGemeente()
  const rows = signalen.map(({ row }) => row)
  const ids = rows.map(({ id }) => id)
  const ends = [addDays(vandaag, 1), ...rows.map(({ vernietigingsdatum }) => vernietigingsdatum)]
    .sort()
    .at(-1)!
  const asked = einddatum === undefined ? ends : addDays(einddatum, 1)
  const id = randomUUIDv7()
  await addBeperking(tx, {
    gemeentecode,
    id,
    vroegsignaalIds: ids,
    vastgelegdOp: now,
    einddatum: einddatum ?? null,
    vervaldatum: asked < ends ? asked : ends
  })
  await logVroegsignalen(handeling, 'beperking-vastleggen', rows)
  if (ids.length === 0) await logVerzoek(handeling, 'beperking-vastleggen', gemeentecode, verzoek)
  await underDuty(tx, 'afhandelaar', () => hideBeperkt(tx, gemeentecode, ids), [gemeentecode])
  await markAdressen(tx, rows)
  return { id, gemeentecode }
}

/** Ends a restriction: what is left of its signals is shown again. Throws niet-gevonden. */
export async function endBeperking(handeling: Handeling, id: string): Promise<{ gemeentecode: string }> {
  const { tx } = handeling
  const beperking = await findBeperking(tx, id)
  if (beperking === undefined) throw notFound()
  const { gemeentecode, vroegsignaalIds } = beperking
  await destroyBeperking(tx, beperking)
  const shown = await underDuty(tx, 'afhandelaar', () => showBeperkt(tx, vroegsignaalIds), [gemeentecode])
  await markAdressen(tx, shown)
  const betrokkenePseudoniem = handeling.keys.hash('pseudoniem', `beperking|${id}`)
  await logVroegsignalenOf(handeling, 'beperking-opheffen', [
    { gemeentecode, vroegsignaalId: id, betrokkenePseudoniem }
  ])
  return { gemeentecode }
}

function passed() {
  return invalid([
    bodyFault('/einddatum', 'minimum', 'Deze dag is voorbij; laat hem weg, of kies een latere.')
  ])
}
