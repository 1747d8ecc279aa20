import t from 'tap'
import { gemeentenByNaam } from '../../src/adressen/register/gemeentenamen.ts'
import { type Registerdeel, readRegister } from '../../src/adressen/register/read-register.ts'
import type { Problem } from '../../src/platform/http/problem.ts'

const findGemeente = gemeentenByNaam([
  { gemeentecode: '0177', naam: 'Raalte' },
  { gemeentecode: '0518', naam: 'Den Haag' },
  { gemeentecode: '0796', naam: "'s-Hertogenbosch" },
  { gemeentecode: '0373', naam: 'Bergen (NH)' },
  { gemeentecode: '1900', naam: 'Gemeente Súdwest-Fryslân' },
  { gemeentecode: '0001', naam: 'Tweeling' },
  { gemeentecode: '0002', naam: 'Twee Ling' }
])

async function* pieces(text: string, size: number) {
  for (let start = 0; start < text.length; start += size) yield text.slice(start, start + size)
}

async function read(text: string, size = 7) {
  const parts: Registerdeel[] = []
  for await (const part of readRegister(pieces(text, size), findGemeente)) parts.push(part)
  const { adressen: _, ...last } = parts.at(-1)!
  return { ...last, adressen: parts.flatMap(({ adressen }) => adressen), parts: parts.length }
}

async function faultsOf(text: string) {
  const problem = await read(text).then(
    () => undefined,
    (cause: Problem) => cause
  )
  return (problem?.errors ?? []).map(({ location, code }) => `${location} ${code}`)
}

const bag = 'postcode;huisnummer;huisletter;huisnummertoevoeging;nummeraanduiding;gemeentecode'
const adres = (huisnummer: number, aanduiding = '', nummeraanduiding = '', gemeentecode = '0177') => ({
  postcode: '8101AA',
  huisnummer,
  aanduiding,
  nummeraanduiding,
  gemeentecode
})

t.test('the CBS file: postcode, house number, municipality, with codes that lost their zero', async (t) => {
  const { adressen, bron, aantalRegels } = await read(
    '"PC6";"Huisnummer";"Buurt2026";"Wijk2026";"Gemeente2026"\r\n"8101AA";"1";"1770001";"17700";"177"\r\n'
  )
  t.same({ adressen, bron, aantalRegels }, { adressen: [adres(1)], bron: 'cbs', aantalRegels: 1 })
})

t.test('our own form of a BAG export, in any order, case and separator', async (t) => {
  const expected = [adres(10, 'A2', '0177200000000001'), adres(12)]
  const rows = [
    ['8101AA', '10', 'a', '2', '0177200000000001', 'GM0177'],
    ['8101 aa', '012', '', '', '', '177']
  ]
  const header = bag.split(';')
  for (const separator of [';', ',', '\t']) {
    for (const order of [
      [0, 1, 2, 3, 4, 5],
      [5, 3, 1, 0, 2, 4]
    ]) {
      const text = [header.map((name) => name.toUpperCase()), ...rows]
        .map((row) => order.map((index) => row[index]).join(separator))
        .join('\n')
      const { adressen, bron } = await read(`${text}\n\n`)
      t.same({ adressen, bron }, { adressen: expected, bron: 'bag' }, `${separator} ${order}`)
    }
  }
})

t.test('the export of NLExtract: other columns are passed over, quotes and line breaks read', async (t) => {
  const { adressen } =
    await read(`openbareruimte,huisnummer,huisletter,huisnummertoevoeging,postcode,woonplaats,gemeente,provincie,nummeraanduiding,object_id
Verzonnenstraat,1,,,8101AA,Raalte,Raalte,Overijssel,0177200000000001,0177010000000001
"Straat, met ""komma""
en regeleinde",2,B,01,8101AA,Raalte,RAALTE,Overijssel,177200000000002,
`)
  t.same(adressen, [adres(1, '', '0177200000000001'), adres(2, 'B1', '0177200000000002')])
})

t.test(
  'names: case, accents, punctuation, the usual other name; unknown and ambiguous are listed',
  async (t) => {
    const names = [
      "'s-Gravenhage",
      'Den Bosch',
      'Bergen (NH.)',
      'Sudwest Fryslan',
      'Bergen (L.)',
      'Tweeling',
      '',
      '518'
    ]
    const lines = names.map((naam, index) => `8101AA;${index + 1};${naam}`)
    const { adressen, onbekendeGemeenten } = await read(`postcode;huisnummer;gemeente\n${lines.join('\n')}`)
    t.same(
      adressen.map(({ gemeentecode }) => gemeentecode),
      ['0518', '0796', '0373', '1900', '', '', '', '0518']
    )
    t.same(onbekendeGemeenten, ['Bergen (L.)', 'Tweeling'])
    const both = await read(
      'postcode;huisnummer;gemeente;gemeentecode\n8101AA;1;Nergens;0177\n8101AA;2;Raalte;\n'
    )
    t.same([both.adressen, both.onbekendeGemeenten], [[adres(1), adres(2)], []], 'a code wins over a name')
  }
)

t.test('a line without postcode is passed over and counted', async (t) => {
  const { adressen, aantalRegels, aantalOvergeslagen } = await read(
    `${bag}\n;1;;;;0177\n8101AA;2;;;;0177\n;;;;;\n`
  )
  t.same(
    { adressen, aantalRegels, aantalOvergeslagen },
    { adressen: [adres(2)], aantalRegels: 2, aantalOvergeslagen: 1 }
  )
})

t.test(
  'every wrong line is named, and what is wrong with it; from then on nothing is passed on',
  async (t) => {
    const wrong = [
      '8101A;1;;;;0177',
      '8101AA;1;;;;0177',
      '8101AA;;;;;0177',
      '8101AA;100000;;;;0177',
      '8101AA;1;;lange toevoeging;;0177',
      '8101AA;1;;\u0000;;0177',
      '8101AA;1;;;0177010000000001;0177',
      '8101AA;1;;;1.77E+14;0177',
      '8101AA;1;;;;Raalte'
    ]
    t.same(await faultsOf(`${bag}\n${wrong.join('\n')}`), [
      '/2/postcode pattern',
      '/4/huisnummer pattern',
      '/5/huisnummer pattern',
      '/6/huisnummertoevoeging pattern',
      '/7/huisnummertoevoeging pattern',
      '/8/nummeraanduiding pattern',
      '/9/nummeraanduiding pattern',
      '/10/gemeentecode pattern'
    ])
    t.equal((await faultsOf(`${bag}\n${'x;1;;;;0177\n'.repeat(300)}`)).length, 100)
    const parts: number[] = []
    const file = `${bag}\nx;1;;;;0177\n${'8101AA;1;;;;0177\n'.repeat(9_000)}`
    const reading = async () => {
      for await (const { adressen } of readRegister(pieces(file, 65_536), findGemeente))
        parts.push(adressen.length)
    }
    await t.rejects(reading())
    t.ok(parts.length > 1)
    t.ok(parts.every((size) => size === 0))
  }
)

t.test('a quote that is not closed names its line; a stray one is text', async (t) => {
  const open = `${bag}\n8101AA;1;;;;0177\n8101AA;"2;;;;0177\n`
  t.same(await faultsOf(open), ['/3 csv'])
  t.same(await faultsOf(`${bag}\n8101AA;"2;;;;0177\n${'8101AA;1;;;;0177\n'.repeat(20_000)}`), ['/2 csv'])
  const strays = '8101AA;1;;;;0177\n8101AA;2;;12" buis;;0177\n8101AA;3;;"Hoek;;0177\n'
  t.same(await faultsOf(`${bag}\n${strays}`), ['/3 csv'], 'nor does a second stray one close it')
  const { adressen } = await read('straat;postcode;huisnummer;gemeentecode\n5" pijp 6";8101AA;1;0177\n')
  t.same(adressen, [adres(1)])
})

t.test('a file without columns, lines or addresses says what is missing', async (t) => {
  t.same(await faultsOf(''), [' required'])
  t.same(await faultsOf('postcode;huisnummer\n8101AA;1\n'), [' required'])
  t.same(await faultsOf(`${bag}\n`), [' minItems'])
  t.same(await faultsOf(`${bag}\n;1;;;;0177\n`), [' minItems'])
  const problem: Problem = await read('naam\nx').catch((cause) => cause)
  t.match(problem.errors[0]!.detail, /postcode.*huisnummer.*gemeentecode/)
})

t.test('parts hold some hundreds of addresses each', async (t) => {
  const { parts, adressen } = await read(`${bag}\n${'8101AA;1;;;;0177\n'.repeat(9_000)}`, 65_536)
  t.same([parts, adressen.length], [19, 9_000])
})
