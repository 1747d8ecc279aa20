import { findRegisteradressen } from '../../adressen/adresregister-store.ts'
import { openResolver } from '../../adressen/open-resolver.ts'
import type { AangeleverdSignaal } from '../../begrippen/vroegsignaal.ts'
import { findGemeente } from '../../organisaties/gemeenten/gemeente-store.ts'
import { underDuty } from '../../platform/database/under-duty.ts'
import { bodyFault, invalid, notFound, Problem } from '../../platform/http/problem.ts'
import { logVroegsignalen } from '../../sporen/log-processing.ts'
import { markAdressen } from '../../sporen/markering-store.ts'
import { ageOn } from '../../time.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import { checkVroegsignaal } from '../../vroegsignalen/check-vroegsignaal.ts'
import { identifyVroegsignaal } from '../../vroegsignalen/identify-vroegsignaal.ts'
import { openInhoud, sealInhoud, signaalIn, writeInhoud } from '../../vroegsignalen/vroegsignaal-inhoud.ts'
import { lockVroegsignaal, type TeWijzigenRij } from '../../vroegsignalen/vroegsignaal-store.ts'
import { hasBezwaar } from '../../weging/has-bezwaar.ts'
import type { Rectificatieverzoek } from './rectificatie-schema.ts'
import { findOntvangst, saveRectificatie } from './rectificatie-store.ts'

/**
 * Rectifies who a signal is about, and where (AVG art. 16): fields of the resident that are given replace those that are
 * held, an address replaces the whole address. The signal moves to the household of its address; its criteria stay as they
 * were weighed, for they rest on what the partner did. Throws niet-gevonden, ongeldige-invoer, and
 * signaal-niet-toelaatbaar for a minor, for who objected, and for an address that the register knows elsewhere.
 */
export async function rectifyVroegsignaal(
  handeling: Handeling,
  { vroegsignaalId, betrokkene = {}, adres }: Rectificatieverzoek
): Promise<{ id: string; gemeentecode: string }> {
  const { tx, keys } = handeling
  const row = await lockVroegsignaal(tx, vroegsignaalId)
  const [before] = row === undefined ? [] : await openInhoud(handeling, [row])
  const key = row && (await keys.findDataKeys([row.sleuteldag])).get(row.sleuteldag)
  if (row === undefined || before === undefined || key === undefined) throw notFound()
  const held = signaalIn(before)
  const signaal = checked({
    ...held,
    betrokkene: { ...held.betrokkene, ...betrokkene },
    ...(adres !== undefined && { adres })
  })
  const { signaalpartnerId, jongere } = await findOntvangst(tx, row)
  const { persoonIndex, bsnIndex } = identifyVroegsignaal(keys, signaalpartnerId, signaal).indexes
  const plaats = await resolve(handeling, row, signaal)
  const rectified = {
    inhoud: sealInhoud(key, row, writeInhoud(signaal, plaats)),
    adresIndex: keys.hash('index-adres', plaats.sleutel),
    adresversie: plaats.versie,
    adresBekend: plaats.bekend ?? null,
    persoonIndex,
    bsnIndex,
    jongere: await isJongere(handeling, row, signaal, jongere)
  }
  await underDuty(tx, 'afhandelaar', async () => {
    if (await hasBezwaar(handeling, row.gemeentecode, signaalpartnerId, signaal)) throw objected()
    await saveRectificatie(tx, row, rectified)
  })
  await markAdressen(tx, [row, { ...row, adresIndex: rectified.adresIndex }])
  // Under the old name and the new one: both are looked up when the resident asks who saw the data.
  await logVroegsignalen(handeling, 'rectificatie-uitvoeren', [row, { ...row, persoonIndex }])
  return { id: row.id, gemeentecode: row.gemeentecode }
}

function checked(rectified: unknown): AangeleverdSignaal {
  const result = checkVroegsignaal(rectified)
  if ('faults' in result) throw invalid(result.faults)
  return result.signaal
}

async function resolve({ tx }: Handeling, { gemeentecode }: TeWijzigenRij, { adres }: AangeleverdSignaal) {
  const register = await findRegisteradressen(tx, [adres])
  const elsewhere =
    register.postcodes.length > 0 && register.postcodes.every((one) => one.gemeentecode !== gemeentecode)
  if (elsewhere) {
    throw refused(
      '/adres/postcode',
      'adres-in-gemeente',
      'Dit adres ligt in een andere gemeente. Zend het signaal door: POST /v1/vroegsignalen/{id}/doorzendingen.'
    )
  }
  return { ...openResolver(register)(adres), versie: register.versie }
}

async function isJongere(
  { tx }: Handeling,
  { gemeentecode, ontvangstdatum }: TeWijzigenRij,
  { signaaldatum, betrokkene: { geboortedatum } }: AangeleverdSignaal,
  before: boolean
): Promise<boolean> {
  if (geboortedatum === undefined) return before
  if (ageOn(geboortedatum, signaaldatum) < 18) {
    throw refused(
      '/betrokkene/geboortedatum',
      'meerderjarig',
      'Over een minderjarige mag geen signaal worden gehouden. Wis het: POST /v1/wissingsverzoeken.'
    )
  }
  const { instellingen } = (await findGemeente(tx, gemeentecode))!
  return ageOn(geboortedatum, ontvangstdatum) <= instellingen.jongereTotEnMetLeeftijd
}

function objected(): Problem {
  const detail =
    'Deze inwoner heeft bezwaar gemaakt tegen signalen van deze partner. Wis het signaal: POST /v1/wissingsverzoeken.'
  return refused('/betrokkene', 'geen-bezwaar', detail)
}

function refused(location: string, code: string, detail: string): Problem {
  return new Problem('signaal-niet-toelaatbaar', { detail, errors: [bodyFault(location, code, detail)] })
}
