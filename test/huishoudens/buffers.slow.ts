import t from 'tap'
import { scopesPerRol } from '../../src/begrippen/scopes.ts'
import { matchAll } from '../../src/huishoudens/match-huishoudens.ts'
import { todayIn } from '../../src/time.ts'
import { takeIn } from '../aanlevering/take-in.ts'
import { aSignalFor, testBsn } from '../helpers/builders.ts'
import { enrolGemeenten } from '../helpers/enrol-gemeenten.ts'
import { useOwnServer } from '../helpers/own-server.ts'
import { type Answer, openTestHub, type Party } from '../helpers/test-hub.ts'
import { blocksOf, type CarriedOut, reportStatements, watchStatements } from '../helpers/watch-statements.ts'
import { made } from '../zaken/zaak-stage.ts'

// A client of all municipalities may read little more than a client of one for the same rows. Blocks are counted, not
// time: they are the same on every machine.

t.setTimeout(300_000)

const codes = Array.from({ length: 342 }, (_, index) => String(1000 + index))
const [large, small, ...others] = codes as [string, string, ...string[]]
const inLarge = 6_000
const inEach = 8
const most = 1.2

const huishoudens = '/v1/huishoudens'
const deltas = '/v1/huishoudens/_deltas'
const signalen = '/v1/vroegsignalen'
const zaken = '/v1/vroegsignaalzaken'

type Ask = (party: Party) => Promise<Answer>

const adminUrlOf = (databaseUrl: string) => {
  const url = new URL(process.env.TEST_DATABASE_URL!)
  url.pathname = new URL(databaseUrl).pathname
  return url.toString()
}

await useOwnServer(t)
// One connection, so that what a connection reads once is read before anything is measured.
const hub = await openTestHub(t, {
  now: '2026-11-01T09:00:00Z',
  poolSize: 1,
  reach: async (url) => {
    await reportStatements(adminUrlOf(url))
    return url
  }
})
const one = await hub.gemeente(large)
const partner = await hub.signaalpartner(['huur', 'zorgverzekering'], [large])
await enrolGemeenten(hub, [small, ...others], large)
const open = (gemeentecodes: readonly string[]) =>
  hub.client({ naam: 'Uitvoerder', rol: 'gemeente', gemeentecodes, scopes: scopesPerRol.gemeente })
const many = await open(codes)

// Statistics come when the test says so.
for (const table of ['vroegsignaal', 'huishouden', 'huishouden_markering', 'vroegsignaalzaak'])
  await hub.admin(`alter table ${table} set (autovacuum_enabled = false)`)

let sent = 0
const signalIn = (gemeentecode: string, huisnummer: number, bsn?: string) => {
  sent += 1
  const adres = { postcode: `${gemeentecode}AA`, huisnummer }
  const signaaldatum = todayIn(hub.hub.clock())
  const own = { referentie: `R-${sent}`, klantnummer: `K-${sent}`, signaaldatum, gemeentecode, adres }
  return bsn === undefined
    ? aSignalFor('huur', own)
    : aSignalFor('zorgverzekering', { ...own, betrokkene: { burgerservicenummer: bsn } })
}
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

// The first household of one municipality is older than that of another.
const firstDays = 14
for (let day = 0; day < firstDays + inEach; day += 1) {
  hub.setClock(`2026-11-${String(day + 1).padStart(2, '0')}T09:00:00Z`)
  const due = others.filter((_, index) => day >= index % firstDays && day < (index % firstDays) + inEach)
  await takeIn(
    hub,
    partner,
    due.map((code) => signalIn(code, day + 1))
  )
}
// Half of these addresses have two signals.
const shift = Math.floor(inLarge / 4)
await takeIn(
  hub,
  partner,
  [...numbers(inLarge / 2), ...numbers(inLarge / 2).map((n) => n + shift)].map((n) => signalIn(large, n))
)
const [known] = await takeIn(hub, partner, [signalIn(large, 9_999, testBsn)])
await matchAll(hub.database)
await hub.admin('vacuum huishouden_markering')

const household = (await one.post(`${huishoudens}/_zoek`, { burgerservicenummer: testBsn })).json()
  .resultaten[0]
const zaak = made(await one.post(zaken, { huishoudenId: household.id }))
const { stateId } = await followToTheEnd(one, `${deltas}?limit=1000`)
const { stateId: ofAll } = await followToTheEnd(many, `${deltas}?limit=1000`)
await takeIn(
  hub,
  partner,
  numbers(5).map((n) => signalIn(large, n))
)

async function followToTheEnd(party: Party, url: string): Promise<{ stateId: string }> {
  let next = (await party.get(url)).json()
  while (next.deltas.length > 0) next = (await party.get(`${url}&after=${next.stateId}`)).json()
  return next
}

const adres = { postcode: `${large}AA`, huisnummer: 9_999 }
/** The same rows, as a client of one municipality and a client of all ask for them. */
const questions: Record<string, { readonly ofOne: Ask; readonly ofMany?: Ask; readonly rows: number }> = {
  'a page of a municipality': {
    ofOne: (party) => party.get(`${huishoudens}?limit=20&gemeentecode=${large}`),
    rows: 20
  },
  'its next page': {
    ofOne: async (party) =>
      party.get(nextOf(await party.get(`${huishoudens}?limit=20&gemeentecode=${large}`))),
    rows: 40
  },
  'a page of what is taken up': {
    ofOne: (party) => party.get(`${huishoudens}?opgepakt=true&gemeentecode=${large}`),
    rows: 1
  },
  'a household': { ofOne: (party) => party.get(`${huishoudens}/${household.id}`), rows: 1 },
  'households by address': { ofOne: (party) => party.post(`${huishoudens}/_zoek`, { adres }), rows: 1 },
  'households by BSN': {
    ofOne: (party) => party.post(`${huishoudens}/_zoek`, { burgerservicenummer: testBsn }),
    rows: 1
  },
  'a signal': { ofOne: (party) => party.get(`${signalen}/${known}`), rows: 1 },
  'signals by address': { ofOne: (party) => party.post(`${signalen}/_zoek`, { adres }), rows: 1 },
  'signals by BSN': {
    ofOne: (party) => party.post(`${signalen}/_zoek`, { burgerservicenummer: testBsn }),
    rows: 1
  },
  'the newest signals': { ofOne: (party) => party.get(`${signalen}?limit=20`), rows: 20 },
  'a case': { ofOne: (party) => party.get(`${zaken}/${zaak.id}`), rows: 1 },
  'the cases of a household': {
    ofOne: (party) => party.get(`${zaken}?huishoudenId=${household.id}`),
    rows: 1
  },
  'the first changes': { ofOne: (party) => party.get(`${deltas}?limit=20`), rows: 20 },
  'the last changes': {
    ofOne: (party) => party.get(`${deltas}?limit=20&after=${stateId}`),
    ofMany: (party) => party.get(`${deltas}?limit=20&after=${ofAll}`),
    rows: 5
  }
}

function nextOf(answer: Answer): string {
  return /<http:\/\/hub\.test([^>]+)>; rel="next"/.exec(String(answer.headers.link))![1]!
}

/** What an answer takes once its statements are planned and dead entries have been found. */
async function measure(party: Party, ask: Ask): Promise<{ statements: CarriedOut[]; rows: number }> {
  await ask(party)
  let rows = 0
  const statements = await watchStatements(async () => {
    const answer = await ask(party)
    if (answer.statusCode !== 200) throw new Error(answer.body)
    const { resultaten, deltas } = answer.json()
    rows = (resultaten ?? deltas ?? [1]).length
  })
  return { statements, rows }
}

// What the line in the log costs is left out: now and then its index grows, whoever asks.
const blocksToFind = (statements: readonly CarriedOut[]) =>
  blocksOf(statements.filter(({ text }) => !text.includes('insert into verwerkingsblad')))

const written = (statements: readonly CarriedOut[]) =>
  statements.map(({ text, blocks, plan }) => `${blocks} blocks: ${text}\n${plan}`)

for (const [state, prepare] of [
  ['without statistics', undefined],
  ['with statistics', 'analyze']
] as const) {
  t.test(`${state}: a client of 342 municipalities reads what a client of one reads`, async (t) => {
    if (prepare !== undefined) await hub.admin(prepare)
    for (const [what, { ofOne, ofMany = ofOne, rows }] of Object.entries(questions)) {
      const alone = await measure(one, ofOne)
      const together = await measure(many, ofMany)
      t.same(
        [alone.rows, together.rows],
        [rows, rows].map((n) => (n === 40 ? 20 : n)),
        `${what}: the rows`
      )
      const [few, all] = [blocksToFind(alone.statements), blocksToFind(together.statements)]
      t.comment(`${state}, ${what}: ${few} blocks for one, ${all} for all`)
      t.ok(few > 0 && all <= few * most, `${what}: ${all} blocks where a client of one reads ${few}`, {
        one: written(alone.statements),
        many: written(together.statements)
      })
    }
  })
}

t.test(
  'an unfiltered page of all municipalities takes their first households, not a page of each',
  async (t) => {
    const { statements, rows } = await measure(many, (party) => party.get(`${huishoudens}?limit=20`))
    t.equal(rows, 20)
    t.comment(`${blocksOf(statements)} blocks`)
    t.ok(blocksOf(statements) < codes.length * 8, `${blocksOf(statements)} blocks`, {
      found: written(statements)
    })
  }
)

t.test('nor does a client of some municipalities read the households of all others', async (t) => {
  const some = await open(codes.slice(-40))
  const ask: Ask = (party) => party.get(`${huishoudens}?limit=20`)
  const { statements, rows } = await measure(some, ask)
  t.equal(rows, 20)
  t.comment(`${blocksOf(statements)} blocks`)
  t.ok(blocksOf(statements) < 40 * 20, `${blocksOf(statements)} blocks`, { found: written(statements) })
})
