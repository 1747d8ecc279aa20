import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { listen, manySignals, ndjson } from '../aanlevering/leveringen/deliveries.ts'
import { openTestHub } from '../helpers/test-hub.ts'
import { runCommand } from './run-command.ts'

const hub = await openTestHub(t)
await hub.gemeente('0177')
const verhuurder = await hub.signaalpartner(['huur'], ['0177'])
const url = await listen(hub)
const dir = await mkdtemp(join(tmpdir(), 'aanleveren-'))
t.teardown(() => rm(dir, { recursive: true }))

const settings = { HUB_URL: url, CLIENT_ID: verhuurder.clientId, CLIENT_SECRET: verhuurder.clientSecret }

function run(args: readonly string[], env: Record<string, string> = settings) {
  return runCommand('aanleveren', args, env)
}

async function save(name: string, text: string): Promise<string> {
  const path = join(dir, name)
  await writeFile(path, text)
  return path
}

t.test('exit 0: every line was taken in; no file of rejected lines is written', async (t) => {
  const file = await save('goed.ndjson', ndjson(manySignals(20, 'GOED')))
  const { code, stdout } = await run([file])
  t.equal(code, 0)
  t.match(stdout, /Regels +20\nOpgenomen +20\nOngewijzigd +0\nAfgewezen +0/)
  t.notOk(existsSync(`${file}.afgewezen.csv`))
})

t.test('the same file again is a replay: the same report and no second effect', async (t) => {
  const file = await save('twee.ndjson', ndjson(manySignals(20, 'TWEE')))
  const first = await run([file])
  const again = await run([file])
  t.equal(again.code, 0)
  t.equal(again.stdout, first.stdout, 'taken in, as the first time, not merely unchanged')
  t.equal((await hub.admin('select from aanlevering')).length, 2)
})

t.test('exit 2: rejected lines stand beside the file, with reasons, and no formula', async (t) => {
  const [first, second, third] = manySignals(3, 'DEELS')
  const bad = [
    { ...second, referentie: '=CMD("x")', sector: 'internet' },
    { ...third, referentie: '+31', betalingsregeling: 'wordt-nagekomen' }
  ]
  const file = await save('deels.ndjson', ndjson([first, ...bad]))
  const { code, stdout } = await run([file])
  t.equal(code, 2)
  t.match(stdout, /Afgewezen +2/)
  const rejected = await readFile(`${file}.afgewezen.csv`, 'utf8')
  t.match(stdout, /1 {2}sector: /)
  t.match(stdout, /1 {2}betalingsregeling: .*AVG art\. 5/)
  const lines = rejected.trimEnd().split('\r\n')
  t.equal(lines[0], '\uFEFFregel;referentie;veld;code;uitleg;grondslag')
  t.ok(lines[1]!.startsWith(`"2";"'=CMD(""x"")";"/sector";"enum";`), lines[1]!)
  t.ok(lines[2]!.startsWith(`"3";"'+31";"/betalingsregeling";"geen-nagekomen-regeling";`), lines[2]!)
  t.match(lines[2], /AVG art\. 5/)
  t.equal(lines.length, 3)
})

t.test(
  'exit 1 at once, saying why: a file refused as a whole, a wrong secret, missing settings',
  async (t) => {
    const began = performance.now()
    const empty = await run([await save('leeg.ndjson', '')])
    t.equal(empty.code, 1)
    t.match(empty.stderr, /400 .*geen signalen/s)
    const file = await save('nog-een.ndjson', ndjson(manySignals(2, 'NOG')))
    const secret = 'Geheim-dat-niet-klopt'
    const wrong = await run([file], { ...settings, CLIENT_SECRET: secret })
    t.equal(wrong.code, 1)
    t.match(wrong.stderr, /400 invalid_client: De client is onbekend/)
    t.notMatch(wrong.stderr + wrong.stdout, secret)
    const nothing = await run([], {})
    t.equal(nothing.code, 1)
    t.match(nothing.stderr, /bestand.*CLIENT_ID.*CLIENT_SECRET/s)
    t.ok(performance.now() - began < 15_000, 'what will not change is not tried again')
  }
)

t.test(
  'exit 1 at once: https to a hub that speaks http, and a proxy that lets no large file through',
  async (t) => {
    const began = performance.now()
    const file = await save('onderweg.ndjson', ndjson(manySignals(2, 'ONDERWEG')))
    const insecure = await run([file], { ...settings, HUB_URL: url.replace('http:', 'https:') })
    t.equal(insecure.code, 1)
    t.match(insecure.stderr, /geen veilige verbinding.*ERR_SSL|EPROTO/s)
    const proxy = await before((request, reply) => {
      if (request.url === '/oauth/token') return false
      request
        .resume()
        .on('end', () => reply.writeHead(413, { 'content-type': 'text/html' }).end('<html>413</html>'))
      return true
    }, t)
    const large = await run([file], { ...settings, HUB_URL: proxy })
    t.equal(large.code, 1)
    t.match(large.stderr, /413 geen antwoord van de hub maar van een proxy ervoor: .*client_max_body_size/)
    t.ok(performance.now() - began < 15_000, 'what will not change is not tried again')
  }
)

t.test('a token that cannot be had this moment is asked for again', async (t) => {
  const file = await save('druk.ndjson', ndjson(manySignals(2, 'DRUK')))
  let refused = 0
  const busy = await before((request, reply) => {
    if (request.url !== '/oauth/token' || refused === 2) return false
    refused += 1
    request.resume().on('end', () => reply.writeHead(refused === 1 ? 503 : 429, { 'retry-after': '1' }).end())
    return true
  }, t)
  const { code, stdout } = await run([file], { ...settings, HUB_URL: busy })
  t.equal(code, 0)
  t.equal(refused, 2)
  t.match(stdout, /Opgenomen +2/)
})

// A landlord's own export: own names, a column that is nobody's business, two days of one list, a row over two lines, and
// what is the same on every row left out.
const ownHeader =
  'Huurdernr;Voorl;Achternaam;Straat;Nr;PC;Plaats;Openstaand;Sinds;Termijnen;Contact;Hoe;Brief 1;Brief 2;Wijzer;Aanbod;Reactie;Regeling;Datum;Saldo vorig jaar'
const ownRow = (nr: string, changed: Record<string, string> = {}) => {
  const cells: Record<string, string> = {
    Huurdernr: nr,
    Voorl: 'A.',
    Achternaam: 'Noël',
    Straat: 'Voorbeeldstraat',
    Nr: '12A',
    PC: '8101 AA',
    Plaats: 'Raalte',
    Openstaand: '€ 845,00',
    Sinds: '1-9-2026',
    Termijnen: '2',
    Contact: '10-10-2026',
    Hoe: 'telefoon',
    'Brief 1': '20-9-2026',
    'Brief 2': '5-10-2026',
    Wijzer: '5-10-2026',
    Aanbod: '5-10-2026',
    Reactie: 'geen',
    Regeling: 'geen',
    Datum: '20-11-2026',
    'Saldo vorig jaar': '17',
    ...changed
  }
  return ownHeader
    .split(';')
    .map((name) => cells[name])
    .join(';')
}
const kolommen = {
  kolommen: {
    huurdernr: 'referentie',
    Voorl: 'betrokkene.naam.voorletters',
    Achternaam: 'betrokkene.naam.geslachtsnaam',
    Straat: 'adres.straat',
    NR: 'adres.huisnummer',
    PC: 'adres.postcode',
    Plaats: 'adres.woonplaats',
    Openstaand: 'achterstand.bedrag',
    Sinds: 'achterstand.ontstaansdatum',
    Termijnen: 'achterstand.aantalTermijnen',
    Contact: 'socialeIncasso.persoonlijkContact.datum',
    Hoe: 'socialeIncasso.persoonlijkContact.kanaal',
    'Brief 1': 'socialeIncasso.herinneringen',
    'Brief 2': 'socialeIncasso.herinneringen',
    Wijzer: 'socialeIncasso.gewezenOpSchuldhulpverlening',
    Aanbod: 'socialeIncasso.aanbodGegevensdeling',
    Reactie: 'socialeIncasso.reactie',
    Regeling: 'betalingsregeling',
    Datum: 'signaaldatum'
  },
  vast: {
    soort: 'vroegsignaal',
    sector: 'huur',
    gemeentecode: '0177',
    'betrokkene.soort': 'natuurlijk-persoon'
  }
}

t.test(
  "a landlord's own columns, in the character set of the spreadsheet, mended and sent again",
  async (t) => {
    const mapping = await save('kolommen.json', JSON.stringify(kolommen))
    const rows = [
      ownHeader,
      ownRow('EIGEN-1'),
      ownRow('"EIGEN-2"', { Straat: '"Voorbeeld-\nstraat"', Nr: '14' }),
      ';'.repeat(19),
      ownRow('EIGEN-3', { Openstaand: 'veel', Nr: '16' }),
      ownRow('EIGEN-4', { Regeling: 'wordt-nagekomen', Nr: '18' }),
      ownRow('EIGEN-5', { Straat: '"nooit gesloten' })
    ]
    const file = join(dir, 'huurders.csv')
    await writeFile(file, Buffer.from(rows.join('\r\n').replaceAll('€', '\x80'), 'latin1'))
    const before = (await hub.admin('select from aanlevering')).length

    const trial = await run([file, '--kolommen', mapping, '--proef'])
    t.equal(trial.code, 2, trial.stderr)
    t.match(trial.stderr, /Tekenset: windows-1252/)
    t.match(trial.stdout, /proef: er is niets opgenomen/)
    t.match(trial.stdout, /Regels +5\nOpgenomen +2\nOngewijzigd +0\nAfgewezen +3/)
    t.equal((await hub.admin('select from aanlevering')).length, before)

    const { code, stdout } = await run([file, '--kolommen', mapping])
    t.equal(code, 2)
    t.match(stdout, /Regels +5\nOpgenomen +2\nOngewijzigd +0\nAfgewezen +3/)
    t.match(stdout, /1 {2}Openstaand: Schrijf het bedrag in euro als 845,00/)
    const rejected = await readFile(`${file}.afgewezen.csv`, 'utf8')
    const lines = rejected.trimEnd().split('\r\n')
    t.equal(lines[0]!.slice(1), `"";"${ownHeader.replaceAll(';', '";"')}"`)
    t.ok(
      lines[1]!.startsWith('"Regel 6: Openstaand: Schrijf het bedrag in euro als 845,00.";"EIGEN-3";'),
      lines[1]!
    )
    t.match(lines[2], /^"Regel 7: Regeling: .*AVG art\. 5.*;"EIGEN-4";.*;"Noël";.*;"17"$/)
    t.match(lines[3], /^"Regel 8: .*aanhalingsteken/)
    t.equal(lines.length, 4)

    const mended = await save(
      'huurders-2.csv',
      rejected.replace('veel', '845,00').replace('wordt-nagekomen', 'geen')
    )
    const again = await run([mended, '--kolommen', mapping])
    t.match(again.stdout, /Opgenomen +2/)
    const list = (await verhuurder.post('/v1/vroegsignalen/_zoek', { referentie: 'EIGEN-2' })).json()
      .resultaten
    t.match(list, [
      {
        betrokkene: { naam: { geslachtsnaam: 'Noël' } },
        adres: { straat: 'Voorbeeld- straat', huisnummer: 14 },
        socialeIncasso: { herinneringen: ['2026-09-20', '2026-10-05'] }
      }
    ])
  }
)

t.test('the day of one contact never goes with the channel of another', async (t) => {
  const two = {
    ...kolommen,
    kolommen: {
      ...kolommen.kolommen,
      'Contact 2': 'socialeIncasso.persoonlijkContact.datum',
      'Hoe 2': 'socialeIncasso.persoonlijkContact.kanaal'
    }
  }
  const mapping = await save('twee.json', JSON.stringify(two))
  const row = (nr: string, huisnummer: string, contacts: [string, string], second: [string, string]) =>
    `${ownRow(nr, { Nr: huisnummer, Contact: contacts[0], Hoe: contacts[1] })};${second.join(';')}`
  const rows = [
    `${ownHeader};Contact 2;Hoe 2`,
    row('PAAR-1', '21', ['10-10-2026', 'telefoon'], ['12-10-2026', 'brief']),
    row('PAAR-2', '22', ['', ''], ['12-10-2026', 'brief']),
    row('PAAR-3', '23', ['10-10-2026', ''], ['', 'brief'])
  ]
  const { stdout } = await run([await save('paren.csv', rows.join('\n')), '--kolommen', mapping])
  t.match(stdout, /Opgenomen +2\nOngewijzigd +0\nAfgewezen +1/)
  const contactsOf = async (referentie: string) =>
    (await verhuurder.post('/v1/vroegsignalen/_zoek', { referentie })).json().resultaten[0].socialeIncasso
      .persoonlijkContact
  const brief = { datum: '2026-10-12', kanaal: 'brief' }
  t.same(await contactsOf('PAAR-1'), [{ datum: '2026-10-10', kanaal: 'telefoon' }, brief])
  t.same(await contactsOf('PAAR-2'), [brief])
  t.match(await readFile(join(dir, 'paren.csv.afgewezen.csv'), 'utf8'), /"PAAR-3"/)
})

t.test('without --kolommen too the rejected rows can be mended and sent as they are', async (t) => {
  const header = 'Referentie,Sector,'
  const file = await save('eigen.csv', `${header}\n-A;1,gas,\n"B, =1",huur,\n`)
  const { code, stdout } = await run([file])
  t.equal(code, 2)
  t.match(stdout, /Afgewezen +2/)
  const rejected = await readFile(`${file}.afgewezen.csv`, 'utf8')
  t.match(rejected, /";"-A;1";"gas";""\r\n/)
  t.match(rejected, /^\uFEFF"";"Referentie";"Sector";""\r\n"Regel 2: /)
  t.match(rejected, /";"B, =1";"huur";""\r\n/)
  const again = await run([`${file}.afgewezen.csv`])
  t.match(again.stdout, /Afgewezen +2/, 'the first column, without a name, is passed over')
})

t.test('exit 1 with what to do: options, columns, spreadsheets, MS-DOS, a broken gzip', async (t) => {
  const file = await save('kop.csv', 'Huurdernr;Naam\n1;Jansen\n')
  const mapping = (value: unknown) => save('fout.json', JSON.stringify(value))
  const faults: [string[], RegExp][] = [
    [[file, '--kolomen', 'x'], /--kolomen.*Gebruik: npm run aanleveren/s],
    [[file, file], /één bestand tegelijk/],
    [[file, '--kolommen', join(dir, 'nergens.json')], /nergens\.json is niet te lezen/],
    [[file, '--kolommen', await mapping([])], /moet er zo uitzien/]
  ]
  for (const [args, said] of faults) {
    const { code, stderr } = await run(args)
    t.equal(code, 1)
    t.match(stderr, said)
  }
  const wrong: [unknown, RegExp][] = [
    [
      { kolommen: { Naam: 'naam', Huurdernr: 'referentie' }, vast: { referentie: '1' } },
      /"naam" is geen kolom.*referentie staat in "kolommen" en in "vast"/s
    ],
    [{ kolommen: { Naam: 'referentie', Huurdernr: 'referentie' } }, /referentie wordt tweemaal gevuld/],
    [{ kolommen: { Naam: 'referentie', Klant: 'klantnummer' } }, /staan niet in het bestand:\n- Klant/]
  ]
  for (const [value, said] of wrong) {
    const { code, stderr } = await run([file, '--kolommen', await mapping(value)])
    t.equal(code, 1)
    t.match(stderr, said)
  }
  const files: [string, Buffer, RegExp][] = [
    ['blad.csv', Buffer.from('PK\x03\x04...', 'latin1'), /spreadsheet.*CSV/],
    ['dos.csv', Buffer.from('referentie;straat\n1;Dani\x89lstraat\n', 'latin1'), /MS-DOS/],
    ['stuk.csv.gz', Buffer.from('geen gzip'), /gz-bestand is niet heel/]
  ]
  for (const [name, bytes, said] of files) {
    const path = join(dir, name)
    await writeFile(path, bytes)
    const { code, stderr } = await run([path])
    t.equal(code, 1)
    t.match(stderr, said)
  }
})

t.test('UTF-16 is taken as it is, with its mark and without', async (t) => {
  const text = 'referentie;sector\n16;huur\n'
  for (const [name, bytes] of [
    ['u16.csv', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['u16-zonder.csv', Buffer.from(text, 'utf16le')]
  ] as const) {
    await writeFile(join(dir, name), bytes)
    const { code, stdout, stderr } = await run([join(dir, name)])
    t.equal(code, 2, stderr)
    t.match(stderr, /Tekenset: utf-16/)
    t.match(stdout, /Regels +1\n/)
    t.match(await readFile(join(dir, `${name}.afgewezen.csv`), 'utf8'), /;"16";"huur"/)
  }
})

t.test('--wachten goes on trying where it would have given up', { timeout: 180_000 }, async (t) => {
  const file = await save('lang.ndjson', ndjson(manySignals(2, 'LANG')))
  let refused = 0
  const away = await before((request, reply) => {
    if (request.url !== '/oauth/token' || refused === 10) return false
    refused += 1
    const until = new Date(Date.now() + 1_000).toUTCString()
    request.resume().on('end', () => reply.writeHead(503, { 'retry-after': until }).end())
    return true
  }, t)
  const gaveUp = await run([file], { ...settings, HUB_URL: away })
  t.equal(gaveUp.code, 1)
  t.equal(refused, 8)
  refused = 0
  const { code, stdout } = await run([file, '--wachten'], { ...settings, HUB_URL: away })
  t.equal(code, 0)
  t.equal(refused, 10)
  t.match(stdout, /Opgenomen +2/)
})

// What stands before the hub: answers itself, or passes a request on.
async function before(
  answer: (request: IncomingMessage, reply: ServerResponse) => boolean,
  t: { teardown(end: () => unknown): unknown }
): Promise<string> {
  const server = createServer((request, reply) => {
    if (answer(request, reply)) return
    const { method, headers } = request
    const onward = httpRequest(`${url}${request.url}`, { method, headers }, (answered) => {
      reply.writeHead(answered.statusCode!, answered.headers)
      answered.pipe(reply)
    })
    request.pipe(onward)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
