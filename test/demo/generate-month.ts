import { addDays } from '../../src/time.ts'
import { drawAmount, type Klant, type Melding } from './build-signal.ts'
import { distribution, type Matchplan, type Sectorgroep } from './distribution.ts'
import type { Woning } from './invent-residents.ts'
import { type Maand, type Omvang, openWriter, type Writer } from './open-writer.ts'
import { gemeenten, signaalpartners } from './participants.ts'
import { type Chance, seededChance } from './seeded-chance.ts'
import { type Bederf, bederfPerCriterium } from './spoil-signal.ts'

const groepen = Object.keys(distribution.sectoren) as Sectorgroep[]
const inwonersPerGemeente = Object.fromEntries(
  gemeenten.map(({ gemeentecode, inwoners }) => [gemeentecode, inwoners])
)

/** Generates a month of signals and the months before it, oldest first. The result depends on seed and size alone. */
export function generateMonths(seed: number, omvang: Omvang): Maand[] {
  const chance = seededChance(seed)
  const writer = openWriter(chance, omvang)
  const kinds = chance.deal(omvang.huishoudens, distribution.matches)
  const codes = chance.deal(omvang.huishoudens, inwonersPerGemeente)
  const counts = kinds.map((kind) => signalCount(chance, kind))
  const deck = chance.deal(
    counts.reduce((sum, count) => sum + count, 0),
    distribution.sectoren
  )
  kinds.forEach((kind, index) => {
    const drawn = drawDifferent(chance, deck, counts[index]!)
    writeHousehold(writer, kind, writer.bevolking.woning(codes[index]!), drawn)
  })
  for (const maand of writer.earlier) writeOnce(writer, maand, omvang.eenmalig)
  for (const [criterium, bederf] of Object.entries(bederfPerCriterium)) {
    for (let n = 0; n < omvang.afwijzingenPerCriterium; n += 1) writeRefused(writer, criterium, bederf)
  }
  return [...writer.earlier, writer.month]
}

function signalCount(chance: Chance, kind: Matchplan): number {
  if (kind !== 'meervoudig' && kind !== 'beide') return 1
  return chance.isHit(distribution.derdeSignaal) ? 3 : 2
}

/** Takes different groups from the deck: only different partners make a household meervoudig. */
function drawDifferent(chance: Chance, deck: Sectorgroep[], count: number): Sectorgroep[] {
  const drawn: Sectorgroep[] = []
  while (drawn.length < count) {
    const index = deck.findLastIndex((groep) => !drawn.includes(groep))
    const [groep] = index < 0 ? [] : deck.splice(index, 1)
    drawn.push(groep ?? chance.pick(groepen.filter((one) => !drawn.includes(one))))
  }
  return drawn
}

function writeHousehold(writer: Writer, kind: Matchplan, woning: Woning, drawn: Sectorgroep[]): void {
  const { chance, bevolking, month } = writer
  const bewoner = bevolking.inwoner()
  const isFollowing = kind === 'opeenvolgend' || kind === 'beide'
  drawn.forEach((groep, place) => {
    const isOther = place > 0 && chance.isHit(distribution.andereBewoner)
    const klant = writer.klant(woning, groep, isOther ? bevolking.inwoner() : bewoner)
    const hasEarlier = isFollowing && place === 0
    const isCrisis = chance.isHit(crisisShare(groep, hasEarlier))
    const bedragInCenten = drawAmount(chance, klant.partner)
    if (hasEarlier) writeEarlier(writer, klant, { isCrisis, bedragInCenten })
    writer.write(month, klant, { isCrisis, bedragInCenten })
  })
}

/** A supplier may only cut off after an earlier signal, so all crises of energy fall on households that have one. */
function crisisShare(groep: Sectorgroep, hasEarlier: boolean): number {
  if (groep !== 'energie') return distribution.crisis[groep]
  const { meervoudig, opeenvolgend, beide } = distribution.matches
  const signalsPerHundredHomes = 100 + (meervoudig + beide) * (1 + distribution.derdeSignaal / 100)
  return hasEarlier ? (distribution.crisis.energie * signalsPerHundredHomes) / (opeenvolgend + beide) : 0
}

function writeEarlier(
  writer: Writer,
  klant: Klant,
  now: Required<Pick<Melding, 'isCrisis' | 'bedragInCenten'>>
) {
  const { chance, earlier } = writer
  const { partner, woning, inwoner } = klant
  const maand = chance.pick(earlier)
  if (now.isCrisis || chance.isHit(distribution.zelfdeKlant)) {
    const bedragInCenten = chance.isHit(20) ? now.bedragInCenten : Math.ceil(now.bedragInCenten * 0.6)
    writer.write(maand, klant, { bedragInCenten })
    return
  }
  const other = chance.pick(groepen.filter((groep) => groep !== partner.groep))
  writer.write(maand, writer.klant(woning, other, inwoner), {})
}

function writeOnce({ chance, bevolking, klant, write }: Writer, maand: Maand, count: number): void {
  const drawn = chance.deal(count, distribution.sectoren)
  const codes = chance.deal(count, inwonersPerGemeente)
  drawn.forEach((groep, index) => {
    write(maand, klant(bevolking.woning(codes[index]!), groep, bevolking.inwoner()), {})
  })
}

function writeRefused(writer: Writer, criterium: string, how: Bederf): void {
  const { chance, bevolking, month, klant, write } = writer
  const gemeentecode = how.gemeentecode ?? chance.pick(gemeenten).gemeentecode
  const groep = how.groep ?? chance.pick(groepen)
  const stranger = signaalpartners.find(
    (one) => one.groep === groep && !one.gemeentecodes.includes(gemeentecode)
  )
  const partner = how.zonderOvereenkomst ? stranger : undefined
  const of = klant(bevolking.woning(gemeentecode), groep, bevolking.inwoner(), partner)
  const signaaldatum = addDays(month.datum, -(how.dagenOuder ?? 0))
  const written = write({ ...month, aanleveringen: [] }, of, { signaaldatum })
  const signaal = how.bederf?.(written.signaal, gemeentecode) ?? written.signaal
  month.aanleveringen.push({ ...written, signaal, criteria: [criterium, ...(how.ook ?? [])] })
}
