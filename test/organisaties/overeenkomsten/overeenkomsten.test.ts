import t from 'tap'
import { openTestHub } from '../../helpers/test-hub.ts'
import { nowhere } from '../../platform/http/operations.ts'
import { countStatuses } from '../provoked.ts'

const hub = await openTestHub(t)
const { beheer } = hub
const gemeente = await hub.gemeente('0177')
const elders = await hub.gemeente('0150')
const partner = await hub.signaalpartner(['huur', 'gas'], [])
const other = await hub.signaalpartner(['huur'], [])
const statuses = countStatuses(hub, ({ route }) => route.startsWith('/overeenkomsten'))
const { expect } = statuses
const any = { 'if-match': '*' }
const signature = { naam: 'P. Proef', functie: 'Manager debiteuren' }
const terms = {
  signaalpartnerId: partner.id,
  gemeentecode: '0177',
  sectoren: ['huur'],
  convenantversie: 'LCV 2020',
  ingangsdatum: '2026-01-01'
}

t.test('postOvereenkomst 201: to be signed, with Location and ETag', async (t) => {
  const body = { ...terms, einddatum: '2027-12-31' }
  const added = await expect(t, 'postOvereenkomst', 201, beheer.post('/v1/overeenkomsten', body))
  const { id, ...rest } = added.json()
  t.same(rest, { ...body, status: 'ter-ondertekening', ondertekeningen: [] })
  t.equal(added.headers.location, `/v1/overeenkomsten/${id}`)
})

t.test('postOvereenkomst 400: parties, sectors and dates that cannot be, all at once', async (t) => {
  const wrong: [locations: string[], body: object][] = [
    [['/gemeentecode', '/signaalpartnerId'], { ...terms, gemeentecode: '9999', signaalpartnerId: nowhere }],
    [['/sectoren'], { ...terms, sectoren: ['huur', 'drinkwater'] }],
    [['/einddatum'], { ...terms, einddatum: '2025-12-31' }],
    [['/ingangsdatum'], { ...terms, ingangsdatum: '2026-02-30' }],
    [['/convenantversie'], { ...terms, convenantversie: 'a'.repeat(51) }],
    [[''], { ...terms, status: 'actief' }]
  ]
  for (const [locations, body] of wrong) {
    const answer = await expect(t, 'postOvereenkomst', 400, beheer.post('/v1/overeenkomsten', body))
    t.same(
      answer.json().errors.map((fault: { location: string }) => fault.location),
      locations
    )
  }
})

t.test('postOvereenkomst, postOndertekening, patchOvereenkomst 422: a key with another body', async (t) => {
  const key = { 'idempotency-key': 'een' }
  const { id } = (await beheer.post('/v1/overeenkomsten', terms, key)).json()
  const url = `/v1/overeenkomsten/${id}`
  const changed = { ...terms, convenantversie: 'X' }
  await expect(t, 'postOvereenkomst', 422, beheer.post('/v1/overeenkomsten', changed, key))
  await partner.post(`${url}/ondertekeningen`, signature, key)
  const again = partner.post(`${url}/ondertekeningen`, { ...signature, naam: 'Q. Ander' }, key)
  await expect(t, 'postOndertekening', 422, again)
  await beheer.patch(url, { convenantversie: 'A' }, { ...key, ...any })
  await expect(t, 'patchOvereenkomst', 422, beheer.patch(url, { convenantversie: 'B' }, { ...key, ...any }))
})

t.test('postOndertekening 201: active when both have signed and the first day has come', async (t) => {
  const url = await anAgreement({ ingangsdatum: '2026-11-21' })
  const first = await expect(t, 'postOndertekening', 201, partner.post(`${url}/ondertekeningen`, signature))
  const byPartner = { ...signature, partij: 'signaalpartner', ondertekendOp: '2026-11-20T09:00:00.000Z' }
  t.match(first.json(), { status: 'ter-ondertekening', ondertekeningen: [byPartner] })
  const second = await gemeente.post(`${url}/ondertekeningen`, { naam: 'W. Wethouder', functie: 'Wethouder' })
  t.match(second.json(), {
    status: 'ter-ondertekening',
    ondertekeningen: [byPartner, { partij: 'gemeente' }]
  })
  hub.setClock('2026-11-20T23:00:00Z')
  t.equal((await partner.get(url)).json().status, 'actief', 'midnight is that of Amsterdam')
  hub.setClock('2026-11-20T09:00:00Z')
})

t.test('postOndertekening 409: each party signs once, and nobody signs what was ended', async (t) => {
  const url = await anAgreement()
  await gemeente.post(`${url}/ondertekeningen`, signature)
  const again = await expect(t, 'postOndertekening', 409, gemeente.post(`${url}/ondertekeningen`, signature))
  t.equal(again.json().type, '/v1/problemen/toestand-staat-dit-niet-toe')
  await beheer.patch(url, { status: 'beeindigd' }, any)
  await expect(t, 'postOndertekening', 409, partner.post(`${url}/ondertekeningen`, signature))
  const { ondertekeningen } = (await beheer.get(url)).json()
  t.equal(ondertekeningen.length, 1)
})

t.test('postOndertekening 403 and 404: only the two parties sign, the operator never', async (t) => {
  const url = await anAgreement()
  const reads = { naam: 'Lezer', rol: 'gemeente', gemeentecodes: ['0177'], scopes: ['huishoudens:lezen'] }
  const reader = await hub.client(reads)
  const refused = await expect(t, 'postOndertekening', 403, reader.post(`${url}/ondertekeningen`, signature))
  t.match(refused.json(), { detail: 'Het token mist de scope overeenkomsten:ondertekenen.' })
  await expect(t, 'postOndertekening', 403, beheer.post(`${url}/ondertekeningen`, signature))
  await expect(t, 'postOndertekening', 404, other.post(`${url}/ondertekeningen`, signature))
  await expect(t, 'postOndertekening', 404, elders.post(`${url}/ondertekeningen`, signature))
  t.same((await beheer.get(url)).json().ondertekeningen, [])
})

t.test('getOvereenkomsten 200 and getOvereenkomst 200, 404: each sees its own', async (t) => {
  const url = await anAgreement()
  const id = url.split('/').at(-1)
  const listed = async (party: typeof beheer) => {
    const { resultaten } = (await party.get('/v1/overeenkomsten')).json()
    return resultaten.some((row: { id: string }) => row.id === id)
  }
  await expect(t, 'getOvereenkomsten', 200, beheer.get('/v1/overeenkomsten'))
  for (const party of [beheer, partner, gemeente]) {
    await expect(t, 'getOvereenkomst', 200, party.get(url))
    t.equal(await listed(party), true)
  }
  for (const party of [other, elders]) {
    await expect(t, 'getOvereenkomst', 404, party.get(url))
    t.equal(await listed(party), false)
  }
})

t.test(
  'patchOvereenkomst 200: another covenant, first day or an added sector asks for new signatures',
  async (t) => {
    const changes = [
      { convenantversie: 'LCV 2027' },
      { ingangsdatum: '2026-02-01' },
      { sectoren: ['huur', 'gas'] }
    ]
    for (const change of changes) {
      const url = await signed()
      const changed = await expect(t, 'patchOvereenkomst', 200, beheer.patch(url, change, any))
      t.match(changed.json(), { ...change, status: 'ter-ondertekening', ondertekeningen: [] })
      t.equal(changed.json().ondertekeningen.length, 0)
    }
  }
)

t.test('patchOvereenkomst 200: an end, a pause or fewer sectors ask for none', async (t) => {
  const url = await signed({ sectoren: ['huur', 'gas'] })
  const changes = [
    { einddatum: '2026-12-31' },
    { einddatum: null },
    { sectoren: ['gas'] },
    { convenantversie: 'LCV 2020' }
  ]
  for (const change of changes) {
    const changed = (await beheer.patch(url, change, any)).json()
    t.match(changed, { status: 'actief' }, JSON.stringify(change))
    t.equal(changed.ondertekeningen.length, 2)
  }
  t.equal('einddatum' in (await beheer.get(url)).json(), false)
  t.equal((await beheer.patch(url, { status: 'opgeschort' }, any)).json().status, 'opgeschort')
  t.equal((await beheer.patch(url, { status: 'actief' }, any)).json().status, 'actief')
})

t.test('patchOvereenkomst 400: no sector that the partner is not admitted to', async (t) => {
  const url = await signed()
  const answer = await expect(
    t,
    'patchOvereenkomst',
    400,
    beheer.patch(url, { sectoren: ['drinkwater'] }, any)
  )
  t.match(answer.json().errors, [{ in: 'body', location: '/sectoren' }])
})

t.test(
  'patchOvereenkomst 409: an end is final, active needs signatures, an end lies after its start',
  async (t) => {
    const unsigned = await anAgreement()
    await expect(t, 'patchOvereenkomst', 409, beheer.patch(unsigned, { status: 'actief' }, any))
    await expect(t, 'patchOvereenkomst', 409, beheer.patch(unsigned, { einddatum: '2025-12-31' }, any))
    const ended = await signed()
    await beheer.patch(ended, { status: 'beeindigd' }, any)
    await expect(t, 'patchOvereenkomst', 409, beheer.patch(ended, { status: 'actief' }, any))
    t.equal((await beheer.get(ended)).json().status, 'beeindigd')
  }
)

t.test('patchOvereenkomst 404, 412 and 428', async (t) => {
  const url = await anAgreement()
  const body = { convenantversie: 'X' }
  await expect(t, 'patchOvereenkomst', 404, beheer.patch(`/v1/overeenkomsten/${nowhere}`, body, any))
  await expect(t, 'patchOvereenkomst', 412, beheer.patch(url, body, { 'if-match': '"oud"' }))
  await expect(t, 'patchOvereenkomst', 428, beheer.patch(url, body))
})

t.test('every other status that these operations promise', async (t) => {
  const unable = await hub.client({ naam: 'X', rol: 'beheer', scopes: ['beheer'] })
  await hub.admin(`update client set scopes = '{}' where client_id = $1`, [unable.clientId])
  await statuses.provokeShape(t, [beheer, partner], unable)
  // 409 on POST means that a key is in use, which test/platform/http/idempotency.test.ts covers.
  t.same(statuses.missing(), ['postOvereenkomst 409'])
})

async function anAgreement(changed: object = {}): Promise<string> {
  const answer = await beheer.post('/v1/overeenkomsten', { ...terms, ...changed })
  if (answer.statusCode !== 201) throw new Error(answer.body)
  return `/v1/overeenkomsten/${answer.json().id}`
}

async function signed(changed: object = {}): Promise<string> {
  const url = await anAgreement(changed)
  for (const party of [partner, gemeente]) await party.post(`${url}/ondertekeningen`, signature)
  return url
}
