import t from 'tap'
import { listMonitorcijfers, monitormaten } from '../../../src/sporen/monitor-store.ts'
import { sealVerwerkingen } from '../../../src/sporen/seal-verwerkingen.ts'
import { openReceiver, subscribe, toThisMachine } from '../../abonnementen/receiver.ts'
import { aSignalFor } from '../../helpers/builders.ts'
import { loadRegister } from '../../helpers/load-register.ts'
import { objectTo } from '../../helpers/object-to.ts'
import { signAgreement } from '../../helpers/test-hub.ts'
import { openFollower } from '../../huishoudens/volgen/delta-follower.ts'
import { askGegevens, contentsOf } from '../../verantwoording/ddas/ask-gegevens.ts'
import { made, signalen, zaken } from '../zaak-stage.ts'
import { listOf, onTheDay, openHerindeling, plan, rowsOf } from './herindeling-stage.ts'

t.setTimeout(240_000)

const who = (huisnummer: number) => ({
  naam: { geslachtsnaam: 'van Proefpersoon' },
  adres: { postcode: '8101AA', huisnummer }
})
const persoon = { naam: { voorletters: 'T.', voorvoegsel: 'van', geslachtsnaam: 'Proefpersoon' } }

t.test(
  'agreements go on with their signatures, those of the old code end, and none is doubled',
  async (t) => {
    const { hub, raalte, zwolle, huur, water, carryOut, wake } = await openHerindeling(t)
    const both = await hub.signaalpartner(['gas'], ['0177'])
    await signAgreement(hub.beheer, both, zwolle, {
      signaalpartnerId: both.id,
      gemeentecode: '0193',
      sectoren: ['gas']
    })
    const concept = made(
      await hub.beheer.post('/v1/overeenkomsten', {
        signaalpartnerId: water.id,
        gemeentecode: '0177',
        sectoren: ['drinkwater'],
        convenantversie: 'LCV 2027',
        ingangsdatum: '2027-02-01'
      })
    )
    type Overeenkomst = {
      id: string
      gemeentecode: string
      signaalpartnerId: string
      ondertekeningen: object[]
    }
    const all = async (): Promise<Overeenkomst[]> => listOf(hub.beheer, '/v1/overeenkomsten?limit=1000')
    const before = await all()
    await carryOut()
    await wake()
    const after = await all()
    const under = (code: string, partner: string) =>
      after.filter((one) => one.gemeentecode === code && one.signaalpartnerId === partner)
    const [old] = before.filter((one) => one.gemeentecode === '0177' && one.signaalpartnerId === huur.id)
    t.match(under('0177', huur.id), [
      { id: old!.id, status: 'beeindigd', einddatum: '2026-12-31', ondertekeningen: old!.ondertekeningen }
    ])
    t.match(under('0193', huur.id), [
      { status: 'actief', ingangsdatum: '2020-01-01', ondertekeningen: old!.ondertekeningen }
    ])
    t.equal(under('0193', both.id).length, 1, 'the successor had one that covers it')
    t.match(
      after.find(({ id }) => id === concept.id),
      { status: 'beeindigd' }
    )
    const [unsigned] = under('0193', water.id).filter(({ ondertekeningen }) => ondertekeningen.length === 0)
    t.match(unsigned, { status: 'ter-ondertekening', ingangsdatum: '2027-02-01' })
    made(
      await raalte.post(`/v1/overeenkomsten/${unsigned!.id}/ondertekeningen`, {
        naam: 'G',
        functie: 'Wethouder'
      })
    )
    for (const [url, body] of [
      [
        '/v1/overeenkomsten',
        {
          signaalpartnerId: huur.id,
          sectoren: ['huur'],
          convenantversie: 'LCV 2020',
          ingangsdatum: '2027-01-01',
          gemeentecode: '0177'
        }
      ],
      [
        '/v1/clients',
        { naam: 'Laat', rol: 'gemeente', gemeentecodes: ['0177'], scopes: ['huishoudens:lezen'] }
      ]
    ] as const) {
      const refused = await hub.beheer.post(url, body)
      t.match([refused.statusCode, refused.body], [400, /gebruik gemeentecode 0193/], url)
    }
  }
)

t.test('an agreement that the successor had suspended stays so', async (t) => {
  const { hub, zwolle, huur, carryOut } = await openHerindeling(t)
  const terms = { signaalpartnerId: huur.id, gemeentecode: '0193', sectoren: ['huur'] as const }
  const id = await signAgreement(hub.beheer, huur, zwolle, terms)
  const { headers } = await hub.beheer.get(`/v1/overeenkomsten/${id}`)
  const suspended = await hub.beheer.patch(
    `/v1/overeenkomsten/${id}`,
    { status: 'opgeschort' },
    { 'if-match': String(headers.etag), 'content-type': 'application/merge-patch+json' }
  )
  t.equal(suspended.statusCode, 200)
  await carryOut()
  const signal = aSignalFor('huur', { referentie: 'N', signaaldatum: '2026-12-31', gemeentecode: '0193' })
  t.equal((await huur.post(signalen, signal)).statusCode, 403)
})

t.test('an external client and one for several municipalities work for the successor, once', async (t) => {
  const { hub, carryOut } = await openHerindeling(t)
  const scopes = ['huishoudens:lezen'] as const
  const add = (gemeentecodes: string[]) =>
    hub.client({ naam: 'U', rol: 'gemeente', gemeentecodes, scopes: [...scopes] })
  const several = await add(['1773', '0177', '0193'])
  const revoked = await add(['0177'])
  const found = async (clientId: string) =>
    (
      await hub.admin<{ codes: string[] }>('select gemeentecodes as codes from client where client_id = $1', [
        clientId
      ])
    )[0]!.codes
  await hub.beheer.delete(`/v1/clients/${revoked.clientId}`, { 'if-match': '*' })
  await carryOut()
  t.same(await found(several.clientId), ['1773', '0193'])
  t.same(await found(revoked.clientId), ['0177'], 'what was revoked stays as it was')
})

t.test('objections go along, and signals meet those of the successor', async (t) => {
  const { hub, zwolle, raalte, huur, water, send, carryOut } = await openHerindeling(t)
  const [a, b, c] = [await send(huur, 1), await send(huur, 2), await send(water, 3)]
  made(await raalte.post('/v1/bezwaren', { ...who(3), signaalpartnerId: huur.id }))
  await objectTo(hub, {
    persoon,
    adres: { postcode: '8101AA', huisnummer: 2 },
    gemeentecode: '0193',
    einddatum: '2027-06-01'
  })
  await carryOut()
  t.equal((await zwolle.get(`${signalen}/${a}`)).statusCode, 200)
  t.equal((await zwolle.get(`${signalen}/${c}`)).statusCode, 200, 'the objection is to another partner')
  t.same(await hub.admin('select from vroegsignaal where id = $1', [b]), [], 'destroyed on arrival')
  t.match((await zwolle.get('/v1/vernietigingen')).json().resultaten, [{ aanleiding: 'bezwaar' }])
  const again = aSignalFor('huur', {
    referentie: 'N',
    signaaldatum: '2026-12-31',
    gemeentecode: '0193',
    adres: { huisnummer: 3 }
  })
  const refused = await huur.post(signalen, again)
  t.match([refused.statusCode, refused.json().errors], [422, [{ code: 'geen-bezwaar' }]])
})

t.test('a restriction goes along whole, and comes off there', async (t) => {
  const { hub, zwolle, raalte, huur, send, carryOut } = await openHerindeling(t)
  const [a, b] = [await send(huur, 1), await send(huur, 2)]
  const { id } = made(await raalte.post('/v1/beperkingen', who(1)))
  // As when a rectification gave one of its signals another address.
  await hub.admin(`update beperking set vroegsignaal_ids = vroegsignaal_ids || $1::uuid`, [b])
  await hub.admin('update vroegsignaal set beperkt = true')
  await carryOut()
  t.same(await rowsOf(hub, '0177'), {})
  t.same(await listOf(zwolle, '/v1/huishoudens'), [])
  t.equal((await zwolle.delete(`/v1/beperkingen/${id}`, { 'if-match': '*' })).statusCode, 204)
  for (const one of [a, b]) t.equal((await zwolle.get(`${signalen}/${one}`)).statusCode, 200)
})

t.test(
  'who follows hears of it: events that waited come, and the list of households is read anew',
  async (t) => {
    const stage = await openHerindeling(t, { outgoing: toThisMachine() })
    const { hub, raalte, zwolle, olst, huur, send, carryOut } = stage
    const receiver = await openReceiver(t)
    await subscribe(raalte, receiver.url, ['nl.vroegsignalering.signaal-ontvangen'])
    const followers = [openFollower(hub, zwolle), openFollower(hub, raalte), openFollower(hub, olst)] as const
    const id = await send(huur, 1)
    for (const one of followers) await one.catchUp(100)
    await carryOut()
    await hub.deliver()
    t.match(receiver.received, [{ event: { data: { vroegsignaalId: id, gemeentecode: '0193' } } }])
    receiver.forget()
    made(
      await huur.post(
        signalen,
        aSignalFor('huur', {
          referentie: 'N',
          signaaldatum: '2026-12-31',
          gemeentecode: '0193',
          adres: { huisnummer: 7 }
        })
      )
    )
    await hub.deliver()
    t.equal(receiver.received.length, 1, 'and so does what comes after the day')
    const [there, here, elsewhere] = followers
    await there.catchUp(100)
    t.equal(there.households.size, 2, 'the follower of the successor sees what came')
    const gone = await raalte.get(`/v1/huishoudens/_deltas?after=${here.stateId()}`)
    t.equal(gone.statusCode, 410, 'with another mandate a follower starts again')
    const anew = openFollower(hub, raalte)
    await anew.catchUp(100)
    t.same([...anew.households.keys()].toSorted(), [...there.households.keys()].toSorted())
    for (const [id] of here.households) t.ok(anew.households.has(id), 'under the id that it had')
    await elsewhere.catchUp(100)
    t.equal(elsewhere.households.size, 0)
  }
)

t.test('the log stays a chain under its own code, and the successor reads and proves it', async (t) => {
  const { hub, zwolle, raalte, olst, huur, send, carryOut } = await openHerindeling(t)
  const id = await send(huur, 1)
  await raalte.get(`${signalen}/${id}`)
  const seen = async (party: typeof zwolle, query = '') =>
    (await listOf(party, `/v1/verwerkingen?objectId=${id}${query}`)).map(
      (one: { gemeentecode: string; activiteit: string }) => `${one.gemeentecode} ${one.activiteit}`
    )
  const before = await seen(raalte)
  t.same(before, ['0177 vroegsignaal-inzien', '0177 vroegsignaal-aannemen'])
  t.same(await seen(zwolle), [])
  await carryOut()
  hub.setClock('2027-01-02T09:00:00Z')
  await sealVerwerkingen(hub.hub, ['0177', '0193'])
  for (const party of [zwolle, raalte]) {
    t.same((await seen(party, '&gemeentecode=0177')).slice(1), before)
    t.ok((await seen(party)).includes('0193 gemeente-herindelen'))
    t.match((await party.get('/v1/verwerkingen/_verifieer')).json(), {
      volledig: true,
      logboeken: [{ gemeentecode: '0193' }, { gemeentecode: '0177' }]
    })
  }
  t.same(await seen(olst), [])
  t.equal((await olst.get('/v1/verwerkingen?gemeentecode=0177')).statusCode, 404)
  const inzage = (await zwolle.post('/v1/inzageverzoeken', who(1))).json()
  t.match(
    inzage.verwerkingen.map((one: { activiteit: string }) => one.activiteit),
    ['vroegsignaal-inzien', 'gemeente-herindelen']
  )
})

t.test('no figure counts twice: the monitor and DDAS have each signal once', async (t) => {
  const { hub, zwolle, raalte, olst, huur, water, send, openAt, carryOut } = await openHerindeling(t)
  for (const n of [1, 2, 3, 4, 5]) await send(huur, n)
  await send(water, 1)
  await openAt(1)
  t.equal((await raalte.post('/v1/wissingsverzoeken', who(5))).statusCode, 200)
  const codes = ['0177', '0193', '1773']
  const counts = async () => {
    const rows = await hub.database.as({ duty: 'teller', gemeentecodes: codes }, (tx) =>
      listMonitorcijfers(tx, codes, { van: '2026-12-01', totEnMet: '2026-12-31' }, [])
    )
    const all = rows.filter(({ sector }) => sector === '')
    return monitormaten.map((maat) => [maat, all.reduce((sum, row) => sum + row[maat], 0)])
  }
  const before = await counts()
  t.match(before, [
    ['signalen', 6],
    ['huishoudens', 5]
  ])
  await carryOut()
  t.same(await counts(), before)
  const { cijfers } = (await zwolle.get('/v1/monitor?van=2026-12&totEnMet=2026-12')).json()
  t.match(cijfers[0], { sector: undefined, huishoudens: { totaal: 5 } }, 'its past is the successor’s')
  t.equal((await zwolle.get('/v1/monitor?gemeentecode=0177')).statusCode, 200)
  t.equal((await olst.get('/v1/monitor?gemeentecode=0177')).statusCode, 404)
  const gegevens = await askGegevens(t, zwolle, {})
  t.equal(new Set(contentsOf(gegevens).signalen.map(({ ID }) => ID)).size, 5)
  t.equal(contentsOf(gegevens).signalen.length, 5)
  hub.setClock('2027-07-01T09:00:00Z')
  await hub.sweep()
  t.same(await hub.admin('select from vroegsignaal'), [])
  t.same(await counts(), before, 'also when all is destroyed')
})

t.test(
  'several into one, a signal forwarded earlier, an older register, and a re-division later',
  async (t) => {
    const { hub, raalte, olst, zwolle, huur, water, send, openAt, householdAt, carryOut, wake } =
      await openHerindeling(t)
    await plan(hub, ['1773'], '0193')
    for (const [party, partner] of [
      [zwolle, huur],
      [zwolle, water]
    ] as const)
      await signAgreement(hub.beheer, partner, party, {
        signaalpartnerId: partner.id,
        gemeentecode: '0193',
        sectoren: [partner.sector]
      })
    const [forwarded, stays] = [await send(huur, 1), await send(water, 1)]
    made(await raalte.post(`${signalen}/${forwarded}/doorzendingen`, { gemeentecode: '0193' }))
    await send(huur, 8, { gemeentecode: '1773' })
    const zaak = await openAt(1)
    await zwolle.get('/v1/huishoudens')
    const theirs = await householdAt(1, zwolle)
    made(await zwolle.post(zaken, { huishoudenId: theirs.id }))
    const loaded = await loadRegister(hub.beheer, [
      'postcode;huisnummer;gemeente',
      '8101AA;1;0177',
      '8101AA;8;1773',
      '8101AB;1;0177'
    ])
    t.equal(loaded.statusCode, 201)
    await carryOut()
    for (const code of ['0177', '1773']) t.same(await rowsOf(hub, code), {}, code)
    for (const party of [zwolle, raalte, olst]) {
      const found = await listOf(party, '/v1/huishoudens')
      t.same(
        found.map((one: { aantalSignalen: number }) => one.aantalSignalen).toSorted(),
        [1, 2],
        'what lives on one address is one household'
      )
      t.equal((await householdAt(1, party)).id, theirs.id)
      t.match((await party.get(`${zaken}/${zaak.id}`)).json(), { huishoudenId: theirs.id })
    }
    const unnamed = aSignalFor('huur', {
      referentie: 'N',
      signaaldatum: '2026-12-31',
      adres: { huisnummer: 1, postcode: '8101AB' }
    })
    const { gemeentecode: _, ...without } = unnamed as { gemeentecode?: string }
    t.match(
      (await huur.post(signalen, without)).json(),
      { gemeentecode: '0193' },
      'a register of before the day'
    )

    await hub.gemeente('0150')
    await plan(hub, ['0193'], '0150', '2027-02-01')
    hub.setClock('2027-02-01T09:00:00Z')
    await wake()
    t.same(await rowsOf(hub, '0193'), {})
    t.equal((await zwolle.get(`${signalen}/${stays}`)).json().gemeentecode, '0150')
    const old = await huur.post(signalen, {
      ...unnamed,
      referentie: 'N2',
      signaaldatum: '2027-01-31',
      gemeentecode: '0177'
    })
    t.match([old.statusCode, old.json().errors[0].detail], [403, /gemeentecode 0150/])
    t.match((await zwolle.get('/v1/verwerkingen?gemeentecode=0177')).statusCode, 200)
  }
)

t.test('what turns up under the old code later goes the same way', async (t) => {
  const { hub, raalte, huur, send, carryOut, wake } = await openHerindeling(t)
  const id = await send(huur, 1)
  const dump = await hub.admin<{ row: object }>('select to_jsonb(v) as row from vroegsignaal v')
  await carryOut()
  t.equal((await raalte.get(`${signalen}/${id}`)).statusCode, 200)
  await hub.admin('delete from vroegsignaal')
  await hub.admin('insert into vroegsignaal select * from jsonb_populate_record(null::vroegsignaal, $1)', [
    JSON.stringify(dump[0]!.row)
  ])
  await wake()
  t.match((await raalte.get(`${signalen}/${id}`)).json(), {
    id,
    gemeentecode: '0193',
    adres: { huisnummer: 1 }
  })
  t.equal(hub.hub.clock().toISOString(), new Date(onTheDay).toISOString())
})

t.test('a signal that cannot be opened moves as it is, and goes on its day', async (t) => {
  const { hub, huur, send, carryOut, warnings } = await openHerindeling(t)
  const [broken, whole] = [await send(huur, 1), await send(huur, 2)]
  await hub.admin(`update vroegsignaal set inhoud = '\\x02ff' where id = $1`, [broken])
  await carryOut()
  t.match(warnings, [{ vroegsignaalId: broken }])
  t.same(
    await hub.admin('select gemeentecode from vroegsignaal where id = any ($1) order by id', [
      [broken, whole]
    ]),
    [{ gemeentecode: '0193' }, { gemeentecode: '0193' }]
  )
  hub.setClock('2027-07-01T09:00:00Z')
  t.equal(await hub.sweep(), 2)
})
