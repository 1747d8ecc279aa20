import { addMonths } from '../../src/time.ts'
import type { SignaalInvoer } from '../../src/vroegsignalen/vroegsignaal-schema.ts'
import { buildSignal, drawAmount, type Klant, type Melding } from '../demo/build-signal.ts'
import { distribution, type Matchplan, type Sectorgroep } from '../demo/distribution.ts'
import { type Inwoner, inventResidents, type Woning } from '../demo/invent-residents.ts'
import { type Chance, seededChance } from '../demo/seeded-chance.ts'
import { homeOf, inwonersPerGemeente, signaalpartners } from './landscape.ts'

/** The signals that one partner sent on one day. */
export type Zending = { readonly partner: string; readonly datum: string; readonly signalen: SignaalInvoer[] }

const signalsPerPortion = 10_000
const signalsPerHousehold = 1.52
const homesPerPortion = 500
const months = 6

/** The number of equal portions for a stock of this size, and the number of households in each. */
export function cutStock(signals: number): { portions: number; households: number } {
  const portions = Math.max(1, Math.round(signals / signalsPerPortion))
  return { portions, households: Math.round(signals / portions / signalsPerHousehold) }
}

/** One portion of a stock: signals of the last six months, spread as in the monitor, oldest day first. */
export function generatePortion(seed: number, portion: number, households: number, datum: string): Zending[] {
  const chance = seededChance(seed + 7919 * (portion + 1))
  const { zendingen, send } = openPost(chance, portion, datum)
  const bevolking = inventResidents(chance, datum)
  const codes = chance.deal(households, inwonersPerGemeente)
  const homes = new Map<string, number>()
  chance.deal(households, distribution.matches).forEach((kind, index) => {
    const gemeentecode = codes[index]!
    const home = homes.get(gemeentecode) ?? portion * homesPerPortion
    homes.set(gemeentecode, home + 1)
    sendHousehold(chance, kind, homeOf(gemeentecode, home), bevolking.inwoner(), send)
  })
  return [...zendingen.values()].sort((a, b) => (a.datum < b.datum ? -1 : 1))
}

type Send = (klant: Klant, monthsAgo: number, melding: Partial<Melding>) => void

function openPost(
  chance: Chance,
  portion: number,
  datum: string
): { zendingen: Map<string, Zending>; send: Send } {
  const zendingen = new Map<string, Zending>()
  let references = 0
  const send: Send = (klant, monthsAgo, melding) => {
    const day = addMonths(datum, -monthsAgo)
    const { code } = klant.partner
    const zending = zendingen.get(`${day}|${code}`) ?? { partner: code, datum: day, signalen: [] }
    zendingen.set(`${day}|${code}`, zending)
    const referentie = `${code}-V${portion}-${++references}`
    const bedragInCenten = melding.bedragInCenten ?? drawAmount(chance, klant.partner)
    const whole = { ...melding, referentie, bedragInCenten, signaaldatum: day }
    zending.signalen.push(buildSignal(chance, klant, whole))
  }
  return { zendingen, send }
}

function sendHousehold(chance: Chance, kind: Matchplan, woning: Woning, inwoner: Inwoner, send: Send): void {
  const isFollowing = kind === 'opeenvolgend' || kind === 'beide'
  const isMultiple = kind === 'meervoudig' || kind === 'beide'
  const now = chance.int(0, months - (isFollowing ? 2 : 1))
  const count = isMultiple ? (chance.isHit(distribution.derdeSignaal) ? 3 : 2) : 1
  const drawn: Sectorgroep[] = []
  while (drawn.length < count) drawn.push(drawGroup(chance, drawn))
  const [first, ...others] = drawn.map((groep) => customer(chance, groep, woning, inwoner))
  for (const other of others) send(other, now, {})
  if (isFollowing) sendFollowing(chance, drawn, first!, now, send)
  else send(first!, now, {})
}

/** Sends a signal of month `now`, and one of an earlier month on the same home. */
function sendFollowing(
  chance: Chance,
  drawn: readonly Sectorgroep[],
  first: Klant,
  now: number,
  send: Send
): void {
  const { woning, inwoner } = first
  const earlier = chance.int(now + 1, months - 1)
  const bedragInCenten = drawAmount(chance, first.partner)
  if (chance.isHit(distribution.zelfdeKlant)) {
    send(first, earlier, { bedragInCenten: Math.ceil(bedragInCenten * 0.6) })
    // A supplier may only cut off after an earlier signal, so all crises of energy are sent here.
    send(first, now, { bedragInCenten, isCrisis: first.partner.groep === 'energie' })
  } else {
    send(customer(chance, drawGroup(chance, drawn), woning, inwoner), earlier, {})
    send(first, now, { bedragInCenten })
  }
}

function customer(chance: Chance, groep: Sectorgroep, woning: Woning, inwoner: Inwoner): Klant {
  const partner = chance.pick(signaalpartners.filter((one) => one.groep === groep))
  const klantnummer = `KLANT-${woning.gemeentecode}-${woning.adres.postcode}-${woning.adres.huisnummer}-${groep}`
  return { partner, sector: chance.pick(partner.sectoren), inwoner, woning, klantnummer }
}

const deck = Object.entries(distribution.sectoren).flatMap(([groep, share]) =>
  Array<Sectorgroep>(share).fill(groep as Sectorgroep)
)

function drawGroup(chance: Chance, but: readonly Sectorgroep[]): Sectorgroep {
  return chance.pick(deck.filter((groep) => !but.includes(groep)))
}
