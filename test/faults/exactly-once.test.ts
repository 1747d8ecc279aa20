import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { todayIn } from '../../src/time.ts'
import { seededChance } from '../demo/seeded-chance.ts'
import { aSignalFor } from '../helpers/builders.ts'
import { kept, recounted } from '../huishoudens/recount.ts'
import { listed, openFollower } from '../huishoudens/volgen/delta-follower.ts'
import { makeFaults } from './chaos.ts'
import { settings, spare } from './fault-settings.ts'
import { type FaultStage, openFaultStage, type Participant } from './fault-stage.ts'
import { type Complaints, type Definite, openPatientClient, type PatientClient } from './patient-client.ts'
import { report } from './report.ts'

t.setTimeout(settings.seconds * 1000 + spare)

const sectors = [
  'huur',
  'drinkwater',
  'zorgverzekering',
  'gas',
  'elektriciteit',
  'warmte',
  'huur',
  'drinkwater'
] as const
const partners = sectors.map((sector, n) => ({ code: `P${n}`, sectoren: [sector] }))
const gemeentecodes = ['0177', '1911', '1859', '0637']
const today = () => todayIn(new Date())

/** A request that was answered, to be sent again, and what its answer was. */
type Sent = {
  readonly path: string
  readonly body: string
  readonly key: string
  readonly headers: Record<string, string>
  readonly id: string
}
/** A signal that was acknowledged. */
type Known = {
  readonly referentie: string
  readonly id: string
  bedragInCenten: number
  isWithdrawn: boolean
  readonly sent: Sent | undefined
}

/** What a partner writes and remembers. */
function openPartner(
  client: PatientClient,
  { code }: Participant,
  sector: (typeof sectors)[number],
  complaints: Complaints
) {
  const chance = seededChance(settings.seed + code.charCodeAt(1))
  const known: Known[] = []
  const counts = { signals: 0, deliveries: 0, corrections: 0, withdrawals: 0, repeats: 0 }
  const created: Sent[] = []
  let made = 0
  const expect = (answer: Definite, ...statuses: number[]) => {
    if (statuses.includes(answer.statusCode)) return true
    complaints.push(`${code}: ${answer.statusCode} after ${answer.attempts} attempts: ${answer.body}`)
    return false
  }
  const next = () => {
    made += 1
    const gemeentecode = chance.pick(gemeentecodes)
    const bedragInCenten = chance.int(10_000, 90_000)
    const referentie = `${code}-${made}`
    const signal = aSignalFor(sector, {
      referentie,
      signaaldatum: today(),
      gemeentecode,
      klantnummer: `K-${code}-${made}`,
      adres: { postcode: '8101AA', huisnummer: chance.int(1, 25) },
      betrokkene: { naam: { geslachtsnaam: `Kanarie ${gemeentecode} ${code} x${made}` } },
      achterstand: { bedragInCenten }
    })
    return { referentie, bedragInCenten, signal }
  }
  const send = async (
    path: string,
    body: string,
    headers: Record<string, string>
  ): Promise<[Definite, Sent]> => {
    const key = `${code}-${path}-${Math.floor(chance.int(0, 2 ** 30))}-${made}-${counts.repeats}`
    const answer = await client.send({
      method: 'POST',
      path,
      body,
      headers: { ...headers, 'idempotency-key': key }
    })
    return [answer, { path, body, key, headers, id: answer.statusCode < 300 ? answer.json().id : '' }]
  }
  const live = () => known.filter(({ isWithdrawn }) => !isWithdrawn)
  const acts = {
    post: async () => {
      const { referentie, bedragInCenten, signal } = next()
      const [answer, sent] = await send('/v1/vroegsignalen', JSON.stringify(signal), {})
      if (!expect(answer, 201)) return
      counts.signals += 1
      created.push(sent)
      known.push({ referentie, id: sent.id, bedragInCenten, isWithdrawn: false, sent })
    },
    deliver: async () => {
      const lines = Array.from({ length: chance.int(5, 40) }, next)
      const body = lines.map(({ signal }) => `${JSON.stringify(signal)}\n`).join('')
      const [answer, sent] = await send('/v1/aanleveringen', body, { 'content-type': 'application/x-ndjson' })
      if (!expect(answer, 201)) return
      const { aantalOpgenomen } = answer.json()
      if (aantalOpgenomen !== lines.length)
        complaints.push(`${code}: ${lines.length} delivered, ${answer.body}`)
      counts.deliveries += 1
      created.push(sent)
      for (const { referentie, bedragInCenten } of lines)
        known.push({ referentie, id: '', bedragInCenten, isWithdrawn: false, sent: undefined })
    },
    correct: async () => {
      const one = chance.pick(live().filter(({ id }) => id !== ''))
      if (one === undefined) return
      const path = `/v1/vroegsignalen/${one.id}`
      const read = await client.get(path)
      if (!expect(read, 200)) return
      const bedragInCenten = chance.int(10_000, 90_000)
      const answer = await client.send({
        method: 'PATCH',
        path,
        body: JSON.stringify({ achterstand: { bedragInCenten } }),
        headers: {
          'if-match': read.headers.etag!,
          'idempotency-key': `${code}-patch-${chance.int(0, 2 ** 30)}`
        }
      })
      if (answer.statusCode === 412) {
        // A municipality took it up meanwhile; nothing may have been changed then.
        const { achterstand } = (await client.get(path)).json()
        if (achterstand.bedragInCenten !== one.bedragInCenten)
          complaints.push(`${code}: refused and carried out`)
        return
      }
      if (!expect(answer, 200)) return
      one.bedragInCenten = bedragInCenten
      counts.corrections += 1
    },
    withdraw: async () => {
      const one = chance.pick(live().filter(({ id }) => id !== ''))
      if (one === undefined) return
      const path = `/v1/vroegsignalen/${one.id}/intrekkingen`
      const body = { reden: chance.pick(['betaald', 'foutief']) }
      // The answer to a repeat may be that what it withdrew is gone.
      const answer = await client.post(path, body, `${code}-withdraw-${one.id}`)
      if (answer.attempts > 1 ? !expect(answer, 201, 404, 409) : !expect(answer, 201)) return
      one.isWithdrawn = true
      counts.withdrawals += 1
    },
    repeat: async () => {
      const one = chance.pick(created)
      if (one === undefined) return
      counts.repeats += 1
      await repeat(one)
    }
  }
  const repeat = async ({ path, body, key, headers, id }: Sent) => {
    const answer = await client.send({
      method: 'POST',
      path,
      body,
      headers: { ...headers, 'idempotency-key': key }
    })
    const isWithdrawn = known.some((one) => one.id === id && one.isWithdrawn)
    const isGone = isWithdrawn && answer.statusCode === 409
    const { statusCode, headers: said } = answer
    const isSame =
      statusCode === 201 &&
      answer.json().id === id &&
      said['idempotency-replayed'] === 'true' &&
      // What is in an open case stays with it.
      (!isWithdrawn || answer.json().status === 'ingetrokken')
    if (!isGone && !isSame)
      complaints.push(`${code}: another answer to a repeat: ${statusCode} ${answer.body}`)
  }
  return {
    code,
    client,
    known,
    counts,
    created,
    repeat,
    run: async (ends: AbortSignal) => {
      while (!ends.aborted) {
        const drawn = chance.int(1, 100)
        if (drawn <= 60) await acts.post()
        else if (drawn <= 72) await acts.deliver()
        else if (drawn <= 82) await acts.correct()
        else if (drawn <= 88) await acts.withdraw()
        else await acts.repeat()
      }
    }
  }
}

const clock = { hub: { clock: () => new Date() } }

/** What a municipality reads and takes up. */
function openGemeente(client: PatientClient, { code }: Participant, complaints: Complaints) {
  const chance = seededChance(settings.seed + Number(code))
  const follower = openFollower(clock, client)
  const counts = { reads: 0, cases: 0 }
  return {
    code,
    client,
    follower,
    counts,
    run: async (ends: AbortSignal) => {
      for (let n = 0; !ends.aborted; n += 1) {
        await follower.read(50)
        counts.reads += 1
        const some = [...follower.households.values()]
        if (n % 5 !== 4 || some.length === 0) continue
        const huishoudenId = chance.pick(some).id
        const answer = await client.post('/v1/vroegsignaalzaken', { huishoudenId }, `${code}-zaak-${n}`)
        // It may have an open case, or be gone.
        if (answer.statusCode === 201) counts.cases += 1
        else if (![404, 409].includes(answer.statusCode))
          complaints.push(`${code}: ${answer.statusCode} ${answer.body}`)
      }
    }
  }
}

async function startHubs(stage: FaultStage, count: number) {
  const instances = []
  for (let n = 0; n < count; n += 1) {
    const one = await stage.addInstance()
    await one.start()
    instances.push(one)
  }
  return instances
}

t.test('whatever breaks, what was acknowledged is there once, and nothing else twice', async (t) => {
  const stage = await openFaultStage(t)
  const instances = await startHubs(stage, settings.isWhole ? 3 : 2)
  const enrolled = await stage.enrol(instances[0]!.url, partners, gemeentecodes)
  const complaints: Complaints = []
  const urls = () => instances.map(({ url }) => url)
  const writers = enrolled.partners.map((partner, n) => {
    const others = new RegExp(`Kanarie \\d+ P[^${partner.code[1]}]|"P[^${partner.code[1]}]-\\d`)
    const client = openPatientClient(urls, partner.credentials, complaints, (body) => {
      if (others.test(body)) complaints.push(`${partner.code} saw what is another partner's`)
    })
    return openPartner(client, partner, sectors[n]!, complaints)
  })
  const readers = enrolled.gemeenten.map((gemeente) => {
    const others = new RegExp(`Kanarie (?!${gemeente.code})`)
    const client = openPatientClient(urls, gemeente.credentials, complaints, (body) => {
      if (others.test(body)) complaints.push(`${gemeente.code} saw a resident of another municipality`)
    })
    return openGemeente(client, gemeente, complaints)
  })

  const ends = AbortSignal.timeout(settings.seconds * 1000)
  const [faults] = await Promise.all([
    makeFaults(stage, instances, ends),
    ...[...writers, ...readers].map((one) => one.run(ends))
  ])
  t.comment(JSON.stringify(faults))
  t.comment(JSON.stringify([...writers, ...readers].map(({ code, counts }) => [code, counts])))
  t.same(complaints, [], 'every answer was one of those that are promised, and about the caller alone')

  for (const { code, client, known } of writers) {
    const shown = await all(client, '/v1/vroegsignalen?limit=1000')
    const perReference = Map.groupBy(shown, ({ referentie }) => referentie as string)
    t.same(
      [...perReference].filter(([, some]) => some.length > 1),
      [],
      `${code}: nothing twice`
    )
    const amounts = (some: readonly [string, unknown][]) => Object.fromEntries([...some].sort())
    const expected = known.filter(({ isWithdrawn }) => !isWithdrawn)
    t.same(
      amounts(shown.map((one) => [one.referentie, one.achterstand.bedragInCenten])),
      amounts(expected.map((one) => [one.referentie, one.bedragInCenten])),
      `${code}: all ${expected.length} acknowledged signals as they were last answered, and no other`
    )
  }
  const [rows] = await stage.admin<{ aantal: number; ids: number }>(
    'select count(*)::int as aantal, count(distinct id)::int as ids from vroegsignaal'
  )
  t.equal(rows!.aantal, rows!.ids)

  for (const { code, client, follower } of readers) {
    const fromStart = openFollower(clock, client)
    for (const one of [follower, fromStart]) await one.catchUp(200)
    const list = await listed(client)
    const plain = (households: ReadonlyMap<string, object>) => Object.fromEntries([...households].sort())
    t.same(plain(follower.households), plain(list), `${code}: who followed all along has exactly the list`)
    t.same(plain(fromStart.households), plain(list), `${code}: and so has who follows from the start`)
  }
  const counted = { admin: stage.admin, ...clock } as Parameters<typeof kept>[0]
  const households = await kept(counted)
  t.same(households, await recounted(counted), 'every household is what a recount gives')
  t.ok(Object.keys(households).length > 0)

  for (const { created, repeat } of writers) for (const one of created.slice(-25)) await repeat(one)
  t.same(complaints, [], 'a repeat gets the answer that the first request got')

  for (const { code, client } of readers) {
    const logged = new Set(
      (await all(client, '/v1/verwerkingen?limit=1000&activiteit=vroegsignaal-aannemen')).map(
        ({ objectId }) => objectId
      )
    )
    const ids = await stage.admin<{ id: string }>('select id from vroegsignaal where gemeentecode = $1', [
      code
    ])
    t.same(
      ids.filter(({ id }) => !logged.has(id)),
      [],
      `${code}: the log has a line on each signal that came in`
    )
  }
  await verifyLog(t, stage, instances, readers)
  const total = (of: string) =>
    [...writers, ...readers].reduce(
      (sum, { counts }) => sum + ((counts as Record<string, number>)[of] ?? 0),
      0
    )
  const acknowledged = writers.reduce((sum, { known }) => sum + known.length, 0)
  report({
    order: 1,
    what: `${instances.length} instances, ${writers.length} partners, ${readers.length} municipalities, ${settings.seconds} s`,
    done: Object.entries(faults)
      .map(([name, times]) => `${times} × ${name}`)
      .join(', '),
    held: `${acknowledged} signals acknowledged, each there once; ${total('corrections')} corrections, ${total('withdrawals')} withdrawals, ${total('repeats')} repeats; ${Object.keys(households).length} households equal a recount and every follower's copy; log complete and sealed`
  })
})

// biome-ignore lint/suspicious/noExplicitAny: items of many collections
async function all(client: PatientClient, path: string): Promise<any[]> {
  const items = []
  for (let next: string | undefined = path; next !== undefined; ) {
    const answer = await client.get(next)
    if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${answer.body}`)
    items.push(...answer.json().resultaten)
    next = /<[^>]*(\/v1[^>]+)>; rel="next"/.exec(answer.headers.link ?? '')?.[1]
  }
  return items
}

// A day is sealed when it has been over for two hours, so the hubs go on two days later.
async function verifyLog(
  t: { equal(found: unknown, wanted: unknown): unknown; match(found: unknown, wanted: unknown): unknown },
  stage: FaultStage,
  instances: Awaited<ReturnType<typeof startHubs>>,
  readers: readonly { code: string; client: PatientClient }[]
) {
  for (const one of instances) await one.process().end('SIGTERM')
  const later = new Date(Date.now() + 2 * 86_400_000).toISOString()
  for (const one of instances) await one.start({ PROEF_KLOK: later })
  for (const { code, client } of readers) {
    const [{ bladen }] = (await stage.admin<{ bladen: number }>(
      'select count(*)::int as bladen from verwerkingsblad where gemeentecode = $1',
      [code]
    )) as [{ bladen: number }]
    t.equal(bladen > 0, true)
    let verified = { aantal: 0 }
    for (let turn = 0; turn < 100; turn += 1) {
      verified = (await client.get('/v1/verwerkingen/_verifieer')).json()
      if (verified.aantal > 0) break
      await sleep(200)
    }
    t.match(verified, { volledig: true, aantal: 1 })
  }
}
