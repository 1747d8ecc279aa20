import { normaliseAdres } from '../adressen/normalise-adres.ts'
import type { AangeleverdSignaal } from '../begrippen/vroegsignaal.ts'
import { isSamePerson, type Persoon } from '../personen/is-same-person.ts'
import { isOnePerson, onlyThese } from '../personen/one-person.ts'
import { splitName } from '../personen/split-name.ts'
import { underDuty } from '../platform/database/under-duty.ts'
import { bodyFault, type Fault, Problem } from '../platform/http/problem.ts'
import { discardOpened } from '../sporen/open-sealed.ts'
import type { Handeling } from '../toegang/handeling.ts'
import { searchKeys } from '../vroegsignalen/search-keys.ts'
import { openInhoud, signaalIn } from '../vroegsignalen/vroegsignaal-inhoud.ts'
import { type GehoudenRij, listGehouden } from './betrokkene-store.ts'
import { bareBsn } from './verzoek-rules.ts'
import type { Betrokkenenverzoek } from './verzoek-schema.ts'

/** A signal that is held, with its content opened. */
export type GehoudenSignaal = { readonly row: GehoudenRij; readonly signaal: AangeleverdSignaal }

/** What is held of one resident. */
export type Gevonden = {
  /** The signals that are about this resident and about nobody else, oldest first. */
  readonly signalen: readonly GehoudenSignaal[]
  /** How many more may be about this resident, but as well about somebody else on the address. */
  readonly onzeker: number
}

/** Whose signals count, and which of them decide whether what was asked is clear. */
export type Bereik = {
  readonly gemeentecodes: readonly string[]
  readonly isOwn?: (row: GehoudenRij) => boolean
  readonly isKnown?: (row: GehoudenRij) => boolean
}

/**
 * Finds every signal that is held of one resident, by the rule of one person (contract §5): by BSN, or by name and
 * address, and from there those with the same BSN elsewhere and those of the same name beside them. Whoever fits the
 * resident and somebody else as well is left out and counted. Throws betrokkene-onduidelijk when what was asked fits
 * more than one person. The caller must log what it does with the signals.
 */
export async function findBetrokkene(
  handeling: Handeling,
  bereik: Bereik,
  verzoek: Betrokkenenverzoek
): Promise<Gevonden> {
  const sleutels = await searchKeys(handeling, asSearch(verzoek))
  const { signalen, read, onzeker } = await underDuty(
    handeling.tx,
    'afhandelaar',
    async () => {
      const held = openHeld(handeling, bereik)
      const onAdres = await held.by('adresIndex', sleutels.adresIndexen ?? [])
      const named = ofAsked(onAdres, verzoek, bereik)
      const bsns = [...(sleutels.bsnIndex ? [sleutels.bsnIndex] : []), ...bsnIndexesOf(handeling, named)]
      const seeds = union(named, await held.by('bsnIndex', bsns))
      const elsewhere = await held.by('adresIndex', adressenOf(seeds, onAdres))
      const beside = besideThem(seeds, elsewhere)
      const signalen = union(seeds, beside)
      const fitting = [
        ...onAdres.filter((one) => fitsAsked(one, verzoek)),
        ...elsewhere.filter((one) => seeds.some((seed) => isBeside(seed, one)))
      ]
      return { signalen, read: held.read, onzeker: union(signalen, fitting).length - signalen.length }
    },
    bereik.gemeentecodes
  )
  const found = new Set(signalen.map(({ row }) => row.id))
  discardOpened(
    handeling,
    [...read].filter((id) => !found.has(id))
  )
  return { signalen: signalen.toSorted((a, b) => (a.row.id < b.row.id ? -1 : 1)), onzeker }
}

/** The person that a request by name and address asks for; undefined when it asks by BSN. */
export function askedPersoon({ naam, geboortedatum }: Betrokkenenverzoek): Persoon | undefined {
  return naam && { naam, ...(geboortedatum !== undefined && { geboortedatum }) }
}

function asSearch({ burgerservicenummer, adres }: Betrokkenenverzoek) {
  return {
    ...(burgerservicenummer !== undefined && { burgerservicenummer: bareBsn(burgerservicenummer) }),
    ...(adres !== undefined && { adres: normaliseAdres(adres) })
  }
}

function openHeld(handeling: Handeling, { gemeentecodes, isOwn = () => true }: Bereik) {
  const read = new Set<string>()
  const by = async (index: 'adresIndex' | 'bsnIndex', indexen: readonly Buffer[]) => {
    const rows = (await listGehouden(handeling.tx, gemeentecodes, index, indexen)).filter(isOwn)
    const contents = await openInhoud(handeling, rows)
    for (const { id } of rows) read.add(id)
    return rows.flatMap((row, at): GehoudenSignaal[] => {
      const inhoud = contents[at]
      return inhoud === undefined ? [] : [{ row, signaal: signaalIn(inhoud) }]
    })
  }
  return { by, read }
}

function ofAsked(
  onAdres: readonly GehoudenSignaal[],
  verzoek: Betrokkenenverzoek,
  { isKnown = () => true }: Bereik
): GehoudenSignaal[] {
  const asked = askedPersoon(verzoek)
  if (asked === undefined) return []
  const fitting = onAdres.filter((one) => fitsAsked(one, verzoek))
  const persons = fitting.filter(({ row }) => isKnown(row)).map((one) => underName(asked, personOf(one)))
  if (!isOnePerson(persons)) throw unclear(verzoek)
  const certain = new Set(onlyThese([asked], onAdres.map(personOf), (persoon) => persoon))
  return onAdres.filter(({ signaal }) => certain.has(signaal.betrokkene))
}

// Who was asked as Bömer may be Boemer with one partner and Bomer with another, which are two names to each other. A
// double name is left as it is: two who have a half of it each may be a couple.
function underName({ naam }: Persoon, persoon: Persoon): Persoon {
  const { voorvoegsel: _, ...own } = persoon.naam
  const isDouble = splitName(naam.geslachtsnaam).filter(({ isPrefix }) => !isPrefix).length > 1
  return isDouble ? persoon : { ...persoon, naam: { ...own, geslachtsnaam: naam.geslachtsnaam } }
}

function fitsAsked({ signaal }: GehoudenSignaal, verzoek: Betrokkenenverzoek): boolean {
  const asked = askedPersoon(verzoek)
  return asked !== undefined && isSamePerson(signaal.betrokkene, asked)
}

/** The signals on the addresses of these that are about the same person and cannot be about anybody else. */
function besideThem(
  seeds: readonly GehoudenSignaal[],
  elsewhere: readonly GehoudenSignaal[]
): GehoudenSignaal[] {
  const perAdres = Map.groupBy(seeds, adresOf)
  const known = new Set(seeds.map(({ row }) => row.id))
  return [...Map.groupBy(elsewhere, adresOf)].flatMap(([adres, onAdres]) =>
    onlyThese(
      perAdres.get(adres) ?? [],
      onAdres.filter(({ row }) => !known.has(row.id)),
      personOf
    )
  )
}

function isBeside(seed: GehoudenSignaal, one: GehoudenSignaal): boolean {
  return adresOf(seed) === adresOf(one) && isSamePerson(personOf(seed), personOf(one))
}

function personOf({ signaal }: GehoudenSignaal): Persoon {
  return signaal.betrokkene
}

function adresOf({ row: { gemeentecode, adresIndex } }: GehoudenSignaal): string {
  return `${gemeentecode}|${adresIndex.toString('hex')}`
}

/** The addresses of signals that were not read yet. What was asked decides on its own address. */
function adressenOf(seeds: readonly GehoudenSignaal[], read: readonly GehoudenSignaal[]): Buffer[] {
  const done = new Set(read.map(({ row }) => row.adresIndex.toString('hex')))
  const due = new Set(seeds.map(({ row }) => row.adresIndex.toString('hex')))
  return [...due].filter((adres) => !done.has(adres)).map((adres) => Buffer.from(adres, 'hex'))
}

function bsnIndexesOf({ keys }: Handeling, signalen: readonly GehoudenSignaal[]): Buffer[] {
  const bsns = new Set(signalen.flatMap(({ signaal }) => signaal.betrokkene.burgerservicenummer ?? []))
  return [...bsns].map((bsn) => keys.hash('index-bsn', bsn))
}

function union(some: readonly GehoudenSignaal[], others: readonly GehoudenSignaal[]): GehoudenSignaal[] {
  return [...new Map([...some, ...others].map((one) => [one.row.id, one])).values()]
}

function unclear({ naam, geboortedatum }: Betrokkenenverzoek): Problem {
  const detail = 'Op dit adres past dit op meer dan één persoon.'
  const missing = (location: string, what: string): Fault =>
    bodyFault(
      location,
      'required',
      `${detail} Zeg ook ${what}, zodat niemand anders wordt getoond of geraakt.`
    )
  const errors = [
    ...(naam?.voorletters === undefined ? [missing('/naam/voorletters', 'de voorletters')] : []),
    ...(geboortedatum === undefined ? [missing('/geboortedatum', 'de geboortedatum')] : [])
  ]
  const byBsn = bodyFault(
    '/burgerservicenummer',
    'required',
    `${detail} Vraag het met het burgerservicenummer.`
  )
  return new Problem('betrokkene-onduidelijk', { errors: errors.length > 0 ? errors : [byBsn] })
}
