import t from 'tap'
import {
  type Criteriumuitkomst,
  criteriumversies,
  readBeoordeling,
  type Toelating,
  writeBeoordeling
} from '../../src/beoordeling/beoordelingstekst.ts'
import { criteria } from '../../src/beoordeling/criteria.ts'

const slugs = [...new Set(criteria.map(({ criterium }) => criterium))]
const kinds: readonly Toelating[] = ['voldaan', 'waarschuwing', 'niet-van-toepassing']
const outcomes: Criteriumuitkomst[] = slugs.map((criterium, index) => ({
  criterium,
  uitkomst: kinds[index % kinds.length]!
}))

t.test('the last version has the criteria in force, in their order', async (t) => {
  t.same(criteriumversies.at(-1), slugs, 'another criterium or another order is a new version, at the end')
  for (const version of criteriumversies) t.equal(new Set(version).size, version.length, 'each once')
})

t.test('a version never changes, because signals were sealed in it', async (t) => {
  t.ok(criteriumversies.length >= 1)
  t.same(criteriumversies[0], [
    'overeenkomst-actief',
    'natuurlijk-persoon',
    'meerderjarig',
    'bsn-alleen-zorgverzekeraar',
    'bsn-elfproef',
    'klantnummer-aanwezig',
    'adres-in-gemeente',
    'adres-bekend',
    'persoonlijk-contact',
    'gewezen-op-schuldhulpverlening',
    'schriftelijke-herinnering',
    'aanbod-gegevensdeling',
    'reactietermijn-aanbod',
    'geen-bezwaar',
    'geen-nagekomen-regeling',
    'drempelbedrag',
    'kleine-achterstand',
    'achterstand-termijn',
    'signaaldatum-actueel',
    'soort-past-bij-sector',
    'volgorde-afsluitsignaal',
    'aankondigingstermijn',
    'herhaalde-melding'
  ])
  t.same(
    readBeoordeling('1 vwnvvvvvvvvvvvvvvvvvvvv'),
    criteriumversies[0]!.map((criterium, index) => ({
      criterium,
      uitkomst: index === 1 ? 'waarschuwing' : index === 2 ? 'niet-van-toepassing' : 'voldaan'
    })),
    'and neither do its letters'
  )
})

t.test('what is written is read back, in order, whatever the outcomes', async (t) => {
  const text = writeBeoordeling(outcomes)
  t.match(text, new RegExp(`^${criteriumversies.length} [vwn]{${slugs.length}}$`))
  t.same(readBeoordeling(text), outcomes)
  t.same(readBeoordeling(writeBeoordeling(outcomes.toReversed())), outcomes, 'in the order of the version')
  for (const uitkomst of kinds) {
    const all = slugs.map((criterium) => ({ criterium, uitkomst }))
    t.same(readBeoordeling(writeBeoordeling(all)), all)
  }
})

t.test('a criterium that was not weighed has no outcome, and no other takes its place', async (t) => {
  const without = outcomes.toSpliced(5, 1)
  const text = writeBeoordeling(without)
  t.equal(text.length, writeBeoordeling(outcomes).length)
  t.same(readBeoordeling(text), without)
  t.same(readBeoordeling(writeBeoordeling([])), [])
  t.notOk(writeBeoordeling([{ criterium: 'bestaat-niet', uitkomst: 'voldaan' }]).includes('v'))
})

t.test('a letter, a length or a version that is not known gives no outcome', async (t) => {
  t.same(readBeoordeling('1 v?w'), [
    { criterium: 'overeenkomst-actief', uitkomst: 'voldaan' },
    { criterium: 'meerderjarig', uitkomst: 'waarschuwing' }
  ])
  t.equal(readBeoordeling(`1 ${'v'.repeat(99)}`).length, criteriumversies[0]!.length)
  t.same(readBeoordeling(`${criteriumversies.length + 1} vvv`), [])
  t.same(readBeoordeling('0 vvv'), [])
  t.same(readBeoordeling(''), [])
})
