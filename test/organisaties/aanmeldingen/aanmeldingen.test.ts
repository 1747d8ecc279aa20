import t from 'tap'
import { aSignal } from '../../helpers/builders.ts'
import { openTestHub } from '../../helpers/test-hub.ts'
import { dumpTables } from '../../verantwoording/traces.ts'
import { countStatuses } from '../provoked.ts'

const hub = await openTestHub(t)
const { beheer } = hub
const raalte = await hub.gemeente('0177')
await hub.gemeente('0150')
const known = await hub.signaalpartner(['huur'], ['0177'])
const { expect, provokeShape, missing } = countStatuses(hub, ({ route }) => route.startsWith('/aanmeldingen'))

// The tests would meet the limit of one address.
let addresses = 0
const path = '/v1/aanmeldingen'
const landlord = {
  naam: 'J. Kanarie-Verhuurder',
  sectoren: ['huur'],
  gemeentecodes: ['0177', '0193'],
  contactpersoon: { naam: 'J. Kanarie', emailadres: 'kanarie@example.nl', telefoonnummer: '06 (123) 45.678' },
  geschatAantalSignalenPerMaand: 1
}
const apply = (body: object = landlord, address?: string) => {
  addresses += 1
  const remoteAddress = address ?? `10.0.0.${addresses}`
  return hub.call({ method: 'POST', url: path, payload: body, remoteAddress } as never)
}
const besluit = (id: string, body: object) => beheer.post(`${path}/${id}/besluiten`, body)

t.test('a landlord with one house: from application to first signal', async (t) => {
  const { id, ...rest } = (await expect(t, 'postAanmelding', 201, apply())).json()
  t.same(rest, { status: 'ontvangen' }, 'what was sent is not sent back')
  const list = await expect(t, 'getAanmeldingen', 200, beheer.get(`${path}?status=ontvangen`))
  t.match(list.json().resultaten, [{ id, status: 'ontvangen', ...landlord }])

  const decision = { besluit: 'toegelaten', toelichting: 'Sluit zich aan bij het convenant.' }
  const admitted = (await expect(t, 'postBesluit', 201, besluit(id, decision))).json()
  t.match(admitted, { id, status: 'toegelaten', toelichting: decision.toelichting, ...landlord })
  const { signaalpartnerId, overeenkomstIds } = admitted
  t.match((await beheer.get(`/v1/signaalpartners/${signaalpartnerId}`)).json(), {
    naam: landlord.naam,
    sectoren: ['huur'],
    status: 'actief'
  })
  t.equal(overeenkomstIds.length, 1, 'with the municipality that takes part')
  const overeenkomst = `/v1/overeenkomsten/${overeenkomstIds[0]}`
  t.match((await beheer.get(overeenkomst)).json(), {
    signaalpartnerId,
    gemeentecode: '0177',
    status: 'ter-ondertekening',
    ondertekeningen: []
  })

  const partner = await hub.client({
    naam: 'Boekhouding',
    rol: 'signaalpartner',
    signaalpartnerId,
    scopes: ['vroegsignalen:aanleveren', 'overeenkomsten:ondertekenen']
  })
  t.equal((await partner.post('/v1/vroegsignalen', aSignal())).statusCode, 403, 'not yet signed')
  for (const side of [partner, raalte]) {
    const signature = { naam: 'T. Tekenbevoegd', functie: 'Eigenaar' }
    t.equal((await side.post(`${overeenkomst}/ondertekeningen`, signature)).statusCode, 201)
  }
  t.equal((await partner.post('/v1/vroegsignalen', aSignal())).statusCode, 201)
})

t.test('an application is decided on once; a refusal makes nothing', async (t) => {
  const before = (await beheer.get('/v1/signaalpartners')).json().resultaten.length
  const { id } = (await apply()).json()
  const refused = await besluit(id, { besluit: 'afgewezen', toelichting: 'Geen verhuurder.' })
  t.match(refused.json(), { status: 'afgewezen', toelichting: 'Geen verhuurder.' })
  t.notOk(refused.json().signaalpartnerId)
  await expect(t, 'postBesluit', 409, besluit(id, { besluit: 'toegelaten' }))
  await expect(t, 'postBesluit', 404, besluit(crypto.randomUUID(), { besluit: 'toegelaten' }))
  t.equal((await beheer.get('/v1/signaalpartners')).json().resultaten.length, before)
  const key = { 'idempotency-key': 'besluit' }
  const other = (await apply()).json()
  await beheer.post(`${path}/${other.id}/besluiten`, { besluit: 'afgewezen' }, key)
  const changed = beheer.post(`${path}/${other.id}/besluiten`, { besluit: 'toegelaten' }, key)
  await expect(t, 'postBesluit', 422, changed)
})

t.test('a repeat under its key is one application; another content under it is another', async (t) => {
  const send = (naam: string) =>
    hub.call({
      method: 'POST',
      url: path,
      payload: { ...landlord, naam },
      headers: { 'idempotency-key': 'keer-1' },
      remoteAddress: '10.1.0.1'
    } as never)
  const [first, ...rest] = [await send('Een'), await send('Een'), await send('Ander')]
  t.equal(first!.headers['idempotency-replayed'], undefined)
  t.equal(rest[0]!.headers['idempotency-replayed'], 'true')
  t.same(rest[0]!.json(), first!.json())
  t.not(rest[1]!.json().id, first!.json().id)
  const together = await Promise.all([send('Tegelijk'), send('Tegelijk')])
  t.same(
    together.map(({ statusCode }) => statusCode),
    [201, 201]
  )
  t.equal(new Set(together.map((answer) => answer.json().id)).size, 1)
})

t.test('the answer is the same for who takes part and who does not', async (t) => {
  const { naam } = (await beheer.get(`/v1/signaalpartners/${known.id}`)).json()
  const shapes = await Promise.all(
    [landlord, { ...landlord, naam }, { ...landlord, gemeentecodes: ['9999'] }].map(async (body) => {
      const answer = await apply(body)
      return { status: answer.statusCode, body: { ...answer.json(), id: 'x' } }
    })
  )
  t.equal(new Set(shapes.map((shape) => JSON.stringify(shape))).size, 1)
})

t.test('who applies stands nowhere readable, and is gone after half a year', async (t) => {
  await apply()
  const tables = [...(await dumpTables(hub))].filter(([name]) => name.includes('aanmelding'))
  t.ok(tables.length > 0 && tables.every(([, rows]) => !/kanarie/i.test(rows)), 'the table')
  t.notOk(
    hub.logLines.some((line) => /kanarie/i.test(line)),
    'the log'
  )
  hub.setClock('2027-07-01T09:00:00Z')
  t.same((await beheer.get(path)).json().resultaten, [], 'hidden from its day on')
  await hub.sweep()
  t.same(await hub.admin('select from aanmelding'), [])
})

t.test('one address applies sixty times a minute; a thousand that wait are enough', async (t) => {
  const statuses = []
  for (let n = 0; n < 61; n += 1) statuses.push((await apply(landlord, '192.0.2.1')).statusCode)
  t.same(statuses, [...Array.from({ length: 60 }, () => 201), 429])
  await hub.admin(`insert into aanmelding select gen_random_uuid(), now(), 'ontvangen', '2099-01-01', null, 'x'
    from generate_series(1, 1000)`)
  const full = await expect(t, 'postAanmelding', 429, apply(landlord, '192.0.2.2'))
  t.match(full.headers['retry-after'], '3600')
  await hub.admin("delete from aanmelding where inhoud = 'x'")
})

t.test('every promised status was provoked', async (t) => {
  await provokeShape(t, [beheer], known)
  t.same(missing(), [])
})
