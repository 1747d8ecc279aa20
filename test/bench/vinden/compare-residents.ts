import type { Betrokkene } from '../../../src/begrippen/vroegsignaal.ts'
import { isSamePerson } from '../../../src/personen/is-same-person.ts'
import type { Resident } from './generate-residents.ts'
import { partners } from './partners.ts'
import { openTally, type Tally } from './tally.ts'

/** How many residents were found as one person, and how many were taken for another on their address. */
export type ComparedResidents = {
  readonly residents: number
  readonly found: number
  readonly mistaken: number
  readonly misses: Tally
  readonly mistakes: Tally
}

type Written = { readonly resident: Resident; readonly writings: readonly Betrokkene[] }

/** Compares the residents of each address, as each partner writes them. */
export function compareResidents(addresses: Iterable<readonly Resident[]>): ComparedResidents {
  const counts = { residents: 0, found: 0, mistaken: 0 }
  const misses = openTally()
  const mistakes = openTally()
  for (const residents of addresses) {
    const written = residents.map((resident) => ({
      resident,
      writings: partners.map(({ writeName }) => writeName(resident))
    }))
    counts.residents += written.length
    counts.found += written.filter((one) => isFound(one, misses)).length
    counts.mistaken += findMistaken(written, mistakes).size
  }
  return { ...counts, misses, mistakes }
}

function isFound({ resident, writings: [first, ...others] }: Written, misses: Tally): boolean {
  const missed = others
    .map((other, index) => ({ other, index }))
    .filter(({ other }) => !isSamePerson(first!, other))
  for (const { other, index } of missed) {
    misses.add(
      [resident.soort, partners[index + 1]!.naam],
      () => `${nameText(first!)} als ${nameText(other)}`
    )
  }
  return missed.length === 0
}

function findMistaken(written: readonly Written[], mistakes: Tally): Set<number> {
  const mistaken = new Set<number>()
  written.forEach((one, at) => {
    written.slice(at + 1).forEach((other, offset) => {
      const pair = firstEqual(one, other)
      if (pair === undefined) return
      mistaken.add(at).add(at + 1 + offset)
      mistakes.add([relationOf(one.resident, other.resident)], () => pair.map(nameText).join(' en '))
    })
  })
  return mistaken
}

function firstEqual(one: Written, other: Written): [Betrokkene, Betrokkene] | undefined {
  for (const a of one.writings) for (const b of other.writings) if (isSamePerson(a, b)) return [a, b]
  return undefined
}

function relationOf(one: Resident, other: Resident): string {
  const isMarried = one.gehuwd !== undefined || other.gehuwd !== undefined
  const sameName = one.eigen.naam === other.eigen.naam
  const name = isMarried ? 'dubbele naam met deze erin' : sameName ? 'zelfde achternaam' : 'andere achternaam'
  const isSameInitial = one.voorletters[0] === other.voorletters[0]
  return `${name}, ${isSameInitial ? 'zelfde' : 'andere'} voorletter`
}

function nameText({ naam: { voorletters, voorvoegsel, geslachtsnaam }, geboortedatum }: Betrokkene): string {
  return [voorletters, voorvoegsel && `(${voorvoegsel})`, geslachtsnaam, geboortedatum]
    .filter(Boolean)
    .join(' ')
}
