import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import t from 'tap'
import {
  ddasBedragOf,
  ddasContactsoorten,
  ddasDagdelen,
  ddasEindresultaten,
  ddasSignaalpartners,
  ddasSignaalpartnerVan,
  ddasSignaalstatussen,
  ddasStatusOf
} from '../../../src/begrippen/ddas.ts'
import { eindresultaatlijst, eindresultaten } from '../../../src/begrippen/eindresultaat.ts'
import { sectoren } from '../../../src/begrippen/vroegsignaal.ts'
import { testBsn } from '../../helpers/builders.ts'
import { close, made, openStage, reach, recall, signalen, zaken } from '../../zaken/zaak-stage.ts'
import { askGegevens, contentsOf, path } from './ask-gegevens.ts'
import { codelijsten, ddasFaults } from './uitwisselmodel.ts'

t.setTimeout(120_000)

const any = { 'if-match': '*' }

t.test('the schema of these tests knows a fault when it sees one', async (t) => {
  const { raalte, huur, send } = await openStage(t)
  await send(huur, 1)
  const good = await askGegevens(t, raalte)
  const isRefused = (change: (signal: Record<string, unknown>, answer: object) => unknown) => {
    const copy = structuredClone(good)
    change(contentsOf(copy).signalen[0] as never, copy)
    return ddasFaults(copy).length > 0
  }
  t.ok(
    isRefused((signal) => Object.assign(signal, { naam: 'x' })),
    'an extra key'
  )
  t.ok(
    isRefused((signal) => Reflect.deleteProperty(signal, 'ID')),
    'a missing key'
  )
  t.ok(
    isRefused((signal) => Object.assign(signal, { bedrag: 1.5 })),
    'half a euro'
  )
  t.ok(
    isRefused((signal) => Object.assign(signal, { status: 'opgepakt' })),
    'another code'
  )
  t.ok(
    isRefused((signal) => Object.assign(signal.client as object, { burgerservicenummer: testBsn })),
    'a number and an address'
  )
  t.ok(
    isRefused((_, answer) => Object.assign(answer, { paginering: { pageSize: 1 } })),
    'half a paging'
  )
})

t.test('a signal has everything that the standard asks and the hub knows, and no more', async (t) => {
  const { hub, raalte, send, partner, huur } = await openStage(t)
  const zorg = await partner('zorgverzekering')
  const rent = await send(huur, 1, {
    signaaldatum: '2026-11-18',
    adres: { huisnummer: 12, huisletter: 'a', huisnummertoevoeging: '2' },
    achterstand: { bedragInCenten: 84_550, ontstaansdatum: '2026-09-03' }
  })
  const care = await send(zorg, 3, { warmeOverdracht: true })
  const { gegevens, paginering } = await askGegevens(t, raalte)
  t.equal(paginering, undefined, 'one page, and nobody asked for pages')
  const { leveringen, ...head } = gegevens
  t.same(head, {
    startdatumLevering: '2026-05-20',
    einddatumLevering: '2026-11-20',
    aanleverdatumEnTijd: '2026-11-20T09:00:00.000Z',
    codeGegevensleverancier: 'signaalhub 1.0.0'
  })
  const given = {
    crisissignaal: false,
    ontstaansdatum: '2026-09-03',
    signaaldatum: '2026-11-18',
    status: 'Nog niet opgepakt'
  }
  t.same(leveringen, [
    {
      teller: 1,
      gemeentecode: '0177',
      aanleverendeOrganisatie: { naam: 'Raalte' },
      vroegsignalen: [
        {
          ...given,
          ID: rent,
          warmeOverdracht: false,
          bedrag: 846,
          signaalpartner: { type: 'Huur' },
          client: {
            postcode: '8101AA',
            huisnummer: '12',
            huisnummertoevoeging: 'A2',
            geboortedatum: '1985-06-15'
          }
        },
        {
          ...given,
          ID: care,
          warmeOverdracht: true,
          bedrag: 845,
          ontstaansdatum: '2026-09-06',
          signaaldatum: '2026-11-20',
          signaalpartner: { type: 'Zorg' },
          client: { burgerservicenummer: testBsn }
        }
      ],
      vroegsignaalzaken: []
    }
  ])
  t.notMatch(hub.logLines.join(), new RegExp(testBsn), 'no number in the log of the hub')
})

t.test('without an addition or a birth date their keys are not there', async (t) => {
  const { raalte, huur, send } = await openStage(t)
  await send(huur, 7, { betrokkene: { geboortedatum: undefined } })
  const { signalen: delivered } = contentsOf(await askGegevens(t, raalte))
  t.same(delivered[0]!.client, { postcode: '8101AA', huisnummer: '7' })
})

t.test('amounts are whole euros, half a euro up', async (t) => {
  const edges = [
    [1, 0],
    [49, 0],
    [50, 1],
    [149, 1],
    [150, 2],
    [84_449, 844],
    [84_450, 845],
    [100_000_000, 1_000_000]
  ] as const
  for (const [cents, euros] of edges) t.equal(ddasBedragOf(cents), euros, `${cents} cents`)
  const { raalte, huur, send } = await openStage(t)
  for (const [index, [bedragInCenten]] of edges.entries())
    await send(huur, index + 1, { achterstand: { bedragInCenten } })
  const { signalen: delivered } = contentsOf(await askGegevens(t, raalte))
  t.same(
    delivered.map(({ bedrag }) => bedrag),
    edges.map(([, euros]) => euros)
  )
})

t.test('the code lists are those of the standard', async (t) => {
  const same = (ours: readonly string[], theirs: readonly string[]) =>
    t.same(ours.toSorted(), theirs.toSorted())
  same(ddasSignaalpartners, codelijsten.signaalpartner)
  same(ddasSignaalstatussen, codelijsten.signaalstatus)
  same(ddasEindresultaten, codelijsten.eindresultaat)
  same(Object.values(ddasContactsoorten), codelijsten.contactsoort)
  same(Object.values(ddasDagdelen), codelijsten.dagdeel)
  const statuses = eindresultaatlijst.map((one) => ddasStatusOf('opgepakt', one))
  same([...new Set([...statuses, ddasStatusOf('ontvangen', undefined)])], codelijsten.signaalstatus)
})

t.test('every sector and every crisis has its kind', async (t) => {
  const { raalte, send, partner } = await openStage(t)
  const sent = new Map<string, string>()
  for (const sector of sectoren) sent.set(await send(await partner(sector), 1), ddasSignaalpartnerVan[sector])
  const gas = await partner('gas')
  const crisis = await send(gas, 2, { soort: 'afsluitsignaal', geplandeDatum: '2027-01-01' })
  const { signalen: delivered } = contentsOf(await askGegevens(t, raalte))
  t.equal(delivered.length, sectoren.length + 1)
  t.same(
    delivered.filter(({ crisissignaal }) => crisissignaal).map(({ ID }) => ID),
    [crisis]
  )
  for (const { ID, signaalpartner } of delivered) t.equal(signaalpartner.type, sent.get(ID) ?? 'Energie')
  t.same(
    [...new Set(sent.values())].sort(),
    ['Energie', 'Huur', 'Water', 'Zorg'],
    'of the other kinds the hub takes no signals'
  )
})

t.test('every result comes through with the status it gives, until it destroys its signals', async (t) => {
  const { hub, raalte, huur, send, openAt } = await openStage(t)
  await raalte.patch('/v1/gemeenten/0177', { instellingen: { geenHulpVernietigenNaDagen: 5 } }, any)
  const expected = new Map<string, string>()
  for (const [index, resultaat] of eindresultaatlijst.entries()) {
    const id = await send(huur, index + 1)
    const zaak = await openAt(index + 1)
    t.equal((await close(raalte, zaak.id, { resultaat })).statusCode, 200, resultaat)
    // What should not have been given is destroyed at once.
    if (resultaat !== 'onterecht-signaal') expected.set(id, eindresultaten[resultaat].ddas)
  }
  const { signalen: delivered, zaken: cases } = contentsOf(await askGegevens(t, raalte))
  t.same(delivered.map(({ ID }) => ID).sort(), [...expected.keys()].sort())
  t.same(
    Object.fromEntries(cases.map(({ resultaat, vroegsignalen }) => [vroegsignalen[0]!.ID, resultaat])),
    Object.fromEntries(expected)
  )
  const alsoStatuses: readonly string[] = codelijsten.signaalstatus
  for (const { ID, status } of delivered) {
    const resultaat = expected.get(ID)!
    t.equal(status, alsoStatuses.includes(resultaat) ? resultaat : 'Opgepakt', resultaat)
  }
  hub.setClock('2026-11-25T09:00:00Z')
  const later = contentsOf(await askGegevens(t, raalte))
  t.equal(later.signalen.length, expected.size - 1, 'who wanted no help is gone on its day')
  t.equal(later.zaken.length, expected.size - 1)
})

t.test('a case shows its days, its matching and every kind of contact', async (t) => {
  const { hub, raalte, huur, water, send, householdAt } = await openStage(t, { now: '2026-10-05T09:00:00Z' })
  const first = await send(huur, 1)
  hub.setClock('2026-11-20T09:00:00Z')
  const second = await send(water, 1)
  const { id: huishoudenId } = await householdAt(1)
  const zaak = made(await raalte.post(zaken, { huishoudenId, datumOpgepakt: '2026-11-19' }))
  const dagdelen = Object.keys(ddasDagdelen)
  for (const [index, soort] of Object.keys(ddasContactsoorten).entries()) {
    const dagdeel = dagdelen[index]
    const poging = { soort, datum: '2026-11-20', bereikt: index % 2 === 0, ...(dagdeel && { dagdeel }) }
    made(await raalte.post(`${zaken}/${zaak.id}/contactpogingen`, poging))
  }
  const { zaken: cases, signalen: delivered } = contentsOf(await askGegevens(t, raalte))
  t.same(
    delivered.map(({ ID, status }) => [ID, status]),
    [first, second].map((id) => [id, 'Opgepakt'])
  )
  t.same(cases, [
    {
      matchingsdatum: '2026-11-20',
      startdatumMatchingperiode: '2026-05-01',
      einddatumMatchingperiode: '2026-11-20',
      datumOpgepakt: '2026-11-19',
      vroegsignalen: [{ ID: first }, { ID: second }],
      contactpogingen: Object.values(ddasContactsoorten).map((soort, index) => ({
        soort,
        bereikt: index % 2 === 0,
        datum: '2026-11-20',
        ...(index < 3 && { dagdeel: Object.values(ddasDagdelen)[index] })
      }))
    }
  ])

  const november = contentsOf(await askGegevens(t, raalte, { aanleverperiodeStartdatum: '2026-11-01' }))
  t.same(
    november.signalen.map(({ ID }) => ID),
    [second]
  )
  t.same(november.zaken[0]!.vroegsignalen, [{ ID: second }], 'a case names only what is delivered')
})

t.test('a fact about one person is told of nobody else on the address', async (t) => {
  const { raalte, huur, water, send, openAt } = await openStage(t)
  const naam = { voorletters: 'B.', voorvoegsel: undefined, geslachtsnaam: 'Huisgenoot' }
  const dead = await send(huur, 1)
  const alive = await send(water, 1, { betrokkene: { naam, geboortedatum: '1990-01-01' } })
  const zaak = await openAt(1)
  await reach(raalte, zaak.id)
  const closed = await close(raalte, zaak.id, { resultaat: 'overleden', betreft: [dead] })
  t.equal(closed.statusCode, 200, closed.body)
  const { signalen: delivered, zaken: cases } = contentsOf(await askGegevens(t, raalte))
  t.same(Object.fromEntries(delivered.map(({ ID, status }) => [ID, status])), {
    [dead]: 'Inwoner is overleden',
    [alive]: 'Opgepakt'
  })
  const shown = cases.map(({ resultaat, vroegsignalen, contactpogingen }) => {
    return { resultaat, ids: vroegsignalen.map(({ ID }) => ID), pogingen: contactpogingen.length }
  })
  t.same(
    shown.toSorted((a, b) => (a.ids[0]! < b.ids[0]! ? -1 : 1)),
    [
      { resultaat: 'Inwoner is overleden', ids: [dead], pogingen: 1 },
      { resultaat: undefined, ids: [alive], pogingen: 1 }
    ].toSorted((a, b) => (a.ids[0]! < b.ids[0]! ? -1 : 1))
  )

  t.match((await recall(raalte, zaak.id)).statusCode, /^20[04]$/)
  const again = contentsOf(await askGegevens(t, raalte))
  t.same(
    again.signalen.map(({ status }) => status),
    ['Opgepakt', 'Opgepakt']
  )
  t.same(
    again.zaken.map(({ resultaat, vroegsignalen }) => [resultaat, vroegsignalen.length]),
    [[undefined, 2]]
  )
})

t.test('a correction, a rectification and a move are delivered as they stand', async (t) => {
  const { raalte, olst, huur, send } = await openStage(t)
  const [corrected, moved] = [await send(huur, 1), await send(huur, 2)]
  const achterstand = { bedragInCenten: 12_349 }
  t.equal((await huur.patch(`${signalen}/${corrected}`, { achterstand }, any)).statusCode, 200)
  const adres = { postcode: '8101AA', huisnummer: 99, woonplaats: 'Raalte' }
  const rectified = await raalte.post('/v1/rectificatieverzoeken', { vroegsignaalId: corrected, adres })
  t.equal(rectified.statusCode, 200, rectified.body)
  made(await raalte.post(`${signalen}/${moved}/doorzendingen`, { gemeentecode: '1773' }))
  const here = contentsOf(await askGegevens(t, raalte)).signalen
  t.match(here, [{ ID: corrected, bedrag: 123, client: { huisnummer: '99' } }])
  t.equal(here.length, 1)
  const there = contentsOf(await askGegevens(t, olst)).signalen
  t.match(there, [{ ID: moved, status: 'Nog niet opgepakt' }])
})

t.test('the Digest is that of the bytes as they are sent, packed or not', async (t) => {
  const { hub, raalte, huur, send } = await openStage(t)
  for (let huisnummer = 1; huisnummer <= 8; huisnummer += 1) await send(huur, huisnummer)
  for (const coding of ['identity', 'gzip']) {
    // Not through the helper, which reads every answer as plain JSON.
    const { headers, rawPayload } = await hub.app.inject({
      method: 'POST',
      url: path,
      headers: { authorization: `Bearer ${raalte.token}`, 'accept-encoding': coding },
      payload: {}
    })
    const sum = createHash('sha256').update(rawPayload).digest('base64')
    t.equal(headers.digest, `SHA-256=${sum}`, coding)
    t.equal(headers['content-encoding'], coding === 'gzip' ? 'gzip' : undefined)
    const plain = coding === 'gzip' ? gunzipSync(rawPayload) : rawPayload
    t.equal(JSON.parse(plain.toString()).gegevens.leveringen[0].vroegsignalen.length, 8)
  }
})
