import { findRegisteradressen } from '../../adressen/adresregister-store.ts'
import { openResolver } from '../../adressen/open-resolver.ts'
import type { AangeleverdSignaal } from '../../begrippen/vroegsignaal.ts'
import { assessSignal, isRefusal } from '../../beoordeling/assess-signal.ts'
import { findGemeente } from '../../organisaties/gemeenten/gemeente-store.ts'
import { underDuty } from '../../platform/database/under-duty.ts'
import { invalid, notFound } from '../../platform/http/problem.ts'
import { logVroegsignalen } from '../../sporen/log-processing.ts'
import { markAdressen } from '../../sporen/markering-store.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import { checkVroegsignaal } from '../../vroegsignalen/check-vroegsignaal.ts'
import { identifyVroegsignaal } from '../../vroegsignalen/identify-vroegsignaal.ts'
import { isJongere } from '../../vroegsignalen/is-jongere.ts'
import { openInhoud, sealInhoud, signaalIn, writeInhoud } from '../../vroegsignalen/vroegsignaal-inhoud.ts'
import { lockVroegsignaal, type TeWijzigenRij } from '../../vroegsignalen/vroegsignaal-store.ts'
import { afwijzingProblem } from '../../weging/afwijzing-problem.ts'
import { hasBezwaar } from '../../weging/has-bezwaar.ts'
import type { Rectificatieverzoek } from './rectificatie-schema.ts'
import { saveRectificatie } from './rectificatie-store.ts'

/**
 * Rectifies who a signal is about, and where (AVG art. 16): fields of the resident that are given replace those that are
 * held, an address replaces the whole address. The signal moves to the household of its address; the evidence stays as it
 * was weighed, for it is what the partner did. Throws niet-gevonden, ongeldige-invoer, and signaal-niet-toelaatbaar when
 * a signal about this resident, there, would not have been admitted.
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
  const { persoonIndex, bsnIndex } = identifyVroegsignaal(keys, row.signaalpartnerId, signaal).indexes
  const plaats = await locate(handeling, signaal)
  await requireAdmissible(handeling, row, signaal, plaats)
  const { instellingen } = (await findGemeente(tx, row.gemeentecode))!
  const adresIndex = keys.hash('index-adres', plaats.sleutel)
  await underDuty(tx, 'afhandelaar', () =>
    saveRectificatie(tx, row, {
      inhoud: sealInhoud(key, row, writeInhoud(signaal, plaats)),
      adresIndex,
      adresversie: plaats.versie,
      adresBekend: plaats.bekend ?? null,
      persoonIndex,
      bsnIndex,
      jongere: isJongere(signaal, row.ontvangstdatum, instellingen)
    })
  )
  await markAdressen(tx, [row, { ...row, adresIndex }])
  // Under the old name and the new one: both are looked up when the resident asks who saw the data.
  await logVroegsignalen(handeling, 'rectificatie-uitvoeren', [row, { ...row, persoonIndex }])
  return { id: row.id, gemeentecode: row.gemeentecode }
}

function checked(rectified: unknown): AangeleverdSignaal {
  const result = checkVroegsignaal(rectified)
  if ('faults' in result) throw invalid(result.faults)
  return result.signaal
}

/** Where a signal is, as the register has it. */
async function locate({ tx }: Handeling, { adres }: AangeleverdSignaal) {
  const register = await findRegisteradressen(tx, [adres])
  return {
    ...openResolver(register)(adres),
    versie: register.versie,
    gemeentecodesVanPostcode: register.postcodes.flatMap(({ gemeentecode }) => gemeentecode || [])
  }
}

// As on the day of its receipt. What the partner did, its agreement and the amount were admitted then.
async function requireAdmissible(
  handeling: Handeling,
  { gemeentecode, signaalpartnerId, ontvangstdatum }: TeWijzigenRij,
  signaal: AangeleverdSignaal,
  { gemeentecodesVanPostcode, bekend }: Awaited<ReturnType<typeof locate>>
): Promise<void> {
  const bezwaarGeregistreerd = await underDuty(handeling.tx, 'afhandelaar', () =>
    hasBezwaar(handeling, gemeentecode, signaalpartnerId, signaal)
  )
  const refused = assessSignal(
    { ...signaal, gemeentecode },
    {
      vandaag: ontvangstdatum,
      overeenkomstActief: true,
      gemeentecodesVanPostcode,
      ...(bekend !== undefined && { adresBekend: bekend }),
      bezwaarGeregistreerd,
      eerderVroegsignaal: true
    }
  ).filter(isRefusal)
  if (refused.length === 0) return
  const [remedy] = refused.flatMap(({ criterium }) => remedies[criterium.criterium] ?? [])
  const unchanged = 'Het verbeterde signaal voldoet niet aan de criteria; er is niets gewijzigd.'
  throw afwijzingProblem(refused, remedy === undefined ? unchanged : `${unchanged} ${remedy}`)
}

const erase = 'Wis het signaal: POST /v1/wissingsverzoeken.'
// What the municipality now knows does not only forbid a rectification: the signal itself may not stay here.
const remedies: Readonly<Record<string, string>> = {
  'adres-in-gemeente': 'Zend het signaal door: POST /v1/vroegsignalen/{id}/doorzendingen.',
  meerderjarig: erase,
  'geen-bezwaar': erase
}
