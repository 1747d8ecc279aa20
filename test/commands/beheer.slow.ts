import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { listen } from '../aanlevering/leveringen/deliveries.ts'
import { openTestHub } from '../helpers/test-hub.ts'
import { runCommand } from './run-command.ts'

const hub = await openTestHub(t)
const url = await listen(hub)
const dir = await mkdtemp(join(tmpdir(), 'beheer-'))
t.teardown(() => rm(dir, { recursive: true }))

const { clientId, clientSecret } = hub.beheer
const settings = { HUB_URL: url, BEHEER_CLIENT_ID: clientId, BEHEER_CLIENT_SECRET: clientSecret }
const file = 'postcode;huisnummer;gemeente\n8101AA;1;0177\n;2;0177\n8101AA;3;Elders\n'

function run(args: readonly string[], env: Record<string, string> = settings) {
  return runCommand('beheer', args, env)
}

async function save(name: string, content: string | Buffer): Promise<string> {
  const path = join(dir, name)
  await writeFile(path, content)
  return path
}

t.test('exit 0: the register is in use, and the counts are printed; again loads again', async (t) => {
  const path = await save('register.csv', file)
  const { code, stdout, stderr } = await run(['adresregister', 'laden', path])
  t.equal(code, 0, stderr)
  t.match(
    stdout,
    /Bron +cbs\nRegels +3\nOvergeslagen +1 .*\nAdressen +2\nPostcodes +1\nGemeenten +1\nOnbekend +Elders/
  )
  t.match(stderr, /100 %/)
  await hub.gemeente('0150', 'Elders')
  const again = await run(['adresregister', 'laden', path])
  t.match(again.stdout, /Gemeenten +2\n$/, 'a name that is known by now')
})

t.test('a packed file, with the secret in a file', async (t) => {
  const { BEHEER_CLIENT_SECRET, ...others } = settings
  const env = { ...others, BEHEER_CLIENT_SECRET_FILE: await save('geheim', `${BEHEER_CLIENT_SECRET}\n`) }
  const path = await save('register.csv.gz', gzipSync(file))
  const { code, stdout, stderr } = await run(['adresregister', 'laden', path], env)
  t.equal(code, 0, stderr)
  t.match(stdout, /Adressen +2/)
})

t.test('exit 1 with the words of the hub, or with what is missing', async (t) => {
  const wrong = await run(['adresregister', 'laden', await save('fout.csv', `${file}x;1;0177\n`)])
  t.equal(wrong.code, 1)
  t.match(wrong.stderr, /400 .*\n- \/5\/postcode Regel 5: Schrijf de postcode als 8101AA/s)
  const nothing = await run(['adresregister', 'laden'], {})
  t.equal(nothing.code, 1)
  t.match(nothing.stderr, /bestand.*BEHEER_CLIENT_ID.*BEHEER_CLIENT_SECRET/s)
  const other = await run(['iets', 'anders'])
  t.equal(other.code, 1)
  t.match(other.stderr, /npm run beheer -- adresregister laden/)
})

t.test('sleutel vernieuwen: a new key for tokens or proofs, which a running hub takes up', async (t) => {
  const { databaseUrl: DATABASE_URL, sleutelDatabaseUrl: SLEUTEL_DATABASE_URL } = hub.databases
  const own = { DATABASE_URL, SLEUTEL_DATABASE_URL, KEK: hub.kek }
  for (const [place, soort] of ['token', 'bewijs'].entries()) {
    const { code, stdout, stderr } = await run(['sleutel', 'vernieuwen', soort], own)
    t.equal(code, 0, stderr)
    t.match(stdout, new RegExp(`voor ${soort}.*\n.*10 minuten`))
    await hub.keys.refresh()
    t.equal(hub.keys.publicJwks().keys.length, 3 + place)
  }
  const wrong = await run(['sleutel', 'vernieuwen'], own)
  t.equal(wrong.code, 1)
  t.match(wrong.stderr, /`token` of `bewijs`/)
})
