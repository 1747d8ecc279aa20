import t from 'tap'
import { aSignal, aSignalFor } from '../helpers/builders.ts'
import { openTestHub } from '../helpers/test-hub.ts'

const hub = await openTestHub(t)
const raalte = await hub.gemeente('0177')
const deventer = await hub.gemeente('0150')
const verhuurder = await hub.signaalpartner(['huur'], ['0177', '0150'])
const leverancier = await hub.signaalpartner(['elektriciteit'], ['0177'])
const path = '/v1/monitor/signaalpartners'

async function sent(partner: typeof verhuurder, body: object): Promise<string> {
  const answer = await partner.post('/v1/vroegsignalen', body)
  if (answer.statusCode !== 201) throw new Error(answer.body)
  return answer.json().id
}
const contest = async (id: string, reden: string) =>
  (await raalte.post(`/v1/vroegsignalen/${id}/betwistingen`, { reden })).json().id
const respond = (id: string, body: object) => verhuurder.post(`/v1/betwistingen/${id}/reacties`, body)

// September has one of each. November has a late one, of another partner.
hub.setClock('2026-09-20T09:00:00Z')
const day = { signaaldatum: '2026-09-20' }
const [a, b, c, d] = [
  await sent(verhuurder, aSignal({ ...day, referentie: 'A' })),
  await sent(verhuurder, aSignal({ ...day, referentie: 'B', adres: { huisnummer: 11 } })),
  await sent(verhuurder, aSignal({ ...day, referentie: 'C', adres: { huisnummer: 12 } })),
  await sent(
    verhuurder,
    aSignal({ ...day, referentie: 'D', adres: { huisnummer: 13 }, gemeentecode: '0150' })
  )
]
const delivered = [
  aSignal({ ...day, referentie: 'E', adres: { huisnummer: 14 } }),
  aSignal({ ...day, referentie: 'F', betalingsregeling: 'wordt-nagekomen' }),
  aSignal({ ...day, referentie: 'G', signaaldatum: '2026-07-20' })
]
await verhuurder.post('/v1/aanleveringen', { vroegsignalen: delivered })
await respond(await contest(a, 'te-klein'), { reactie: 'ingetrokken' })
await respond(await contest(b, 'te-klein'), {
  reactie: 'gehandhaafd',
  toelichting: 'Er zijn drie termijnen open.'
})
await contest(c, 'al-betaald')
await verhuurder.post(`/v1/vroegsignalen/${d}/intrekkingen`, { reden: 'betaald' })
hub.setClock('2026-11-20T09:00:00Z')
const klant = { klantnummer: 'K-1' }
await sent(leverancier, aSignalFor('elektriciteit', { ...klant, referentie: 'EL-1' }))
const late = { soort: 'afsluitsignaal', geplandeDatum: '2026-11-27', referentie: 'EL-2' }
await sent(leverancier, aSignalFor('elektriciteit', { ...klant, ...late }))

const ofRaalte = {
  signaalpartner: { id: verhuurder.id, naam: String },
  aantalOpgenomen: 4,
  afwijzingen: [
    { criterium: 'geen-nagekomen-regeling', aantal: 1 },
    { criterium: 'signaaldatum-actueel', aantal: 1 }
  ],
  waarschuwingen: [],
  intrekkingen: [{ reden: 'foutief', aantal: 1 }],
  betwistingen: [
    { reden: 'al-betaald', aantal: 1, aantalIngetrokken: 0, aantalGehandhaafd: 0 },
    { reden: 'te-klein', aantal: 2, aantalIngetrokken: 1, aantalGehandhaafd: 1 }
  ]
}
const find = (body: { resultaten: { signaalpartner: { id: string } }[] }, id: string) =>
  body.resultaten.find(({ signaalpartner }) => signaalpartner.id === id)

t.test('a municipality reads what concerns her, per partner', async (t) => {
  const body = (await raalte.get(path)).json()
  t.equal(body.resultaten.length, 2)
  t.match(find(body, verhuurder.id), ofRaalte)
  t.match(find(body, leverancier.id), {
    aantalOpgenomen: 2,
    waarschuwingen: [{ criterium: 'aankondigingstermijn', aantal: 1 }]
  })
  const elsewhere = (await deventer.get(path)).json()
  t.match(elsewhere.resultaten, [{ aantalOpgenomen: 1, intrekkingen: [{ reden: 'betaald', aantal: 1 }] }])
  t.equal(elsewhere.resultaten.length, 1)
})

t.test('the operator reads all of it, or one municipality of it, and never a signal', async (t) => {
  t.match(find((await hub.beheer.get(path)).json(), verhuurder.id), {
    aantalOpgenomen: 5,
    intrekkingen: [
      { reden: 'betaald', aantal: 1 },
      { reden: 'foutief', aantal: 1 }
    ]
  })
  const one = (await hub.beheer.get(`${path}?gemeentecode=0177`)).json()
  t.match(find(one, verhuurder.id), ofRaalte)
  t.equal((await raalte.get(`${path}?gemeentecode=0150`)).statusCode, 404)
})

t.test('months bound what is counted; the first may not come after the last', async (t) => {
  const november = (await raalte.get(`${path}?van=2026-11&totEnMet=2026-11`)).json()
  t.same(
    november.resultaten.map(({ signaalpartner }: { signaalpartner: { id: string } }) => signaalpartner.id),
    [leverancier.id]
  )
  t.match(find((await raalte.get(`${path}?totEnMet=2026-09`)).json(), verhuurder.id), ofRaalte)
  const wrong = await raalte.get(`${path}?van=2026-11&totEnMet=2026-10`)
  t.match(wrong.json(), { status: 400, errors: [{ in: 'query', location: 'van' }] })
  t.equal((await raalte.get(`${path}?van=2026-13`)).statusCode, 400)
})

t.test('pages of one partner together are the list', async (t) => {
  const seen: string[] = []
  for (let url: string | undefined = `${path}?limit=1`; url !== undefined; ) {
    const { headers, json } = await raalte.get(url)
    seen.push(...json().resultaten.map((one: { signaalpartner: { id: string } }) => one.signaalpartner.id))
    url = /<([^>]+)>; rel="next"/.exec(String(headers.link ?? ''))?.[1]?.replace('http://hub.test', '')
  }
  t.same(seen, [verhuurder.id, leverancier.id].sort())
})

t.test('the dossier says per month what was refused, contested or late, and on what ground', async (t) => {
  const dossier = (await raalte.get(`${path}/${verhuurder.id}/dossier?van=2026-09`)).json()
  t.match(dossier, { signaalpartner: { id: verhuurder.id }, van: '2026-09', totEnMet: '2026-11' })
  t.match(dossier.regels, [
    {
      gemeentecode: '0177',
      maand: '2026-09',
      onderdeel: 'afwijzing',
      kenmerk: 'geen-nagekomen-regeling',
      aantal: 1
    },
    {
      onderdeel: 'te-late-aanlevering',
      kenmerk: 'signaaldatum-actueel',
      grondslag: String,
      uitleg: String,
      aantal: 1
    },
    { onderdeel: 'betwisting', kenmerk: 'al-betaald', aantal: 1 },
    { onderdeel: 'betwisting', kenmerk: 'te-klein', aantal: 2 },
    { onderdeel: 'betwisting-gehandhaafd', kenmerk: 'te-klein', aantal: 1 },
    { onderdeel: 'betwisting-ingetrokken', kenmerk: 'te-klein', aantal: 1 },
    { onderdeel: 'intrekking', kenmerk: 'foutief', aantal: 1 },
    { onderdeel: 'opgenomen', kenmerk: 'huur', aantal: 4 }
  ])
  const later = (await raalte.get(`${path}/${leverancier.id}/dossier`)).json()
  t.match(
    later.regels.find(({ onderdeel }: { onderdeel: string }) => onderdeel === 'te-late-aanlevering'),
    {
      maand: '2026-11',
      sector: 'elektriciteit',
      kenmerk: 'aankondigingstermijn',
      grondslag: /^Energiewet art\. 2\.26/,
      aantal: 1
    }
  )
  t.equal((await deventer.get(`${path}/${leverancier.id}/dossier`)).statusCode, 404)
})

t.test('M: a refusal is counted with its sector, and cites the law of that sector and month', async (t) => {
  const mixed = await hub.signaalpartner(['elektriciteit', 'drinkwater', 'zorgverzekering'], ['0177'])
  for (const sector of ['elektriciteit', 'drinkwater', 'zorgverzekering'] as const) {
    const body = aSignalFor(sector, {
      referentie: `M-${sector}`,
      klantnummer: undefined,
      socialeIncasso: { persoonlijkContact: [] }
    })
    t.equal((await mixed.post('/v1/vroegsignalen', body)).statusCode, 422)
    const taken = aSignalFor(sector, { referentie: `N-${sector}`, klantnummer: undefined })
    t.equal((await mixed.post('/v1/vroegsignalen', taken)).statusCode, 201)
  }
  const { regels } = (await raalte.get(`${path}/${mixed.id}/dossier`)).json()
  const lawsOf = (kenmerk: string) =>
    regels
      .filter((regel: { kenmerk: string }) => regel.kenmerk === kenmerk)
      .map(({ sector, grondslag }: Record<string, string>) => `${sector}: ${grondslag}`)
  t.match(lawsOf('persoonlijk-contact'), [
    /^drinkwater: Drinkwaterwet art\. 9 lid 2 .* art\. 4;/,
    /^elektriciteit: Energiewet art\. 2\.26/,
    /^zorgverzekering: Zvw art\. 89/
  ])
  t.match(lawsOf('klantnummer-aanwezig'), [/^drinkwater: .* art\. 5$/, /^elektriciteit: Energiewet/])
  const figures = find((await raalte.get(path)).json(), mixed.id)
  t.match(figures, { afwijzingen: [{ criterium: 'persoonlijk-contact', aantal: 3 }], aantalOpgenomen: 3 })
})

t.test('as CSV it is the same lines, and no text is a formula', async (t) => {
  const url = `${path}/${verhuurder.id}/dossier`
  const { etag } = (await hub.beheer.get(`/v1/signaalpartners/${verhuurder.id}`)).headers
  const renamed = { naam: '=1+1; "De Linde"' }
  await hub.beheer.patch(`/v1/signaalpartners/${verhuurder.id}`, renamed, { 'if-match': String(etag) })
  const answer = await raalte.call({ method: 'GET', url, headers: { accept: 'text/csv' } })
  t.match(answer.headers['content-type'], /^text\/csv/)
  const [header, ...lines] = answer.body.trimEnd().split('\r\n')
  t.equal(
    header,
    '\uFEFF"signaalpartner";"gemeentecode";"maand";"onderdeel";"sector";"kenmerk";"uitleg";"grondslag";"aantal"'
  )
  t.equal(lines.length, (await raalte.get(url)).json().regels.length)
  t.ok(lines.every((line) => line.startsWith(`"'=1+1; ""De Linde""";"0177";"2026-`)))
})

t.test('the counts outlive the signals they are of', async (t) => {
  hub.setClock('2027-06-01T09:00:00Z')
  await hub.sweep()
  t.same(await hub.admin('select from vroegsignaal'), [])
  t.match(find((await raalte.get(`${path}?van=2026-09&totEnMet=2026-11`)).json(), verhuurder.id), {
    aantalOpgenomen: 4,
    betwistingen: ofRaalte.betwistingen
  })
})
