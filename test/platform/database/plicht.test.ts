import t from 'tap'
import type { Duty } from '../../../src/platform/database/open-database.ts'
import { attempt, contextA, copyOf, seed } from '../../toegang/attempts.ts'
import { openTenants } from '../../toegang/tenants.ts'

// What a duty may not do with rows of its own tenant.

const tenants = await openTenants(t)
const { hub, owned } = tenants
const [partnerA, partnerB] = owned.signaalpartners!.map(({ id }) => id)
await hub.gemeente('0193')
const { id: elsewhere } = await hub.signaalpartner(['huur'], ['0193'])
const [live] = await hub.admin<{ id: string; sleuteldag: string }>(
  `select id, sleuteldag::text from vroegsignaal where gemeentecode = '0177' and signaalpartner_id = $1`,
  [partnerA]
)
await seed(tenants)
const run = (duty: Duty, statement: string) => attempt(tenants, contextA(tenants, duty), statement)

t.test('a municipality numbers the feeds of partners with an agreement here, and never back', async (t) => {
  const number = (partner: string) =>
    `insert into terugkoppeling_stand values ('${partner}', 1000) on conflict (signaalpartner_id)
     do update set laatste = terugkoppeling_stand.laatste + excluded.laatste`
  t.equal(await run('gemeente', number(partnerA!)), 1)
  t.equal(await run('gemeente', number(elsewhere)), '42501')
  t.equal(await run('gemeente', `update terugkoppeling_stand set laatste = 0`), '42501')
  t.equal(
    await run('gemeente', `update terugkoppeling_stand set signaalpartner_id = '${elsewhere}'`),
    '42501'
  )
})

t.test('a municipality tells only the partner of its own signal, of that signal, for its term', async (t) => {
  const tell = (partner: string, signaal: string, dag: string) =>
    `insert into terugkoppeling values ('0177', gen_random_uuid(), '${partner}', 5000, '${signaal}', 'opgepakt', now(), null,
      '\\x01', '${dag}', '\\x01')`
  const { id, sleuteldag } = live!
  t.equal(await run('gemeente', tell(partnerA!, id, sleuteldag)), 1)
  t.equal(await run('gemeente', tell(partnerB!, id, sleuteldag)), '42501', 'another partner')
  t.equal(await run('gemeente', tell(partnerA!, crypto.randomUUID(), sleuteldag)), '42501', 'another signal')
  t.equal(await run('gemeente', tell(partnerA!, id, '2090-01-01')), '42501', 'for longer')
  await hub.admin(`update vroegsignaal set doorgezonden_van = '0150', afgerond = true where id = $1`, [id])
  t.equal(await run('gemeente', tell(partnerA!, id, sleuteldag)), '42501', 'a signal that was sent on to it')
  await hub.admin(`update vroegsignaal set doorgezonden_van = null, afgerond = false where id = $1`, [id])
})

t.test('nobody but the sweeper deletes a signal, and the sweeper nothing that is not due', async (t) => {
  for (const duty of [
    'afhandelaar',
    'doorzender',
    'gemeente',
    'signaalpartner',
    'herleider',
    'herindeler',
    'matcher'
  ] as const) {
    t.equal(await run(duty, 'delete from vroegsignaal'), '42501', duty)
  }
  await hub.admin(
    `insert into gemeld_signaal select gemeentecode, id, signaalpartner_id, referentie_index, klant_index, soort, sector,
      signaaldatum, ontvangen_op, bedrag_in_centen, persoon_index, sleuteldag, inhoud from vroegsignaal where id = $1`,
    [live!.id]
  )
  await hub.admin(`insert into maandspoor values ('0177', $1, true, true, true, true, true)`, [live!.id])
  const about = {
    terugkoppeling: 'vroegsignaal_id',
    betwisting: 'vroegsignaal_id',
    zaak_vroegsignaal: 'vroegsignaal_id',
    maandspoor: 'vroegsignaal_id',
    gemeld_signaal: 'id'
  }
  const ofLive = (table: string, column: string) =>
    `${table} where ${column} in (select id from vroegsignaal where gemeentecode = '0177')`
  for (const [table, column] of Object.entries(about)) {
    t.ok(
      (await hub.admin(`select from ${ofLive(table, column)}`)).length > 0,
      `there is something in ${table}`
    )
    t.equal(await run('vernietiger', `delete from ${ofLive(table, column)}`), 0, table)
  }
  for (const table of [
    'vroegsignaal',
    'vroegsignaalzaak',
    'huishouden',
    'beperking',
    'bezwaar',
    'idempotentie'
  ])
    t.equal(await run('vernietiger', `delete from ${table}`), 0, table)
  t.equal(await run('vernietiger', `update idempotentie set resultaat_id = 'ander'`), '42501')
  t.equal(await run('vernietiger', `update vroegsignaalzaak set vernietigingsdatum = '2090-01-01'`), '42501')
})

t.test('a partner’s signal lives for the term of its day, and once withdrawn stays withdrawn', async (t) => {
  const table = { name: 'vroegsignaal', columns: [] }
  await hub.admin(`update vroegsignaal set status = 'ontvangen' where id = $1`, [live!.id])
  const copy = (await copyOf(tenants, table, 'id', live!.id)).replace(
    /"referentie_index": ?"[^"]+"/,
    '"referentie_index":"\\\\x77"'
  )
  const change = (column: string, value: string) =>
    copy.replace(new RegExp(`"${column}": ?("[^"]*"|[a-z]+)`), `"${column}":${value}`)
  const add = (statement: string) => run('signaalpartner', statement)
  t.equal(await add(copy), 1)
  const later = ['ontvangstdatum', 'sleuteldag', 'vernietigingsdatum'].reduce(
    (text, column, n) =>
      text.replace(new RegExp(`"${column}": ?"[^"]*"`), `"${column}":"2090-0${n === 0 ? 1 : 6}-01"`),
    copy
  )
  t.equal(await add(later), '42501', 'not until 2090')
  t.equal(await add(change('vernietigingsdatum', '"2026-12-01"')), '42501')
  t.equal(await add(change('status', '"opgepakt"')), '42501')
  t.equal(await add(change('afgerond', 'true')), '42501')
  t.equal(await add(change('vernietigingsaanleiding', '"geen-hulp"')), '42501')

  const set = (to: string) => add(`update vroegsignaal set ${to} where id = '${live!.id}'`)
  t.equal(await set(`status = 'opgepakt'`), '42501')
  t.equal(await set(`vernietigingsaanleiding = 'wissing'`), '42501')
  t.equal(await set(`status = 'ingetrokken', vernietigingsaanleiding = 'intrekking'`), 1)
  await hub.admin(
    `update vroegsignaal set status = 'ingetrokken', vernietigingsaanleiding = 'intrekking' where id = $1`,
    [live!.id]
  )
  t.equal(await set(`status = 'ontvangen'`), '42501')
  t.equal(await set(`vernietigingsaanleiding = 'bewaartermijn'`), '42501')
  t.equal(await set('bedrag_in_centen = 2'), 1, 'though it is still the partner’s')
})
