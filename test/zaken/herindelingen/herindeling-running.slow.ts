import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { takeIn } from '../../aanlevering/take-in.ts'
import { fetchToken } from '../../demo/open-party.ts'
import { aSignalFor } from '../../helpers/builders.ts'
import type { Party, TestHub } from '../../helpers/test-hub.ts'
import { type ServerProcess, startServer } from '../../platform/server-process.ts'
import { made, zaken } from '../zaak-stage.ts'
import { openHerindeling, rowsOf } from './herindeling-stage.ts'

t.setTimeout(300_000)

const homes = 1_500
const beforeMidnight = '2026-12-31T22:59:57Z'

async function openFull(t: Test) {
  const stage = await openHerindeling(t)
  const { hub, raalte, huur } = stage
  const signals = Array.from({ length: homes }, (_, n) =>
    aSignalFor('huur', { referentie: `M-${n}`, signaaldatum: '2026-12-20', adres: { huisnummer: n + 1 } })
  )
  const ids = await takeIn(hub, huur, signals)
  const { resultaten } = (await raalte.get('/v1/huishoudens?limit=200')).json()
  for (const { id } of resultaten) {
    const zaak = made(await raalte.post(zaken, { huishoudenId: id }))
    made(
      await raalte.post(`${zaken}/${zaak.id}/contactpogingen`, {
        soort: 'brief',
        datum: '2026-12-20',
        bereikt: false
      })
    )
  }
  return { ...stage, ids }
}

function start(t: Test, hub: TestHub, now: string): ServerProcess {
  return startServer(t, {
    DATABASE_URL: hub.databases.databaseUrl,
    SLEUTEL_DATABASE_URL: hub.databases.sleutelDatabaseUrl,
    KEK: hub.kek,
    PROEF_KLOK: now
  })
}

async function counts(hub: TestHub): Promise<{ van: number; naar: number }> {
  const [row] = await hub.admin<{ van: number; naar: number }>(
    `select count(*) filter (where gemeentecode = '0177')::int as van,
      count(*) filter (where gemeentecode = '0193')::int as naar from vroegsignaal`
  )
  return row!
}

/** The rows that are in another municipality than what they belong to. */
function torn(hub: TestHub): Promise<object[]> {
  return hub.admin(`
    select 'case' as what, k.zaak_id as id from zaak_vroegsignaal k join vroegsignaal v on v.id = k.vroegsignaal_id
    where v.gemeentecode <> k.gemeentecode
    union all select 'household', h.id from huishouden h join vroegsignaal v on v.id = any (h.vroegsignaal_ids)
    where v.gemeentecode <> h.gemeentecode
    union all select 'case of household', z.id from vroegsignaalzaak z join huishouden h on h.id = z.huishouden_id
    where z.gemeentecode <> h.gemeentecode
    union all select 'attempt', c.id from contactpoging c join vroegsignaalzaak z on z.id = c.zaak_id
    where c.gemeentecode <> z.gemeentecode
    union all select 'feedback', f.id from terugkoppeling f join vroegsignaal v on v.id = f.vroegsignaal_id
    where v.gemeentecode <> f.gemeentecode`)
}

async function until(isDone: () => Promise<boolean>, pause = 50): Promise<void> {
  while (!(await isDone())) await sleep(pause)
}

const isDone = (hub: TestHub) => async () =>
  (await hub.admin('select from herindeling where uitgevoerd_op is null')).length === 0

type Row = { readonly vroegsignaalId?: string }
type Answered = {
  readonly id?: string
  readonly gemeentecode?: string
  readonly errors?: object[]
  readonly resultaten: Row[]
}

async function ask(url: string, party: Party, path: string, body?: object) {
  const headers = {
    authorization: `Bearer ${await fetchToken(url, party)}`,
    'content-type': 'application/json'
  }
  const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) }
  const answer = await fetch(`${url}${path}`, init)
  return { status: answer.status, body: (await answer.json()) as Answered }
}

t.test('at midnight a running hub does it, killed in the middle, and two finish it together', async (t) => {
  const { hub, raalte, zwolle, olst, huur, ids } = await openFull(t)
  const first = start(t, hub, beforeMidnight)
  const { url: firstUrl = '' } = await first.said('gereed')
  t.equal((await ask(firstUrl, zwolle, '/v1/huishoudens')).body.resultaten.length, 0, 'before midnight')
  t.equal((await ask(firstUrl, raalte, `/v1/vroegsignalen/${ids[0]}`)).body.gemeentecode, '0177')
  await until(async () => (await counts(hub)).naar > 0, 2)
  t.equal(await first.end('SIGKILL'), null)
  await until(
    async () =>
      (
        await hub.admin(
          `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
           and application_name = 'signaalhub' and state <> 'idle'`
        )
      ).length === 0
  )
  const left = await counts(hub)
  t.ok(left.van > 0 && left.naar > 0, `killed in the middle: ${JSON.stringify(left)}`)
  t.equal(left.van + left.naar, homes)
  t.same(await torn(hub), [], 'what belongs together is together')

  const both = ['2026-12-31T23:10:00Z', '2026-12-31T23:10:00Z'].map((now) => start(t, hub, now))
  const [one, other] = await Promise.all(both.map((server) => server.said('gereed')))
  await until(isDone(hub))
  t.same(await rowsOf(hub, '0177'), {})
  t.same(await counts(hub), { van: 0, naar: homes })
  t.same(await torn(hub), [])
  const logged = await hub.admin<{ gemeentecode: string; regels: number; signalen: number }>(
    `select gemeentecode, count(*)::int as regels, count(distinct object_id)::int as signalen from verwerking
     where activiteit = 'gemeente-herindelen' group by 1 order by 1`
  )
  t.same(
    logged,
    ['0177', '0193'].map((gemeentecode) => ({ gemeentecode, regels: homes, signalen: homes })),
    'each moved once'
  )
  for (const { url = '' } of [one!, other!]) {
    const all = await ask(url, zwolle, '/v1/huishoudens?limit=1000')
    t.equal(all.body.resultaten.length, 1_000)
    const signal = await ask(url, raalte, `/v1/vroegsignalen/${ids.at(-1)}`)
    t.match([signal.status, signal.body], [200, { gemeentecode: '0193', betrokkene: {}, beoordeling: {} }])
    t.equal((await ask(url, olst, `/v1/vroegsignalen/${ids[0]}`)).status, 404)
    const cases = await ask(url, zwolle, `${zaken}?limit=1000`)
    t.equal(cases.body.resultaten.length, 200)
  }
  const fresh = (gemeentecode: string, n: number) =>
    aSignalFor('huur', {
      referentie: `N-${n}`,
      signaaldatum: '2026-12-31',
      gemeentecode,
      adres: { huisnummer: 1 }
    })
  t.equal((await ask(one!.url!, huur, '/v1/vroegsignalen', fresh('0193', 1))).status, 201)
  const refused = await ask(other!.url!, huur, '/v1/vroegsignalen', fresh('0177', 2))
  t.match([refused.status, refused.body.errors], [403, [{ detail: /gemeentecode 0193/ }]])
  for (const server of both) {
    t.equal(await server.end('SIGTERM'), 0)
    t.notMatch(server.lines.join('\n'), /re-division|cannot be opened/)
  }
})

t.test('while partners send and the municipality works, nothing is lost', async (t) => {
  const { hub, raalte, zwolle, huur, ids } = await openFull(t)
  const server = start(t, hub, beforeMidnight)
  const { url = '' } = await server.said('gereed')
  let isOver = false
  const taken: string[] = []
  const partner = (async () => {
    for (let n = 0; !isOver; n += 1) {
      const vroegsignalen = ['0177', '0193'].map((gemeentecode) =>
        aSignalFor('huur', {
          referentie: `P-${n}-${gemeentecode}`,
          signaaldatum: '2026-12-31',
          gemeentecode,
          adres: { huisnummer: 5_000 + n }
        })
      )
      const { body } = await ask(url, huur, '/v1/aanleveringen', { vroegsignalen })
      if (body.id === undefined) continue
      const { body: regels } = await ask(url, huur, `/v1/aanleveringen/${body.id}/regels`)
      for (const { vroegsignaalId } of regels.resultaten) if (vroegsignaalId) taken.push(vroegsignaalId)
    }
  })()
  const statuses = new Set<number>()
  const municipality = (async () => {
    for (let n = 0; !isOver; n += 1) {
      const { status } = await ask(url, raalte, `/v1/vroegsignalen/${ids[n % ids.length]}`)
      statuses.add(status)
    }
  })()
  await until(isDone(hub))
  await sleep(500)
  isOver = true
  await Promise.all([partner, municipality])
  t.same([...statuses], [200], 'no signal was out of sight for a moment')
  t.ok(taken.length > 0)
  await until(async () => (await counts(hub)).van === 0)
  t.same(await rowsOf(hub, '0177'), {})
  t.equal((await counts(hub)).naar, homes + taken.length)
  for (const id of taken.slice(-5)) t.equal((await ask(url, zwolle, `/v1/vroegsignalen/${id}`)).status, 200)
  t.equal(await server.end('SIGTERM'), 0)
})
