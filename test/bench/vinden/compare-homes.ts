import { normaliseAdres } from '../../../src/adressen/normalise-adres.ts'
import { openResolver, type Registerinhoud } from '../../../src/adressen/open-resolver.ts'
import type { Adres } from '../../../src/begrippen/vroegsignaal.ts'
import type { Home } from './generate-homes.ts'
import { partners } from './partners.ts'
import { openTally, type Tally } from './tally.ts'
import type { WrittenAddress } from './write-address.ts'

/** A home with its address as each of the partners writes it, in their order. */
export type WrittenHome = { readonly home: Home; readonly writings: readonly WrittenAddress[] }

/** How many homes were found as one, and how many share a key with another home, by what made them. */
export type ComparedHomes = {
  /** The text in which each writing is compared, by home and partner. */
  readonly keys: readonly (readonly string[])[]
  readonly found: number
  /** By the hub's rules, from writings that tell the homes apart: the fault that must not be. */
  readonly mergedByRule: number
  /** Because a partner left out what tells the home from others on its number. */
  readonly mergedByOmission: number
  /** Because the homes have the same text, so that nothing but an id tells them apart. */
  readonly mergedByText: number
  readonly misses: Tally
  readonly merges: Tally
}

type Reason = 'regel' | 'weggelaten' | 'zelfde tekst'
type Use = { readonly home: number; readonly partner: number }

/** Compares all writings of all homes with each other, by what this register holds. */
export function compareHomes(written: readonly WrittenHome[], register: Registerinhoud): ComparedHomes {
  const resolve = openResolver(register)
  const keys = written.map(({ writings }) =>
    writings.map(({ adres }) => resolve(normaliseAdres(adres)).sleutel)
  )
  const { merged, merges } = findMerged(written, keys)
  const isMerged = (home: number) => Object.values(merged).some((homes) => homes.has(home))
  const isOne = (of: readonly string[]) => of.every((key) => key === of[0])
  return {
    keys,
    found: keys.filter((of, home) => isOne(of) && !isMerged(home)).length,
    mergedByRule: merged.regel.size,
    mergedByOmission: merged.weggelaten.size,
    mergedByText: merged['zelfde tekst'].size,
    misses: tallyMisses(written, keys),
    merges
  }
}

function findMerged(written: readonly WrittenHome[], keys: readonly (readonly string[])[]) {
  const merged: Record<Reason, Set<number>> = {
    regel: new Set(),
    weggelaten: new Set(),
    'zelfde tekst': new Set()
  }
  const merges = openTally()
  for (const uses of sharedUses(keys)) {
    for (const [reason, homes] of reasonsOf(written, uses)) {
      for (const home of homes) merged[reason].add(home)
      const soorten = [...new Set([...homes].map((home) => written[home]!.home.soort))].join(' + ')
      merges.add([reason, soorten], () => usesText(written, uses))
    }
  }
  return { merged, merges }
}

function sharedUses(keys: readonly (readonly string[])[]): Use[][] {
  const uses = new Map<string, Use[]>()
  keys.forEach((of, home) => {
    of.forEach((key, partner) => {
      const known = uses.get(key)
      if (known) known.push({ home, partner })
      else uses.set(key, [{ home, partner }])
    })
  })
  return [...uses.values()].filter((all) => all.some(({ home }) => home !== all[0]!.home))
}

/** Who is on one key for which reason: writings that name the home, and those that do not. */
function reasonsOf(written: readonly WrittenHome[], uses: readonly Use[]): [Reason, Set<number>][] {
  const complete = uses.filter(({ home, partner }) => !written[home]!.writings[partner]!.isIncomplete)
  const naming = new Set(complete.map(({ home }) => home))
  const all = new Set(uses.map(({ home }) => home))
  const texts = new Set([...naming].map((home) => officialText(written[home]!.home)))
  const reasons: [Reason, Set<number>][] = []
  if (naming.size > 1) reasons.push([texts.size > 1 ? 'regel' : 'zelfde tekst', naming])
  if (all.size > naming.size) reasons.push(['weggelaten', all])
  return reasons
}

// On purpose not the hub's own text: that is what is measured.
function officialText({ huisletter = '', huisnummertoevoeging = '' }: Home): string {
  return `${huisletter}|${huisnummertoevoeging}`
}

function tallyMisses(written: readonly WrittenHome[], keys: readonly (readonly string[])[]): Tally {
  const misses = openTally()
  keys.forEach((of, index) => {
    const { home, writings } = written[index]!
    of.forEach((key, partner) => {
      if (key === of[0]) return
      const { adres, isIncomplete } = writings[partner]!
      const naam = partners[partner]!.naam + (isIncomplete ? ' (weggelaten)' : '')
      misses.add([home.soort, naam], () => `${addressText(home)} als ${addressText(adres)}`)
    })
  })
  return misses
}

function usesText(written: readonly WrittenHome[], uses: readonly Use[]): string {
  const some = Map.groupBy(uses, ({ home }) => home)
  return [...some.values()]
    .slice(0, 2)
    .map(([use]) => {
      const { home, writings } = written[use!.home]!
      return `${addressText(home)} als ${addressText(writings[use!.partner]!.adres)}`
    })
    .join('; ')
}

/** `1234FI 10 A|2`: the letter before the bar, the addition behind it. */
function addressText(adres: Pick<Adres, 'postcode' | 'huisnummer'> & Partial<Adres>): string {
  const { postcode, huisnummer, huisletter = '', huisnummertoevoeging = '' } = adres
  return `${postcode} ${huisnummer} ${huisletter}|${huisnummertoevoeging}`
}
