import type { SignaalInvoer } from '../../src/vroegsignalen/vroegsignaal-schema.ts'
import { buildSignal, drawAmount } from '../demo/build-signal.ts'
import { distribution } from '../demo/distribution.ts'
import { inventResidents } from '../demo/invent-residents.ts'
import type { DemoPartner } from '../demo/participants.ts'
import { seededChance } from '../demo/seeded-chance.ts'
import { homeOf, inwonersPerGemeente } from './landscape.ts'

// No delivery shares a home with the stock or with another delivery.
const firstHome = 1_000_000
const homesPerDelivery = 20_000

/** The signals of one partner's delivery, all admissible. Each delivery in a run has its own `number`. */
export function* generateDelivery(
  seed: number,
  partner: DemoPartner,
  { count, number, datum }: { count: number; number: number; datum: string }
): Generator<SignaalInvoer> {
  const chance = seededChance(seed + number)
  const bevolking = inventResidents(chance, datum)
  const homes = new Map<string, number>()
  let line = 0
  for (const gemeentecode of chance.deal(count, inwonersPerGemeente)) {
    const home = homes.get(gemeentecode) ?? firstHome + number * homesPerDelivery
    homes.set(gemeentecode, home + 1)
    line += 1
    const klant = {
      partner,
      sector: chance.pick(partner.sectoren),
      inwoner: bevolking.inwoner(),
      woning: homeOf(gemeentecode, home),
      klantnummer: `KLANT-${number}-${line}`
    }
    yield buildSignal(chance, klant, {
      referentie: `${partner.code}-${number}-${line}`,
      signaaldatum: datum,
      bedragInCenten: drawAmount(chance, partner),
      isCrisis: partner.groep !== 'energie' && chance.isHit(distribution.crisis[partner.groep])
    })
  }
}
