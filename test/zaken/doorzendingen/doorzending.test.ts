import t from 'tap'
import { deliver, ndjson } from '../../aanlevering/leveringen/deliveries.ts'
import { aSignalFor, type Overrides } from '../../helpers/builders.ts'
import { objectTo } from '../../helpers/object-to.ts'
import { type Answer, type Party, signAgreement, type TestHub } from '../../helpers/test-hub.ts'
import { nowhere } from '../../platform/http/operations.ts'
import {
  close,
  heardOf,
  idsOf,
  made,
  openStage,
  type Partner,
  put,
  recall,
  rowsLeft,
  type Stage,
  signalen,
  zaken
} from '../zaak-stage.ts'

t.setTimeout(240_000)

const conflict = { status: 409, type: '/v1/problemen/toestand-staat-dit-niet-toe' }
const noAgreement = { status: 403, type: '/v1/problemen/geen-overeenkomst' }
const huishoudens = '/v1/huishoudens'

const forward = (party: Party, id: string, gemeentecode = '1773', headers = {}) =>
  party.post(`${signalen}/${id}/doorzendingen`, { gemeentecode }, headers)

t.test(
  'the signal moves: gone here in every list, waiting there, the same in all but its place',
  async (t) => {
    const { hub, raalte, olst, huur, send, openAt, householdAt } = await openStage(t)
    // The settings of the new municipality must not change the terms that the signal already has.
    await setTerms(hub, '1773', {
      reactietermijnDagen: 7,
      bewaartermijnMaanden: 1,
      jongereTotEnMetLeeftijd: 30
    })
    const id = await send(huur, 1, { betrokkene: { geboortedatum: '1997-01-01' } })
    hub.setClock('2026-11-23T09:00:00Z')
    await openAt(1)
    const { id: huishoudenId } = await householdAt(1)
    const [here, there] = [await stand(raalte), await stand(olst)]
    const before = (await raalte.get(`${signalen}/${id}`)).json()
    t.equal(before.status, 'opgepakt')

    const answer = await forward(raalte, id)
    t.equal(answer.statusCode, 201)
    t.same(answer.json(), { vroegsignaalId: id, gemeentecode: '1773' })

    t.same(await traces(raalte, id, huishoudenId), [])
    t.match(await changes(raalte, here), [{ soort: 'vervallen', huishoudenId }])
    t.equal(await householdAt(1), undefined)

    const moved = { ...before, gemeentecode: '1773', status: 'ontvangen' }
    t.same((await olst.get(`${signalen}/${id}`)).json(), moved)
    t.equal((await huur.get(`${signalen}/${id}`)).statusCode, 404, 'to its partner it is over')
    const huishouden = await householdAt(1, olst)
    t.not(huishouden.id, huishoudenId, 'a household of its own, that says nothing of the other')
    t.match(huishouden, {
      gemeentecode: '1773',
      opgepakt: 0,
      jongere: false,
      aantalSignalen: 1,
      eersteSignaalOp: '2026-11-20T09:00:00.000Z',
      reactiedatum: before.reactiedatum
    })
    const { beoordeling: _, ...listed } = moved
    t.same(huishouden.vroegsignalen, [listed])
    t.same(
      (await traces(olst, id, huishouden.id)).length,
      6,
      'found there in every way in which it is lost here'
    )
    t.match(await changes(olst, there), [{ soort: 'gewijzigd', huishoudenId: huishouden.id }])
    t.same(await placesOf(hub, id), ['1773'], 'it is in the database once')

    t.same(await heardOf(huur, id), ['opgepakt', 'geen-inwoner'])
    t.same(idsOf(await huur.get(signalen)), [])
    const { meldbewijs } = (await huur.get(`${signalen}/${id}/meldbewijs`)).json()
    t.match(claimsOf(meldbewijs), { vroegsignaalId: id, gemeente: { gemeentecode: '0177' } })
  }
)

t.test('both municipalities account for it, and only there is it dealt with from now on', async (t) => {
  const { hub, raalte, olst, huur, send, openAt } = await openStage(t)
  const id = await send(huur, 1)
  made(await forward(raalte, id))
  const query = `select gemeentecode from verwerking where activiteit = 'vroegsignaal-doorzenden'
    and object_id = $1 order by gemeentecode`
  t.same(await hub.admin(query, [id]), [{ gemeentecode: '0177' }, { gemeentecode: '1773' }])
  const contest = (party: Party) => party.post(`${signalen}/${id}/betwistingen`, { reden: 'te-klein' })
  t.equal((await contest(raalte)).statusCode, 404)
  t.match((await contest(olst)).json(), conflict, 'its partner could not answer')
  const { id: zaak } = await openAt(1, olst)
  t.equal((await close(olst, zaak, { resultaat: 'vervolghulp' })).statusCode, 200)
  t.equal((await recall(olst, zaak)).statusCode, 204)
  t.equal((await close(olst, zaak, { resultaat: 'geen-contact' })).statusCode, 200)
  t.same(await heardOf(huur, id), ['opgepakt', 'geen-inwoner'], 'its partner heard the last of it here')
})

// What may happen to a signal after it was sent on, and nothing of which its partner may notice.
const fates: Readonly<Record<string, (stage: Stage) => Promise<unknown>>> = {
  'nothing happens': async () => undefined,
  'it is taken up': ({ openAt, olst }) => openAt(1, olst),
  'its case ends with help': ({ openAt, olst }) => ends(openAt, olst, 'vervolghulp'),
  'no help is wanted, so it is destroyed': ({ openAt, olst }) => ends(openAt, olst, 'geen-hulp-gewenst'),
  'it is sent on again': async ({ olst, id }: Stage & { id?: string }) =>
    made(await forward(olst, id!, '0177'))
}

for (const [name, fate] of Object.entries(fates)) {
  t.test(`sent on, and ${name}: its partner sees what it sees after a plain geen-inwoner`, async (t) => {
    const seen = []
    for (const isForwarded of [false, true]) {
      const stage = await openStage(t)
      const { raalte, huur, openAt } = stage
      const sent = aSignalFor('huur', { referentie: 'MEE', adres: { huisnummer: 1 } })
      const { id } = made(await huur.post(signalen, sent, { 'idempotency-key': 'mee' }))
      if (isForwarded) made(await forward(raalte, id))
      else t.equal((await close(raalte, (await openAt(1)).id, { resultaat: 'geen-inwoner' })).statusCode, 200)
      if (isForwarded) await fate({ ...stage, id } as Stage)
      seen.push(await seenBy(huur, id, sent))
    }
    const [plain, forwarded] = seen
    t.match(plain, { heard: ['opgepakt', 'geen-inwoner'] })
    t.same(forwarded, plain)
    t.notMatch(JSON.stringify(forwarded), /1773|Olst/)
  })
}

for (const reden of ['bezwaar', 'betaald'] as const) {
  t.test(`withdrawn for ${reden} after it was sent on: it is destroyed where it lives`, async (t) => {
    const { hub, raalte, olst, huur, send } = await openStage(t)
    const id = await send(huur, 1)
    made(await forward(raalte, id))
    const withdraw = () => huur.post(`${signalen}/${id}/intrekkingen`, { reden })
    made(await withdraw())
    for (const table of ['vroegsignaal', 'terugkoppeling', 'gemeld_signaal', 'huishouden']) {
      t.same(await hub.admin(`select from ${table}`), [], table)
    }
    t.match((await olst.get('/v1/vernietigingen')).json().resultaten, [{ aanleiding: 'intrekking' }])
    t.equal((await withdraw()).statusCode, 404)
  })
}

t.test('withdrawn while it is sent on: it is 201, and nothing lives on in either municipality', async (t) => {
  const { hub, raalte, huur, send } = await openStage(t)
  for (let huisnummer = 1; huisnummer <= 30; huisnummer += 1) {
    const id = await send(huur, huisnummer)
    const [moved, withdrawn] = await Promise.all([
      forward(raalte, id),
      huur.post(`${signalen}/${id}/intrekkingen`, { reden: 'bezwaar' })
    ])
    t.ok([201, 404].includes(moved.statusCode), `${moved.statusCode}`)
    t.equal(withdrawn.statusCode, 201, withdrawn.body)
    // What was locked that moment is left to the sweeper.
    await hub.sweep()
    t.same(await placesOf(hub, id), [])
  }
})

t.test('403 without an agreement in force there for the sector, and nothing moved or was said', async (t) => {
  const { hub, raalte, olst, send } = await openStage(t)
  const [day, later] = ['2026-11-20', '2026-11-24']
  const agreements: [string, (partner: Partner, id: string) => Promise<unknown>][] = [
    ['ended', (_, id) => changeAgreement(hub, id, { status: 'beeindigd' })],
    ['suspended', (_, id) => changeAgreement(hub, id, { status: 'opgeschort' })],
    ['over since the signal date', (_, id) => changeAgreement(hub, id, { einddatum: day })],
    ['over before the signal date', (_, id) => changeAgreement(hub, id, { einddatum: '2026-11-19' })]
  ]
  const cases: [string, Partner][] = []
  const reporter = async (sectoren: Partner['sector'][]) => ({
    ...(await hub.signaalpartner(sectoren, ['0177'])),
    sector: sectoren[0]!
  })
  cases.push(['none', await reporter(['huur'])])
  for (const [name, change] of agreements) {
    const partner = await reporter(['huur'])
    const terms = { signaalpartnerId: partner.id, gemeentecode: '1773', sectoren: ['huur'] as const }
    await change(partner, await signAgreement(hub.beheer, partner, olst, terms))
    cases.push([name, partner])
  }
  const both = await reporter(['huur', 'drinkwater'])
  const water = { signaalpartnerId: both.id, gemeentecode: '1773', sectoren: ['drinkwater'] as const }
  await signAgreement(hub.beheer, both, olst, water)
  cases.push(['another sector', both])
  for (const [name, ingangsdatum] of [
    ['from tomorrow', '2026-11-25'],
    ['begun after the signal date', '2026-11-21']
  ] as const) {
    const partner = await reporter(['huur'])
    await signFrom(hub, partner, olst, ingangsdatum)
    cases.push([name, partner])
  }
  const unsigned = await reporter(['huur'])
  const concept = { signaalpartnerId: unsigned.id, gemeentecode: '1773', sectoren: ['huur'] }
  made(
    await hub.beheer.post('/v1/overeenkomsten', {
      ...concept,
      convenantversie: 'LCV 2020',
      ingangsdatum: '2020-01-01'
    })
  )
  cases.push(['not signed', unsigned])

  const sent: [string, Partner, string][] = []
  for (const [n, [name, partner]] of cases.entries()) sent.push([name, partner, await send(partner, n + 1)])
  hub.setClock(`${later}T09:00:00Z`)
  const from = await stand(raalte)
  const everything = (await raalte.get(huishoudens)).json()
  t.equal(everything.resultaten.length, cases.length)
  const logged = await logLength(hub)
  for (const [name, partner, id] of sent) {
    for (const gemeentecode of name === 'none' ? ['1773', '9999'] : ['1773']) {
      t.match((await forward(raalte, id, gemeentecode)).json(), noAgreement, `${name}, ${gemeentecode}`)
    }
    t.same(await heardOf(partner, id), [], name)
    t.same(await placesOf(hub, id), ['0177'], name)
  }
  t.equal(await logLength(hub), logged)
  t.same((await raalte.get(huishoudens)).json(), everything)
  t.same(await changes(raalte, from), [])
  t.same(idsOf(await olst.get(signalen)), [])
})

t.test('an agreement there that covers the signal date and today is enough', async (t) => {
  const { hub, raalte, olst, send } = await openStage(t)
  const partner = { ...(await hub.signaalpartner(['huur'], ['0177'])), sector: 'huur' as const }
  const agreement = await signFrom(hub, partner, olst, '2026-11-20')
  const id = await send(partner, 1)
  hub.setClock('2026-11-24T09:00:00Z')
  await changeAgreement(hub, agreement, { einddatum: '2026-11-24' })
  made(await forward(raalte, id))
})

t.test(
  '409 and 404: it is there already, it is over, it was withdrawn, it does not exist for the caller',
  async (t) => {
    const { hub, raalte, olst, huur, send, openAt } = await openStage(t)
    const id = await send(huur, 1)
    t.match((await forward(raalte, id, '0177')).json(), conflict)
    for (const [party, unknown] of [
      [raalte, nowhere],
      [olst, id]
    ] as const) {
      t.equal((await forward(party, unknown, party === olst ? '0177' : '1773')).statusCode, 404)
    }
    t.equal((await forward(huur, id)).statusCode, 403)
    for (const body of [{}, { gemeentecode: '177' }, { gemeentecode: '1773', reden: 'verhuisd' }]) {
      t.equal((await raalte.post(`${signalen}/${id}/doorzendingen`, body)).statusCode, 400)
    }
    t.same(await heardOf(huur, id), [])
    t.same(await placesOf(hub, id), ['0177'])

    const over = await send(huur, 2)
    const { id: zaak } = await openAt(2)
    t.equal((await close(raalte, zaak, { resultaat: 'geen-contact' })).statusCode, 200)
    t.match((await forward(raalte, over)).json(), conflict)
    t.same(await heardOf(huur, over), ['opgepakt', 'afgerond'])

    const paid = await send(huur, 3)
    made(await huur.post(`${signalen}/${paid}/intrekkingen`, { reden: 'betaald' }))
    t.equal((await forward(raalte, paid)).statusCode, 404)
    t.same(await placesOf(hub, paid), [])
  }
)

t.test('a repeat with the same Idempotency-Key moves and tells nothing twice', async (t) => {
  const { hub, raalte, huur, send } = await openStage(t)
  const id = await send(huur, 1)
  const key = { 'idempotency-key': 'door' }
  const first = await forward(raalte, id, '1773', key)
  t.equal(first.statusCode, 201)
  const again = await forward(raalte, id, '1773', key)
  t.match(again, { statusCode: 201, headers: { 'idempotency-replayed': 'true' } })
  t.same(again.json(), first.json())
  t.equal((await forward(raalte, id, '0141', key)).statusCode, 422)
  t.equal((await forward(raalte, id)).statusCode, 404, 'without the key it is somebody else’s signal by now')
  t.same(await heardOf(huur, id), ['opgepakt', 'geen-inwoner'])
  t.same(await placesOf(hub, id), ['1773'])
})

t.test('to two municipalities at once: exactly one of them gets it', async (t) => {
  const stage = await openStage(t)
  const { hub, raalte, send } = stage
  const { almelo, partner } = await withAlmelo(stage)
  for (let huisnummer = 1; huisnummer <= 8; huisnummer += 1) {
    const id = await send(partner, huisnummer)
    const answers = await Promise.all(['1773', '0141'].map((code) => forward(raalte, id, code)))
    t.same(answers.map(({ statusCode }) => statusCode).sort(), [201, 404])
    const winner = answers.find(({ statusCode }) => statusCode === 201)!.json().gemeentecode
    t.same(await placesOf(hub, id), [winner])
    t.same(await heardOf(partner, id), ['opgepakt', 'geen-inwoner'])
  }
  const all = [...idsOf(await almelo.get(signalen)), ...idsOf(await stage.olst.get(signalen))]
  t.equal(all.length, 8)
})

t.test('forwarded again, and back: always one signal, in one place', async (t) => {
  const stage = await openStage(t)
  const { hub, raalte, olst, send, householdAt } = stage
  const { almelo, partner } = await withAlmelo(stage)
  const id = await send(partner, 1)
  for (const [party, to] of [
    [raalte, '1773'],
    [olst, '0141'],
    [almelo, '0177']
  ] as const) {
    made(await forward(party, id, to))
    t.same(await placesOf(hub, id), [to])
  }
  t.match(await householdAt(1), { aantalSignalen: 1 })
  t.same(await heardOf(partner, id), ['opgepakt', 'geen-inwoner'])
})

t.test('it is destroyed on its original day, there, with what was said of it', async (t) => {
  const { hub, raalte, olst, huur, send, openAt } = await openStage(t)
  await setTerms(hub, '1773', { bewaartermijnMaanden: 1 })
  const [id, stays] = [await send(huur, 1), await send(huur, 2)]
  await openAt(1)
  hub.setClock('2026-12-10T09:00:00Z')
  made(await forward(raalte, id))
  const places = () => hub.admin('select distinct gemeentecode from terugkoppeling')
  t.same(await places(), [{ gemeentecode: '1773' }], 'also what was said before it moved')
  t.equal(idsOf(await raalte.get(huishoudens)).length, 1)
  hub.setClock('2027-05-19T09:00:00Z')
  t.equal(await hub.sweep(), 0)
  t.equal((await olst.get(`${signalen}/${id}`)).statusCode, 200)
  hub.setClock('2027-05-19T22:00:00Z')
  t.equal((await olst.get(`${signalen}/${id}`)).statusCode, 404)
  t.same(await heardOf(huur, id), [])
  t.equal(await hub.sweep(), 2)
  for (const table of ['vroegsignaal', 'terugkoppeling', 'huishouden']) {
    t.same(await hub.admin(`select from ${table}`), [], table)
  }
  for (const party of [raalte, olst]) {
    t.match((await party.get('/v1/vernietigingen')).json().resultaten, [{ aantalVroegsignalen: 1 }])
  }
  t.equal((await huur.get(`${signalen}/${stays}`)).statusCode, 404)
})

t.test('a case of the sender goes with its only signal, and lives on with the others', async (t) => {
  const { hub, raalte, huur, water, send, openAt, householdAt } = await openStage(t)
  const only = await send(huur, 1)
  const { id: alone } = await openAt(1)
  const [one, other] = [await send(huur, 2), await send(water, 2)]
  const { id: shared } = await openAt(2)
  const household = await householdAt(2)
  for (const zaak of [alone, shared]) {
    const poging = { soort: 'telefoon', datum: '2026-11-20', bereikt: true }
    made(await raalte.post(`${zaken}/${zaak}/contactpogingen`, poging))
  }
  made(await raalte.post(`${signalen}/${one}/betwistingen`, { reden: 'te-klein' }))
  for (const id of [only, one]) made(await forward(raalte, id))

  t.equal((await raalte.get(`${zaken}/${alone}`)).statusCode, 404)
  t.same((await raalte.get(`${zaken}/${shared}`)).json().vroegsignaalIds, [other])
  t.same(idsOf(await raalte.get(zaken)), [shared])
  t.same(await rowsLeft(hub), { zaken: 1, koppelingen: 1, contactpogingen: 1 })
  t.match(await householdAt(2), { id: household.id, aantalSignalen: 1, vroegsignalen: [{ id: other }] })
  for (const party of [raalte, huur]) t.same(idsOf(await party.get('/v1/betwistingen')), [])
  t.equal((await close(raalte, shared, { resultaat: 'overleden' })).statusCode, 200)
  t.same(
    await heardOf(huur, one),
    ['opgepakt', 'betwist', 'geen-inwoner'],
    'what comes later is not about it'
  )
  t.same(await heardOf(water, other), ['opgepakt', 'overleden'])
})

t.test(
  'forwarded while its case is closed: both are answered, and the partner hears no more than happened',
  async (t) => {
    const { hub, raalte, huur, send, openAt } = await openStage(t)
    for (let huisnummer = 1; huisnummer <= 12; huisnummer += 1) {
      const id = await send(huur, huisnummer)
      const { id: zaak } = await openAt(huisnummer)
      const [moved, closed] = await Promise.all([
        forward(raalte, id),
        put(raalte, zaak, { resultaat: 'bekend-bij-schuldhulpverlening' }, { 'if-match': '*' })
      ])
      // The first one wins, and the other gets an error that says so.
      const outcomes = `${moved.statusCode} ${closed.statusCode}`
      t.ok(['201 404', '409 200'].includes(outcomes), outcomes)
      const isMoved = moved.statusCode === 201
      t.same(await placesOf(hub, id), [isMoved ? '1773' : '0177'])
      t.same(await heardOf(huur, id), ['opgepakt', isMoved ? 'geen-inwoner' : 'schuldhulpverlening-loopt'])
    }
  }
)

t.test('a signal of which the case ended otherwise is not sent on; one whose resident left is', async (t) => {
  const { hub, raalte, huur, send, openAt } = await openStage(t)
  const [helped, left] = [await send(huur, 1), await send(huur, 2)]
  const [first, second] = [await openAt(1), await openAt(2)]
  t.equal((await close(raalte, first.id, { resultaat: 'vervolghulp' })).statusCode, 200)
  t.equal((await close(raalte, second.id, { resultaat: 'geen-inwoner' })).statusCode, 200)
  t.match((await forward(raalte, helped)).json(), {
    status: 409,
    type: '/v1/problemen/toestand-staat-dit-niet-toe'
  })
  t.equal((await raalte.get(`${zaken}/${first.id}`)).json().resultaat, 'vervolghulp', 'its result stands')
  t.equal((await forward(raalte, left)).statusCode, 201)
  t.same(await placesOf(hub, left), ['1773'])
})

t.test('where its resident objected it is destroyed on arrival, and looks here as any other', async (t) => {
  const { hub, raalte, olst, huur, send } = await openStage(t)
  const [objected, plain] = [await send(huur, 1), await send(huur, 2)]
  const { betrokkene, adres } = (await raalte.get(`${signalen}/${objected}`)).json()
  await objectTo(hub, { persoon: betrokkene, adres, gemeentecode: '1773', einddatum: '2027-01-01' })
  const answers = []
  for (const id of [objected, plain]) {
    const answer = await forward(raalte, id)
    t.equal(answer.statusCode, 201, answer.body)
    answers.push({ ...answer.json(), vroegsignaalId: '' })
    t.equal((await raalte.get(`${signalen}/${id}`)).statusCode, 404)
  }
  t.same(answers[0], answers[1])
  t.same(await placesOf(hub, objected), [])
  t.same(idsOf(await olst.get(signalen)), [plain])
  t.same((await raalte.get('/v1/vernietigingen')).json().resultaten, [], 'its own chain does not tell either')
  t.match((await olst.get('/v1/vernietigingen')).json().resultaten, [{ aanleiding: 'bezwaar' }])
})

async function ends(openAt: Stage['openAt'], party: Party, resultaat: string): Promise<void> {
  const answer = await close(party, (await openAt(1, party)).id, { resultaat })
  if (answer.statusCode !== 200) throw new Error(answer.body)
}

/** All that a partner can find out about its signal, without what differs from one run to the next. */
async function seenBy(partner: Party, id: string, sent: object) {
  const key = { 'idempotency-key': 'mee' }
  const any = { 'if-match': '*' }
  const heard = await heardOf(partner as Partner, id)
  const { meldbewijs } = (await partner.get(`${signalen}/${id}/meldbewijs`)).json()
  const { iat: _, signaalpartner: __, ...claims } = claimsOf(meldbewijs) as Record<string, unknown>
  const answers = [
    await partner.get(`${signalen}/${id}`),
    await partner.get(signalen),
    await partner.post(`${signalen}/_zoek`, { referentie: 'MEE' }),
    await partner.get('/v1/betwistingen'),
    await partner.patch(`${signalen}/${id}`, { warmeOverdracht: true }, any),
    await partner.post(signalen, sent),
    await partner.post(signalen, sent, key),
    await deliver(partner, ndjson([sent])),
    await partner.post('/v1/proefbeoordelingen', sent),
    await partner.post(`${signalen}/${id}/intrekkingen`, { reden: 'betaald' }),
    await partner.post(`${signalen}/${id}/intrekkingen`, { reden: 'betaald' }),
    await partner.get(`${signalen}/${id}/meldbewijs`),
    await partner.get('/v1/terugkoppelingen')
  ]
  return {
    heard,
    claims: { ...claims, vroegsignaalId: '' },
    answers: answers.map(({ statusCode, body }) => [statusCode, anonymous(body, id)])
  }
}

function anonymous(body: string, id: string): string {
  return body.replaceAll(id, 'ID').replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'UUID')
}

/** The places where a municipality can find a signal or its household. */
async function traces(party: Party, id: string, huishoudenId: string): Promise<string[]> {
  const adres = { postcode: '8101AA', huisnummer: 1 }
  const person = { naam: { geslachtsnaam: 'Proefpersoon' }, adres }
  const answers: Record<string, Answer> = {
    lijst: await party.get(signalen),
    adres: await party.post(`${signalen}/_zoek`, { adres }),
    persoon: await party.post(`${signalen}/_zoek`, person),
    huishoudens: await party.get(huishoudens),
    huishouden: await party.get(`${huishoudens}/${huishoudenId}`),
    deltas: await party.get(`${huishoudens}/_deltas`),
    zaken: await party.get(zaken),
    betwistingen: await party.get('/v1/betwistingen')
  }
  return Object.keys(answers).filter((name) => answers[name]!.body.includes(id))
}

async function stand(party: Party): Promise<string> {
  return (await party.get(`${huishoudens}/_deltas`)).json().stateId
}

async function changes(party: Party, after: string) {
  return (await party.get(`${huishoudens}/_deltas?after=${after}`)).json().deltas
}

/** The municipalities under which the database has the signal. */
async function placesOf(hub: TestHub, id: string): Promise<string[]> {
  const rows = await hub.admin<{ gemeentecode: string }>(
    'select gemeentecode from vroegsignaal where id = $1',
    [id]
  )
  return rows.map(({ gemeentecode }) => gemeentecode)
}

async function logLength(hub: TestHub): Promise<number> {
  return (await hub.admin(`select from verwerking where activiteit = 'vroegsignaal-doorzenden'`)).length
}

async function setTerms(hub: TestHub, gemeentecode: string, terms: Overrides): Promise<void> {
  const url = `/v1/gemeenten/${gemeentecode}`
  const answer = await hub.beheer.patch(url, { instellingen: terms }, { 'if-match': '*' })
  if (answer.statusCode !== 200) throw new Error(answer.body)
}

async function changeAgreement(hub: TestHub, id: string, terms: object): Promise<void> {
  const answer = await hub.beheer.patch(`/v1/overeenkomsten/${id}`, terms, { 'if-match': '*' })
  if (answer.statusCode !== 200) throw new Error(answer.body)
}

/** Makes an agreement for huur with a municipality, signed by both, from a given day. */
async function signFrom(
  hub: TestHub,
  partner: Partner,
  gemeente: Party,
  ingangsdatum: string
): Promise<string> {
  const terms = { signaalpartnerId: partner.id, gemeentecode: '1773', sectoren: ['huur'] }
  const body = { ...terms, convenantversie: 'LCV 2020', ingangsdatum }
  const { id } = made(await hub.beheer.post('/v1/overeenkomsten', body))
  for (const party of [partner, gemeente]) {
    made(await party.post(`/v1/overeenkomsten/${id}/ondertekeningen`, { naam: 'N.', functie: 'Manager' }))
  }
  return id
}

async function withAlmelo({ hub }: Stage) {
  const almelo = await hub.gemeente('0141', 'Almelo')
  const partner = await hub.signaalpartner(['huur'], ['0177', '1773', '0141'])
  return { almelo, partner: { ...partner, sector: 'huur' as const } }
}

function claimsOf(jws: string): unknown {
  return JSON.parse(Buffer.from(jws.split('.')[1]!, 'base64url').toString())
}
