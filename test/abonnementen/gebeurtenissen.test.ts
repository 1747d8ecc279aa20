import { Webhook } from 'standardwebhooks'
import t, { type Test } from 'tap'
import { type Gebeurtenissoort, gebeurtenissoortlijst } from '../../src/begrippen/gebeurtenissoort.ts'
import { deliver as deliverSignals, ndjson } from '../aanlevering/leveringen/deliveries.ts'
import { aSignal, aSignalFor } from '../helpers/builders.ts'
import { close, openStage, recall } from '../zaken/zaak-stage.ts'
import { openReceiver, type Receiver, subscribe, toThisMachine } from './receiver.ts'

async function open(t: Test, soorten: readonly Gebeurtenissoort[] = gebeurtenissoortlijst) {
  const stage = await openStage(t, { outgoing: toThisMachine() })
  const receiver = await openReceiver(t)
  const { id, geheim } = await subscribe(stage.raalte, receiver.url, soorten)
  /** The kinds that came in since the last time, of what happened in `work`. */
  const told = async (work: () => Promise<unknown>) => {
    await work()
    await stage.hub.deliver()
    const kinds = receiver.kinds()
    return kinds
  }
  return { ...stage, receiver, id, geheim, told }
}

const dataOf = ({ received }: Receiver, kind: string) =>
  received.find(({ event }) => event.type === `nl.vroegsignalering.${kind}`)?.event.data

t.test('a signal that comes in is told, as a CloudEvent of ids alone that a library verifies', async (t) => {
  const { hub, huur, send, receiver, geheim, told } = await open(t, ['nl.vroegsignalering.signaal-ontvangen'])
  let vroegsignaalId = ''
  await told(async () => {
    vroegsignaalId = await send(huur, 1)
  })
  t.same(receiver.kinds(), ['signaal-ontvangen'])
  const [{ headers, body, event }] = receiver.received as [Receiver['received'][number]]
  t.equal(headers['content-type'], 'application/cloudevents+json; charset=utf-8')
  t.same(new Webhook(geheim).verify(body, headers as Record<string, string>), event)
  t.throws(() => new Webhook(geheim).verify(`${body} `, headers as Record<string, string>))
  t.same(event, {
    specversion: '1.0',
    id: headers['webhook-id'],
    source: 'http://hub.test/v1',
    type: 'nl.vroegsignalering.signaal-ontvangen',
    subject: vroegsignaalId,
    time: '2026-11-20T09:00:00.000Z',
    datacontenttype: 'application/json',
    dataref: `http://hub.test/v1/vroegsignalen/${vroegsignaalId}`,
    data: { gemeentecode: '0177', vroegsignaalId }
  })
  t.match(event.id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab]/, 'a UUIDv7')
  t.equal(Number.parseInt(event.id.replace('-', '').slice(0, 12), 16), hub.hub.clock().getTime())
  await hub.deliver()
  t.equal(receiver.received.length, 1, 'and once')
})

t.test('every kind is told from its cause, and nothing besides', async (t) => {
  const { hub, raalte, olst, huur, water, send, openAt, householdAt, receiver, told } = await open(t)
  const next = async (work: () => Promise<unknown>) => {
    receiver.forget()
    return told(async () => {
      await work()
      await raalte.get('/v1/huishoudens')
    })
  }
  let id = ''
  t.same(
    await next(async () => {
      id = await send(huur, 1)
    }),
    ['huishouden-gematcht', 'signaal-ontvangen']
  )
  const { id: huishoudenId } = await householdAt(1)
  t.same(dataOf(receiver, 'huishouden-gematcht'), { gemeentecode: '0177', huishoudenId })

  const crisis = { soort: 'ontruimingssignaal', geplandeDatum: '2027-01-04' }
  let other = ''
  t.same(
    await next(async () => {
      other = await send(huur, 2, crisis)
    }),
    ['crisis-gemeld', 'huishouden-gematcht', 'signaal-ontvangen'],
    'a crisis'
  )
  t.same(dataOf(receiver, 'crisis-gemeld'), { gemeentecode: '0177', vroegsignaalId: other })

  t.same(await next(() => send(water, 1)), ['huishouden-gematcht', 'signaal-ontvangen'], 'a second partner')
  t.same(dataOf(receiver, 'huishouden-gematcht'), { gemeentecode: '0177', huishoudenId })
  t.same(await next(() => send(water, 1)), ['signaal-ontvangen'], 'a third signal, matched already')

  const adres = { huisnummer: 5 }
  const lines = [1, 2, 3].map((n) => aSignalFor('huur', { referentie: `L-${n}`, adres }))
  t.same(
    await next(() => deliverSignals(huur, ndjson([...lines, aSignal({ referentie: 'L-1', adres })]))),
    ['huishouden-gematcht', 'signaal-ontvangen', 'signaal-ontvangen', 'signaal-ontvangen'],
    'a delivery'
  )

  let contest = ''
  t.same(
    await next(async () => {
      contest = (await raalte.post(`/v1/vroegsignalen/${other}/betwistingen`, { reden: 'te-klein' })).json()
        .id
    }),
    ['signaal-betwist', 'terugkoppeling-gegeven']
  )
  const contested = { gemeentecode: '0177', vroegsignaalId: other, betwistingId: contest }
  t.same(dataOf(receiver, 'signaal-betwist'), contested)
  t.same(dataOf(receiver, 'terugkoppeling-gegeven'), { gemeentecode: '0177', vroegsignaalId: other })

  let zaak = { id: '' }
  t.same(
    await next(async () => {
      zaak = await openAt(5)
    }),
    Array(3).fill('terugkoppeling-gegeven')
  )
  t.same(
    await next(() => close(raalte, zaak.id, { resultaat: 'geen-contact' })),
    Array(3).fill('terugkoppeling-gegeven')
  )
  t.same(await next(() => recall(raalte, zaak.id)), Array(3).fill('terugkoppeling-gegeven'))

  t.same(
    await next(() => huur.post(`/v1/vroegsignalen/${id}/intrekkingen`, { reden: 'betaald' })),
    ['gegevens-vernietigd', 'signaal-ingetrokken'],
    'told though it is destroyed'
  )
  t.same(dataOf(receiver, 'signaal-ingetrokken'), { gemeentecode: '0177', vroegsignaalId: id })
  t.equal(
    receiver.received.find(({ event }) => event.dataref?.toString().includes(id)),
    undefined
  )
  const { resultaten } = (await raalte.get('/v1/vernietigingen')).json()
  t.same(dataOf(receiver, 'gegevens-vernietigd'), { gemeentecode: '0177', vernietigingId: resultaten[0].id })

  // Moved to another municipality, and from there.
  const away = await send(huur, 8)
  const move = (from: typeof raalte, signal: string, gemeentecode: string) =>
    from.post(`/v1/vroegsignalen/${signal}/doorzendingen`, { gemeentecode })
  t.same(await next(() => move(raalte, away, '1773')), [], 'what is not there any more')
  t.same(await next(() => move(olst, away, '0177')), ['huishouden-gematcht', 'signaal-ontvangen'])
  t.same(
    await hub.admin('select from gebeurtenis where gemeentecode <> $1', ['0177']),
    [],
    'nobody listens there'
  )
})

t.test('nobody hears of another municipality; an uitvoerder of all of its own', async (t) => {
  const { hub, olst, huur, send, receiver } = await open(t)
  const [atOlst, atBoth] = [await openReceiver(t), await openReceiver(t)]
  await subscribe(olst, atOlst.url, gebeurtenissoortlijst)
  const scopes = ['abonnementen:beheren', 'vroegsignalen:lezen'] as const
  const both = { naam: 'Beide', rol: 'gemeente', gemeentecodes: ['0177', '1773'], scopes }
  await subscribe(await hub.client(both), atBoth.url, ['nl.vroegsignalering.signaal-ontvangen'])
  const here = await send(huur, 1)
  const there = await send(huur, 2, { gemeentecode: '1773' })
  await hub.deliver()
  const idsAt = ({ received }: Receiver) => received.map(({ event }) => event.data.vroegsignaalId).sort()
  t.same(idsAt(receiver), [here])
  t.same(idsAt(atOlst), [there])
  t.same(idsAt(atBoth), [here, there].sort())
  t.equal(
    (await huur.post('/v1/abonnementen', { url: receiver.url, soorten: gebeurtenissoortlijst })).statusCode,
    403
  )
})

t.test('where nobody listens nothing is written, and of other kinds nothing either', async (t) => {
  const { hub, raalte, huur, send, id } = await open(t, ['nl.vroegsignalering.crisis-gemeld'])
  await send(huur, 1)
  await raalte.get('/v1/huishoudens')
  t.same(await hub.admin('select from gebeurtenis'), [])
  await send(huur, 2, { soort: 'ontruimingssignaal', geplandeDatum: '2027-01-04' })
  t.equal((await hub.admin('select from gebeurtenis')).length, 1)
  await raalte.delete(`/v1/abonnementen/${id}`, { 'if-match': '*' })
  await send(huur, 3, { soort: 'ontruimingssignaal', geplandeDatum: '2027-01-04' })
  t.equal((await hub.admin('select from gebeurtenis')).length, 1)
})

t.test('a refused signal, a rolled back delivery and a trial are not told', async (t) => {
  const { hub, huur, receiver } = await open(t)
  await huur.post('/v1/vroegsignalen', aSignal({ socialeIncasso: { herinneringen: [] } }))
  await huur.post('/v1/proefaanleveringen', { vroegsignalen: [aSignal()] })
  await huur.post('/v1/aanleveringen', { vroegsignalen: [aSignal(), 3] })
  await hub.deliver()
  const taken = (await hub.admin('select from vroegsignaal')).length
  t.equal(receiver.received.length, taken)
  t.equal((await hub.admin('select from gebeurtenis')).length, taken)
})

t.test('what is destroyed, erased, restricted or over is not told any more', async (t) => {
  const { hub, raalte, huur, send, receiver } = await open(t, [
    'nl.vroegsignalering.signaal-ontvangen',
    'nl.vroegsignalering.huishouden-gematcht'
  ])
  const who = (huisnummer: number) => ({
    naam: { geslachtsnaam: 'Proefpersoon' },
    adres: { postcode: '8101AA', huisnummer }
  })
  const rows = async () => [
    (await hub.admin('select from gebeurtenis')).length,
    (await hub.admin('select from bezorging')).length
  ]
  for (const huisnummer of [1, 2]) await send(huur, huisnummer)
  await raalte.get('/v1/huishoudens')
  t.same(await rows(), [4, 0])
  t.equal((await raalte.post('/v1/wissingsverzoeken', who(1))).statusCode, 200)
  t.same(await rows(), [2, 0], 'an erasure takes the signal and the household')

  // Delivered in vain, and then.
  receiver.answer = (reply) => void reply.writeHead(500).end()
  await hub.deliver()
  t.same(await rows(), [2, 2])
  receiver.forget()
  receiver.answer = (reply) => void reply.writeHead(204).end()
  const beperking = (await raalte.post('/v1/beperkingen', who(2))).json()
  hub.setClock('2026-11-20T09:01:00Z')
  await hub.deliver()
  t.same(receiver.kinds(), [], 'a restriction')
  await raalte.delete(`/v1/beperkingen/${beperking.id}`, { 'if-match': '*' })

  await send(huur, 3)
  await hub.deliver()
  t.ok(receiver.kinds().includes('signaal-ontvangen'))
  hub.setClock('2027-05-20T09:00:00Z')
  await hub.sweep()
  t.same(await rows(), [0, 0], 'with the last signal its delivered events are gone too')
})

t.test('the sweeper destroys what is older than two weeks', async (t) => {
  const { hub, huur, send } = await open(t)
  await send(huur, 1)
  await hub.deliver()
  hub.setClock('2026-12-04T09:00:00Z')
  await hub.sweep()
  t.equal((await hub.admin('select from bezorging')).length, 1)
  hub.setClock('2026-12-05T09:00:00Z')
  await hub.sweep()
  t.same(await hub.admin('select from gebeurtenis'), [])
  t.same(await hub.admin('select from bezorging'), [])
})

t.test('no word of a resident and no reference leaves the hub, nor a secret its tables', async (t) => {
  const { hub, huur, send, receiver, geheim } = await open(t)
  await send(huur, 1)
  await hub.deliver()
  const told = receiver.received.map(({ headers, body }) => JSON.stringify(headers) + body).join()
  t.notMatch(told, /Proefpersoon|R-1|8101AA|84500|proefpersoon/)
  const secret = geheim.replace('whsec_', '')
  for (const table of ['abonnement', 'abonnement_geheim', 'bezorging', 'gebeurtenis', 'abonnement_wens']) {
    const [row] = await hub.admin<{ text: string }>(`select string_agg(x::text, '') as text from ${table} x`)
    t.notOk(row?.text?.includes(secret), table)
    t.notOk(row?.text?.includes(Buffer.from(secret, 'base64').toString('hex')), table)
  }
  t.notOk(hub.logLines.some((line) => line.includes(secret) || line.includes(receiver.url)))
})
