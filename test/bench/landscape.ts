import type { Woning } from '../demo/invent-residents.ts'
import { type DemoGemeente, type DemoPartner, postcodesOf } from '../demo/participants.ts'

const count = 342
// With this added to the rank, the largest municipality has about five percent of all inhabitants.
const flattening = 3.5
const digitsApart = 26

/** As many municipalities as the Netherlands has, all invented, largest first. */
export const gemeenten: readonly DemoGemeente[] = Array.from({ length: count }, (_, rank) => ({
  gemeentecode: String(rank + 1).padStart(4, '0'),
  naam: `Gemeente ${rank + 1}`,
  inwoners: Math.round(4_000_000 / (rank + 1 + flattening)),
  woonplaats: `Verzonnen ${rank + 1}`,
  cijfers: String(1000 + digitsApart * rank)
}))

const byCode = new Map(
  gemeenten.map((gemeente) => [gemeente.gemeentecode, { gemeente, postcodes: postcodesOf(gemeente) }])
)
const everywhere = gemeenten.map(({ gemeentecode }) => gemeentecode)

/** Inhabitants per municipality, the weights for spreading signals. */
export const inwonersPerGemeente: Readonly<Record<string, number>> = Object.fromEntries(
  gemeenten.map(({ gemeentecode, inwoners }) => [gemeentecode, inwoners])
)

/** The partners. Each of them sends to every municipality. */
export const signaalpartners: readonly DemoPartner[] = [
  ...some(2, 'Z', { groep: 'zorg', sectoren: ['zorgverzekering'] }),
  ...some(2, 'E', { groep: 'energie', sectoren: ['elektriciteit', 'gas'] }),
  ...some(2, 'W', { groep: 'water', sectoren: ['drinkwater'] }),
  ...some(8, 'H', { groep: 'huur', sectoren: ['huur'] })
]

/** The partner that delivers in bulk. The housing corporations post one signal at a time. */
export const bulkPartner = signaalpartners.find(({ groep }) => groep === 'zorg')!
export const singlePartners = signaalpartners.filter(({ groep }) => groep === 'huur')

/** Home `number` of a municipality. Different numbers give different homes. */
export function homeOf(gemeentecode: string, number: number): Woning {
  const { gemeente, postcodes } = byCode.get(gemeentecode)!
  const adres = {
    straat: 'Nergensweg',
    huisnummer: 1 + Math.floor(number / postcodes.length),
    ...(number % 7 === 0 && { huisletter: 'B' }),
    postcode: postcodes[number % postcodes.length]!,
    woonplaats: gemeente.woonplaats
  }
  return { gemeentecode, adres }
}

function some(
  partners: number,
  letter: string,
  { groep, sectoren }: Pick<DemoPartner, 'groep' | 'sectoren'>
): DemoPartner[] {
  return Array.from({ length: partners }, (_, index) => ({
    code: `${letter}${index + 1}`,
    naam: `Partner ${letter}${index + 1}`,
    groep,
    sectoren,
    gemeentecodes: everywhere
  }))
}
