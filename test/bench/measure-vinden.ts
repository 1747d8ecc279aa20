import { seededChance } from '../demo/seeded-chance.ts'
import { type Figure, hoogstens, minstens } from './figure.ts'
import { settings } from './settings.ts'
import { type ComparedHomes, compareHomes, type WrittenHome } from './vinden/compare-homes.ts'
import { type ComparedResidents, compareResidents } from './vinden/compare-residents.ts'
import { generateHomes, type Home } from './vinden/generate-homes.ts'
import { generateResidents } from './vinden/generate-residents.ts'
import { partners } from './vinden/partners.ts'
import { proveInHub } from './vinden/prove-in-hub.ts'
import { registerOf } from './vinden/register-of.ts'
import { showSharedNumbers } from './vinden/show-shared-numbers.ts'
import type { Bench } from './with-stage.ts'

const meting = 'vinden'
// Whatever the scale: the aims are stated for this number.
const homeCount = 100_000
// Comparing the residents of all homes takes as long as all the rest.
const homesWithResidents = 20_000

/**
 * Measures how often one home is found as one, and one person as one, where six partners write them in their own way.
 * Prints every miss by kind. Sets exit code 1 where a hub makes other households
 * of these addresses than its rules do.
 */
export async function measureVinden(bench: Bench): Promise<Figure[]> {
  const homes = generateHomes(settings.seed, homeCount)
  const residents = generateResidents(settings.seed, homes.length)
  const written = writeHomes(homes)
  const register = registerOf(homes)
  const known = compareHomes(written, register)
  const unknown = compareHomes(written, { adressen: [], postcodes: [] })
  const persons = compareResidents(residentsByKey(known, residents))
  showHomes('met register', known)
  showHomes('zonder register', unknown)
  showSharedNumbers(homes, register)
  showResidents(persons)
  await proveInHub(bench, written, residents)
  return [
    ...homeFigures('met register', known, 99.5),
    ...homeFigures('zonder register', unknown, 97),
    ...personFigures(persons)
  ]
}

function writeHomes(homes: readonly Home[]): WrittenHome[] {
  const chance = seededChance(settings.seed + 1)
  return homes.map((home) => ({
    home,
    writings: partners.map(({ writeAddress }) => writeAddress(home, chance))
  }))
}

// Every so many homes, because the kinds of homes come in order. Homes on one key are one address.
function residentsByKey<Resident>({ keys }: ComparedHomes, residents: readonly (readonly Resident[])[]) {
  const step = Math.ceil(keys.length / homesWithResidents)
  const chosen = residents.map((of, home) => ({ of, home })).filter(({ home }) => home % step === 0)
  return [...Map.groupBy(chosen, ({ home }) => keys[home]![0]!).values()].map((all) =>
    all.flatMap(({ of }) => of)
  )
}

function showHomes(register: string, { misses, merges }: ComparedHomes): void {
  misses.print(`Niet als één gevonden, ${register} (soort woning × wie anders schrijft dan de verhuurder)`, [
    'soort woning',
    'wie'
  ])
  merges.print(`Samengenomen op één sleutel, ${register} (aantal sleutels)`, ['waardoor', 'soort woning'])
}

function showResidents({ misses, mistakes }: ComparedResidents): void {
  misses.print('Niet als één persoon gevonden (soort naam × wie anders schrijft dan de verhuurder)', [
    'soort naam',
    'wie'
  ])
  mistakes.print('Op één adres voor een ander aangezien (paren)', ['verhouding'])
}

function homeFigures(register: string, of: ComparedHomes, aim: number): Figure[] {
  const share = (100 * of.found) / of.keys.length
  return [
    {
      meting,
      naam: `woningen als één gevonden, ${register}`,
      waarde: share,
      eenheid: '%',
      doel: minstens(aim)
    },
    merged(`ten onrechte samengenomen, ${register}`, of.mergedByRule, hoogstens(0)),
    merged(`  de partner liet de toevoeging weg, ${register}`, of.mergedByOmission),
    merged(`  zelfde tekst in BAG of postbus, ${register}`, of.mergedByText)
  ]
}

function merged(naam: string, waarde: number, doel?: Figure['doel']): Figure {
  return { meting, naam, waarde, eenheid: 'woningen', ...(doel && { doel }) }
}

function personFigures({ residents, found, mistaken }: ComparedResidents): Figure[] {
  return [
    { meting, naam: 'personen als één gevonden', waarde: (100 * found) / residents, eenheid: '%' },
    { meting, naam: 'personen voor een ander aangezien', waarde: (100 * mistaken) / residents, eenheid: '%' },
    { meting, naam: 'personen vergeleken', waarde: residents, eenheid: 'personen' }
  ]
}
