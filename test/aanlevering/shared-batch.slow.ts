import type { FastifyRequest } from 'fastify'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { openSingles, type SingleAnswer } from '../../src/aanlevering/receive-singles.ts'
import { scopesPerRol } from '../../src/begrippen/scopes.ts'
import type { Herkomst } from '../../src/platform/database/open-database.ts'
import type { Hub } from '../../src/toegang/hub.ts'
import { identify } from '../../src/toegang/once.ts'
import { aSignal, type Overrides } from '../helpers/builders.ts'
import { actorOf } from '../helpers/handeling.ts'
import { objectTo } from '../helpers/object-to.ts'
import { openTestHub, type Party, type TestHub } from '../helpers/test-hub.ts'

// Single posts of several partners share one transaction. Nothing else may be shared.

t.setTimeout(120_000)

const path = '/v1/vroegsignalen'
const gemeentecodes = ['0177', '0141']
// The number of transactions that take in single posts at the same time.
const atOnce = 2

type Post = { readonly by: Party; readonly key?: string } & Overrides
type Settled = PromiseSettledResult<SingleAnswer>

async function openStage(t: Test) {
  const hub = await openTestHub(t)
  const [raalte] = [await hub.gemeente('0177'), await hub.gemeente('0141')]
  const partner = () => hub.signaalpartner(['huur'], gemeentecodes)
  const [houder, linde, eik, beuk] = [await partner(), await partner(), await partner(), await partner()]
  const batches = watchBatches(hub.hub)
  const takeIn = openSingles(hub.hub)
  let alone = 0

  /** Takes these in together: they come while others are taken in, so the next transaction is theirs. */
  const together = async (posts: readonly Post[]): Promise<Settled[]> => {
    const actors = await Promise.all(posts.map(({ by }) => actorOf(hub, by)))
    const holder = await actorOf(hub, houder)
    const first = Array.from({ length: atOnce }, () => {
      alone += 1
      return takeIn({ ...holder, signaal: signalOf({ referentie: `H-${alone}` }), identified: undefined })
    })
    batches.length = 0
    const rest = Promise.allSettled(
      posts.map(({ by: _, key, ...overrides }, index) => {
        const actor = actors[index]!
        const signaal = signalOf(overrides)
        const headers = { 'idempotency-key': key }
        const request = { headers, method: 'POST', url: path, caller: actor.caller, body: signaal }
        return takeIn({
          ...actor,
          signaal,
          identified: identify(hub.keys, request as unknown as FastifyRequest)
        })
      })
    )
    await Promise.all(first)
    return rest
  }
  return { hub, raalte, linde, eik, beuk, batches, together }
}

const signalOf = ({ referentie, ...overrides }: Overrides) =>
  aSignal({ referentie, klantnummer: `K-${referentie}`, ...overrides })

/** The origins of each transaction that takes in single posts, from now on. */
function watchBatches(hub: Hub): (readonly Herkomst[])[] {
  const batches: (readonly Herkomst[])[] = []
  const { takeIn } = hub
  const watched: Hub['takeIn'] = (herkomsten, work) => {
    batches.push(herkomsten)
    return takeIn(herkomsten, work)
  }
  Object.assign(hub, { takeIn: watched })
  return batches
}

/** What came of a post: the signal and its status, why it was refused, or the error. */
function outcomeOf(settled: Settled | undefined) {
  if (settled?.status === 'rejected') return { error: settled.reason.slug ?? settled.reason.code }
  const answer = settled!.value
  if ('refused' in answer) {
    const { uitkomst } = answer.refused
    const bevindingen = 'bevindingen' in answer.refused ? answer.refused.bevindingen : []
    return { uitkomst, criteria: bevindingen.map(({ criterium }) => criterium.criterium) }
  }
  const { status, isReplayed, vroegsignaal } = answer
  return { ...(vroegsignaal && JSON.parse(vroegsignaal.tekst)), status, isReplayed }
}

const transactionsOf = (hub: TestHub, ids: readonly string[]) =>
  hub.admin<{ xmin: string }>('select distinct xmin::text from vroegsignaal where id = any ($1::uuid[])', [
    ids
  ])

const suspend = async (hub: TestHub, signaalpartnerId: string) => {
  const query = `select id from overeenkomst where signaalpartner_id = $1 and gemeentecode = '0177'`
  const [overeenkomst] = await hub.admin<{ id: string }>(query, [signaalpartnerId])
  const url = `/v1/overeenkomsten/${overeenkomst!.id}`
  const answer = await hub.beheer.patch(url, { status: 'opgeschort' }, { 'if-match': '*' })
  if (answer.statusCode !== 200) throw new Error(answer.body)
}

t.test('posts of several partners share a transaction, and each gets its own signal', async (t) => {
  const { hub, raalte, linde, eik, beuk, batches, together } = await openStage(t)
  const posts = [linde, eik, beuk, linde, eik, beuk].map((by, n) => ({ by, referentie: `R-${n}` }))
  const made = (await together(posts)).map(outcomeOf)
  t.equal(batches.length, 1, 'one transaction')
  t.same(
    batches[0]!.map(({ signaalpartnerId }) => signaalpartnerId).sort(),
    [linde.id, eik.id, beuk.id].sort()
  )
  for (const [n, { by, referentie }] of posts.entries()) {
    t.match(made[n], { status: 201, referentie, signaalpartner: { id: by.id } })
    t.same((await by.get(`${path}/${made[n].id}`)).json().referentie, referentie)
    for (const other of [linde, eik, beuk].filter(({ id }) => id !== by.id))
      t.equal((await other.get(`${path}/${made[n].id}`)).statusCode, 404)
  }
  const ids = made.map(({ id }) => id)
  t.equal((await transactionsOf(hub, ids)).length, 1, 'as the rows say')
  t.equal((await raalte.get(path)).json().resultaten.length, posts.length + atOnce)
  const lines = await hub.admin<{ object: string; client: string; partner: string }>(
    `select v.object_id as object, c.client_id as client, v.signaalpartner_id as partner
     from verwerking v join client c on c.id = v.client_id where v.activiteit = 'vroegsignaal-aannemen'`
  )
  for (const [n, { by }] of posts.entries()) {
    const own = lines.filter(({ object }) => object === ids[n])
    t.same(own, [{ object: ids[n], client: by.clientId, partner: by.id }], 'logged once, for its own client')
  }
})

t.test(
  'over HTTP: posts that come at once are shared, and each is answered as if it came alone',
  async (t) => {
    const { hub, linde, eik, beuk, batches } = await openStage(t)
    const partners = [linde, eik, beuk]
    batches.length = 0
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) => {
        const by = partners[n % 3]!
        return by.post(path, signalOf({ referentie: `R-${n}`, adres: { huisnummer: n + 1 } }))
      })
    )
    for (const [n, answer] of answers.entries()) {
      t.equal(answer.statusCode, 201, answer.body)
      t.match(answer.json(), { referentie: `R-${n}`, signaalpartner: { id: partners[n % 3]!.id } })
      const again = await partners[n % 3]!.get(String(answer.headers.location))
      t.equal(again.body, answer.body)
    }
    t.ok(batches.length < answers.length, `${batches.length} transactions`)
    t.ok(
      batches.some((herkomsten) => new Set(herkomsten.map((one) => one.signaalpartnerId)).size > 1),
      'of several partners'
    )
    t.equal((await hub.admin('select from vroegsignaal')).length, answers.length)
  }
)

t.test(
  'the same reference and the same customer at two partners are two signals, and no repeat',
  async (t) => {
    const { hub, linde, eik, batches, together } = await openStage(t)
    const same = { referentie: 'R-1', klantnummer: 'K-1' }
    const [one, other] = (await together([linde, eik].map((by) => ({ by, ...same })))).map(outcomeOf)
    t.equal(batches.length, 1)
    t.match([one, other], [{ status: 201 }, { status: 201 }])
    t.not(one.id, other.id)
    for (const made of [one, other]) {
      t.notOk('herhalingVan' in made)
      const repeated = made.beoordeling.criteria.find(
        ({ criterium }: { criterium: string }) => criterium === 'herhaalde-melding'
      )
      t.equal(repeated.uitkomst, 'voldaan')
    }
    const rows = await hub.admin(
      `select distinct referentie_index, klant_index from vroegsignaal where id in ($1, $2)`,
      [one.id, other.id]
    )
    t.equal(rows.length, 2, 'their hashes tell nothing of each other')

    const higher = { klantnummer: 'K-1', achterstand: { bedragInCenten: 99_900 } }
    const later = await together([
      { by: linde, referentie: 'R-2', ...higher },
      { by: eik, referentie: 'R-2', ...higher },
      { by: linde, ...same },
      { by: eik, ...same }
    ])
    t.match(later.map(outcomeOf), [
      { status: 201, herhalingVan: one.id },
      { status: 201, herhalingVan: other.id },
      { status: 200, id: one.id },
      { status: 200, id: other.id }
    ])
  }
)

t.test('the same reference twice in one batch is one signal of its partner', async (t) => {
  const { linde, eik, together } = await openStage(t)
  const posts = [linde, eik, linde].map((by) => ({ by, referentie: 'R-1' }))
  const [first, others, again] = (await together(posts)).map(outcomeOf)
  t.match([first, again].map(({ status }) => status).sort(), [200, 201])
  t.equal(first.id, again.id)
  t.match(others, { status: 201, signaalpartner: { id: eik.id } })
})

t.test('the same Idempotency-Key at two clients is two keys, also of one partner', async (t) => {
  const { hub, linde, eik, together } = await openStage(t)
  const second = await hub.client({
    naam: 'Tweede systeem',
    rol: 'signaalpartner',
    signaalpartnerId: linde.id,
    scopes: scopesPerRol.signaalpartner
  })
  const key = 'dezelfde-sleutel'
  const posts = [linde, eik, second].map((by, n) => ({ by, key, referentie: `R-${n}` }))
  const made = (await together(posts)).map(outcomeOf)
  t.match(
    made,
    posts.map(({ referentie }) => ({ status: 201, isReplayed: false, referentie }))
  )
  t.equal(new Set(made.map(({ id }) => id)).size, 3)
  const again = (await together(posts)).map(outcomeOf)
  t.match(
    again,
    made.map(({ id, referentie }) => ({ status: 201, isReplayed: true, id, referentie })),
    'each its own, in one transaction'
  )
  const swapped = await together([
    { by: linde, key, referentie: 'R-1' },
    { by: eik, key, referentie: 'R-0' },
    { by: second, key, referentie: 'R-2' }
  ])
  t.match(swapped.map(outcomeOf), [
    { error: 'idempotentie-conflict' },
    { error: 'idempotentie-conflict' },
    { status: 201, isReplayed: true, id: made[2].id }
  ])
  const lines = await hub.admin<{ client: string }>(
    `select c.client_id as client from verwerking v join client c on c.id = v.client_id
     where v.object_id = $1 and activiteit = 'vroegsignaal-aannemen'`,
    [made[2].id]
  )
  t.same(lines, [{ client: second.clientId }], 'and the log names the client that sent it')
})

t.test('nobody reads the signal of another through a repeat of it', async (t) => {
  const { linde, eik, together } = await openStage(t)
  const key = 'sleutel'
  const own = { referentie: 'R-1', klantnummer: 'K-1' }
  const [made] = (await together([{ by: linde, key, ...own }])).map(outcomeOf)
  const [mine, theirs] = (
    await together([
      { by: linde, key, ...own },
      { by: eik, key, ...own }
    ])
  ).map(outcomeOf)
  t.match(mine, { status: 201, isReplayed: true, id: made.id })
  t.match(theirs, { status: 201, isReplayed: false, signaalpartner: { id: eik.id } })
  t.not(theirs.id, made.id)
  const [byReference] = (await together([{ by: eik, ...own }])).map(outcomeOf)
  t.match(byReference, { status: 200, id: theirs.id })
  const found = await eik.post(`${path}/_zoek`, { referentie: 'R-1' })
  t.same(
    found.json().resultaten.map(({ id }: { id: string }) => id),
    [theirs.id]
  )
})

t.test('a partner whose agreement is suspended fails alone', async (t) => {
  const { hub, linde, eik, beuk, batches, together } = await openStage(t)
  await suspend(hub, eik.id)
  const posts = [linde, eik, beuk].map((by, n) => ({ by, referentie: `R-${n}` }))
  const [one, refused, other] = (await together(posts)).map(outcomeOf)
  t.equal(batches.length, 1)
  t.match([one, other], [{ status: 201 }, { status: 201 }])
  t.same(refused, { uitkomst: 'afgewezen', criteria: ['overeenkomst-actief'] })
  t.equal((await transactionsOf(hub, [one.id, other.id])).length, 1)
  t.equal((await eik.get(path)).json().resultaten.length, 0)
})

t.test(
  'a signal that the criteria refuse fails alone, and one that breaks the transaction too',
  async (t) => {
    const { hub, linde, eik, beuk, batches, together } = await openStage(t)
    const [one, refused, other] = (
      await together([
        { by: linde, referentie: 'R-1' },
        { by: eik, referentie: 'R-2', betrokkene: { geboortedatum: '2015-01-01' } },
        { by: beuk, referentie: 'R-3' }
      ])
    ).map(outcomeOf)
    t.equal(batches.length, 1)
    t.match([one, other], [{ status: 201 }, { status: 201 }])
    t.same(refused, { uitkomst: 'afgewezen', criteria: ['meerderjarig'] })

    // No check lets this amount through; the table refuses it, and with it the whole statement.
    const impossible = { achterstand: { bedragInCenten: 200_000_000 } }
    const broken = (
      await together([
        { by: linde, referentie: 'R-4' },
        { by: eik, referentie: 'R-5', ...impossible },
        { by: beuk, referentie: 'R-6' }
      ])
    ).map(outcomeOf)
    t.match(broken, [{ status: 201 }, { error: '23514' }, { status: 201 }])
    t.equal(batches.length, 1 + 3, 'together, and then one by one')
    t.equal((await hub.admin('select from vroegsignaal')).length, 2 + 2 + 2 * atOnce)
  }
)

t.test('an objection to the signals of one partner does not refuse those of another', async (t) => {
  const { hub, linde, eik, batches, together } = await openStage(t)
  const { betrokkene, adres } = aSignal()
  await objectTo(hub, { persoon: betrokkene, adres, signaalpartnerId: linde.id, einddatum: '2027-01-01' })
  const posts = [linde, eik].map((by) => ({ by, referentie: 'R-1' }))
  const [refused, made] = (await together(posts)).map(outcomeOf)
  t.equal(batches.length, 1)
  t.same(refused, { uitkomst: 'afgewezen', criteria: ['geen-bezwaar'] })
  t.match(made, { status: 201, signaalpartner: { id: eik.id } })
})

t.test(
  'the database holds each row to a partner of the transaction, and that to its own client',
  async (t) => {
    const { hub, linde, eik, together } = await openStage(t)
    const [, made] = (await together([linde, eik].map((by) => ({ by, referentie: 'R-1' })))).map(outcomeOf)
    const herkomstOf = async (party: Party): Promise<Herkomst> => {
      const { caller } = await actorOf(hub, party)
      return { clientId: caller.id, signaalpartnerId: caller.signaalpartnerId! }
    }
    const [a, b] = [await herkomstOf(linde), await herkomstOf(eik)]
    const [{ row } = { row: {} }] = await hub.admin<{ row: object }>(
      'select to_jsonb(v) as row from vroegsignaal v where id = $1',
      [made.id]
    )
    const attempt = (herkomsten: readonly Herkomst[], table: string, values: object) =>
      hub.database
        .as({ duty: 'signaalpartner', herkomsten }, (tx) =>
          sql`insert into ${sql.table(table)}
          select (jsonb_populate_record(null::${sql.table(table)}, ${JSON.stringify(values)}::jsonb)).*`.execute(
            tx
          )
        )
        .then(
          () => 'done',
          ({ code }: { code: string }) => code
        )
    let n = 0
    const signal = ({ signaalpartnerId }: Herkomst) => {
      n += 1
      const referentie_index = `\\x${String(n).padStart(32, '0')}`
      return { ...row, id: crypto.randomUUID(), signaalpartner_id: signaalpartnerId, referentie_index }
    }
    t.equal(await attempt([a], 'vroegsignaal', signal(a)), 'done')
    t.equal(await attempt([a], 'vroegsignaal', signal(b)), '42501', 'a partner outside the transaction')
    t.equal(await attempt([a, b], 'vroegsignaal', signal(b)), 'done')
    t.equal(await attempt([], 'vroegsignaal', signal(a)), '42501')

    const sheet = (signaalpartnerId: string, clientId: string) => ({
      gemeentecode: '0177',
      id: crypto.randomUUID(),
      trace_id: '0'.repeat(32),
      activiteit: 'vroegsignaal-inzien',
      client_id: clientId,
      signaalpartner_id: signaalpartnerId,
      betrokkene_pseudoniemen: ['\\x00'],
      object_ids: [made.id],
      op: '2026-11-20T09:00:00Z'
    })
    t.equal(await attempt([a, b], 'verwerkingsblad', sheet(a.signaalpartnerId, a.clientId)), 'done')
    t.equal(await attempt([a, b], 'verwerkingsblad', sheet(b.signaalpartnerId, b.clientId)), 'done')
    t.equal(await attempt([a, b], 'verwerkingsblad', sheet(a.signaalpartnerId, b.clientId)), '42501')
    t.equal(await attempt([a, b], 'verwerkingsblad', sheet(b.signaalpartnerId, a.clientId)), '42501')
    t.equal(await attempt([a], 'verwerkingsblad', sheet(b.signaalpartnerId, b.clientId)), '42501')

    const remembered = (clientId: string) => ({
      client_id: clientId,
      sleutel_hash: `\\x${clientId.replaceAll('-', '')}`,
      vingerafdruk: '\\x00',
      status: 201,
      resultaat_id: made.id,
      verloopt_op: '2026-12-20T09:00:00Z'
    })
    t.equal(await attempt([a], 'idempotentie', remembered(a.clientId)), 'done')
    t.equal(await attempt([a], 'idempotentie', remembered(b.clientId)), '42501')
  }
)

t.test('a transaction of some partners sees the rows of no other', async (t) => {
  const { hub, linde, eik, beuk, together } = await openStage(t)
  await together([linde, eik, beuk].map((by) => ({ by, key: 'k', referentie: 'R-1' })))
  const herkomsten = await Promise.all(
    [linde, eik].map(async (party) => {
      const { caller } = await actorOf(hub, party)
      return { clientId: caller.id, signaalpartnerId: caller.signaalpartnerId! }
    })
  )
  const seen = await hub.database.as({ duty: 'signaalpartner', herkomsten }, async (tx) => {
    const partners = await sql<{ id: string }>`select distinct signaalpartner_id as id from vroegsignaal
      union select id from signaalpartner union select signaalpartner_id from overeenkomst`.execute(tx)
    const clients = await sql<{ id: string }>`select client_id as id from idempotentie`.execute(tx)
    return [partners.rows, clients.rows].map((rows) => rows.map(({ id }) => id).sort())
  })
  t.same(seen, [
    herkomsten.map(({ signaalpartnerId }) => signaalpartnerId).sort(),
    herkomsten.map(({ clientId }) => clientId).sort()
  ])
})
