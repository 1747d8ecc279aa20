import t from 'tap'
import { matchAll } from '../../../src/huishoudens/match-huishoudens.ts'
import { takeIn } from '../../aanlevering/take-in.ts'
import { aSignalFor, testBsn } from '../../helpers/builders.ts'
import { useOwnServer } from '../../helpers/own-server.ts'
import { type Answer, openTestHub } from '../../helpers/test-hub.ts'
import { type CarriedOut, reportStatements, watchStatements } from '../../helpers/watch-statements.ts'

// The server keeps the plan of a statement. One that was made for an empty table must still be right when a delivery has
// filled it, and so must one that was made halfway, or from new statistics.

t.setTimeout(300_000)

const huishoudens = '/v1/huishoudens'
const signalen = '/v1/vroegsignalen'
const zaken = '/v1/vroegsignaalzaken'
const stock = 20_000
// The table of these signals has some three thousand blocks; a look-up takes a handful.
const perRow = 25
const perStatement = 150

const adminUrlOf = (databaseUrl: string) => {
  const url = new URL(process.env.TEST_DATABASE_URL!)
  url.pathname = new URL(databaseUrl).pathname
  return url.toString()
}

await useOwnServer(t)
const hub = await openTestHub(t, {
  poolSize: 1,
  reach: async (url) => {
    await reportStatements(adminUrlOf(url))
    return url
  }
})
const raalte = await hub.gemeente('0177')
await hub.gemeente('0141')
const partner = await hub.signaalpartner(['huur', 'zorgverzekering'], ['0177', '0141'])
// Statistics come when the test says so.
for (const table of ['vroegsignaal', 'huishouden', 'huishouden_markering'])
  await hub.admin(`alter table ${table} set (autovacuum_enabled = false)`)

let sent = 0
const signal = (huisnummer: number) => {
  sent += 1
  const own = { referentie: `R-${sent}`, klantnummer: `K-${sent}`, adres: { huisnummer } }
  return sent % 3 === 0
    ? aSignalFor('zorgverzekering', { ...own, betrokkene: { burgerservicenummer: testBsn } })
    : aSignalFor('huur', own)
}
const seen: string[] = []

/** Posts signals one by one and together, reads, searches; returns what each answer took and how many rows it had. */
async function everything(): Promise<{ what: string; rows: number; statements: CarriedOut[] }[]> {
  const found: { what: string; rows: number; statements: CarriedOut[] }[] = []
  const note = async (what: string, rows: number, work: () => Promise<readonly Answer[]>) => {
    const statements = await watchStatements(async () => {
      for (const { statusCode, body } of await work())
        if (statusCode !== 200 && statusCode !== 201) throw new Error(`${what}: ${body}`)
    })
    found.push({ what, rows, statements })
  }
  // BSNs of their own, because the one in the stock has thousands of signals.
  const number = 20_000 + sent
  const own = { betrokkene: { burgerservicenummer: '999993653' }, adres: { huisnummer: number } }
  const one = aSignalFor('zorgverzekering', { ...own, referentie: `E-${sent}`, klantnummer: `E-${sent}` })
  await note('post', 1, async () => {
    const answer = await partner.post(signalen, one)
    if (answer.statusCode === 201) seen.push(answer.json().id)
    return [answer]
  })
  await note('page after a post', 20, async () => [await raalte.get(`${huishoudens}?limit=20`)])
  await note('repeat', 1, async () => [await partner.post(signalen, one)])
  await note('post with a key', 1, async () => [
    await partner.post(signalen, signal(number + 1), { 'idempotency-key': `k-${sent}` })
  ])
  await note('posts together', 8, () =>
    Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((n) => partner.post(signalen, signal(number + n))))
  )
  await note('page after posts', 20, async () => [await raalte.get(`${huishoudens}?limit=20`)])
  await note('page', 20, async () => [await raalte.get(`${huishoudens}?limit=20&crisis=false`)])
  const adres = { postcode: '8101AA', huisnummer: number }
  await note('households by address', 1, async () => [await raalte.post(`${huishoudens}/_zoek`, { adres })])
  await note('signals by address', 1, async () => [await raalte.post(`${signalen}/_zoek`, { adres })])
  const burgerservicenummer = '999993653'
  await note('households by BSN', seen.length, async () => [
    await raalte.post(`${huishoudens}/_zoek`, { burgerservicenummer })
  ])
  await note('signals by BSN', seen.length, async () => [
    await raalte.post(`${signalen}/_zoek`, { burgerservicenummer })
  ])
  await note('signal by reference', 1, async () => [
    await partner.post(`${signalen}/_zoek`, { referentie: one.referentie })
  ])
  await note('signals of a municipality', 20, async () => [await raalte.get(`${signalen}?limit=20`)])
  await note('signals of a partner', 20, async () => [await partner.get(`${signalen}?limit=20`)])
  await note('signal', 1, async () => [await raalte.get(`${signalen}/${seen.at(-1)}`)])
  const [household] = (await raalte.post(`${huishoudens}/_zoek`, { adres })).json().resultaten
  await note('household', 1, async () => [await raalte.get(`${huishoudens}/${household.id}`)])
  const { stateId } = (await raalte.get(`${huishoudens}/_deltas?limit=20`)).json()
  await note('changes', 20, async () => [
    await raalte.get(`${huishoudens}/_deltas?limit=20&after=${stateId}`)
  ])
  await note('correction', 1, async () => [
    await partner.patch(
      `${signalen}/${seen.at(-1)}`,
      { achterstand: { bedragInCenten: 100_000 + sent } },
      { 'if-match': '*' }
    )
  ])
  await note('page after a correction', 20, async () => [await raalte.get(`${huishoudens}?limit=20`)])
  await note('mark of an address', 1, async () => [
    await raalte.call({
      method: 'PUT',
      url: `${huishoudens}/${household.id}/adresindicatie`,
      headers: { 'if-match': '*' },
      payload: { bron: 'laa', datum: '2026-11-20' }
    })
  ])
  await note('case', 1, async () => [await raalte.post(zaken, { huishoudenId: household.id })])
  await note('forwarding', 1, async () => [
    await raalte.post(`${signalen}/${seen.at(-1)}/doorzendingen`, { gemeentecode: '0141' })
  ])
  seen.pop()
  const other = (await partner.post(`${signalen}/_zoek`, { referentie: `R-${sent}` })).json().resultaten[0]
  await note('withdrawal', 1, async () => [
    await partner.post(`${signalen}/${other.id}/intrekkingen`, { reden: 'betaald' })
  ])
  await note('page after these', 20, async () => [await raalte.get(`${huishoudens}?limit=20`)])
  return found
}

/** A test that each statement reads no more than the rows that it is for, after `prepare`. */
function checkAll(state: string, prepare: () => Promise<unknown> = async () => undefined): void {
  t.test(state, async (t) => {
    await prepare()
    for (const { what, rows, statements } of await everything()) {
      t.ok(statements.length > 0, `${what}: was watched`)
      const most = perStatement + perRow * rows
      t.comment(`${what}: ${Math.max(...statements.map(({ blocks }) => blocks))} blocks at most`)
      for (const { text, blocks, plan } of statements)
        if (blocks > most) t.fail(`${what}: ${blocks} blocks for ${rows} rows`, { text, plan })
    }
  })
}

async function load(count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1)
  await takeIn(
    hub,
    partner,
    numbers.map((n) => signal(10 + (n % 15_000)))
  )
  await matchAll(hub.database)
  // As autovacuum does within the minute, after every 5,000 marks.
  await hub.admin('vacuum huishouden_markering')
}

async function renewConnection(): Promise<void> {
  await hub.admin(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and application_name = 'signaalhub'
       and usename = 'signaalhub_test'`
  )
  await hub.hub.database.ping().catch(() => undefined)
}

checkAll('an empty table')
checkAll('a tenth of a delivery, with the plans of an empty table', () => load(stock / 10))
checkAll('a full table, with the plans of an empty one', () => load(stock - stock / 10))
checkAll('a full table without statistics, with new plans', renewConnection)
checkAll('a full table, with plans from its statistics', () => hub.admin('analyze'))
checkAll('and after many changes', () =>
  hub.admin(`update vroegsignaal set jongere = not jongere where bedrag_in_centen % 10 = 0`)
)

t.test('the table is large enough to tell', async (t) => {
  const [size] = await hub.admin<{ blocks: number }>(
    `select (pg_relation_size('vroegsignaal') / 8192)::int as blocks`
  )
  t.ok(size!.blocks > 2 * (perStatement + 20 * perRow), `${size!.blocks} blocks`)
})
