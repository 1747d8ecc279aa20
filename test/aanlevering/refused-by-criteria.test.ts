import t from 'tap'
import type { Sector } from '../../src/begrippen/vroegsignaal.ts'
import { uitkomsten } from '../../src/beoordeling/criterium.ts'
import { aSignalFor, type Overrides, testBsn } from '../helpers/builders.ts'
import { loadRegister } from '../helpers/load-register.ts'
import { openTestHub } from '../helpers/test-hub.ts'
import { dumpTables, guisesOf, tracesIn, withoutTraces } from '../verantwoording/traces.ts'

type Case = {
  criteria: readonly string[]
  locations: readonly string[]
  sector?: Sector
  overrides: Overrides
}
type Fault = { code: string; location: string; grondslag: string; detail: string }
type Rule = { criterium: string; tekst: string; grondslag: string; ernst: string; sectoren: Sector[] }

const path = '/v1/vroegsignalen'
const incasso = (socialeIncasso: Overrides) => ({ socialeIncasso })

const one = (criterium: string, location: string, overrides: Overrides, sector: Sector = 'huur'): Case => ({
  criteria: [criterium],
  locations: [location],
  sector,
  overrides
})

const cases: readonly Case[] = [
  one('natuurlijk-persoon', '/betrokkene/soort', { betrokkene: { soort: 'rechtspersoon' } }),
  one('meerderjarig', '/betrokkene/geboortedatum', { betrokkene: { geboortedatum: '2008-11-21' } }),
  one('bsn-alleen-zorgverzekeraar', '/betrokkene/burgerservicenummer', {
    betrokkene: { burgerservicenummer: testBsn }
  }),
  one(
    'bsn-elfproef',
    '/betrokkene/burgerservicenummer',
    { betrokkene: { burgerservicenummer: '999990018' } },
    'zorgverzekering'
  ),
  one('adres-in-gemeente', '/gemeentecode', { adres: { postcode: '7607ZZ' } }),
  one(
    'persoonlijk-contact',
    '/socialeIncasso/persoonlijkContact',
    incasso({ persoonlijkContact: undefined })
  ),
  one(
    'gewezen-op-schuldhulpverlening',
    '/socialeIncasso/gewezenOpSchuldhulpverlening',
    incasso({ gewezenOpSchuldhulpverlening: '2026-11-21' })
  ),
  {
    criteria: ['schriftelijke-herinnering', 'aanbod-gegevensdeling'],
    locations: ['/socialeIncasso/herinneringen', '/socialeIncasso/aanbodGegevensdeling'],
    overrides: incasso({ herinneringen: [] })
  },
  one(
    'aanbod-gegevensdeling',
    '/socialeIncasso/aanbodGegevensdeling',
    incasso({ aanbodGegevensdeling: '2026-11-01' })
  ),
  one('geen-bezwaar', '/socialeIncasso/reactie', incasso({ reactie: 'bezwaar' })),
  one('geen-nagekomen-regeling', '/betalingsregeling', { betalingsregeling: 'wordt-nagekomen' }),
  one('drempelbedrag', '/achterstand/bedragInCenten', { achterstand: { bedragInCenten: 19_999 } }),
  one('achterstand-termijn', '/achterstand/ontstaansdatum', {
    achterstand: { ontstaansdatum: '2026-10-22' },
    ...incasso({
      persoonlijkContact: [{ datum: '2026-11-01', kanaal: 'telefoon' }],
      herinneringen: ['2026-11-01'],
      gewezenOpSchuldhulpverlening: '2026-11-01',
      aanbodGegevensdeling: '2026-11-01'
    })
  }),
  one('signaaldatum-actueel', '/signaaldatum', { signaaldatum: '2026-11-21' }),
  one('signaaldatum-actueel', '/signaaldatum', { signaaldatum: '2026-10-19' }),
  one('soort-past-bij-sector', '/soort', { soort: 'royementssignaal' }),
  {
    criteria: [
      'persoonlijk-contact',
      'gewezen-op-schuldhulpverlening',
      'schriftelijke-herinnering',
      'aanbod-gegevensdeling',
      'geen-bezwaar'
    ],
    locations: [
      'persoonlijkContact',
      'gewezenOpSchuldhulpverlening',
      'herinneringen',
      'aanbodGegevensdeling',
      'reactie'
    ].map((field) => `/socialeIncasso/${field}`),
    overrides: { socialeIncasso: undefined }
  }
]

async function openHub(t: Parameters<typeof openTestHub>[0]) {
  const hub = await openTestHub(t)
  const raalte = await hub.gemeente('0177')
  const settings = { instellingen: { drempelbedragenInCenten: { huur: 20_000 } } }
  await raalte.patch('/v1/gemeenten/0177', settings, { 'if-match': '*' })
  await loadRegister(hub.beheer, ['postcode;huisnummer;gemeentecode', '7607ZZ;1;0141'])
  const partner = await hub.signaalpartner(['huur', 'elektriciteit', 'zorgverzekering'], ['0177'])
  return { hub, partner }
}

const bodyOf = ({ sector = 'huur', overrides }: Case, n: number) =>
  aSignalFor(sector, { referentie: `GEWEIGERD-${n}`, ...overrides })

t.test(
  '422: each criterium is named with its field and law, never a value; only counts are left',
  async (t) => {
    const { hub, partner } = await openHub(t)
    const rules: Rule[] = (await hub.call({ method: 'GET', url: '/v1/criteria?datum=2026-11-20' })).json()
      .resultaten
    const before = await dumpTables(hub)
    for (const [n, one] of cases.entries()) {
      const body = bodyOf(one, n)
      const answer = await partner.post(path, body)
      t.equal(answer.statusCode, 422, `${one.criteria}`)
      t.equal(answer.json().type, '/v1/problemen/signaal-niet-toelaatbaar')
      const faults: Fault[] = answer.json().errors ?? []
      t.same(
        faults.map(({ code }) => code),
        one.criteria
      )
      t.same(
        faults.map(({ location }) => location),
        one.locations
      )
      for (const { code, grondslag, detail } of faults) {
        const rule = rules.find(
          ({ criterium, sectoren }) => criterium === code && sectoren.includes(body.sector)
        )
        t.match(rule, { grondslag, ernst: 'afwijzen' }, code)
        t.notMatch(detail, /^Niet voldaan/, 'the fault is a sentence of its own')
        t.notMatch(detail, rule!.tekst, 'and not the rule')
      }
      const { naam, geboortedatum, burgerservicenummer, telefoonnummer, emailadres } = body.betrokkene
      const personal = [
        naam.geslachtsnaam,
        geboortedatum,
        burgerservicenummer,
        telefoonnummer,
        emailadres,
        body.referentie
      ]
      t.same(
        tracesIn(
          answer.body,
          personal.flatMap((value) => (value ? guisesOf(value) : []))
        ),
        []
      )
    }
    const counted = await hub.admin(
      `select gemeentecode, signaalpartner_id as partner, dag::text, sector, criterium, aantal from afwijzing_telling
        order by criterium`
    )
    const expected = Map.groupBy(
      cases.flatMap(({ criteria }) => criteria),
      (slug) => slug
    )
    t.same(
      counted,
      [...expected].sort().map(([criterium, { length }]) => ({
        gemeentecode: '0177',
        partner: partner.id,
        dag: '2026-11-20',
        sector: criterium === 'bsn-elfproef' ? 'zorgverzekering' : 'huur',
        criterium,
        aantal: length
      }))
    )
    const after = await dumpTables(hub)
    t.same(without(after), without(before), 'nothing else changed in any table of either database')
  }
)

t.test(
  'a trial gives the outcome of every criterium and keeps nothing of the signal, not even a count',
  async (t) => {
    const { hub, partner } = await openHub(t)
    await partner.post(path, aSignalFor('huur', { referentie: 'STAAT' }))
    const before = withoutTraces(await dumpTables(hub))
    const trial = (body: object, headers = {}) => partner.post('/v1/proefbeoordelingen', body, headers)
    for (const [n, one] of cases.entries()) {
      const answer = await trial(bodyOf(one, n))
      t.equal(answer.statusCode, 200)
      const { toelaatbaar, beoordeling } = answer.json()
      t.equal(toelaatbaar, false)
      const outcomes: { criterium: string; uitkomst: string }[] = beoordeling.criteria
      t.equal(new Set(outcomes.map(({ criterium }) => criterium)).size, 23)
      const failed = outcomes
        .filter(({ uitkomst }) => uitkomst === 'afwijzing')
        .map(({ criterium }) => criterium)
      t.same(failed, one.criteria)
      t.ok(outcomes.every(({ uitkomst }) => (uitkomsten as readonly string[]).includes(uitkomst)))
    }
    const good = await trial(aSignalFor('huur', { referentie: 'GOED' }), { 'idempotency-key': 'proef' })
    t.equal(good.json().toelaatbaar, true)
    const nowhere = await trial(aSignalFor('huur', { gemeentecode: '9999' }))
    t.equal(nowhere.json().toelaatbaar, false)
    t.equal((await trial(aSignalFor('huur', { referentie: undefined }))).statusCode, 400)
    t.same(withoutTraces(await dumpTables(hub)), before)
  }
)

t.test(
  'a warning lets the signal in and stands in its beoordeling, beside every other criterium',
  async (t) => {
    const { partner } = await openHub(t)
    const answer = await partner.post(path, aSignalFor('elektriciteit', { klantnummer: undefined }))
    t.equal(answer.statusCode, 201)
    const outcomes: { criterium: string; uitkomst: string; grondslag: string }[] =
      answer.json().beoordeling.criteria
    t.equal(new Set(outcomes.map(({ criterium }) => criterium)).size, 23)
    t.equal(outcomes.length, 23)
    const warnings = outcomes.filter(({ uitkomst }) => uitkomst === 'waarschuwing')
    t.same(
      warnings.map(({ criterium }) => criterium),
      ['klantnummer-aanwezig']
    )
    t.match(warnings[0]!.grondslag, /^Energiewet/)
    const contact = {
      socialeIncasso: { persoonlijkContact: [] },
      signaaldatum: '2026-11-20',
      klantnummer: 'K1'
    }
    t.equal(
      (await partner.post(path, aSignalFor('elektriciteit', { ...contact, referentie: 'R2' }))).statusCode,
      422
    )
  }
)

t.test(
  'before 2026 energy without personal contact is a warning: the law of the signaaldatum counts',
  async (t) => {
    const hub = await openTestHub(t, { now: '2026-01-05T09:00:00Z' })
    await hub.gemeente('0177')
    const leverancier = await hub.signaalpartner(['gas'], ['0177'])
    const send = (signaaldatum: string) => {
      const body = aSignalFor('gas', {
        referentie: signaaldatum,
        signaaldatum,
        socialeIncasso: { persoonlijkContact: [] }
      })
      return leverancier.post(path, body)
    }
    t.equal((await send('2025-12-31')).statusCode, 201)
    const refused = await send('2026-01-01')
    t.equal(refused.statusCode, 422)
    t.same(
      refused.json().errors.map(({ code }: Fault) => code),
      ['persoonlijk-contact']
    )
  }
)

function without(dump: Map<string, string>) {
  return new Map([...dump].filter(([table]) => table !== 'afwijzing_telling'))
}
