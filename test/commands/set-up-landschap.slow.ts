import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { planHerindeling } from '../../src/organisaties/herindelingen/plan-herindeling.ts'
import { listen } from '../aanlevering/leveringen/deliveries.ts'
import { openTestHub } from '../helpers/test-hub.ts'

t.setTimeout(180_000)
const command = fileURLToPath(new URL('../../src/commands/beheer.ts', import.meta.url))
const example = fileURLToPath(new URL('../../openapi/voorbeelden/landschap.yaml', import.meta.url))
const dir = await mkdtemp(join(tmpdir(), 'landschap-'))
t.teardown(() => rm(dir, { recursive: true }))

type Outcome = { code: number; stdout: string; stderr: string }

async function openStage(t: Test, limits?: { verzoeken: number }) {
  const hub = await openTestHub(t, limits && { limits })
  const { clientId, clientSecret } = hub.beheer
  const env = { HUB_URL: await listen(hub), BEHEER_CLIENT_ID: clientId, BEHEER_CLIENT_SECRET: clientSecret }
  const secrets = join(dir, `geheimen-${randomUUID()}.json`)
  const run = (path: string, ...args: string[]) =>
    new Promise<Outcome>((resolve) => {
      const child = execFile(
        process.execPath,
        [command, 'inrichten', path, '--geheimen', secrets, ...args],
        { env: { PATH: process.env.PATH ?? '', ...env } },
        (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr })
      )
    })
  const counts = async () =>
    (
      await hub.admin(`select (select count(*)::integer from gemeente) as gemeenten,
        (select count(*)::integer from signaalpartner) as partners, (select count(*)::integer from client) as clients,
        (select count(*)::integer from overeenkomst) as overeenkomsten,
        (select count(*)::integer from overeenkomst where ondertekening_gemeente is not null
          and ondertekening_signaalpartner is not null) as ondertekend,
        (select count(*)::integer from beheerhandeling) as handelingen`)
    )[0] as Record<string, number>
  return { hub, run, secrets, counts, kept: async () => JSON.parse(await readFile(secrets, 'utf8')).clients }
}

async function save(name: string, text: string): Promise<string> {
  const path = join(dir, name)
  await writeFile(path, text)
  return path
}

t.test('the example: shown, done, and a second run changes nothing', async (t) => {
  const { hub, run, secrets, counts, kept } = await openStage(t)
  const before = await counts()
  const shown = await run(example)
  t.equal(shown.code, 1)
  t.match(shown.stderr, /nog niets gedaan.*--ja/)
  t.match(shown.stdout, /- gemeente 0177 Raalte toevoegen\n/)
  t.match(
    shown.stdout,
    /- overeenkomst van Woningstichting De Linde voorleggen aan 2 gemeenten \(0177, 0150\)\n/
  )
  t.match(shown.stdout, /gemeente 0150: de gemeente ondertekent zelf/)
  t.same(await counts(), before, 'nothing was done')
  await t.rejects(stat(secrets), { code: 'ENOENT' })

  const done = await run(example, '--ja')
  t.equal(done.code, 0, done.stderr)
  t.match(await counts(), { gemeenten: 2, partners: 2, clients: 3, overeenkomsten: 2, ondertekend: 1 })
  t.equal((await stat(secrets)).mode & 0o777, 0o600)
  const found = await kept()
  t.equal(found.length, 2)
  for (const { client, clientId, clientSecret } of found) {
    t.notMatch(done.stdout + done.stderr, clientSecret, 'no secret is printed')
    t.notOk(
      hub.logLines.some((line) => line.includes(clientSecret)),
      'or logged'
    )
    const asked = await hub.call({
      method: 'POST',
      url: '/oauth/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: `grant_type=client_credentials&client_id=${clientId}&client_secret=${encodeURIComponent(clientSecret)}`
    })
    t.equal(asked.statusCode, 200, client)
  }

  const after = await counts()
  const again = await run(example, '--ja')
  t.equal(again.code, 0, again.stderr)
  t.match(again.stdout, /niets te doen/)
  t.same(await counts(), after)
  t.same(await kept(), found)
})

t.test('what is otherwise in the file is changed, and nothing else', async (t) => {
  const { hub, run, counts } = await openStage(t)
  t.equal((await run(example, '--ja')).code, 0)
  const before = await counts()
  const text = (await readFile(example, 'utf8'))
    .replace('reactietermijnDagen: 21', 'reactietermijnDagen: 14')
    .replace('sectoren: [drinkwater]', 'sectoren: [gas, drinkwater]')
    .replace('"zaken:schrijven", ', '')
    .replace('LCV 2020', 'LCV 2026')
  const other = await save('anders.yaml', text)
  const done = await run(other, '--ja')
  t.equal(done.code, 0, done.stderr)
  for (const line of [
    'gemeente 0177 Raalte wijzigen: instellingen',
    'signaalpartner Waterbedrijf Oost wijzigen: sectoren',
    'client gemeente, 0177, Regiesysteem wijzigen: scopes',
    'overeenkomst Woningstichting De Linde, 0177, 2026-01-01 wijzigen: convenantversie',
    'met gemeente 0177 ondertekenen voor de gemeente'
  ])
    t.match(done.stdout, line)
  const { handelingen: _, ...rest } = before
  t.match(await counts(), rest)
  const [raalte] = await hub.admin<{ instellingen: object }>(
    `select instellingen from gemeente where gemeentecode = '0177'`
  )
  t.match(raalte!.instellingen, { reactietermijnDagen: 14, bewaartermijnMaanden: 6 })
  t.match((await run(other)).stdout, /niets te doen/)
})

t.test('everything wrong is said at once, each with its line, and nothing is asked of the hub', async (t) => {
  const { run, counts } = await openStage(t)
  const before = await counts()
  const wrong = `gemeenten:
  - gemeentecode: 0177
    naam: Raalte
  - gemeentecode: "0150"
  - gemeentecode: "0150"
    naam: Deventer
\t  oin: x
signaalpartners:
  - naam: De Linde
    sectoren: [huur, hurr]
    kvkNumer: "90000001"
clients:
  - naam: Debiteurensysteem
    rol: signaalpartner
    signaalpartner: De Linden
    scopes: ["zaken:schrijven"]
overeenkomsten:
  - signaalpartner: Niemand
    gemeentecodes: ["0999"]
    sectoren: [huur]
    convenantversie: LCV 2020
    ingangsdatum: 2026-02-30
  - signaalpartner: De Linde
    gemeentecodes: ["0150", "0150"]
    sectoren: [huur]
    convenantversie: LCV 2020
    ingangsdatum: 2026-03-01
    einddatum: 2026-02-01
  - signaalpartner: Onbekend
    gemeentecodes: ["0999"]
    sectoren: [huur]
    convenantversie: LCV 2020
    ingangsdatum: 2026-03-01
`
  const { code, stderr } = await run(await save('fout.yaml', wrong), '--ja')
  t.equal(code, 1)
  t.comment(stderr)
  for (const part of [
    /regel 2: .*gemeentecode: Dit moet tekst zijn.*aanhalingstekens om: "0177"/,
    /regel 4: .*naam: Dit is verplicht/,
    /regel 7: .*tab/i,
    /regel 10: .*sectoren\/1: Kies een van/,
    /regel 9: .*bedoelt u kvkNummer/,
    /regel 15: .*De Linden staat niet bij signaalpartners/,
    /regel 16: .*Bij de rol signaalpartner horen/,
    /regel 22: .*ingangsdatum: Dit moet een bestaande dag zijn/,
    /regel 24: .*maar één keer/,
    /regel 29: .*Onbekend staat niet bij signaalpartners/,
    /regel 30: .*0999 staat niet bij gemeenten/
  ])
    t.match(stderr, part)
  t.same(await counts(), before)
  for (const [text, fault] of [
    ['', /regel 1: bestand: Hier hoort/],
    ['- a\n- b\n', /regel 1: bestand: Hier hoort/],
    ['gemeenten: x\n', /regel 1: \/gemeenten: Dit moet een lijst zijn/],
    ['gemeenten:\n  - gemeentecode: "0177"\n    naam: "Raalte\n', /regel \d/],
    ['gemeenten: []\ngemeenten: []\n', /regel 2: Dit veld staat hier al/],
    ['a: &a [*a]\n', /regel \d/]
  ] as const)
    t.match((await run(await save('fout.yaml', text))).stderr, fault, JSON.stringify(text))
})

t.test('work that broke off goes on, with a new secret for a client whose secret never came', async (t) => {
  const { hub, run, counts, kept, secrets } = await openStage(t)
  // The second agreement is refused while the trigger stands.
  await hub.admin(`create function weiger() returns trigger language plpgsql as
    $$ begin if new.gemeentecode = '0150' then raise exception 'kapot'; end if; return new; end $$`)
  await hub.admin(
    'create trigger weiger before insert on overeenkomst for each row execute function weiger()'
  )
  const broken = await run(example, '--ja')
  t.equal(broken.code, 1)
  t.match(await counts(), { gemeenten: 2, clients: 3, overeenkomsten: 1, ondertekend: 0 })
  await hub.admin('drop trigger weiger on overeenkomst')
  // As when the process was killed between a request and its answer.
  const [first, second] = await kept()
  await writeFile(
    secrets,
    JSON.stringify({
      hub: (await JSON.parse(await readFile(secrets, 'utf8'))).hub,
      clients: [{ client: first.client }, second]
    })
  )
  await chmod(secrets, 0o600)
  const resumed = await run(example, '--ja')
  t.equal(resumed.code, 0, resumed.stderr)
  t.match(resumed.stdout, `client ${first.client} een nieuw geheim geven`)
  t.notMatch(resumed.stdout, /toevoegen/)
  t.match(await counts(), { gemeenten: 2, clients: 3, overeenkomsten: 2, ondertekend: 1 })
  t.ok((await kept()).every(({ clientSecret }: { clientSecret?: string }) => clientSecret))
  t.match((await run(example)).stdout, /niets te doen/)
})

t.test(
  'a file of secrets that others can read, or of another hub, is refused before anything is done',
  async (t) => {
    const { run, secrets, counts } = await openStage(t)
    const before = await counts()
    await writeFile(secrets, '{}')
    await chmod(secrets, 0o644)
    t.match((await run(example, '--ja')).stderr, /chmod 600/)
    await chmod(secrets, 0o600)
    t.match((await run(example, '--ja')).stderr, /niet dat met de geheimen van/)
    t.same(await counts(), before)
  }
)

t.test('a municipality that has merged is named with each line to change, and nothing is done', async (t) => {
  const { hub, run, counts } = await openStage(t)
  t.equal((await run(example, '--ja')).code, 0)
  await hub.gemeente('0193', 'Zwolle')
  const plan = { van: ['0177'], naar: '0193', datum: '2026-11-21' }
  await hub.database.as({ duty: 'beheer' }, (tx) => planHerindeling(tx, plan, hub.hub.clock()))
  t.match((await run(example, '--ja')).stdout, /niets te doen/, 'until that day it is there')

  hub.setClock('2026-11-21T09:00:00Z')
  const before = await counts()
  const refused = await run(example, '--ja')
  t.equal(refused.code, 1)
  const told = 'Deze gemeente is sinds 2026-11-21 opgegaan in gemeente 0193; gebruik gemeentecode 0193.'
  const lines = (await readFile(example, 'utf8')).split('\n')
  const places = [
    [lines.findIndex((line) => line.includes('gemeentecode: "0177"')), '/gemeenten/0/gemeentecode'],
    [lines.findIndex((line) => line.includes('gemeentecodes: ["0177"]')), '/clients/0/gemeentecodes/0'],
    [lines.findIndex((line) => line.includes('["0177", "0150"]')), '/overeenkomsten/0/gemeentecodes/0']
  ] as const
  for (const [line, place] of places) t.match(refused.stderr, `regel ${line + 1}: ${place}: ${told}`)
  t.same(await counts(), before)
})

t.test('more requests than the hub takes at once are spread, so that all are answered', async (t) => {
  const { run, counts, kept } = await openStage(t, { verzoeken: 100 })
  const codes = Array.from({ length: 8 }, (_, n) => String(1001 + n))
  const partners = Array.from({ length: 5 }, (_, n) => `Partner ${n + 1}`)
  const quoted = `[${codes.map((code) => `"${code}"`).join(', ')}]`
  const text = [
    'gemeenten:',
    ...codes.map((code) => `  - { gemeentecode: "${code}", naam: Gemeente ${code} }`),
    'signaalpartners:',
    ...partners.map((naam) => `  - { naam: ${naam}, sectoren: [huur] }`),
    'clients:',
    ...codes.map(
      (code) =>
        `  - { naam: Regie, rol: gemeente, gemeentecodes: ["${code}"], scopes: ["huishoudens:lezen", "overeenkomsten:ondertekenen"] }`
    ),
    ...partners.map(
      (naam) =>
        `  - { naam: Debiteuren, rol: signaalpartner, signaalpartner: ${naam}, scopes: ["overeenkomsten:ondertekenen"] }`
    ),
    'overeenkomsten:',
    ...partners.map(
      (naam) =>
        `  - { signaalpartner: ${naam}, gemeentecodes: ${quoted}, sectoren: [huur], convenantversie: LCV 2020, ingangsdatum: 2026-01-01, ondertekening: { signaalpartner: { naam: P., functie: M. }, gemeente: { naam: G., functie: W. } } }`
    )
  ].join('\n')
  const done = await run(await save('groot.yaml', text), '--ja')
  t.equal(done.code, 0, done.stderr)
  t.match(done.stdout, /146 verzoeken/)
  t.match(await counts(), { gemeenten: 8, partners: 5, clients: 14, overeenkomsten: 40, ondertekend: 40 })
  t.equal((await kept()).length, 13)
})
