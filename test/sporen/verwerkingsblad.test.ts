import t, { type Test } from 'tap'
import type { Answer, Party } from '../helpers/test-hub.ts'
import { made, openStage, signalen, zaken } from '../zaken/zaak-stage.ts'

// The log travels with the commit and nobody waits for it. Without it there is no answer all the same.

t.setTimeout(60_000)

const huishoudens = '/v1/huishoudens'
const adres = { postcode: '8101AA', huisnummer: 1 }

async function openHub(t: Test) {
  const stage = await openStage(t)
  const { raalte, huur, send, householdAt } = stage
  const id = await send(huur, 1, { referentie: 'R-1' })
  const household = await householdAt(1)
  const zaak = made(await raalte.post(zaken, { huishoudenId: household.id }))
  await raalte.get(huishoudens)
  return { ...stage, id, household, zaak }
}

const without = async (
  { hub }: Awaited<ReturnType<typeof openHub>>,
  duty: 'gemeente' | 'signaalpartner',
  work: () => Promise<void>
) => {
  await hub.admin(`revoke insert on verwerkingsblad from signaalhub_${duty}`)
  await work()
  await hub.admin(`grant insert on verwerkingsblad to signaalhub_${duty}`)
}

function isKeptBack(t: Test, what: string, { statusCode, body }: Answer): void {
  t.equal(statusCode, 503, what)
  t.notMatch(body, /Proefpersoon|Verzonnenstraat|8101AA|referentie|huishouden/, `${what}: nothing is shown`)
}

t.test('a sheet of the log that cannot be written keeps the answer back', async (t) => {
  const stage = await openHub(t)
  const { hub, raalte, huur, id, household, zaak } = stage
  const reads: Record<string, (party: Party) => Promise<Answer>> = {
    signals: (party) => party.get(signalen),
    'signals with their evidence': (party) => party.get(`${signalen}?expand=beoordeling`),
    'a signal': (party) => party.get(`${signalen}/${id}`),
    'signals found': (party) => party.post(`${signalen}/_zoek`, { adres }),
    households: (party) => party.get(huishoudens),
    'a household': (party) => party.get(`${huishoudens}/${household.id}`),
    'households found': (party) => party.post(`${huishoudens}/_zoek`, { adres }),
    changes: (party) => party.get(`${huishoudens}/_deltas`),
    'a case': (party) => party.get(`${zaken}/${zaak.id}`),
    cases: (party) => party.get(zaken)
  }
  for (const [what, ask] of Object.entries(reads))
    t.equal((await ask(raalte)).statusCode, 200, `${what}: shown with a log`)
  await without(stage, 'gemeente', async () => {
    for (const [what, ask] of Object.entries(reads)) isKeptBack(t, what, await ask(raalte))
  })
  await without(stage, 'signaalpartner', async () => {
    isKeptBack(t, 'own signals', await huur.get(signalen))
    isKeptBack(t, 'an own signal', await huur.get(`${signalen}/${id}`))
    isKeptBack(t, 'an own signal found', await huur.post(`${signalen}/_zoek`, { referentie: 'R-1' }))
  })
  const sheets = await hub.admin(`select from verwerkingsblad where cardinality(object_ids) = 0`)
  t.same(sheets, [])
})

t.test('and nothing is changed without it', async (t) => {
  const stage = await openHub(t)
  const { hub, raalte, huur, id, household, zaak } = stage
  const state = () =>
    hub.admin(`select v.status, v.bedrag_in_centen, v.gemeentecode, z.resultaat, h.adresindicatie_bron,
        (select count(*)::int from vroegsignaal) as signalen, (select count(*)::int from terugkoppeling) as gehoord
      from vroegsignaal v, vroegsignaalzaak z, huishouden h`)
  const before = await state()
  const any = { 'if-match': '*' }
  await without(stage, 'gemeente', async () => {
    const mark = { bron: 'laa', datum: '2026-11-20' }
    const url = `${huishoudens}/${household.id}/adresindicatie`
    isKeptBack(t, 'mark', await raalte.call({ method: 'PUT', url, headers: any, payload: mark }))
    const einde = { resultaat: 'geen-contact', datum: '2026-11-20' }
    const result = `${zaken}/${zaak.id}/resultaat`
    isKeptBack(t, 'result', await raalte.call({ method: 'PUT', url: result, headers: any, payload: einde }))
  })
  await without(stage, 'signaalpartner', async () => {
    const change = { achterstand: { bedragInCenten: 99_900 } }
    isKeptBack(t, 'correction', await huur.patch(`${signalen}/${id}`, change, any))
    const { statusCode } = await huur.post(`${signalen}/${id}/intrekkingen`, { reden: 'betaald' })
    t.equal(statusCode, 503)
  })
  t.same(await state(), before)
})
