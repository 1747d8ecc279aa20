import { randomUUIDv7 } from 'node:crypto'
import { adresherkenning } from '../../adressen/adresherkenning.ts'
import { findRegisteradressen } from '../../adressen/adresregister-store.ts'
import { bewaartermijnen } from '../../begrippen/bewaartermijnen.ts'
import {
  findSignaalpartner,
  listGemeentecodesOfPartner
} from '../../organisaties/signaalpartners/signaalpartner-store.ts'
import { bodyFault, invalid, Problem } from '../../platform/http/problem.ts'
import { discardOpened } from '../../sporen/open-sealed.ts'
import { addMonths, todayIn } from '../../time.ts'
import { type Caller, ownCodes } from '../../toegang/caller.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import { hashBezwaar } from '../../weging/bezwaar.ts'
import { huisnummerIndexOf } from '../../weging/gather-omstandigheden.ts'
import type { GehoudenRij } from '../betrokkene-store.ts'
import { condemnSignalen } from '../condemn-signalen.ts'
import { findBetrokkene, type GehoudenSignaal } from '../find-betrokkene.ts'
import { logVerzoek } from '../log-verzoek.ts'
import { chooseGemeente, onlyGemeente } from '../only-gemeente.ts'
import type { Bezwaarverzoek } from '../verzoek-schema.ts'
import { addBezwaar } from './bezwaar-store.ts'
import { type Vermelding, vermeldingOf } from './find-bezwaren.ts'

const activiteit = 'bezwaar-vastleggen'

/**
 * Registers that a resident objects to the signals of one partner or of all (AVG art. 21): keeps keyed hashes with an
 * end date, by which new signals are refused, and condemns the signals that are held. A partner does so for its own
 * customer. Throws as `findBetrokkene` does, and ongeldige-invoer or geen-overeenkomst where the municipality is not
 * known or the partner is not one that may be named.
 */
export async function registerBezwaar(
  handeling: Handeling,
  verzoek: Bezwaarverzoek
): Promise<{ id: string; gemeentecode: string }> {
  const { tx, now } = handeling
  const signaalpartnerId = await namedPartner(handeling, verzoek)
  const { gemeentecode, signalen } = await findObjected(handeling, verzoek, signaalpartnerId)
  const id = randomUUIDv7()
  await addBezwaar(tx, {
    gemeentecode,
    id,
    signaalpartnerId: signaalpartnerId ?? null,
    viaSignaalpartner: handeling.caller.rol === 'signaalpartner',
    ...(await hashesOf(handeling, id, recognisable(verzoek, signalen))),
    einddatum: addMonths(todayIn(now), bewaartermijnen.bezwaar.maanden)
  })
  // Under an id of its own: by that of the objection, the log would tell whose hashes they are.
  await logVerzoek(handeling, activiteit, gemeentecode, verzoek)
  await condemnSignalen(handeling, gemeentecode, signalen, { grond: 'bezwaar', activiteit })
  return { id, gemeentecode }
}

async function namedPartner(
  { tx, caller }: Handeling,
  { signaalpartnerId }: Bezwaarverzoek
): Promise<string | undefined> {
  if (caller.rol === 'signaalpartner') {
    if (signaalpartnerId === undefined || signaalpartnerId === caller.signaalpartnerId)
      return caller.signaalpartnerId
    throw wrongPartner('Een partner legt alleen bezwaar tegen de eigen signalen vast; laat dit weg.')
  }
  if (signaalpartnerId === undefined || (await findSignaalpartner(tx, signaalpartnerId)))
    return signaalpartnerId
  throw wrongPartner('Deze signaalpartner bestaat niet.')
}

function wrongPartner(detail: string): Problem {
  return invalid([bodyFault('/signaalpartnerId', 'table', detail)])
}

async function findObjected(
  handeling: Handeling,
  verzoek: Bezwaarverzoek,
  signaalpartnerId: string | undefined
): Promise<{ gemeentecode: string; signalen: readonly GehoudenSignaal[] }> {
  const isOwn = (row: GehoudenRij) => row.signaalpartnerId === signaalpartnerId
  const gemeentecodes = await codesOf(handeling, verzoek)
  const isPartner = handeling.caller.rol === 'signaalpartner'
  const bereik = {
    gemeentecodes,
    // A partner may not learn of signals that are over for it, nor of those of others.
    ...(isPartner && { isOwn, isKnown: ({ afgerond }: GehoudenRij) => !afgerond })
  }
  const { signalen } = await findBetrokkene(handeling, bereik, verzoek)
  const gemeentecode = isPartner ? only(gemeentecodes) : onlyGemeente({ gemeentecodes }, signalen)
  if (gemeentecode === undefined) throw chooseGemeente()
  const objected = signalen.filter(({ row }) => signaalpartnerId === undefined || isOwn(row))
  // Those of other partners were opened to recognise the resident, and are shown to nobody.
  const others = signalen.filter((one) => !objected.includes(one))
  discardOpened(
    handeling,
    others.map(({ row }) => row.id)
  )
  return { gemeentecode, signalen: objected }
}

/** The municipalities that it may be about: as the request says, as the register knows the postcode, or all. */
async function codesOf(handeling: Handeling, verzoek: Bezwaarverzoek): Promise<readonly string[]> {
  const { tx, caller } = handeling
  const own = await listOwnCodes(handeling, caller)
  const { gemeentecode } = verzoek
  if (gemeentecode !== undefined) {
    if (caller.rol === 'gemeente') return ownCodes(caller, gemeentecode)
    if (!own.includes(gemeentecode)) throw noAgreement()
    return [gemeentecode]
  }
  const { adres } = vermeldingOf(verzoek)
  if (own.length === 1 || adres === undefined) return own
  const { postcodes } = await findRegisteradressen(tx, [adres])
  const known = own.filter((code) => postcodes.some((one) => one.gemeentecode === code))
  return known.length === 1 ? known : own
}

async function listOwnCodes({ tx }: Handeling, caller: Caller): Promise<readonly string[]> {
  return caller.signaalpartnerId === undefined
    ? caller.gemeentecodes
    : listGemeentecodesOfPartner(tx, caller.signaalpartnerId)
}

function noAgreement(): Problem {
  const detail = 'U hebt met deze gemeente geen overeenkomst, zodat u er ook geen signalen geeft.'
  return new Problem('geen-overeenkomst', { detail })
}

function only(codes: readonly string[]): string | undefined {
  return codes.length === 1 ? codes[0] : undefined
}

/**
 * Whom to recognise: as the request names the resident, with the BSN where a signal has it; by BSN alone also the name
 * and the address of the newest signal, so that one that comes without a BSN is refused as well.
 */
function recognisable(verzoek: Bezwaarverzoek, signalen: readonly GehoudenSignaal[]): Vermelding {
  const asked = vermeldingOf(verzoek)
  const known = signalen.map(({ signaal }) => signaal)
  const newest = known.at(-1)
  if (verzoek.naam === undefined)
    return newest === undefined
      ? asked
      : { persoon: { ...asked.persoon, naam: newest.betrokkene.naam }, adres: newest.adres }
  const bsn = known.flatMap(({ betrokkene }) => betrokkene.burgerservicenummer ?? []).at(-1)
  return bsn === undefined ? asked : { ...asked, persoon: { ...asked.persoon, burgerservicenummer: bsn } }
}

async function hashesOf({ tx, keys }: Handeling, id: string, { persoon, adres }: Vermelding) {
  const herkenning =
    adres === undefined ? [] : adresherkenning(adres, (await findRegisteradressen(tx, [adres])).adressen)
  const hashes = hashBezwaar(keys, id, persoon, herkenning)
  return {
    huisnummerIndex: adres === undefined ? null : huisnummerIndexOf(keys, adres),
    adresIndexen: hashes.adresIndexen.map(bytesOf),
    // By BSN alone no name is known.
    naamIndexen: adres === undefined ? [] : hashes.naamIndexen.map(bytesOf),
    bsnIndex: bytesOrNull(hashes.bsnIndex),
    geboortedatumIndex: bytesOrNull(hashes.geboortedatumIndex),
    voorletterIndex: bytesOrNull(hashes.voorletterIndex)
  }
}

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex, 'hex')
}

function bytesOrNull(hex: string | null): Buffer | null {
  return hex === null ? null : bytesOf(hex)
}
