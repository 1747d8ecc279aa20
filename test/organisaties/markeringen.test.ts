import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { matchHuishoudens } from '../../src/huishoudens/match-huishoudens.ts'
import { aSignal } from '../helpers/builders.ts'
import { openTestHub, type Party, type TestHub } from '../helpers/test-hub.ts'
import { openHolds } from '../huishoudens/volgen/delta-hold.ts'

// The counts and names in a household depend on the settings of its municipality and on the names of its partners. No
// matcher runs by itself here, so a mark stays until somebody reads households.

const any = { 'if-match': '*' }
const gemeentecodes = ['0177', '1773']

async function openHub(t: Test) {
  const hub = await openTestHub(t)
  const raalte = await hub.gemeente('0177')
  const olst = await hub.gemeente('1773')
  const verhuurder = await hub.signaalpartner(['huur'], gemeentecodes)
  const ander = await hub.signaalpartner(['huur'], gemeentecodes)
  let sent = 0
  const post = async (partner: Party, gemeentecode: string, huisnummer: number) => {
    sent += 1
    const signal = aSignal({ referentie: `R-${sent}`, gemeentecode, adres: { huisnummer } })
    const answer = await partner.post('/v1/vroegsignalen', signal)
    if (answer.statusCode !== 201) throw new Error(answer.body)
  }
  for (const gemeentecode of gemeentecodes) {
    await post(verhuurder, gemeentecode, 1)
    await post(verhuurder, gemeentecode, 2)
    await post(ander, gemeentecode, 3)
  }
  await matchHuishoudens(hub.database, gemeentecodes)
  const settle = (party: Party, instellingen: object, headers = {}) =>
    party.patch('/v1/gemeenten/0177', { instellingen }, { ...any, ...headers })
  const rename = (naam: string, headers = {}) =>
    hub.beheer.patch(`/v1/signaalpartners/${verhuurder.id}`, { naam }, { ...any, ...headers })
  return { hub, raalte, olst, verhuurder, post, settle, rename }
}

/** The number of marked addresses per municipality. */
async function marked(hub: TestHub): Promise<Record<string, number>> {
  const rows = await hub.admin<{ gemeentecode: string; aantal: number }>(
    `select gemeentecode, count(distinct adres_index)::integer as aantal from huishouden_markering
     group by gemeentecode order by gemeentecode`
  )
  return Object.fromEntries(rows.map(({ gemeentecode, aantal }) => [gemeentecode, aantal]))
}

/** Makes every insert into a table fail. Returns a function that undoes this. */
async function breakInserts(hub: TestHub, table: string): Promise<() => Promise<unknown>> {
  await hub.admin(`create or replace function faal() returns trigger language plpgsql
    as $$ begin raise exception 'broken by the test'; end $$`)
  await hub.admin(`create trigger faal before insert on ${table} for each statement execute function faal()`)
  return () => hub.admin(`drop trigger faal on ${table}`)
}

t.test('how matches are counted: the change is answered when every household is marked', async (t) => {
  const { hub, raalte, settle } = await openHub(t)
  t.same(await marked(hub), {})
  for (const [party, matchTelling] of [
    [raalte, 'signalen'],
    [hub.beheer, 'sectoren']
  ] as const) {
    t.equal((await settle(party, { matchTelling })).statusCode, 200)
    t.same(await marked(hub), { '0177': 3 }, 'those of this municipality and no other')
    await matchHuishoudens(hub.database, ['0177'])
    t.same(await marked(hub), {})
  }
  t.equal((await settle(raalte, { reactietermijnDagen: 7 })).statusCode, 200)
  t.same(await marked(hub), {}, 'other settings mark nothing')
})

t.test('the name of a partner: the change is answered when its households are marked', async (t) => {
  const { hub, verhuurder, rename } = await openHub(t)
  t.equal((await rename('Anders')).statusCode, 200)
  t.same(
    await marked(hub),
    { '0177': 2, '1773': 2 },
    'in every municipality, and only those with its signals'
  )
  await matchHuishoudens(hub.database, gemeentecodes)
  const body = { kvkNummer: '90000001' }
  t.equal((await hub.beheer.patch(`/v1/signaalpartners/${verhuurder.id}`, body, any)).statusCode, 200)
  t.same(await marked(hub), {}, 'what households do not show marks nothing')
})

t.test('when marking fails nothing has changed', async (t) => {
  const { hub, raalte, verhuurder, settle, rename } = await openHub(t)
  const urls = ['/v1/gemeenten/0177', `/v1/signaalpartners/${verhuurder.id}`]
  const shown = () => Promise.all(urls.map(async (url) => (await hub.beheer.get(url)).json()))
  const before = await shown()
  const mend = await breakInserts(hub, 'huishouden_markering')
  t.equal((await settle(raalte, { matchTelling: 'signalen' })).statusCode, 500)
  t.equal((await settle(hub.beheer, { matchTelling: 'signalen' })).statusCode, 500)
  t.equal((await rename('Anders')).statusCode, 500)
  t.same(await shown(), before)
  await mend()
  t.same(await marked(hub), {})
  t.equal((await settle(raalte, { matchTelling: 'signalen' })).statusCode, 200)
  t.equal((await rename('Anders')).statusCode, 200)
  t.same(await marked(hub), { '0177': 3, '1773': 2 })
})

t.test('when the change is rolled back after marking no mark stays', async (t) => {
  const { hub, raalte, verhuurder, settle, rename } = await openHub(t)
  const key = { 'idempotency-key': 'een' }
  // The hub stores its answer after the change, as the last step of the transaction.
  const mend = await breakInserts(hub, 'idempotentie')
  t.equal((await settle(raalte, { matchTelling: 'signalen' }, key)).statusCode, 500)
  t.equal((await rename('Anders', key)).statusCode, 500)
  await mend()
  t.same(await marked(hub), {})
  t.equal((await raalte.get('/v1/gemeenten/0177')).json().instellingen.matchTelling, 'signaalpartners')
  t.not((await verhuurder.get(`/v1/signaalpartners/${verhuurder.id}`)).json().naam, 'Anders')
})

t.test('a repeat marks nothing again', async (t) => {
  const { hub, raalte, settle, rename } = await openHub(t)
  const key = { 'idempotency-key': 'een' }
  const change = async () => {
    t.equal((await settle(raalte, { matchTelling: 'signalen' }, key)).statusCode, 200)
    t.equal((await rename('Anders', key)).statusCode, 200)
  }
  await change()
  await matchHuishoudens(hub.database, gemeentecodes)
  await change()
  t.same(await marked(hub), {})
})

t.test('a household that a matcher is about to publish is marked as well', async (t) => {
  for (const [change, expected] of [
    ['settle', { '0177': 4 }],
    ['rename', { '0177': 3, '1773': 2 }]
  ] as const) {
    const { hub, raalte, verhuurder, post, settle, rename } = await openHub(t)
    const { matcher } = openHolds(hub)
    await post(verhuurder, '0177', 4)
    const held = await matcher(() => matchHuishoudens(hub.database, ['0177']))
    t.ok(held.isHeld)
    const answering = change === 'settle' ? settle(raalte, { matchTelling: 'signalen' }) : rename('Anders')
    t.equal(await Promise.race([answering, sleep(300, 'waits')]), 'waits')
    await held.release()
    t.equal((await answering).statusCode, 200)
    t.same(await marked(hub), expected, change)
  }
})
