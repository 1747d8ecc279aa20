import t, { type Test } from 'tap'
import { sealVerwerkingen } from '../../src/sporen/seal-verwerkingen.ts'
import type { Party, TestHub } from '../helpers/test-hub.ts'
import { openStage, signalen } from '../zaken/zaak-stage.ts'

const path = '/v1/verwerkingen/_verifieer'
const verify = async (party: Party) => (await party.get(path)).json()
const seal = ({ hub }: TestHub) => sealVerwerkingen(hub, ['0177', '1773'])

/** Three days of log: the first two with sheets, the last one today. */
async function openLog(t: Test) {
  const stage = await openStage(t, { now: '2026-11-18T09:00:00Z' })
  const { hub, raalte, huur, send } = stage
  const id = await send(huur, 1)
  hub.setClock('2026-11-20T22:59:59Z')
  await raalte.get(`${signalen}/${id}`)
  hub.setClock('2026-11-20T23:00:00Z')
  await raalte.get(`${signalen}/${id}`)
  hub.setClock('2026-11-21T09:00:00Z')
  return { ...stage, id }
}

/** What only the owner of the database can do, and not by accident. */
async function tamper(hub: TestHub, statement: string): Promise<void> {
  await hub.admin(`alter table verwerkingsblad disable trigger user`)
  await hub.admin(statement)
}

t.test('every day that is over gets one seal, whoever seals and however often', async (t) => {
  const { hub, raalte, olst } = await openLog(t)
  t.same(await verify(raalte), {
    volledig: true,
    aantal: 0,
    logboeken: [{ gemeentecode: '0177', aantal: 0 }]
  })
  const made = await Promise.all([seal(hub), seal(hub), seal(hub)])
  t.equal(
    made.reduce((sum, one) => sum + one, 0),
    2
  )
  t.equal(await seal(hub), 0)
  const stand = { gemeentecode: '0177', aantal: 2, verzegeldTotEnMet: '2026-11-20' }
  t.same(await verify(raalte), { volledig: true, aantal: 2, logboeken: [stand] })
  t.match(
    await hub.admin(
      'select van::text, dag::text, aantal_bladen as aantal from verwerkingszegel order by dag'
    ),
    [
      { van: '2026-11-18', dag: '2026-11-18', aantal: 1 },
      { van: '2026-11-19', dag: '2026-11-20', aantal: 1 }
    ]
  )
  t.match(await verify(olst), { volledig: true, aantal: 0 })
})

t.test('a day is sealed when all that was done on it is committed, two hours into the next', async (t) => {
  const { hub } = await openLog(t)
  await seal(hub)
  hub.setClock('2026-11-22T00:59:59Z')
  t.equal(await seal(hub), 0)
  hub.setClock('2026-11-22T01:00:00Z')
  t.equal(await seal(hub), 1)
})

t.test('a line that is changed, removed or slipped in later comes out', async (t) => {
  const dag = '2026-11-20'
  const changed = {
    volledig: false,
    aantal: 1,
    eersteFout: { volgnummer: 2, dag, fout: 'gegevens-gewijzigd' }
  }
  const onDay = `op between '2026-11-20 20:00Z' and '2026-11-20 22:59:59Z'`
  const copy = (
    op: string
  ) => `insert into verwerkingsblad (gemeentecode, id, trace_id, activiteit, betrokkene_pseudoniemen,
    object_ids, op) select '0177', gen_random_uuid(), 'x', 'vroegsignaal-inzien', array['\\x01'::bytea], array[gen_random_uuid()], '${op}'`
  for (const statement of [
    `update verwerkingsblad set gebruiker = 'mw-1' where ${onDay}`,
    `update verwerkingsblad set client_id = null where ${onDay}`,
    `update verwerkingsblad set betrokkene_pseudoniemen = array['\\x01'::bytea] where ${onDay}`,
    `delete from verwerkingsblad where ${onDay}`,
    copy('2026-11-20T12:00:00Z'),
    copy('2026-11-19T12:00:00Z')
  ]) {
    const { hub, raalte } = await openLog(t)
    await seal(hub)
    t.equal((await verify(raalte)).volledig, true)
    await tamper(hub, statement)
    t.match(await verify(raalte), changed, statement)
  }
  const { hub, raalte } = await openLog(t)
  await seal(hub)
  await tamper(hub, copy('2026-10-01T12:00:00Z'))
  t.match(await verify(raalte), { volledig: false, eersteFout: { volgnummer: 1 } }, 'also before the first')
})

t.test('a seal that is changed, left out or made anew comes out', async (t) => {
  const cases: [string, object][] = [
    [
      "update verwerkingszegel set bladen_hash = 'x' where volgnummer = 2",
      { volgnummer: 2, fout: 'gegevens-gewijzigd' }
    ],
    [
      "update verwerkingszegel set bewijs = bewijs || 'x' where volgnummer = 1",
      { volgnummer: 1, fout: 'bewijs-ongeldig' }
    ],
    ['delete from verwerkingszegel where volgnummer = 1', { volgnummer: 1, fout: 'ontbreekt' }]
  ]
  for (const [statement, eersteFout] of cases) {
    const { hub, raalte } = await openLog(t)
    await seal(hub)
    await hub.admin(statement)
    t.match(await verify(raalte), { volledig: false, eersteFout }, statement)
  }
})

t.test('what the term destroyed is not missing; what it did not, is', async (t) => {
  const { hub, raalte, huur, send } = await openLog(t)
  await raalte.patch(
    '/v1/gemeenten/0177',
    { instellingen: { bewaartermijnVerwerkingenJaren: 1 } },
    { 'if-match': '*' }
  )
  hub.setClock('2027-05-01T09:00:00Z')
  const id = await send(huur, 2)
  await seal(hub)
  hub.setClock('2027-11-20T09:00:00Z')
  await hub.sweep()
  await seal(hub)
  await raalte.get(`${signalen}/${id}`)
  const found = await verify(raalte)
  t.match(found, {
    volledig: true,
    logboeken: [{ vernietigdTotEnMet: '2026-11-18', verzegeldTotEnMet: '2027-05-01' }]
  })
  await tamper(hub, `delete from verwerkingsblad where op < '2027-01-01'`)
  t.match(await verify(raalte), {
    volledig: false,
    eersteFout: { dag: '2026-11-20', fout: 'gegevens-gewijzigd' }
  })
})
