import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import t from 'tap'
import { openTestHub, type Party } from '../helpers/test-hub.ts'
import { walk } from '../zaken/zaak-stage.ts'

const path = '/v1/beheerhandelingen'
type Regel = {
  id: string
  handeling: string
  objectIds: string[]
  velden: string[]
  clientId: string
  tijdstip: string
  gebruiker?: string
}
const regelsOf = async (party: Party, query = ''): Promise<Regel[]> =>
  (await party.get(`${path}${query}`)).json().resultaten
const anyVersion = { 'if-match': '*' }

t.test('who changed which organisation, agreement, client or secret, and when: each once', async (t) => {
  const hub = await openTestHub(t, { now: '2026-11-20T09:00:00Z' })
  const { beheer } = hub
  const raalte = await hub.gemeente('0177')
  const huur = await hub.signaalpartner(['huur'], ['0177'])
  const ofSetup = await regelsOf(beheer)
  t.same(ofSetup.map(({ handeling }) => handeling).toReversed(), [
    'postGemeente',
    'postClient',
    'postSignaalpartner',
    'postClient',
    'postOvereenkomst',
    'postOndertekening',
    'postOndertekening'
  ])
  const signed = ofSetup.filter(({ handeling }) => handeling === 'postOndertekening')
  t.same(
    new Set(signed.map(({ clientId }) => clientId)),
    new Set([raalte.clientId, huur.clientId]),
    'by both sides'
  )

  hub.setClock('2026-11-22T09:00:00Z')
  const before = (await regelsOf(beheer)).length
  const made = await beheer.post(
    '/v1/clients',
    { naam: 'Kas', rol: 'beheer', scopes: ['beheer'] },
    { 'idempotency-key': 'een' }
  )
  t.equal(made.statusCode, 201, made.body)
  await beheer.post(
    '/v1/clients',
    { naam: 'Kas', rol: 'beheer', scopes: ['beheer'] },
    { 'idempotency-key': 'een' }
  )
  const { id } = made.json()
  const secret = (await beheer.post(`/v1/clients/${id}/geheimen`, {})).json().id
  await beheer.patch(`/v1/signaalpartners/${huur.id}`, { status: 'geschorst' }, anyVersion)
  const patched = await raalte.call({
    method: 'PATCH',
    url: '/v1/gemeenten/0177',
    headers: { 'content-type': 'application/merge-patch+json', gebruiker: 'mw-7f3a', ...anyVersion },
    payload: JSON.stringify({ instellingen: { bewaartermijnVerwerkingenJaren: 1, matchTelling: 'signalen' } })
  })
  t.equal(patched.statusCode, 200, patched.body)
  await beheer.delete(`/v1/clients/${id}/geheimen/${secret}`, anyVersion)
  await beheer.delete(`/v1/clients/${id}`, anyVersion)
  const refused = await beheer.patch(`/v1/signaalpartners/${huur.id}`, { status: 'weg' }, anyVersion)
  t.equal(refused.statusCode, 400)

  const regels = await regelsOf(beheer)
  t.match(regels.slice(0, regels.length - before), [
    { handeling: 'deleteClient', objectIds: [id], velden: [] },
    { handeling: 'deleteGeheim', objectIds: [id, secret] },
    {
      handeling: 'patchGemeente',
      objectIds: ['0177'],
      velden: ['instellingen.bewaartermijnVerwerkingenJaren', 'instellingen.matchTelling'],
      clientId: raalte.clientId,
      gebruiker: 'mw-7f3a'
    },
    { handeling: 'patchSignaalpartner', objectIds: [huur.id], velden: ['status'], clientId: beheer.clientId },
    { handeling: 'postGeheim', objectIds: [id, secret] },
    {
      handeling: 'postClient',
      objectIds: [id],
      velden: ['naam', 'rol', 'scopes'],
      tijdstip: '2026-11-22T09:00:00.000Z'
    }
  ])
  t.equal(regels.length - before, 6, 'a repeat and a refusal changed nothing')
  t.notMatch(JSON.stringify(regels), /geschorst|Kas/, 'no value')

  t.equal((await regelsOf(beheer, `?objectId=${id}`)).length, 4)
  t.equal((await regelsOf(beheer, '?van=2026-11-22')).length, 6)
  t.equal((await regelsOf(beheer, '?totEnMet=2026-11-21')).length, before)
  const { resultaten } = await walk<Regel>(beheer, `${path}?limit=3`)
  t.same(resultaten, regels)
  t.equal((await raalte.get(path)).statusCode, 403)
})

t.test('nobody changes what was recorded', async (t) => {
  const hub = await openTestHub(t)
  await hub.gemeente('0177')
  const [client] = await hub.admin<{ id: string }>('select client_id as id from beheerhandeling limit 1')
  const run = (statement: string) =>
    hub.database.as({ duty: 'beheer', clientId: client!.id }, (tx) => sql.raw(statement).execute(tx))
  for (const statement of ['delete from beheerhandeling', "update beheerhandeling set handeling = 'x'"])
    await t.rejects(run(statement), { code: '42501' })
  await t.rejects(hub.admin('delete from beheerhandeling'), /append-only/, 'nor does the owner')
  const forged = `insert into beheerhandeling values ('${randomUUID()}', now(), 'x', '${randomUUID()}', null, 'patchClient', '{}', '{}')`
  await t.rejects(run(forged), { code: '42501' }, 'nor records it in the name of another client')
})
