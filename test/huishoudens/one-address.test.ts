import t, { type Test } from 'tap'
import { aSignalFor } from '../helpers/builders.ts'
import { loadRegister } from '../helpers/load-register.ts'
import { type Answer, openTestHub, type Party } from '../helpers/test-hub.ts'

type Adres = {
  readonly postcode?: string
  readonly huisnummer?: number
  readonly huisletter?: string
  readonly huisnummertoevoeging?: string
  readonly nummeraanduidingIdentificatie?: string
}

const header = 'postcode;huisnummer;huisletter;huisnummertoevoeging;nummeraanduiding;gemeentecode'
const bag = (n: number) => `0177200000000${String(n).padStart(3, '0')}`

/** Lines of a register: the homes on number 10, by letter and addition. */
function homes(...written: readonly (readonly [letter: string, addition: string])[]): string[] {
  return written.map(([letter, addition], index) => `8101AA;10;${letter};${addition};${bag(index + 1)};0177`)
}

async function openHub(t: Test) {
  const hub = await openTestHub(t)
  const raalte = await hub.gemeente('0177')
  const landlord = await hub.signaalpartner(['huur'], ['0177'])
  const supplier = await hub.signaalpartner(['drinkwater'], ['0177'])
  const load = async (...lines: string[]) => {
    const answer = await loadRegister(hub.beheer, [header, '8101AB;1;;;0177200000000900;0177', ...lines])
    if (answer.statusCode !== 201) throw new Error(answer.body)
  }
  const signal = (sector: 'huur' | 'drinkwater', adres: Adres, n: number) =>
    aSignalFor(sector, { referentie: `${sector}-${n}`, klantnummer: `K-${n}`, adres })
  return { hub, raalte, landlord, supplier, load, signal }
}

type Send = (party: Party, signal: object) => Promise<Answer>

const ways: Record<string, Send> = {
  'a single post': (party, signal) => party.post('/v1/vroegsignalen', signal),
  'a delivery': (party, signal) => party.post('/v1/aanleveringen', { vroegsignalen: [signal] })
}

type Case = {
  readonly what: string
  readonly register?: readonly string[]
  readonly first: Adres
  readonly second: Adres
  readonly households: number
}

const addition = (huisnummertoevoeging: string): Adres => ({ huisnummertoevoeging })
const flats = homes(['', 'HS'], ['', 'II'], ['', '3H'], ['', 'BS'], ['', 'ZW'], ['', 'RD'])

const cases: readonly Case[] = [
  { what: 'a letter in the other field', first: { huisletter: 'A' }, second: addition('a'), households: 1 },
  {
    what: 'letter and addition apart, together, and with a hyphen',
    first: { huisletter: 'A', huisnummertoevoeging: '2' },
    second: addition('A-2'),
    households: 1
  },
  {
    what: 'the same without a hyphen',
    first: { huisletter: 'A', huisnummertoevoeging: '2' },
    second: addition('A2'),
    households: 1
  },
  { what: 'a leading zero', first: addition('01'), second: addition('1'), households: 1 },
  {
    what: 'another number',
    first: { huisnummer: 10, ...addition('1') },
    second: { huisnummer: 101 },
    households: 2
  },
  {
    what: 'floors, where no register says that they are one',
    first: addition('hs'),
    second: addition('H'),
    households: 2
  },
  { what: 'hs and H', register: flats, first: addition('hs'), second: addition('H'), households: 1 },
  { what: 'huis and hs', register: flats, first: addition('huis'), second: addition('hs'), households: 1 },
  { what: 'II and 2', register: flats, first: addition('II'), second: addition('2'), households: 1 },
  {
    what: '2-hoog and 2hg',
    register: flats,
    first: addition('2-hoog'),
    second: addition('2hg'),
    households: 1
  },
  { what: '3 h and 3H', register: flats, first: addition('3 h'), second: addition('3H'), households: 1 },
  { what: 'bis and BS', register: flats, first: addition('bis'), second: addition('BS'), households: 1 },
  { what: 'zwart and zw', register: flats, first: addition('zwart'), second: addition('zw'), households: 1 },
  { what: 'rood and rd', register: flats, first: addition('rood'), second: addition('rd'), households: 1 },
  {
    what: 'the house, and flat H among lettered flats',
    register: homes(['F', ''], ['G', ''], ['H', '']),
    first: addition('huis'),
    second: { huisletter: 'H' },
    households: 2
  },
  {
    what: 'the first floor, and letter I among lettered flats',
    register: homes(['A', ''], ['B', ''], ['C', ''], ['', '1']),
    first: addition('1'),
    second: { huisletter: 'I' },
    households: 2
  },
  {
    what: 'the fifth floor, and letter V among lettered flats',
    register: homes(['A', ''], ['B', ''], ['', '5']),
    first: addition('5'),
    second: { huisletter: 'V' },
    households: 2
  },
  {
    what: 'II and 2 among lettered flats',
    register: homes(['A', ''], ['B', ''], ['', '2']),
    first: addition('II'),
    second: addition('2'),
    households: 1
  },
  {
    what: 'H and the house among lettered flats',
    register: homes(['A', ''], ['B', ''], ['', 'HS']),
    first: addition('hs'),
    second: { huisletter: 'H' },
    households: 1
  },
  {
    what: 'the front of a floor',
    register: homes(['', '2V'], ['', '2A']),
    first: addition('2hg-V'),
    second: addition('2V'),
    households: 1
  },
  {
    what: 'one BAG id, written differently',
    register: homes(['', 'BS'], ['A', '']),
    first: { ...addition('bis'), nummeraanduidingIdentificatie: bag(1) },
    second: { ...addition('BS'), nummeraanduidingIdentificatie: bag(1) },
    households: 1
  },
  {
    what: 'two BAG ids with the same text',
    register: homes(['A', ''], ['', 'A']),
    first: { huisletter: 'A', nummeraanduidingIdentificatie: bag(1) },
    second: { huisletter: 'A', nummeraanduidingIdentificatie: bag(2) },
    households: 2
  },
  {
    what: 'a BAG id of another number, which says nothing',
    register: [...homes(['A', '']), `8101AA;12;;;${bag(50)};0177`],
    first: { huisletter: 'A', nummeraanduidingIdentificatie: bag(50) },
    second: { huisletter: 'A' },
    households: 1
  },
  {
    what: 'with and without the letter, where the register has the number only',
    register: homes(['', '']),
    first: {},
    second: addition('A'),
    households: 2
  },
  {
    what: 'without the letter that the only home on the number has',
    register: homes(['A', '']),
    first: {},
    second: { huisletter: 'A' },
    households: 1
  },
  {
    what: 'without the letter, where the number has several homes',
    register: homes(['A', ''], ['B', '']),
    first: {},
    second: { huisletter: 'A' },
    households: 2
  }
]

/** A case on a postcode of its own, with BAG ids of its own, so that one hub can hold them all. */
function movedTo(one: Case, postcode: string, nr: number): Case {
  const text = JSON.stringify(one)
    .replaceAll('8101AA', postcode)
    .replaceAll('0177200000000', `017720${String(nr).padStart(7, '0')}`)
  return JSON.parse(text)
}

for (const [way, send] of Object.entries(ways)) {
  t.test(`two partners write one home, each in its own way: ${way}`, async (t) => {
    const { raalte, landlord, supplier, load, signal } = await openHub(t)
    const placed = cases.map((one, nr) => {
      const postcode = `${8110 + nr}AA`
      return { ...movedTo(one, postcode, nr + 1), postcode, nr }
    })
    await load(...placed.flatMap(({ register = [] }) => register))
    for (const { first, second, postcode, nr } of placed) {
      for (const [party, sector, adres] of [
        [landlord, 'huur', first],
        [supplier, 'drinkwater', second]
      ] as const) {
        const answer = await send(party, signal(sector, { ...adres, postcode }, nr))
        if (answer.statusCode !== 201) throw new Error(answer.body)
        if (answer.json().aantalAfgewezen > 0) throw new Error(answer.body)
      }
    }
    const { resultaten } = (await raalte.get('/v1/huishoudens?limit=1000')).json()
    for (const { what, households, postcode } of placed) {
      const there = resultaten.filter(
        ({ adres }: { adres: { postcode: string } }) => adres.postcode === postcode
      )
      t.equal(there.length, households, what)
    }
  })
}

t.test('what the register says of an address is shown, filterable and a warning', async (t) => {
  const { raalte, landlord, load, signal, hub } = await openHub(t)
  await load(...homes(['A', ''], ['B', '']))
  const post = async (adres: Adres, n: number, postcode = '8101AA') => {
    const body = signal('huur', adres, n)
    const answer = await landlord.post('/v1/vroegsignalen', { ...body, adres: { ...body.adres, postcode } })
    t.equal(answer.statusCode, 201)
    return answer.json()
  }
  const outcome = ({
    beoordeling
  }: {
    beoordeling: { criteria: { criterium: string; uitkomst: string }[] }
  }) => beoordeling.criteria.find(({ criterium }) => criterium === 'adres-bekend')!.uitkomst
  const known = await post(addition('a'), 1)
  t.match(known, { adresBekend: true, adres: { nummeraanduidingIdentificatie: bag(1) } })
  t.equal(outcome(known), 'voldaan')
  const unknown = await post(addition('C'), 2)
  t.match(unknown, { adresBekend: false })
  t.notOk('nummeraanduidingIdentificatie' in unknown.adres)
  t.equal(outcome(unknown), 'waarschuwing')
  const claimed = await post({ ...addition('D'), nummeraanduidingIdentificatie: bag(900) }, 4)
  t.notOk(
    'nummeraanduidingIdentificatie' in claimed.adres,
    'an id that the register has elsewhere is not shown'
  )
  const elsewhere = await post({}, 3, '8102AA')
  t.notOk('adresBekend' in elsewhere)
  t.equal(outcome(elsewhere), 'niet-van-toepassing')

  const numbers = async (query: string) =>
    (await raalte.get(`/v1/huishoudens${query}`))
      .json()
      .resultaten.map(({ adresBekend }: { adresBekend?: boolean }) => adresBekend)
  t.same((await numbers('')).length, 4)
  t.same(await numbers('?adresBekend=true'), [true])
  t.same(await numbers('?adresBekend=false'), [false, false])
  const counted = await hub.admin(
    `select aantal from signaalpartner_telling where gebeurtenis = 'waarschuwing' and kenmerk = 'adres-bekend'`
  )
  t.same(counted, [{ aantal: 2 }], 'and it is counted in the figures of its partner')
})

t.test('a search on an address finds every home that it may be', async (t) => {
  const { raalte, landlord, load, signal } = await openHub(t)
  await load(...homes(['A', ''], ['', 'A'], ['B', '']))
  for (const [n, adres] of [
    { huisletter: 'A', nummeraanduidingIdentificatie: bag(1) },
    { huisletter: 'A', nummeraanduidingIdentificatie: bag(2) },
    { huisletter: 'A' },
    { huisletter: 'B' }
  ].entries()) {
    t.equal((await landlord.post('/v1/vroegsignalen', signal('huur', adres, n))).statusCode, 201)
  }
  const found = async (adres: Adres) => {
    const search = { adres: { postcode: '8101AA', huisnummer: 10, ...adres } }
    return (await raalte.post('/v1/huishoudens/_zoek', search)).json().resultaten.length
  }
  t.equal(await found(addition('a')), 3)
  t.equal(
    await found({ huisletter: 'A', nummeraanduidingIdentificatie: bag(2) }),
    2,
    'this one, and the one unknown'
  )
  t.equal(await found({ huisletter: 'B' }), 1)
})

t.test('the CBS file knows numbers, not letters', async (t) => {
  const { hub, landlord, signal } = await openHub(t)
  const loaded = await loadRegister(hub.beheer, [
    'PC6;Huisnummer;Buurt2026;Wijk2026;Gemeente2026',
    '8101AA;10;1;1;177'
  ])
  t.equal(loaded.statusCode, 201)
  const post = async (adres: Adres, n: number) =>
    (await landlord.post('/v1/vroegsignalen', signal('huur', adres, n))).json().adresBekend
  t.equal(await post({ huisletter: 'A' }, 1), true)
  t.equal(await post({ huisnummer: 11 }, 2), false)
})
