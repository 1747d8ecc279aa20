import fc from 'fast-check'
import t from 'tap'
import { type Cel, celOf, protect, protectParts, type Staat } from '../../src/verantwoording/small-cells.ts'

const soorten = ['enkelvoudig', 'meervoudig', 'opeenvolgend']
const stappen = ['huishoudens', 'opgepakt', 'bereikt', 'hulpAanvaard']

// Mostly small, where the rules bite.
const aantal = fc.oneof(fc.nat(6), fc.nat(40))
type Rij = Readonly<Record<string, number>>

/** A row as it can be: each household has a kind or two, and each step takes some of those before it. */
const rij: fc.Arbitrary<Rij> = fc
  .record({
    enkel: aantal,
    meer: aantal,
    opv: aantal,
    beide: aantal,
    extra: aantal,
    delen: fc.tuple(aantal, aantal, aantal)
  })
  .map(({ enkel, meer, opv, beide, extra, delen }) => {
    const huishoudens = enkel + meer + opv + beide
    const [opgepakt, bereikt, hulpAanvaard] = delen
      .sort((a, b) => b - a)
      .map((deel) => Math.min(deel, huishoudens))
    return {
      signalen: huishoudens + extra,
      huishoudens,
      enkelvoudig: enkel,
      meervoudig: meer + beide,
      opeenvolgend: opv + beide,
      opgepakt: opgepakt!,
      bereikt: bereikt!,
      hulpAanvaard: hulpAanvaard!
    }
  })
const rijen = fc.array(rij, { minLength: 1, maxLength: 5 })

function staatOf(some: readonly Rij[]): Staat {
  const cells = (one: Rij) => new Map(Object.entries(one).map(([maat, value]) => [maat, celOf(value)]))
  return new Map([['', cells(addUp(some))], ...some.map((one, nr) => [`sector-${nr}`, cells(one)] as const)])
}

function addUp(some: readonly Rij[]): Rij {
  return Object.fromEntries(
    Object.keys(some[0]!).map((maat) => [maat, some.reduce((sum, one) => sum + one[maat]!, 0)])
  )
}

const shown = (cel: Cel) => (cel.verborgen ? null : cel.aantal)
const picture = (staat: Staat) =>
  [...staat].map(([sector, cells]) => [sector, [...cells].map(([, cel]) => shown(cel))])

/** What a reader can subtract: the whole that is shown, less the parts that are. */
function remainder(whole: Cel, parts: readonly Cel[]): { rest: number; hidden: number } | undefined {
  const hidden = parts.filter(({ verborgen }) => verborgen)
  if (whole.verborgen || hidden.length === 0) return undefined
  const seen = parts.reduce((sum, { aantal, verborgen }) => sum + (verborgen ? 0 : aantal), 0)
  return { rest: whole.aantal - seen, hidden: hidden.length }
}
const tells = (left: ReturnType<typeof remainder>) =>
  left !== undefined && left.rest > 0 && (left.rest < 5 || left.hidden === 1)

function assertNothingTold(staat: Staat) {
  for (const rij of staat.values()) {
    for (const cel of rij.values())
      if (!cel.verborgen && cel.aantal < 5) throw new Error('a small count is shown')
    if (
      tells(
        remainder(
          rij.get('huishoudens')!,
          soorten.map((soort) => rij.get(soort)!)
        )
      )
    )
      throw new Error('by kind')
    const steps = stappen.map((maat) => rij.get(maat)!).filter(({ verborgen }) => !verborgen)
    for (const [nr, step] of steps.slice(1).entries()) {
      const left = Math.abs(steps[nr]!.aantal - step.aantal)
      if (left > 0 && left < 5) throw new Error('by step')
    }
  }
  const { '': all, ...sectors } = Object.fromEntries(staat)
  for (const [maat, whole] of all!) {
    if (
      tells(
        remainder(
          whole,
          Object.values(sectors).map((rij) => rij.get(maat)!)
        )
      )
    )
      throw new Error(`by sector: ${maat}`)
  }
}

t.test('no small count is shown, nor found by subtraction', async () => {
  fc.assert(
    fc.property(rijen, (some) => {
      const staat = staatOf(some)
      protect(staat)
      assertNothingTold(staat)
    }),
    { numRuns: 3_000 }
  )
})

t.test('of several municipalities together, not that of one of them either', async () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(rij, rij), { minLength: 2, maxLength: 5 }), (gemeenten) => {
      const parts = gemeenten.map(staatOf)
      for (const part of parts) protect(part)
      const whole = staatOf([
        addUp(gemeenten.map(([one]) => one)),
        addUp(gemeenten.map(([, other]) => other))
      ])
      protectParts(whole, parts)
      protect(whole)
      assertNothingTold(whole)
      for (const [sector, cells] of whole) {
        for (const [maat, cel] of cells) {
          if (
            tells(
              remainder(
                cel,
                parts.map((part) => part.get(sector)!.get(maat)!)
              )
            )
          )
            throw new Error(`${sector} ${maat}`)
        }
      }
    }),
    { numRuns: 1_000 }
  )
})

t.test('what is large enough stays, and twice is once', async (t) => {
  const ruim = {
    signalen: 90,
    huishoudens: 60,
    enkelvoudig: 20,
    meervoudig: 30,
    opeenvolgend: 20,
    opgepakt: 50,
    bereikt: 25,
    hulpAanvaard: 10
  }
  const staat = staatOf([ruim, { ...ruim, huishoudens: 70 }])
  const before = picture(staat)
  protect(staat)
  t.same(picture(staat), before)
  const krap = staatOf([ruim, { ...ruim, signalen: 3 }])
  protect(krap)
  const once = picture(krap)
  protect(krap)
  t.same(picture(krap), once)
  t.equal(shown(krap.get('')!.get('signalen')!), 93, 'the whole stays')
  t.equal(shown(krap.get('sector-0')!.get('signalen')!), null, 'what would give the other away does not')
})
