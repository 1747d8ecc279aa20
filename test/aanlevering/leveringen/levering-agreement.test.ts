import t from 'tap'
import { openAanleveringWork } from '../../../src/aanlevering/leveringen/aanlevering-work.ts'
import { checkVroegsignaal } from '../../../src/vroegsignalen/check-vroegsignaal.ts'
import { identifyVroegsignaal } from '../../../src/vroegsignalen/identify-vroegsignaal.ts'
import { actorOf, handelingIn } from '../../helpers/handeling.ts'
import { openTestHub, signAgreement } from '../../helpers/test-hub.ts'
import { contextOfPartner } from '../take-in.ts'
import { beginDelivery, countRows, linesOf, listen, manySignals, ndjson, untilWriting } from './deliveries.ts'

const hub = await openTestHub(t)
const raalte = await hub.gemeente('0177')
await hub.gemeente('0150')
const url = await listen(hub)

/** A partner with an agreement with Raalte that the test can change, and another agreement with Deventer. */
async function openPartner() {
  const verhuurder = await hub.signaalpartner(['huur', 'gas'], ['0150'])
  const terms = { signaalpartnerId: verhuurder.id, gemeentecode: '0177', sectoren: ['huur', 'gas'] as const }
  const agreement = await signAgreement(hub.beheer, verhuurder, raalte, terms)
  const change = (body: object) =>
    hub.beheer.patch(`/v1/overeenkomsten/${agreement}`, body, { 'if-match': '*' })
  return { verhuurder, change }
}

const inRaalte = manySignals(600)
const inDeventer = manySignals(600, 'D', 50, { gemeentecode: '0150' })
function checked(value: unknown) {
  const result = checkVroegsignaal(value)
  if ('faults' in result) throw new Error('the signal is wrong')
  return result.signaal
}

const key = { 'idempotency-key': 'maand' }

const changes = {
  'ending it': { status: 'beeindigd' },
  'suspending it': { status: 'opgeschort' },
  'taking the sector out': { sectoren: ['gas'] },
  'an end date before today': { einddatum: '2026-11-19' }
}
for (const [name, body] of Object.entries(changes)) {
  t.test(
    `${name} during a delivery wins: nothing of the delivery is committed, a retry meets it`,
    async (t) => {
      const { verhuurder, change } = await openPartner()
      const before = await countRows(hub)
      const delivery = beginDelivery(url, verhuurder.token, key)
      delivery.write(ndjson(inRaalte))
      await untilWriting(hub)
      const began = performance.now()
      t.equal((await change(body)).statusCode, 200)
      t.ok(performance.now() - began < 1000, 'without waiting for the delivery')
      const { status, headers, json } = await delivery.end(ndjson(inDeventer))
      t.equal(status, 503)
      t.match(json, { type: '/v1/problemen/tijdelijk-niet-beschikbaar' })
      t.ok(headers['retry-after'])
      t.same(await countRows(hub), before)

      const retry = await beginDelivery(url, verhuurder.token, key).end(ndjson([...inRaalte, ...inDeventer]))
      t.match(retry, { status: 201, json: { aantalOpgenomen: 600, aantalAfgewezen: 600 } })
      t.same(retry.json.redenen, [{ code: 'overeenkomst-actief', aantal: 600 }])
      const where = 'select distinct gemeentecode from vroegsignaal where signaalpartner_id = $1'
      t.same(await hub.admin(where, [verhuurder.id]), [{ gemeentecode: '0150' }])
      const [refused] = await linesOf(verhuurder, String(retry.json.id), '&uitkomst=afgewezen')
      t.match(refused, { regel: 1, referentie: 'R-0', errors: [{ code: 'overeenkomst-actief' }] })
    }
  )
}

t.test(
  'an agreement that is suspended between weighing and storing is 503, and nothing is kept',
  async (t) => {
    const { verhuurder, change } = await openPartner()
    const actor = await actorOf(hub, verhuurder)
    const before = await countRows(hub)
    const storing = hub.database.as(await contextOfPartner(hub, verhuurder), async (tx) => {
      const handeling = handelingIn(hub, actor, tx)
      const work = await openAanleveringWork(handeling)
      const signaal = checked(inRaalte[0])
      const { caller, traceId } = actor
      const identified = identifyVroegsignaal(hub.keys, caller.signaalpartnerId!, signaal)
      const slice = {
        lines: [{ regel: 1, signaal }],
        signals: [{ ...identified, clientId: caller.id, traceId }]
      }
      const weighed = await work.weigh(slice)
      t.equal((await change({ status: 'opgeschort' })).statusCode, 200)
      await work.store(weighed)
    })
    await t.rejects(storing, { message: 'tijdelijk-niet-beschikbaar' })
    t.same(await countRows(hub), before)
  }
)

t.test('a change to an agreement that no line leans on does not stop a delivery', async (t) => {
  const { verhuurder, change } = await openPartner()
  const delivery = beginDelivery(url, verhuurder.token, key)
  delivery.write(ndjson(inDeventer))
  await untilWriting(hub)
  t.equal((await change({ status: 'beeindigd' })).statusCode, 200)
  t.match(await delivery.end(), { status: 201, json: { aantalOpgenomen: 600 } })
})

t.test('a partner suspended, or its client revoked, during a delivery gets nothing in', async (t) => {
  const endings = [
    (id: string) =>
      hub.beheer.patch(`/v1/signaalpartners/${id}`, { status: 'geschorst' }, { 'if-match': '*' }),
    (_: string, clientId: string) => hub.beheer.delete(`/v1/clients/${clientId}`, { 'if-match': '*' })
  ]
  for (const end of endings) {
    const { verhuurder } = await openPartner()
    const [client] = await hub.admin<{ id: string }>('select id from client where client_id = $1', [
      verhuurder.clientId
    ])
    const before = await countRows(hub)
    const delivery = beginDelivery(url, verhuurder.token)
    delivery.write(ndjson(inRaalte))
    await untilWriting(hub)
    const { statusCode, body } = await end(verhuurder.id, client!.id)
    t.ok(statusCode === 200 || statusCode === 204, body)
    const { status } = await delivery.end()
    t.equal(status, 401)
    t.same(await countRows(hub), before)
  }
})
