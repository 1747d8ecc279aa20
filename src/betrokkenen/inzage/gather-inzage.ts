import { listHuishoudensOnAdressen } from '../../huishoudens/huishouden-store.ts'
import { upToDate } from '../../huishoudens/matched.ts'
import { parseGetoond } from '../../huishoudens/read-huishoudens.ts'
import { listGemeentenamen } from '../../organisaties/gemeenten/gemeente-store.ts'
import { ownOrInherited } from '../../organisaties/herindelingen/own-or-inherited.ts'
import { underDuty } from '../../platform/database/under-duty.ts'
import { logVroegsignalen, pseudonymOf, pseudonymOfAdres } from '../../sporen/log-processing.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import { parseVroegsignaal, showVroegsignalen } from '../../vroegsignalen/show-vroegsignalen.ts'
import { openToelichtingen } from '../../zaken/betwistingen/toelichtingen.ts'
import type { GehoudenSignaal, Gevonden } from '../find-betrokkene.ts'
import type { Inzage } from './inzage-schema.ts'
import {
  type Inzicht,
  listBetwistingenVan,
  listContactpogingenVan,
  listInzichten,
  listPartnernamen,
  listTerugkoppelingenVan,
  listZakenVan,
  type ZaakVanBetrokkene
} from './inzage-store.ts'

/**
 * Gathers everything that is held of a resident, and logs that it was shown. Of what others on the address are part of,
 * it has what is about the resident only. Throws OutdatedHuishouden when told to check that households are matched.
 */
export async function gatherInzage(
  handeling: Handeling,
  { signalen, onzeker }: Gevonden,
  isChecking: boolean
): Promise<Omit<Inzage, 'bezwaren'>> {
  const { tx, now } = handeling
  const rows = signalen.map(({ row }) => row)
  const besides = await readBesides(handeling, signalen)
  const namen = await listPartnernamen(
    tx,
    [...rows, ...besides.terugkoppelingen].map(({ signaalpartnerId }) => signaalpartnerId)
  )
  const zaken = await listZakenVan(tx, rows)
  const shown = {
    opgesteldOp: now.toISOString(),
    vroegsignalen: await showSignalen(handeling, signalen, namen),
    aantalOnzeker: onzeker,
    huishoudens: await readHuishoudens(handeling, signalen, isChecking),
    zaken: await showZaken(handeling, zaken),
    terugkoppelingen: besides.terugkoppelingen.map(
      ({ vroegsignaalId, signaalpartnerId, code, op, incassopauzeTotEnMet }) => ({
        vroegsignaalId,
        signaalpartner: { id: signaalpartnerId, naam: namen.get(signaalpartnerId) ?? 'onbekend' },
        code,
        op: op.toISOString(),
        ...(incassopauzeTotEnMet !== null && { incassopauzeTotEnMet })
      })
    ),
    betwistingen: besides.betwistingen,
    verwerkingen: await readInzichten(handeling, signalen, zaken)
  }
  await logVroegsignalen(handeling, 'inzage-verlenen', rows)
  return shown
}

async function showSignalen(
  handeling: Handeling,
  signalen: readonly GehoudenSignaal[],
  namen: ReadonlyMap<string, string>
): Promise<Inzage['vroegsignalen']> {
  const rows = signalen.map(({ row }) => ({
    ...row,
    signaalpartnerNaam: namen.get(row.signaalpartnerId) ?? 'onbekend'
  }))
  return (await showVroegsignalen(handeling, rows)).map(parseVroegsignaal)
}

// A municipality cannot read back what it told partners; a resident may know it.
async function readBesides(handeling: Handeling, signalen: readonly GehoudenSignaal[]) {
  const { tx } = handeling
  const rows = signalen.map(({ row }) => row)
  return underDuty(tx, 'afhandelaar', async () => {
    const betwistingen = await listBetwistingenVan(tx, rows)
    const texts = await openToelichtingen(handeling, betwistingen)
    return {
      terugkoppelingen: await listTerugkoppelingenVan(tx, rows),
      betwistingen: betwistingen.map(({ vroegsignaalId, reden, reactie, ingediendOp }, index) => ({
        vroegsignaalId,
        reden,
        ingediendOp: ingediendOp.toISOString(),
        ...(reactie !== null && { reactie }),
        ...texts[index]
      }))
    }
  })
}

async function readHuishoudens(
  { tx }: Handeling,
  signalen: readonly GehoudenSignaal[],
  isChecking: boolean
): Promise<Inzage['huishoudens']> {
  const own = new Set(signalen.map(({ row }) => row.id))
  const adressen = new Map(signalen.map(({ row }) => [row.adresIndex.toString('hex'), row.adresIndex]))
  const gelezen = await listHuishoudensOnAdressen(tx, [...adressen.values()], undefined, 1_000, 'geen')
  return upToDate(gelezen, isChecking).flatMap((row) => {
    const vroegsignaalIds = row.vroegsignaalIds.filter((id) => own.has(id))
    if (vroegsignaalIds.length === 0) return []
    const { id, gemeentecode, adresindicatie, ...counted } = parseGetoond(row)
    const { matchsoorten, crisis, jongere, sectoren, totaalbedragInCenten } = counted
    // Counts of a household with somebody else in it say something about that person.
    const isAlone = vroegsignaalIds.length === row.vroegsignaalIds.length
    return [
      {
        id,
        gemeentecode,
        vroegsignaalIds,
        ...(adresindicatie && { adresindicatie }),
        ...(isAlone && { matchsoorten, crisis, jongere, sectoren, totaalbedragInCenten })
      }
    ]
  })
}

async function showZaken({ tx }: Handeling, zaken: readonly ZaakVanBetrokkene[]): Promise<Inzage['zaken']> {
  const pogingen = Map.groupBy(await listContactpogingenVan(tx, zaken), ({ zaakId }) => zaakId)
  return zaken.map((zaak) => {
    const { id, gemeentecode, vroegsignaalIds, datumOpgepakt, resultaat, resultaatdatum } = zaak
    return {
      id,
      gemeentecode,
      vroegsignaalIds,
      datumOpgepakt,
      ...(resultaat !== null && resultaatdatum !== null && zaak.isBetreft && { resultaat, resultaatdatum }),
      contactpogingen: (pogingen.get(id) ?? []).map((poging) => showPoging(poging, zaak.heeftAndere))
    }
  })
}

type Poging = Awaited<ReturnType<typeof listContactpogingenVan>>[number]

// What somebody said may have been said by the other.
function showPoging(poging: Poging, isShared: boolean): Inzage['zaken'][number]['contactpogingen'][number] {
  const { soort, datum, dagdeel, bereikt, wenstGeenContact, toestemmingsdatum } = poging
  return {
    soort,
    datum,
    ...(dagdeel !== null && { dagdeel }),
    bereikt,
    ...(wenstGeenContact && !isShared && { wenstGeenContact }),
    ...(toestemmingsdatum !== null && !isShared && { toestemmingsdatum })
  }
}

async function readInzichten(
  { tx, keys, caller }: Handeling,
  signalen: readonly GehoudenSignaal[],
  zaken: readonly ZaakVanBetrokkene[]
): Promise<Inzage['verwerkingen']> {
  const rows = signalen.map(({ row }) => row)
  if (rows.length === 0) return []
  const vanaf = new Date(Math.min(...rows.map(({ ontvangenOp }) => ontvangenOp.getTime())))
  const inzichten = await listInzichten(tx, {
    gemeentecodes: await ownOrInherited(tx, caller),
    personen: rows.map(({ persoonIndex }) => pseudonymOf(keys, persoonIndex)),
    adressen: rows.map(({ adresIndex }) => pseudonymOfAdres(keys, adresIndex)),
    vanaf,
    zaken: zaken.map(({ id }) => id)
  })
  const partners = await listPartnernamen(
    tx,
    inzichten.flatMap(({ signaalpartnerId }) => signaalpartnerId ?? [])
  )
  const gemeenten = await listGemeentenamen(tx, [
    ...new Set(inzichten.map(({ gemeentecode }) => gemeentecode))
  ])
  return inzichten.map((inzicht) => ({
    gemeentecode: inzicht.gemeentecode,
    activiteit: inzicht.activiteit as Inzage['verwerkingen'][number]['activiteit'],
    door: whoOf(inzicht, partners, gemeenten),
    aantal: inzicht.aantal,
    eersteOp: inzicht.eersteOp.toISOString(),
    laatsteOp: inzicht.laatsteOp.toISOString()
  }))
}

function whoOf(
  { gemeentecode, clientId, signaalpartnerId, gebruiker }: Inzicht,
  partners: ReadonlyMap<string, string>,
  gemeenten: ReadonlyMap<string, string>
): Inzage['verwerkingen'][number]['door'] {
  if (clientId === null) return { naam: 'signaalhub' }
  if (signaalpartnerId !== null)
    return { id: signaalpartnerId, naam: partners.get(signaalpartnerId) ?? 'onbekend' }
  const naam = `Gemeente ${gemeenten.get(gemeentecode)?.replace(/^gemeente /i, '') ?? gemeentecode}`
  return { naam, clientId, ...(gebruiker !== null && { gebruiker }) }
}
