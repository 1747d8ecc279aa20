import t from 'tap'
import { csvColumns } from '../../../src/aanlevering/leveringen/csv-columns.ts'
import { openTestHub, type Party } from '../../helpers/test-hub.ts'
import { deliver, faultsOf, linesOf } from './deliveries.ts'

const hub = await openTestHub(t, { now: '2026-11-25T09:00:00Z' })
await hub.gemeente('0177')
const verhuurder = await hub.signaalpartner(['huur'], ['0177'])

const valid: Record<string, string> = {
  referentie: 'CSV-1',
  soort: 'vroegsignaal',
  sector: 'huur',
  signaaldatum: '25-11-2026',
  gemeentecode: '0177',
  'betrokkene.soort': 'natuurlijk-persoon',
  'betrokkene.naam.geslachtsnaam': 'Proefpersoon',
  'betrokkene.geboortedatum': '15-06-1985',
  'adres.huisnummer': '10',
  'adres.postcode': '8101 aa',
  'adres.woonplaats': 'Raalte',
  'achterstand.bedrag': '845,00',
  'achterstand.ontstaansdatum': '01-09-2026',
  'socialeIncasso.persoonlijkContact.datum': '10-10-2026|2026-10-12',
  'socialeIncasso.persoonlijkContact.kanaal': 'telefoon|huisbezoek',
  'socialeIncasso.herinneringen': '20-09-2026 | 2026-10-05',
  'socialeIncasso.gewezenOpSchuldhulpverlening': '2026-10-05',
  'socialeIncasso.aanbodGegevensdeling': '05-10-2026',
  'socialeIncasso.reactie': 'geen',
  betalingsregeling: 'geen',
  warmeOverdracht: 'nee'
}
const names = Object.keys(valid)

let references = 0
/** A valid row with a new reference, and with these cells replaced. */
function row(cells: Record<string, string> = {}, separator = ';'): string {
  references += 1
  const filled: Record<string, string> = { ...valid, referentie: `CSV-${references}`, ...cells }
  return names.map((name) => quoted(filled[name]!, separator)).join(separator)
}

function quoted(cell: string, separator: string): string {
  return cell.includes(separator) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

const header = names.join(';')
const send = (body: string | Buffer, party: Party = verhuurder) => deliver(party, body, 'text/csv')

async function taken(body: string | Buffer) {
  const answer = await send(body)
  return linesOf(verhuurder, answer.json().id)
}

async function stored(rowText: string) {
  const [line] = await taken(`${header}\r\n${rowText}`)
  return (await verhuurder.get(`/v1/vroegsignalen/${line!.vroegsignaalId}`)).json()
}

t.test('a row is the signal it describes: euros, Dutch days, lists, empty cells absent', async (t) => {
  const signal = await stored(row({ 'betrokkene.geboortedatum': '' }))
  t.match(signal, {
    signaaldatum: '2026-11-25',
    adres: { postcode: '8101AA', huisnummer: 10 },
    achterstand: { bedragInCenten: 84_500, ontstaansdatum: '2026-09-01' },
    socialeIncasso: {
      persoonlijkContact: [
        { datum: '2026-10-10', kanaal: 'telefoon' },
        { datum: '2026-10-12', kanaal: 'huisbezoek' }
      ],
      herinneringen: ['2026-09-20', '2026-10-05'],
      aanbodGegevensdeling: '2026-10-05'
    },
    warmeOverdracht: false
  })
  t.notOk('geboortedatum' in signal.betrokkene)
})

t.test('an amount in euros is the same cents however it is written', async (t) => {
  const amounts = {
    '845,00': 84_500,
    '845.00': 84_500,
    '845': 84_500,
    '845,5': 84_550,
    '1.250,50': 125_050,
    '1 250,50': 125_050,
    '1,250.50': 125_050,
    '€ 845,00': 84_500,
    '€\u00A0845,00': 84_500,
    '845,00 €': 84_500,
    'EUR 845': 84_500,
    '845,-': 84_500,
    '845,--': 84_500,
    '0,01': 1,
    '1000000': 100_000_000
  }
  for (const [written, cents] of Object.entries(amounts)) {
    const signal = await stored(row({ 'achterstand.bedrag': written }))
    t.equal(signal.achterstand?.bedragInCenten, cents, written)
  }
  const wrong = ['8,4,5', '€€ 845', '845,001', '-5', '1,250', '84 5', '1e3', '0x10', '8,45E+02']
  const [first, ...rest] = await taken(
    [header, ...wrong.map((written) => row({ 'achterstand.bedrag': written }))].join('\n')
  )
  for (const line of [first!, ...rest]) {
    t.equal(line.uitkomst, 'afgewezen', wrong[line.regel - 2]!)
    t.match(line.errors, [{ location: '/achterstand/bedragInCenten' }])
  }
  t.equal(rest.length, wrong.length - 1)
})

t.test('semicolons or commas, byte order mark, CRLF, quoted cells: all are read alike', async (t) => {
  const tricky = { 'betrokkene.naam.geslachtsnaam': 'Een, "twee"; drie', 'adres.woonplaats': 'Raalte' }
  for (const separator of [';', ',']) {
    for (const newline of ['\n', '\r\n']) {
      for (const mark of ['', '\uFEFF']) {
        const rows = [row(tricky, separator), '', row({}, separator)]
        const text = mark + [names.join(separator), ...rows].join(newline)
        const lines = await taken(text)
        t.same(
          lines.map(({ regel, uitkomst }) => [regel, uitkomst]),
          [
            [2, 'opgenomen'],
            [4, 'opgenomen']
          ],
          JSON.stringify([separator, newline, mark])
        )
        const { betrokkene } = (await verhuurder.get(`/v1/vroegsignalen/${lines[0]!.vroegsignaalId}`)).json()
        t.equal(betrokkene.naam.geslachtsnaam, 'Een, "twee"; drie')
      }
    }
  }
})

t.test('a quoted cell with a line break is one row; the next line keeps its number', async (t) => {
  const broken = row({ 'adres.woonplaats': 'Raalte\r\nDorp' })
  const lines = await taken([header, broken, row()].join('\r\n'))
  t.equal(lines.length, 2)
  t.match(lines[0], { uitkomst: 'afgewezen', errors: [{ location: '/adres/woonplaats', code: 'pattern' }] })
  t.match(lines[1], { regel: 4, uitkomst: 'opgenomen' })
})

t.test('a bad row never touches its neighbours, and is told apart by its kind', async (t) => {
  const bad: Record<string, [string | Buffer, string]> = {
    'more cells than the header': [`${row()};x`, ' maxItems'],
    'a cell that is not UTF-8': [
      Buffer.from(row({ 'adres.woonplaats': 'Raalt\xeb' }), 'latin1'),
      ' encoding'
    ],
    'a stray quote in a cell': [row().replace('Proefpersoon', 'Proef"persoon'), ' csv'],
    'fewer cells than the header': ['CSV-kort;vroegsignaal', '/sector required'],
    'a kind that does not exist': [row({ soort: 'iets' }), '/soort enum']
  }
  for (const [name, [line, fault]] of Object.entries(bad)) {
    const parts = [`${header}\r\n${row()}\r\n`, line, `\r\n${row()}\r\n`]
    const body = Buffer.concat(parts.map((part) => Buffer.from(part as string)))
    const lines = await taken(body)
    t.same(
      lines.map(({ regel, uitkomst }) => `${regel} ${uitkomst}`),
      ['2 opgenomen', '3 afgewezen', '4 opgenomen'],
      name
    )
    t.ok(faultsOf(lines[1]!).includes(fault), `${name}: ${faultsOf(lines[1]!)}`)
  }
})

t.test('a quote that is never closed is reported; the rows before it stand', async (t) => {
  const lines = await taken([header, row(), `"${row()}`, row()].join('\r\n'))
  t.match(lines, [
    { regel: 2, uitkomst: 'opgenomen' },
    { regel: 3, uitkomst: 'afgewezen', errors: [{ code: 'csv' }] }
  ])
})

t.test(
  '400: unknown and double columns are named by position, without echo; nothing is stored',
  async (t) => {
    const before = (await hub.admin('select from vroegsignaal')).length
    const secret = 'Kanariegeheim'
    const answer = await send(`referentie;${secret};soort;referentie;${secret}2\r\n${row()}`)
    t.equal(answer.statusCode, 400)
    t.same(faultsOf(answer.json()), ['/1/2 unknownParam', '/1/4 unique', '/1/5 unknownParam'])
    t.notMatch(answer.body, /Kanarie/)
    for (const name of ['__proto__', 'constructor', 'toString', 'adres']) {
      t.equal((await send(`referentie;${name}\r\nx;y`)).statusCode, 400, name)
    }
    t.equal((await send(header)).statusCode, 400, 'a header alone')
    t.equal((await send(`${header}\r\n`)).statusCode, 400)
    t.equal((await send('')).statusCode, 400)
    t.equal((await hub.admin('select from vroegsignaal')).length, before)
  }
)

t.test('a required column that is missing makes every row miss it, by its field', async (t) => {
  const without = names.filter((name) => name !== 'adres.postcode').join(';')
  const cells = names.filter((name) => name !== 'adres.postcode').map((name) => valid[name])
  const [line] = await taken(`${without}\r\n${cells.join(';')}`)
  t.match(line, { uitkomst: 'afgewezen', errors: [{ location: '/adres/postcode', code: 'required' }] })
})

t.test('the template is a header that is taken, with every column', async (t) => {
  const answer = await hub.call({ method: 'GET', url: '/v1/aanleveringen/csv-sjabloon' })
  t.match(answer.headers['content-type'], /^text\/csv; charset=utf-8/)
  t.equal(answer.body, `${Object.keys(csvColumns).join(';')}\r\n`)
  const cells = Object.keys(csvColumns).map((name) =>
    name === 'referentie' ? 'SJABLOON' : (valid[name] ?? '')
  )
  const [line] = await taken(answer.body + cells.join(';'))
  t.match(line, { uitkomst: 'opgenomen', referentie: 'SJABLOON' })
})
