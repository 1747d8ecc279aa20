import fc from 'fast-check'
import t from 'tap'
import type { AangeleverdSignaal, Sector, Signaalsoort } from '../../src/begrippen/vroegsignaal.ts'
import { sectoren, signaalsoorten } from '../../src/begrippen/vroegsignaal.ts'
import { assessSignal, criteriaOn } from '../../src/beoordeling/assess-signal.ts'
import { criteria } from '../../src/beoordeling/criteria.ts'
import type { Omstandigheden, Uitkomst } from '../../src/beoordeling/criterium.ts'
import { ernsten } from '../../src/beoordeling/criterium.ts'
import { addDays, isRealDate } from '../../src/time.ts'
import type { Overrides } from '../helpers/builders.ts'
import { aSignal, aSignalFor, testBsn } from '../helpers/builders.ts'

const slugs = [
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
]

const efforts = [
  'persoonlijk-contact',
  'gewezen-op-schuldhulpverlening',
  'schriftelijke-herinnering',
  'aanbod-gegevensdeling'
]
const energie: readonly Sector[] = ['elektriciteit', 'gas', 'warmte']
const water: readonly Sector[] = ['drinkwater']

/** Circumstances that raise no objection to a signal received on its own signaaldatum. */
function favourable({ signaaldatum }: AangeleverdSignaal): Omstandigheden {
  return {
    vandaag: signaaldatum,
    overeenkomstActief: true,
    gemeentecodesVanPostcode: ['0177'],
    adresBekend: true,
    bezwaarGeregistreerd: false,
    drempelbedragInCenten: 10_000,
    eerderVroegsignaal: true
  }
}

type Outcomes = Record<string, Uitkomst>

function assess(signaal: AangeleverdSignaal, circumstances: Partial<Omstandigheden> = {}): Outcomes {
  const bevindingen = assessSignal(signaal, { ...favourable(signaal), ...circumstances })
  return Object.fromEntries(bevindingen.map(({ criterium, uitkomst }) => [criterium.criterium, uitkomst]))
}

function citationOf(slug: string, sector: Sector, signaaldatum: string): string {
  const signaal = aSignalFor(sector, { signaaldatum })
  const bevindingen = assessSignal(signaal, favourable(signaal))
  return bevindingen.find(({ criterium }) => criterium.criterium === slug)!.criterium.grondslag
}

const crisisOf = (sector: Sector): Signaalsoort => {
  if (sector === 'huur') return 'ontruimingssignaal'
  return sector === 'zorgverzekering' ? 'royementssignaal' : 'afsluitsignaal'
}

function notApplicable(outcomes: Outcomes): string[] {
  return slugs.filter((slug) => outcomes[slug] === 'niet-van-toepassing')
}

t.test(
  'a complete signal passes everything in its sector, and what does not concern it says so',
  async (t) => {
    const onlyCrisis = ['kleine-achterstand', 'volgorde-afsluitsignaal', 'aankondigingstermijn']
    const withoutBsn = ['bsn-alleen-zorgverzekeraar', 'bsn-elfproef']
    const expected: Record<Sector, string[]> = {
      huur: [...withoutBsn, 'klantnummer-aanwezig', ...onlyCrisis],
      elektriciteit: [...withoutBsn, ...onlyCrisis],
      gas: [...withoutBsn, ...onlyCrisis],
      warmte: [...withoutBsn, ...onlyCrisis],
      drinkwater: [...withoutBsn, ...onlyCrisis],
      zorgverzekering: ['bsn-alleen-zorgverzekeraar', 'klantnummer-aanwezig', ...onlyCrisis]
    }
    for (const sector of sectoren) {
      const outcomes = assess(aSignalFor(sector))
      t.same(notApplicable(outcomes), expected[sector], sector)
      const others = Object.values(outcomes).filter((uitkomst) => uitkomst !== 'niet-van-toepassing')
      t.ok(
        others.every((uitkomst) => uitkomst === 'voldaan'),
        sector
      )
    }
  }
)

t.test('a complete crisis signal passes in its sector, however young the arrears', async (t) => {
  for (const sector of sectoren) {
    const young = { achterstand: { ontstaansdatum: '2026-10-30' }, socialeIncasso: since('2026-10-31') }
    const outcomes = assess(aSignalFor(sector, { soort: crisisOf(sector), ...young }))
    t.notOk(
      Object.values(outcomes).some((uitkomst) => uitkomst === 'afwijzing' || uitkomst === 'waarschuwing')
    )
    t.equal(outcomes['achterstand-termijn'], 'voldaan', sector)
  }
})

t.test('every signal gets exactly one finding per criterium, in the fixed order', async () => {
  const dag = fc.integer({ min: 0, max: 60_000 }).map((n) => addDays('2000-01-01', n))
  fc.assert(
    fc.property(
      fc.constantFrom(...sectoren),
      fc.constantFrom(...signaalsoorten),
      dag,
      (sector, soort, signaaldatum) => {
        const outcomes = assess(aSignalFor(sector, { soort, signaaldatum }))
        return Object.keys(outcomes).join() === slugs.join()
      }
    )
  )
})

type Breach = {
  readonly title: string
  /** The criteria that change. No others may. */
  readonly changes: readonly string[]
  readonly to?: Uitkomst
  /** Criteria with nothing left to check as a result. */
  readonly also?: Readonly<Record<string, Uitkomst>>
  readonly sectoren?: readonly Sector[]
  /** Whether the signal is a crisis, before and after the breach. */
  readonly crisis?: boolean
  readonly overrides?: Overrides
  readonly circumstances?: Partial<Omstandigheden>
}

/** Everything done on one day. */
const since = (dag: string) => ({
  persoonlijkContact: [{ datum: dag, kanaal: 'telefoon' }],
  herinneringen: [dag],
  gewezenOpSchuldhulpverlening: dag,
  aanbodGegevensdeling: dag
})
const contact = (datum: string) => ({ socialeIncasso: { persoonlijkContact: [{ datum, kanaal: 'sms' }] } })

const breaches: readonly Breach[] = [
  {
    title: 'no agreement in force (LCV)',
    changes: ['overeenkomst-actief'],
    circumstances: { overeenkomstActief: false }
  },
  {
    title: 'a legal person (Wgs art. 1)',
    changes: ['natuurlijk-persoon'],
    overrides: { betrokkene: { soort: 'rechtspersoon' } }
  },
  {
    title: 'a person who is 18 the day after (BW art. 1:233)',
    changes: ['meerderjarig'],
    overrides: { betrokkene: { geboortedatum: '2008-11-21' } }
  },
  {
    title: 'no birth date',
    changes: ['meerderjarig'],
    to: 'niet-van-toepassing',
    overrides: { betrokkene: { geboortedatum: undefined } }
  },
  {
    title: 'a health insurer with a mistyped BSN',
    changes: ['bsn-elfproef'],
    sectoren: ['zorgverzekering'],
    overrides: { betrokkene: { burgerservicenummer: '999990018' } }
  },
  {
    title: 'a health insurer without a BSN',
    changes: ['bsn-elfproef'],
    to: 'niet-van-toepassing',
    sectoren: ['zorgverzekering'],
    overrides: { betrokkene: { burgerservicenummer: undefined } }
  },
  {
    title: 'an energy or water company without klantnummer',
    changes: ['klantnummer-aanwezig'],
    to: 'waarschuwing',
    sectoren: [...energie, ...water],
    overrides: { klantnummer: undefined }
  },
  {
    title: 'a postcode of another municipality',
    changes: ['adres-in-gemeente'],
    circumstances: { gemeentecodesVanPostcode: ['0150', '0193'] }
  },
  {
    title: 'an address that the register does not hold, on a postcode that it knows',
    changes: ['adres-bekend'],
    to: 'waarschuwing',
    circumstances: { adresBekend: false }
  },
  {
    title: 'a postcode of which the register holds nothing',
    changes: ['adres-bekend'],
    to: 'niet-van-toepassing',
    circumstances: { adresBekend: undefined as never }
  },
  {
    title: 'no gemeentecode and a postcode the register does not know',
    changes: ['adres-in-gemeente'],
    // Without a municipality there is no agreement to look up.
    also: { 'overeenkomst-actief': 'niet-van-toepassing' },
    overrides: { gemeentecode: undefined },
    circumstances: { gemeentecodesVanPostcode: [] }
  },
  {
    title: 'no personal contact (Bgs art. 2 a)',
    changes: ['persoonlijk-contact'],
    overrides: { socialeIncasso: { persoonlijkContact: undefined } }
  },
  {
    title: 'an empty list of personal contacts',
    changes: ['persoonlijk-contact'],
    overrides: { socialeIncasso: { persoonlijkContact: [] } }
  },
  {
    title: 'personal contact only after the signal',
    changes: ['persoonlijk-contact'],
    overrides: contact('2026-11-21')
  },
  {
    title: 'not pointed to debt help (Bgs art. 2 b)',
    changes: ['gewezen-op-schuldhulpverlening'],
    overrides: { socialeIncasso: { gewezenOpSchuldhulpverlening: undefined } }
  },
  {
    title: 'pointed to debt help after the signal',
    changes: ['gewezen-op-schuldhulpverlening'],
    overrides: { socialeIncasso: { gewezenOpSchuldhulpverlening: '2026-11-21' } }
  },
  {
    title: 'no written reminder, so no offer in one either (Bgs art. 2 c, d)',
    changes: ['schriftelijke-herinnering', 'aanbod-gegevensdeling'],
    overrides: { socialeIncasso: { herinneringen: undefined } }
  },
  {
    title: 'a reminder and its offer only after the signal',
    changes: ['schriftelijke-herinnering', 'aanbod-gegevensdeling'],
    also: { 'reactietermijn-aanbod': 'waarschuwing' },
    overrides: { socialeIncasso: { herinneringen: ['2026-11-21'], aanbodGegevensdeling: '2026-11-21' } }
  },
  {
    title: 'no offer to share data (Bgs art. 2 d)',
    changes: ['aanbod-gegevensdeling'],
    also: { 'reactietermijn-aanbod': 'niet-van-toepassing' },
    overrides: { socialeIncasso: { aanbodGegevensdeling: undefined } }
  },
  {
    title: 'an offer outside a reminder',
    changes: ['aanbod-gegevensdeling'],
    overrides: { socialeIncasso: { aanbodGegevensdeling: '2026-10-12' } }
  },
  {
    title: 'an objection by the person (Bgs art. 2 d)',
    changes: ['geen-bezwaar'],
    overrides: { socialeIncasso: { reactie: 'bezwaar' } }
  },
  {
    title: 'a reaction left out',
    changes: ['geen-bezwaar'],
    overrides: { socialeIncasso: { reactie: undefined } }
  },
  {
    title: 'an objection registered before',
    changes: ['geen-bezwaar'],
    circumstances: { bezwaarGeregistreerd: true }
  },
  {
    title: 'an arrangement that is kept (AP)',
    changes: ['geen-nagekomen-regeling'],
    overrides: { betalingsregeling: 'wordt-nagekomen' }
  },
  {
    title: 'an amount one cent below the threshold',
    changes: ['drempelbedrag'],
    overrides: { achterstand: { bedragInCenten: 9_999 } }
  },
  {
    title: 'arrears of 29 days (LCV)',
    changes: ['achterstand-termijn'],
    overrides: { achterstand: { ontstaansdatum: '2026-10-22' }, socialeIncasso: since('2026-11-01') }
  },
  {
    title: 'health insurance arrears of 101 days (LCV)',
    changes: ['achterstand-termijn'],
    to: 'waarschuwing',
    sectoren: ['zorgverzekering'],
    overrides: { achterstand: { ontstaansdatum: '2026-08-11' } }
  },
  {
    title: 'a signal dated tomorrow',
    changes: ['signaaldatum-actueel'],
    circumstances: { vandaag: '2026-11-19' }
  },
  {
    title: 'a signal 32 days old',
    changes: ['signaaldatum-actueel'],
    circumstances: { vandaag: '2026-12-22' }
  },
  {
    title: 'a signal for end of supply without an earlier vroegsignaal (Energieregeling)',
    changes: ['volgorde-afsluitsignaal'],
    to: 'waarschuwing',
    sectoren: energie,
    crisis: true,
    circumstances: { eerderVroegsignaal: false }
  },
  {
    title: 'an eviction or end of insurance whose planned day has passed',
    changes: ['aankondigingstermijn'],
    to: 'waarschuwing',
    sectoren: ['huur', 'zorgverzekering'],
    crisis: true,
    overrides: { geplandeDatum: '2026-11-19' }
  },
  {
    title: 'a crisis dated before its arrears: nothing was done about them either',
    changes: ['achterstand-termijn', ...efforts],
    crisis: true,
    overrides: { achterstand: { ontstaansdatum: '2026-11-21' } }
  },
  {
    title: 'efforts from before the arrears (Bgs art. 2)',
    changes: efforts,
    overrides: {
      achterstand: { ontstaansdatum: '2026-10-21' },
      signaaldatum: '2026-11-20',
      socialeIncasso: since('2026-10-20')
    }
  },
  {
    title: 'an offer 13 days before the signal',
    changes: ['reactietermijn-aanbod'],
    to: 'waarschuwing',
    overrides: { socialeIncasso: { herinneringen: ['2026-11-07'], aanbodGegevensdeling: '2026-11-07' } }
  },
  {
    title: 'end of supply planned within 20 working days',
    changes: ['aankondigingstermijn'],
    to: 'waarschuwing',
    sectoren: [...energie, ...water],
    crisis: true,
    overrides: { geplandeDatum: '2026-12-17' }
  },
  {
    title: 'end of supply without a planned day',
    changes: ['aankondigingstermijn'],
    to: 'niet-van-toepassing',
    sectoren: [...energie, ...water],
    crisis: true,
    overrides: { geplandeDatum: undefined }
  },
  {
    title: 'the same amount again within six months (DDAS)',
    changes: ['herhaalde-melding'],
    to: 'waarschuwing',
    circumstances: { eerdereMelding: { bedragInCenten: 84_500 } }
  }
]

for (const { title, changes, to = 'afwijzing', also = {}, ...breach } of breaches) {
  t.test(`${title}: ${changes.join(' and ')} becomes ${to}, nothing else changes`, async (t) => {
    for (const sector of breach.sectoren ?? sectoren) {
      const soort = breach.crisis ? crisisOf(sector) : 'vroegsignaal'
      const before = assess(aSignalFor(sector, { soort }))
      const after = assess(aSignalFor(sector, { soort, ...breach.overrides }), breach.circumstances)
      t.same(after, { ...before, ...Object.fromEntries(changes.map((slug) => [slug, to])), ...also }, sector)
    }
  })
}

t.test('a BSN from any sector but zorgverzekering is refused, however valid (UAVG art. 46)', async (t) => {
  for (const sector of sectoren.filter((each) => each !== 'zorgverzekering')) {
    const outcomes = assess(aSignalFor(sector, { betrokkene: { burgerservicenummer: testBsn } }))
    t.equal(outcomes['bsn-alleen-zorgverzekeraar'], 'afwijzing', sector)
    t.equal(outcomes['bsn-elfproef'], 'voldaan', sector)
  }
})

t.test('a crisis kind is taken only in the sector where it can occur (Wgs art. 4 lid 2)', async (t) => {
  for (const sector of sectoren)
    for (const soort of signaalsoorten) {
      const fits = soort === 'vroegsignaal' || soort === crisisOf(sector)
      const outcome = assess(aSignalFor(sector, { soort }))['soort-past-bij-sector']
      t.equal(outcome, fits ? 'voldaan' : 'afwijzing', `${soort} ${sector}`)
    }
})

t.test('what is just within a limit passes', async (t) => {
  const passes = (
    slug: string,
    sector: Sector,
    overrides: Overrides,
    circumstances: Partial<Omstandigheden> = {}
  ) => t.equal(assess(aSignalFor(sector, overrides), circumstances)[slug], 'voldaan', slug)

  passes('meerderjarig', 'huur', { betrokkene: { geboortedatum: '2008-11-20' } })
  passes('persoonlijk-contact', 'huur', contact('2026-11-20'))
  passes('gewezen-op-schuldhulpverlening', 'huur', {
    socialeIncasso: { gewezenOpSchuldhulpverlening: '2026-11-20' }
  })
  const today = { socialeIncasso: { herinneringen: ['2026-11-20'], aanbodGegevensdeling: '2026-11-20' } }
  passes('schriftelijke-herinnering', 'huur', today)
  passes('aanbod-gegevensdeling', 'huur', today)
  const offered = { socialeIncasso: { herinneringen: ['2026-11-06'], aanbodGegevensdeling: '2026-11-06' } }
  passes('reactietermijn-aanbod', 'huur', offered)
  passes('schriftelijke-herinnering', 'huur', { achterstand: { ontstaansdatum: '2026-10-11' } })
  passes('geen-bezwaar', 'huur', { socialeIncasso: { reactie: 'akkoord' } })
  passes('geen-nagekomen-regeling', 'huur', { betalingsregeling: 'niet-nagekomen' })
  passes('drempelbedrag', 'huur', { achterstand: { bedragInCenten: 10_000 } })
  passes('signaaldatum-actueel', 'huur', {}, { vandaag: '2026-12-21' })
  passes('aankondigingstermijn', 'gas', { soort: 'afsluitsignaal', geplandeDatum: '2026-12-18' })
  passes('herhaalde-melding', 'huur', {}, { eerdereMelding: { bedragInCenten: 84_499 } })
  passes('adres-in-gemeente', 'huur', {}, { gemeentecodesVanPostcode: ['0150', '0177'] })
  passes('adres-bekend', 'huur', {}, { adresBekend: true })
})

t.test('of a postcode that the register does not know, adres-in-gemeente does not apply', async (t) => {
  const unknown = { gemeentecodesVanPostcode: [] }
  t.equal(assess(aSignal(), unknown)['adres-in-gemeente'], 'niet-van-toepassing')
  t.equal(assess(aSignal({ gemeentecode: undefined }), unknown)['adres-in-gemeente'], 'afwijzing')
})

t.test('without a municipal threshold the drempelbedrag does not apply', async (t) => {
  const { drempelbedragInCenten: _, ...withoutThreshold } = favourable(aSignal())
  for (const [cents, expected] of [
    [4_999, 'waarschuwing'],
    [5_000, 'voldaan']
  ] as const) {
    const bevindingen = assessSignal(aSignal({ achterstand: { bedragInCenten: cents } }), withoutThreshold)
    const outcome = (slug: string) =>
      bevindingen.find(({ criterium }) => criterium.criterium === slug)?.uitkomst
    t.equal(outcome('drempelbedrag'), 'niet-van-toepassing')
    t.equal(outcome('kleine-achterstand'), expected, 'then what is small is a warning')
  }
})

t.test('the 20 working days skip Easter, Koningsdag and Christmas', async (t) => {
  const cases = [
    ['2026-03-30', '2026-04-29', 'waarschuwing'],
    ['2026-03-30', '2026-04-30', 'voldaan'],
    ['2026-12-01', '2026-12-29', 'waarschuwing'],
    ['2026-12-01', '2026-12-30', 'voldaan']
  ] as const
  for (const [signaaldatum, geplandeDatum, expected] of cases) {
    const signaal = aSignalFor('gas', { soort: 'afsluitsignaal', signaaldatum, geplandeDatum })
    t.equal(assess(signaal).aankondigingstermijn, expected, `${signaaldatum} ${geplandeDatum}`)
  }
})

t.test('arrears may be signalled from and until the exact day of the LCV', async (t) => {
  const old = '2022-11-30'
  const current = '2022-12-01'
  const windows: [readonly Sector[], signaaldatum: string, min: number, max: number][] = [
    [['huur', 'drinkwater'], old, 30, Number.POSITIVE_INFINITY],
    [['huur', 'drinkwater'], current, 30, Number.POSITIVE_INFINITY],
    [energie, old, 50, 100],
    [energie, current, 30, Number.POSITIVE_INFINITY],
    [['zorgverzekering'], old, 30, 100],
    [['zorgverzekering'], current, 30, 100]
  ]
  for (const [group, signaaldatum, min, max] of windows)
    for (const sector of group)
      for (const dagen of [-1, 0, 29, 30, 49, 50, 100, 101, 400]) {
        const ontstaansdatum = addDays(signaaldatum, -dagen)
        const outcome = assess(aSignalFor(sector, { signaaldatum, achterstand: { ontstaansdatum } }))
        const older = sector === 'zorgverzekering' ? 'waarschuwing' : 'afwijzing'
        const expected = dagen < min ? 'afwijzing' : dagen <= max ? 'voldaan' : older
        t.equal(outcome['achterstand-termijn'], expected, `${sector} ${signaaldatum} ${dagen}`)
      }
})

t.test('personal contact before an energy signal is a duty since 1 January 2026', async (t) => {
  for (const sector of sectoren) {
    const on = (signaaldatum: string) =>
      assess(aSignalFor(sector, { signaaldatum, socialeIncasso: { persoonlijkContact: undefined } }))
    const before = energie.includes(sector) ? 'waarschuwing' : 'afwijzing'
    t.equal(on('2025-12-31')['persoonlijk-contact'], before, sector)
    t.equal(on('2026-01-01')['persoonlijk-contact'], 'afwijzing', sector)
  }
})

t.test('an earlier vroegsignaal is asked of energy since 1 January 2026 and of water never', async (t) => {
  const outcome = (sector: Sector, signaaldatum: string) =>
    assess(aSignalFor(sector, { soort: 'afsluitsignaal', signaaldatum }), { eerderVroegsignaal: false })[
      'volgorde-afsluitsignaal'
    ]
  for (const sector of energie) {
    t.equal(outcome(sector, '2025-12-31'), 'niet-van-toepassing', sector)
    t.equal(outcome(sector, '2026-01-01'), 'waarschuwing', sector)
  }
  t.equal(outcome('drinkwater', '2026-01-01'), 'niet-van-toepassing')
})

t.test('no signal from before the duty of 1 January 2021 is admitted', async (t) => {
  const outcomeOn = (signaaldatum: string) => assess(aSignal({ signaaldatum }))['signaaldatum-actueel']
  t.equal(outcomeOn('1899-06-01'), 'afwijzing')
  t.equal(outcomeOn('2020-12-31'), 'afwijzing')
  t.equal(outcomeOn('2021-01-01'), 'voldaan')
})

t.test('each finding cites the law of the sector on the signaaldatum', async (t) => {
  const cases: [slug: string, Sector, signaaldatum: string, RegExp][] = [
    ['persoonlijk-contact', 'huur', '2026-11-20', /^Bgs art\. 2, aanhef en onder a$/],
    ['gewezen-op-schuldhulpverlening', 'huur', '2026-11-20', /^Bgs art\. 2, aanhef en onder b$/],
    ['schriftelijke-herinnering', 'huur', '2026-11-20', /^Bgs art\. 2, aanhef en onder c$/],
    ['aanbod-gegevensdeling', 'huur', '2026-11-20', /^Bgs art\. 2, aanhef en onder d$/],
    ['geen-bezwaar', 'huur', '2026-11-20', /^Bgs art\. 2, aanhef en onder d$/],
    ['schriftelijke-herinnering', 'elektriciteit', '2025-12-31', /^Elektriciteitswet 1998 art\. 95b lid 8/],
    ['schriftelijke-herinnering', 'gas', '2025-12-31', /^Gaswet art\. 44 lid 8/],
    ['schriftelijke-herinnering', 'elektriciteit', '2026-01-01', /^Energiewet art\. 2\.26 lid 3/],
    ['schriftelijke-herinnering', 'gas', '2026-01-01', /^Energiewet art\. 2\.26 lid 3/],
    ['schriftelijke-herinnering', 'warmte', '2026-01-01', /^Warmtewet art\. 4 lid 3/],
    ['persoonlijk-contact', 'warmte', '2026-01-01', /^Landelijk Convenant/],
    ['natuurlijk-persoon', 'drinkwater', '2026-11-20', /^Wgs art\. 1.*drinkwater art\. 5$/],
    ['persoonlijk-contact', 'drinkwater', '2026-11-20', /drinkwater art\. 4; AP Handreiking/],
    ['gewezen-op-schuldhulpverlening', 'drinkwater', '2026-11-20', /drinkwater art\. 3 lid 2, onder a$/],
    [
      'schriftelijke-herinnering',
      'drinkwater',
      '2026-11-20',
      /^Drinkwaterwet art\. 9 lid 2 jo\..*art\. 3 lid 1$/
    ],
    ['aanbod-gegevensdeling', 'drinkwater', '2026-11-20', /drinkwater art\. 3 lid 2, onder b$/],
    ['geen-bezwaar', 'drinkwater', '2026-11-20', /drinkwater art\. 5$/],
    ['overeenkomst-actief', 'huur', '2026-11-20', /^Landelijk Convenant.*AVG art\. 5 lid 2 en art\. 32$/],
    ['aankondigingstermijn', 'warmte', '2026-11-20', /Warmteregeling \(.*Stcrt\. 2023, 10020\)$/],
    ['schriftelijke-herinnering', 'zorgverzekering', '2026-11-20', /^Zvw art\. 89/],
    ['volgorde-afsluitsignaal', 'huur', '2025-12-31', /^Energiewet/]
  ]
  for (const [slug, sector, signaaldatum, grondslag] of cases)
    t.match(citationOf(slug, sector, signaaldatum), grondslag, `${slug} ${sector} ${signaaldatum}`)
})

t.test('the list of criteria on a day holds the rows of that day only, in the fixed order', async (t) => {
  const on = (datum: string) => criteriaOn(datum).map(({ criterium }) => criterium)
  t.same([...new Set(on('2026-11-20'))], slugs)
  t.notOk(on('2025-12-31').includes('volgorde-afsluitsignaal'))
  t.ok(on('2026-01-01').includes('volgorde-afsluitsignaal'))
  t.ok(criteriaOn('2026-01-01').every(({ grondslag }) => !grondslag.startsWith('Gaswet')))
  t.ok(criteriaOn('2025-12-31').every(({ grondslag }) => !grondslag.startsWith('Energiewet')))
})

t.test('no two rows of a slug claim the same sector, kind and day', async (t) => {
  const boundaries = criteria.flatMap(({ ingangsdatum, einddatum }) => [
    ingangsdatum,
    einddatum ?? '2199-12-31'
  ])
  for (const datum of new Set(boundaries)) {
    const claims = criteriaOn(datum).flatMap((row) =>
      row.sectoren.flatMap((sector) => row.soorten.map((soort) => `${row.criterium} ${sector} ${soort}`))
    )
    t.equal(new Set(claims).size, claims.length, datum)
  }
})

t.test('every row can be read by a partner: text, law, remedy and an existing period', async (t) => {
  for (const row of criteria) {
    t.match(
      row,
      { tekst: /\.$/, afwijzing: /\.$/, herstel: /\.$/, grondslag: /\S/, location: /^\/[a-zA-Z/]+$/ },
      row.criterium
    )
    t.ok(ernsten.includes(row.ernst) && row.sectoren.length > 0 && row.soorten.length > 0)
    t.ok(isRealDate(row.ingangsdatum) && row.ingangsdatum <= (row.einddatum ?? '2199-12-31'))
  }
})
