import t from 'tap'
import { readCsvBytes } from '../../../src/aanlevering/leveringen/csv-bytes.ts'
import { aSignal } from '../../helpers/builders.ts'
import { openTestHub } from '../../helpers/test-hub.ts'
import { deliver, faultsOf, linesOf, ndjson } from './deliveries.ts'

// What a landlord's spreadsheet, an export of the population register and an ordinary program really send.

const hub = await openTestHub(t, { now: '2026-11-25T09:00:00Z' })
await hub.gemeente('0177')
const verhuurder = await hub.signaalpartner(['huur'], ['0177'])
const verzekeraar = await hub.signaalpartner(['zorgverzekering'], ['0177'])

const valid: Record<string, string> = {
  referentie: 'S-1',
  soort: 'vroegsignaal',
  sector: 'huur',
  signaaldatum: '25-11-2026',
  gemeentecode: '0177',
  klantnummer: 'K-1',
  'betrokkene.soort': 'natuurlijk-persoon',
  'betrokkene.naam.geslachtsnaam': 'Proefpersoon',
  'betrokkene.geboortedatum': '',
  'betrokkene.burgerservicenummer': '',
  'betrokkene.telefoonnummer': '',
  'adres.huisnummer': '10',
  'adres.huisletter': '',
  'adres.huisnummertoevoeging': '',
  'adres.postcode': '8101AA',
  'adres.woonplaats': 'Raalte',
  'achterstand.bedrag': '845,00',
  'achterstand.ontstaansdatum': '01-09-2026',
  'socialeIncasso.persoonlijkContact.datum': '10-10-2026',
  'socialeIncasso.persoonlijkContact.kanaal': 'telefoon',
  'socialeIncasso.herinneringen': '05-10-2026',
  'socialeIncasso.gewezenOpSchuldhulpverlening': '05-10-2026',
  'socialeIncasso.aanbodGegevensdeling': '05-10-2026',
  'socialeIncasso.reactie': 'geen',
  betalingsregeling: 'geen',
  warmeOverdracht: 'nee'
}
const names = Object.keys(valid)
let references = 0

function row(cells: Record<string, string> = {}, separator = ';'): string {
  references += 1
  const filled: Record<string, string> = { ...valid, referentie: `S-${references}`, ...cells }
  return names.map((name) => `"${filled[name]!.replaceAll('"', '""')}"`).join(separator)
}

const table = (rows: readonly string[], separator = ';') => [names.join(separator), ...rows]

async function report(body: string | Buffer, type = 'text/csv', party = verhuurder) {
  const answer = await deliver(party, body, type)
  if (answer.statusCode !== 201) throw new Error(answer.body)
  return linesOf(party, answer.json().id)
}

/** The signal that a row with these cells becomes; a text that says what is wrong where it becomes none. */
async function signalOf(cells: Record<string, string>, party = verhuurder) {
  const [line] = await report(table([row(cells)]).join('\r\n'), 'text/csv', party)
  if (line!.uitkomst !== 'opgenomen') return JSON.stringify(line!.errors)
  return (await party.get(`/v1/vroegsignalen/${line!.vroegsignaalId}`)).json()
}

t.test(
  'days as a spreadsheet writes them; a slash is refused, for it does not say which is the month',
  async (t) => {
    for (const written of [
      '1-9-2026',
      '01-09-2026 00:00',
      '2026-09-01 00:00:00',
      '2026-09-01T00:00:00',
      '1-9-2026 0:00'
    ]) {
      t.match(
        await signalOf({ 'achterstand.ontstaansdatum': written }),
        { achterstand: { ontstaansdatum: '2026-09-01' } },
        written
      )
    }
    for (const written of ['1/9/2026', '9-1-26', '46266', '01-09-2026 13:45', '32-09-2026']) {
      t.match(await signalOf({ 'achterstand.ontstaansdatum': written }), /ontstaansdatum/, written)
    }
  }
)

t.test('house numbers with what stands behind them', async (t) => {
  const written: Record<string, object> = {
    '12A': { huisnummer: 12, huisletter: 'A' },
    '12 a': { huisnummer: 12, huisletter: 'A' },
    '12-2': { huisnummer: 12, huisnummertoevoeging: '2' },
    '12 bis': { huisnummer: 12, huisnummertoevoeging: 'BIS' },
    '12hs': { huisnummer: 12, huisnummertoevoeging: 'HS' },
    '12A-2': { huisnummer: 12, huisletter: 'A', huisnummertoevoeging: '2' },
    '12/3': { huisnummer: 12, huisnummertoevoeging: '3' }
  }
  for (const [cell, adres] of Object.entries(written)) {
    const signal = await signalOf({ 'adres.huisnummer': cell })
    t.match(signal, { adres }, cell)
    t.equal('huisletter' in signal.adres, 'huisletter' in adres, cell)
  }
  t.match(await signalOf({ 'adres.huisnummer': '12', 'adres.huisletter': 'b' }), {
    adres: { huisletter: 'B' }
  })
  t.match(await signalOf({ 'adres.huisnummer': '12A', 'adres.huisletter': 'A' }), /twice/)
  t.match(
    await signalOf({ 'adres.huisnummer': '2-jan' }),
    /huisnummer.*Tekst/,
    'a date that was a house number'
  )
  t.match(await signalOf({ 'adres.huisnummer': 'A12' }), /huisnummer/)
})

t.test('zeros that a spreadsheet dropped come back', async (t) => {
  t.match(await signalOf({ gemeentecode: '177' }), { gemeentecode: '0177' })
  t.match(await signalOf({ gemeentecode: '="0177"' }), { gemeentecode: '0177' })
  t.match(await signalOf({ 'betrokkene.telefoonnummer': '612345678' }), {
    betrokkene: { telefoonnummer: '0612345678' }
  })
  const bsn = { sector: 'zorgverzekering', 'betrokkene.burgerservicenummer': '12345672' }
  t.match(await signalOf(bsn, verzekeraar), { betrokkene: { burgerservicenummer: '012345672' } })
  const none = { sector: 'zorgverzekering', 'betrokkene.burgerservicenummer': '000000012' }
  t.match(await signalOf(none, verzekeraar), /bsn-elfproef/, 'two zeros in front: no such number was given')
})

t.test('codes with capitals, true and false in Dutch, spaces that do not break', async (t) => {
  const signal = await signalOf({
    sector: 'Huur',
    soort: 'VROEGSIGNAAL',
    betalingsregeling: 'Geen',
    'betrokkene.soort': 'Natuurlijk-persoon',
    'socialeIncasso.persoonlijkContact.kanaal': 'Telefoon',
    warmeOverdracht: 'WAAR',
    'adres.postcode': '8101\u00A0AA',
    'achterstand.bedrag': '€\u00A01.845,-'
  })
  t.match(signal, {
    sector: 'huur',
    warmeOverdracht: true,
    adres: { postcode: '8101AA' },
    achterstand: { bedragInCenten: 184_500 }
  })
  t.match(await signalOf({ warmeOverdracht: 'ONWAAR' }), { warmeOverdracht: false })
})

t.test('a birth date that is partly unknown is unknown, and never a reason to refuse', async (t) => {
  for (const written of ['00-00-1985', '1985-00-00', '0-0-1985', '00-06-1985', '0000-00-00', '1985']) {
    const signal = await signalOf({ 'betrokkene.geboortedatum': written })
    t.ok(signal.id, `${written}: ${signal}`)
    t.notOk('geboortedatum' in signal.betrokkene, written)
  }
  const posted = await verhuurder.post(
    '/v1/vroegsignalen',
    aSignal({ betrokkene: { geboortedatum: '1985-00-00' } })
  )
  t.equal(posted.statusCode, 201, posted.body)
  t.notOk('geboortedatum' in posted.json().betrokkene)
})

t.test(
  'a long number that a spreadsheet shortened is refused wherever it stands: it would be many customers',
  async (t) => {
    for (const written of ['8,71687E+17', '8.71687E+17', '9E+17', '8,71687e17']) {
      for (const column of ['klantnummer', 'referentie', 'betrokkene.telefoonnummer']) {
        t.match(await signalOf({ [column]: written }), /shortened/, `${column} ${written}`)
      }
      for (const field of ['klantnummer', 'referentie']) {
        const answer = await verhuurder.post('/v1/vroegsignalen', aSignal({ [field]: written }))
        t.same(faultsOf(answer.json()), [`/${field} shortened`], `${field} ${written}`)
      }
    }
    const usual = await verhuurder.post(
      '/v1/vroegsignalen',
      aSignal({ referentie: 'R-12E3', klantnummer: '12E3' })
    )
    t.equal(usual.statusCode, 201, 'a number of the partner itself')
  }
)

t.test('every file that a spreadsheet makes is the same signals', async (t) => {
  const lines = (separator = ';', end = '\r\n') =>
    `${table([row({ 'adres.woonplaats': 'Beëk' }, separator), row({}, separator)], separator).join(end)}${end}`
  const utf16 = (text: string, bigEndian = false) => {
    const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le')
    return bigEndian ? bytes.swap16() : bytes
  }
  const files: [string, string | Buffer, string?][] = [
    ['tabs', lines('\t')],
    ['Unicode text: tabs in UTF-16', utf16(lines('\t'))],
    ['UTF-16 the other way', utf16(lines(), true)],
    ['lines that end in CR alone', lines(';', '\r')],
    ['sep=', `sep=;\r\n${lines()}`],
    ['sep= with a byte order mark, and a comma', `\uFEFFsep=,\r\n${lines(',')}`],
    ['Windows-1252 that says so', Buffer.from(lines(), 'latin1'), 'text/csv; charset=windows-1252'],
    ['ISO-8859-15', Buffer.from(lines(), 'latin1'), 'text/csv;charset="ISO-8859-15"'],
    ['utf8 as many write it', lines(), 'text/csv; charset=utf8'],
    ['a header with capitals and spaces', lines().replace('adres.postcode', ' Adres. Postcode ')],
    ['empty columns at the end', lines().replaceAll('\r\n', ';;;\r\n')],
    ['empty rows at the end', `${lines()};;;;;;\r\n${';'.repeat(24)}\r\n" ";\r\n`]
  ]
  for (const [what, body, type] of files) {
    const found = await report(body, type)
    t.same(
      found.map(({ uitkomst }) => uitkomst),
      ['opgenomen', 'opgenomen'],
      `${what}: ${JSON.stringify(found.map(faultsOf))}`
    )
    const signal = (await verhuurder.get(`/v1/vroegsignalen/${found[0]!.vroegsignaalId}`)).json()
    t.equal(signal.adres?.woonplaats, 'Beëk', what)
  }
  const half = Buffer.from(lines(), 'latin1')
  const [spoiled, whole] = await report(half)
  t.same(
    [faultsOf(spoiled!), whole!.uitkomst],
    [[' encoding'], 'opgenomen'],
    'a byte that is no UTF-8 costs its line'
  )
})

t.test('the mark of an encoding is seen however its bytes come in', async (t) => {
  const text = 'naam;woonplaats\r\nDe Boer;Beëk\r\n'
  const utf16 = Buffer.from(`\uFEFF${text}`, 'utf16le')
  const marked = {
    'UTF-8': Buffer.from(`\uFEFF${text}`),
    'UTF-16': utf16,
    'UTF-16 BE': Buffer.from(utf16).swap16()
  }
  for (const [encoding, bytes] of Object.entries({
    ...marked,
    none: Buffer.from(text),
    empty: Buffer.from('')
  })) {
    const read: Buffer[] = []
    for await (const chunk of readCsvBytes(oneByOne(bytes), undefined)) read.push(chunk)
    t.equal(Buffer.concat(read).toString(), encoding === 'empty' ? '' : text, encoding)
  }
})

async function* oneByOne(bytes: Buffer): AsyncGenerator<Buffer> {
  for (const byte of bytes) yield Buffer.of(byte)
}

t.test(
  'lines of JSON under every name, with a byte order mark; a bare list says how it should be',
  async (t) => {
    const signal = () => {
      references += 1
      return aSignal({ referentie: `S-${references}` })
    }
    for (const type of [
      'application/ndjson',
      'application/jsonl',
      'application/jsonlines',
      'application/x-ndjson; charset=utf8'
    ]) {
      const found = await report(`\uFEFF${ndjson([signal(), signal()])}`, type)
      t.same(
        found.map(({ uitkomst }) => uitkomst),
        ['opgenomen', 'opgenomen'],
        type
      )
    }
    const marked = await report(`\uFEFF${JSON.stringify({ vroegsignalen: [signal()] })}`, 'application/json')
    t.equal(marked[0]!.uitkomst, 'opgenomen')
    const bare = await deliver(verhuurder, JSON.stringify([signal()]), 'application/json')
    t.equal(bare.statusCode, 400)
    t.match(bare.json().errors, [{ code: 'json', detail: /kale lijst.*"vroegsignalen"/ }])
    const posted = await verhuurder.call({
      method: 'POST',
      url: '/v1/vroegsignalen',
      headers: { 'content-type': 'application/json' },
      payload: Buffer.from(`\uFEFF${JSON.stringify(signal())}`)
    } as never)
    t.equal(posted.statusCode, 201, posted.body)
  }
)

t.test('a spreadsheet itself, or a form, is refused with what to do instead', async (t) => {
  const types: Record<string, RegExp> = {
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': /Bewaar het blad als CSV/,
    'application/vnd.ms-excel': /Bewaar het blad als CSV/,
    'multipart/form-data; boundary=x': /Stuur het bestand zelf als body/
  }
  for (const [type, detail] of Object.entries(types)) {
    const answer = await deliver(verhuurder, 'PK', type)
    t.match(answer.json(), { status: 415, detail }, type)
  }
})

t.test('empty text and null in an optional field of a POST are an absent field', async (t) => {
  const signal = aSignal({ referentie: 'LEEG' })
  const posted = await verhuurder.post('/v1/vroegsignalen', {
    ...signal,
    klantnummer: '',
    geplandeDatum: null,
    warmeOverdracht: null,
    betrokkene: { ...signal.betrokkene, telefoonnummer: ' ', emailadres: null, geboortedatum: '' },
    adres: { ...signal.adres, huisletter: '', huisnummertoevoeging: null }
  })
  t.equal(posted.statusCode, 201, posted.body)
  const { betrokkene, adres, ...rest } = posted.json()
  t.notOk(
    'klantnummer' in rest || 'geplandeDatum' in rest || 'emailadres' in betrokkene || 'huisletter' in adres
  )
  const missing = await verhuurder.post('/v1/vroegsignalen', { ...signal, referentie: '' })
  t.same(faultsOf(missing.json()), ['/referentie required'])
})

t.test('telephone numbers and addresses as people write them', async (t) => {
  const cases: [string, object][] = [
    ['telephone', { betrokkene: { telefoonnummer: '(0572) 34.78-99' } }],
    ['e-mail at an internationalised domain', { betrokkene: { emailadres: 'a.voorbeeld@bücher.example' } }],
    ['postcode with a hyphen', { adres: { postcode: '8101-aa' } }],
    ['addition with a slash', { adres: { huisnummertoevoeging: '2/3-A1' } }]
  ]
  for (const [what, overrides] of cases) {
    references += 1
    const answer = await verhuurder.post(
      '/v1/vroegsignalen',
      aSignal({ referentie: `S-${references}`, ...overrides })
    )
    t.equal(answer.statusCode, 201, `${what} ${answer.body}`)
  }
  const home = { adres: { nummeraanduidingIdentificatie: '0177010000000001' } }
  const wrong = await verhuurder.post('/v1/vroegsignalen', aSignal({ referentie: 'BAG', ...home }))
  t.match(wrong.json().errors, [
    {
      location: '/adres/nummeraanduidingIdentificatie',
      code: 'objectsoort',
      detail: /verblijfsobject.*nummeraanduiding/
    }
  ])
})
