import type { Betrokkene } from '../../../src/begrippen/vroegsignaal.ts'
import type { Resident } from './generate-residents.ts'
import type { Surname } from './name-kinds.ts'

/** A resident as a partner sends them. */
export type WriteName = (resident: Resident) => Betrokkene

/** A housing corporation: prefix apart, double name whole, accents and all. */
export const asContract: WriteName = (resident) => {
  const { voorletters, geboortedatum } = resident
  return person({ voorletters, ...apart(whole(resident)) }, { geboortedatum })
}

/** An energy supplier: letters without accents, initials without dots, no birth date. */
export const asPlainLetters: WriteName = (resident) => {
  const { voorvoegsel, naam } = whole(resident)
  return person({
    voorletters: bareInitials(resident),
    ...apart({ naam: plain(naam), ...some(voorvoegsel) })
  })
}

/** A water company: capitals, everything in the name field, umlauts written out, no birth date. */
export const asCapitals: WriteName = (resident) => {
  const { voorvoegsel = '', naam } = whole(resident)
  const geslachtsnaam = plain(writtenOut(`${voorvoegsel} ${naam}`.trim())).toUpperCase()
  return person({ voorletters: resident.voorletters.toUpperCase(), geslachtsnaam })
}

/** A health insurer: the own name as the BRP has it, with birth date and BSN. */
export const asBrpName: WriteName = ({ voorletters, eigen, geboortedatum, burgerservicenummer }) =>
  person({ voorletters, ...apart(eigen) }, { geboortedatum, burgerservicenummer })

/** A supplier of gas: the first name of a double one, its prefix abbreviated, one initial, no birth date. */
export const asFirstName: WriteName = ({ voorletters, eigen, gehuwd = eigen }) => {
  const { voorvoegsel, naam } = gehuwd
  const first = naam.split(' ')[0]!.length < 4 ? naam : naam.split(' ')[0]!
  return person({
    voorletters: voorletters.split('.')[0]!,
    ...apart({ naam: first, ...some(voorvoegsel && (abbreviated[voorvoegsel] ?? voorvoegsel)) })
  })
}

/** A housing corporation's export: `Dhr. J. P.`, and `Dijk, van` in the name field. */
export const asSorted: WriteName = (resident) => {
  const { voorvoegsel, naam } = whole(resident)
  const { aanhef, voorletters, geboortedatum } = resident
  return person(
    {
      voorletters: `${aanhef} ${voorletters.replace(/\.(?=.)/g, '. ')}`,
      geslachtsnaam: voorvoegsel ? `${naam}, ${voorvoegsel}` : naam
    },
    { geboortedatum }
  )
}

const abbreviated: Readonly<Record<string, string>> = {
  van: 'v.',
  'van der': 'v.d.',
  'van den': 'v.d.',
  'van de': 'v.d.',
  "van 't": "v.'t"
}

function person(naam: Betrokkene['naam'], rest: Partial<Betrokkene> = {}): Betrokkene {
  return { soort: 'natuurlijk-persoon', naam, ...rest }
}

/** The full name: `de` with `Vries-van Dijk`. */
function whole({ eigen, gehuwd }: Resident): Surname {
  if (gehuwd === undefined) return eigen
  const own = [eigen.voorvoegsel, eigen.naam].filter(Boolean).join(' ')
  return { ...gehuwd, naam: `${gehuwd.naam}-${own}` }
}

function apart({ voorvoegsel, naam }: Surname): Betrokkene['naam'] {
  return { ...some(voorvoegsel), geslachtsnaam: naam }
}

function some(voorvoegsel: string | undefined): { voorvoegsel?: string } {
  return voorvoegsel ? { voorvoegsel } : {}
}

function bareInitials({ voorletters }: Resident): string {
  return plain(voorletters).replaceAll('.', '')
}

const lookalikes: Readonly<Record<string, string>> = {
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  ß: 'ss',
  ı: 'i',
  æ: 'ae'
}

function plain(text: string): string {
  return text
    .replace(/[øØłŁßıæ]/g, (letter) => lookalikes[letter]!)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
}

const umlauts: Readonly<Record<string, string>> = {
  ü: 'ue',
  ö: 'oe',
  ä: 'ae',
  ø: 'oe',
  å: 'aa',
  Ö: 'Oe',
  Å: 'Aa'
}

function writtenOut(text: string): string {
  return text.replace(/[üöäøåÖÅ]/g, (letter) => umlauts[letter]!)
}
