import { compactVerify, createLocalJWKSet } from 'jose'
import t from 'tap'
import { aSignalFor } from './helpers/builders.ts'
import { openTestHub } from './helpers/test-hub.ts'

t.test('the life of a signal, from the partner to its destruction', async (t) => {
  const hub = await openTestHub(t, { now: '2026-11-25T09:00:00Z' })
  const raalte = await hub.gemeente('0177', 'Raalte')
  const verhuurder = await hub.signaalpartner(['huur'], ['0177'])
  const waterbedrijf = await hub.signaalpartner(['drinkwater'], ['0177'])

  const rent = aSignalFor('huur', { signaaldatum: '2026-11-25', referentie: 'HUUR-1' })
  const water = aSignalFor('drinkwater', { signaaldatum: '2026-11-25', referentie: 'WATER-1' })

  const posted = await verhuurder.post('/v1/vroegsignalen', rent)
  t.equal(posted.statusCode, 201, posted.body)
  t.match(posted.json(), {
    status: 'ontvangen',
    gemeentecode: '0177',
    ontvangenOp: '2026-11-25T09:00:00.000Z',
    reactiedatum: '2026-12-23',
    vernietigingsdatum: '2027-05-25',
    referentie: 'HUUR-1',
    betrokkene: rent.betrokkene
  })
  t.equal(posted.headers.location, `/v1/vroegsignalen/${posted.json().id}`)
  t.match(posted.headers.etag, /^"[\w-]+"$/)

  const again = await verhuurder.post('/v1/vroegsignalen', rent)
  t.equal(again.statusCode, 200, 'the same reference with the same content is the same signal')
  t.same(again.json(), posted.json())

  t.equal((await waterbedrijf.post('/v1/vroegsignalen', water)).statusCode, 201)

  const { resultaten } = (await raalte.get('/v1/huishoudens')).json()
  t.equal(resultaten.length, 1, 'two partners, one address: one household, visible at once')
  t.match(resultaten[0], {
    gemeentecode: '0177',
    adres: { postcode: '8101AA', huisnummer: 10 },
    matchsoorten: ['meervoudig'],
    crisis: false,
    aantalSignalen: 2,
    aantalSignaalpartners: 2,
    sectoren: ['drinkwater', 'huur'],
    totaalbedragInCenten: 169_000,
    opgepakt: 0
  })
  t.equal(resultaten[0].vroegsignalen.length, 2)

  hub.setClock('2027-05-25T00:30:00Z')
  t.same(
    (await raalte.get('/v1/huishoudens')).json().resultaten,
    [],
    'hidden the day its term ends, before any sweep'
  )
  t.equal((await verhuurder.get(`/v1/vroegsignalen/${posted.json().id}`)).statusCode, 404)

  t.equal(await hub.sweep(), 2)
  t.equal(await hub.sweep(), 0, 'a second sweep finds nothing')
  t.same(await hub.admin('select id from vroegsignaal'), [])
  t.same(await hub.admin('select id from huishouden'), [])

  const [proof] = (await raalte.get('/v1/vernietigingen')).json().resultaten
  t.match(proof, {
    aanleiding: 'bewaartermijn',
    gemeentecode: '0177',
    aantalVroegsignalen: 2,
    aantalHuishoudens: 1
  })
  const jwks = (await hub.call({ method: 'GET', url: '/.well-known/jwks.json' })).json()
  const { payload } = await compactVerify(proof.bewijs, createLocalJWKSet(jwks))
  t.match(JSON.parse(Buffer.from(payload).toString()), {
    gemeentecode: '0177',
    aantalVroegsignalen: 2,
    vernietigingsdatumVan: '2027-05-25',
    dagsleutels: [{ dag: '2027-05-25' }],
    vorige: null
  })
})
