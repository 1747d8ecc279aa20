import t, { type Test } from 'tap'
import { deliver, ndjson } from '../aanlevering/leveringen/deliveries.ts'
import { aSignal } from '../helpers/builders.ts'
import { openTestHub } from '../helpers/test-hub.ts'
import { close, made, zaken } from '../zaken/zaak-stage.ts'

// What is destroyed does not come back by an ordinary retry of the request that brought it.

async function openHub(t: Test) {
  const hub = await openTestHub(t, { now: '2026-11-25T09:00:00Z' })
  const raalte = await hub.gemeente('0177')
  const verhuurder = await hub.signaalpartner(['huur'], ['0177'])
  const body = aSignal({ referentie: 'TERUG' })
  const post = (key: string, given = body) =>
    verhuurder.post('/v1/vroegsignalen', given, { 'idempotency-key': key })
  return { hub, raalte, verhuurder, body, post }
}
type Stage = Awaited<ReturnType<typeof openHub>>

const ways: Record<string, (stage: Stage, id: string) => Promise<unknown>> = {
  'withdrawn for an objection': async ({ verhuurder }, id) =>
    made(await verhuurder.post(`/v1/vroegsignalen/${id}/intrekkingen`, { reden: 'bezwaar' })),
  'withdrawn as wrong': async ({ verhuurder }, id) =>
    made(await verhuurder.post(`/v1/vroegsignalen/${id}/intrekkingen`, { reden: 'foutief' })),
  erased: async ({ raalte, body }) => {
    const { betrokkene, adres } = body as { betrokkene: { naam: object }; adres: Record<string, unknown> }
    const { postcode, huisnummer } = adres
    const answer = await raalte.post('/v1/wissingsverzoeken', {
      naam: betrokkene.naam,
      adres: { postcode, huisnummer }
    })
    if (answer.json().aantalVernietigd !== 1) throw new Error(answer.body)
  },
  'found wrong by the municipality': async ({ raalte }) => {
    const [huishouden] = (await raalte.get('/v1/huishoudens')).json().resultaten
    const zaak = made(await raalte.post(zaken, { huishoudenId: huishouden.id }))
    const answer = await close(raalte, zaak.id, { resultaat: 'onterecht-signaal' })
    if (answer.statusCode !== 200) throw new Error(answer.body)
  }
}

for (const [way, destroy] of Object.entries(ways)) {
  t.test(`the request of a signal that was ${way}, once more: 409 and nothing comes back`, async (t) => {
    const stage = await openHub(t)
    const { hub, verhuurder, post } = stage
    const { id } = made(await post('eerste'))
    await destroy(stage, id)
    t.same(await hub.admin('select from vroegsignaal'), [], 'it is gone')
    for (const when of ['2026-11-25T10:00:00Z', '2026-12-29T09:00:00Z']) {
      hub.setClock(when)
      await hub.sweep()
      const again = await post('eerste')
      t.match(again.json(), { status: 409, type: '/v1/problemen/toestand-staat-dit-niet-toe' }, when)
      t.match(again.json().detail, /vernietigd/)
    }
    t.same(await hub.admin('select from vroegsignaal'), [])
    const kept = await hub.admin(
      `select vingerafdruk, resultaat_id, gemeentecode from idempotentie where client_id in (
        select id from client where client_id = $1) and resultaat_id = ''`,
      [verhuurder.clientId]
    )
    t.same(kept, [{ vingerafdruk: Buffer.alloc(0), resultaat_id: '', gemeentecode: null }], 'only the key')
    hub.setClock('2026-12-30T09:00:01Z')
    await hub.sweep()
    t.same(await hub.admin(`select from idempotentie where resultaat_id = ''`), [], 'for its term')
  })
}

t.test('a delivery that is repeated with its key brings nothing back either', async (t) => {
  const { hub, verhuurder, body } = await openHub(t)
  const send = () => deliver(verhuurder, ndjson([body]), undefined, { 'idempotency-key': 'maand' })
  const first = made(await send())
  const [{ id }] = (await verhuurder.get('/v1/vroegsignalen')).json().resultaten
  made(await verhuurder.post(`/v1/vroegsignalen/${id}/intrekkingen`, { reden: 'bezwaar' }))
  t.same((await send()).json(), first)
  t.same(await hub.admin('select from vroegsignaal'), [])
})
