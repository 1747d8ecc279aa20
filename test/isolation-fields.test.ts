import t from 'tap'
import type { Answer, Party } from './helpers/test-hub.ts'
import { nowhere } from './platform/http/operations.ts'
import { admitted } from './toegang/admitted.ts'
import { idFieldsOf } from './toegang/id-fields.ts'
import { openTenants, type Role, signalOf } from './toegang/tenants.ts'

// What test/isolation.test.ts says of ids in a path, for ids in a query or a body.

t.setTimeout(120_000)

type Values = { readonly own?: string; readonly foreign: string; readonly unknown: string }
/** How a role sends a value in a field, and which values are its own, another tenant's, and of nobody. */
type Field = Values & { readonly role: Role; send(party: Party, value: string): Promise<Answer> }

const tenants = await openTenants(t)
const { hub, parties, owned } = tenants
// Takes part, and has nothing to do with any of the parties.
await hub.gemeente('0193')
const signal = signalOf('partnerA', 'gemeenteA')
await made(parties.partnerA.post('/v1/vroegsignalen', at(8, 'ACHT')))
const waiting = await made(parties.partnerA.post('/v1/vroegsignalen', at(7, 'ZEVEN')))
const moving = await made(parties.partnerA.post('/v1/vroegsignalen', at(9, 'NEGEN')))
const fresh = await householdAt(8)

const mine = (resource: string, role: Role) =>
  owned[resource]!.find(({ seenBy }) => seenBy.includes(role))!.id
const theirs = (resource: string, role: Role) =>
  owned[resource]!.find(({ seenBy }) => !seenBy.includes(role))!.id
const ids = (resource: string): Values => ({
  own: mine(resource, 'gemeenteA'),
  foreign: theirs(resource, 'gemeenteA'),
  unknown: nowhere
})
const codes: Values = { own: '0177', foreign: '0150', unknown: '9999' }
// Of partners both have an agreement with the first and neither with the second.
const reported: Values = { own: '0177', foreign: '0193', unknown: '9999' }
const any = { 'if-match': '*' }

const byGemeente = (values: Values, send: Field['send']): Field => ({ ...values, role: 'gemeenteA', send })
const byPartner = (values: Values, send: Field['send']): Field => ({ ...values, role: 'partnerA', send })
const inQuery = (url: string, name: string, values: Values) =>
  byGemeente(values, (party, value) => party.get(`${url}${url.includes('?') ? '&' : '?'}${name}=${value}`))
const nobody = { naam: { geslachtsnaam: 'Niemand' }, adres: { postcode: '8101AA', huisnummer: 998 } }
const ofResident = (url: string) =>
  byGemeente(codes, (party, gemeentecode) => party.post(url, { ...nobody, gemeentecode }))
let sent = 0
const another = (gemeentecode: string) => {
  sent += 1
  return { ...signal, referentie: `VELD-${sent}`, gemeentecode }
}
const periode = 'van=2026-11&totEnMet=2026-11'

const fields: Readonly<Record<string, Field | readonly Field[]>> = {
  'getBetwistingen query/vroegsignaalId': [
    inQuery('/v1/betwistingen', 'vroegsignaalId', ids('vroegsignalen')),
    byPartner(
      {
        own: mine('vroegsignalen', 'partnerA'),
        foreign: theirs('vroegsignalen', 'partnerA'),
        unknown: nowhere
      },
      (party, value) => party.get(`/v1/betwistingen?vroegsignaalId=${value}`)
    )
  ],
  'getHuishoudens query/gemeentecode': inQuery('/v1/huishoudens', 'gemeentecode', codes),
  'getKetencontrole query/gemeentecode': inQuery('/v1/vernietigingen/_verifieer', 'gemeentecode', codes),
  'getMonitor query/gemeentecode': inQuery(`/v1/monitor?${periode}`, 'gemeentecode', codes),
  'getPartnercijfers query/gemeentecode': inQuery(
    `/v1/monitor/signaalpartners?${periode}`,
    'gemeentecode',
    codes
  ),
  'getPartnerdossier query/gemeentecode': inQuery(
    `/v1/monitor/signaalpartners/${mine('monitor', 'partnerA')}/dossier?${periode}`,
    'gemeentecode',
    codes
  ),
  'getVerwerkingen query/clientId': inQuery('/v1/verwerkingen', 'clientId', {
    own: parties.gemeenteA.clientId,
    foreign: parties.gemeenteB.clientId,
    unknown: nowhere
  }),
  'getVerwerkingen query/gemeentecode': inQuery('/v1/verwerkingen', 'gemeentecode', codes),
  'getVerwerkingen query/objectId': inQuery('/v1/verwerkingen', 'objectId', ids('vroegsignalen')),
  'getVerwerkingsrapport query/gemeentecode': inQuery(
    '/v1/verwerkingen/rapport?maand=2026-11',
    'gemeentecode',
    codes
  ),
  'getVroegsignaalzaken query/gemeentecode': inQuery('/v1/vroegsignaalzaken', 'gemeentecode', codes),
  'getVroegsignaalzaken query/huishoudenId': inQuery(
    '/v1/vroegsignaalzaken',
    'huishoudenId',
    ids('huishoudens')
  ),
  'getZegelcontrole query/gemeentecode': inQuery('/v1/verwerkingen/_verifieer', 'gemeentecode', codes),
  'postAanlevering body/vroegsignalen[]/gemeentecode': byPartner(reported, (party, value) =>
    party.post('/v1/aanleveringen', { vroegsignalen: [another(value)] })
  ),
  'postBeperking body/gemeentecode': ofResident('/v1/beperkingen'),
  'postBezwaar body/gemeentecode': [
    ofResident('/v1/bezwaren'),
    byPartner(reported, (party, gemeentecode) => party.post('/v1/bezwaren', { ...nobody, gemeentecode }))
  ],
  // To a municipality, which partners there are is no secret.
  'postBezwaar body/signaalpartnerId': byPartner(
    {
      own: mine('signaalpartners', 'partnerA'),
      foreign: theirs('signaalpartners', 'partnerA'),
      unknown: nowhere
    },
    (party, signaalpartnerId) =>
      party.post('/v1/bezwaren', { ...nobody, gemeentecode: '0177', signaalpartnerId })
  ),
  'postDoorzending body/gemeentecode': byGemeente(
    { own: '0150', foreign: '0193', unknown: '9999' },
    (party, value) =>
      party.post(`/v1/vroegsignalen/${moving.id}/doorzendingen`, {
        gemeentecode: value
      })
  ),
  'postInzageverzoek body/gemeentecode': ofResident('/v1/inzageverzoeken'),
  'postProefaanlevering body/vroegsignalen[]/gemeentecode': byPartner(reported, (party, value) =>
    party.post('/v1/proefaanleveringen', { vroegsignalen: [another(value)] })
  ),
  'postProefbeoordeling body/gemeentecode': byPartner(reported, (party, value) =>
    party.post('/v1/proefbeoordelingen', another(value))
  ),
  'postRectificatieverzoek body/vroegsignaalId': byGemeente(ids('vroegsignalen'), (party, vroegsignaalId) =>
    party.post('/v1/rectificatieverzoeken', {
      vroegsignaalId,
      betrokkene: { emailadres: 'a@voorbeeld.example' }
    })
  ),
  'postVroegsignaal body/gemeentecode': byPartner(reported, (party, value) =>
    party.post('/v1/vroegsignalen', another(value))
  ),
  'postVroegsignaalzaak body/huishoudenId': byGemeente(
    { ...ids('huishoudens'), own: fresh.id },
    (party, huishoudenId) => party.post('/v1/vroegsignaalzaken', { huishoudenId })
  ),
  'postVroegsignaalzaak body/vroegsignaalIds[]': byGemeente(
    { foreign: theirs('vroegsignalen', 'gemeenteA'), unknown: nowhere },
    (party, id) => party.post('/v1/vroegsignaalzaken', { huishoudenId: fresh.id, vroegsignaalIds: [id] })
  ),
  'postWissingsverzoek body/gemeentecode': ofResident('/v1/wissingsverzoeken'),
  'postZaakVroegsignalen body/vroegsignaalIds[]': byGemeente(
    { ...ids('vroegsignalen'), own: waiting.id },
    (party, id) =>
      party.post(`/v1/vroegsignaalzaken/${mine('vroegsignaalzaken', 'gemeenteA')}/vroegsignalen`, {
        vroegsignaalIds: [id]
      })
  ),
  'putZaakresultaat body/betreft[]': byGemeente(ids('vroegsignalen'), (party, id) =>
    party.call({
      method: 'PUT',
      url: `/v1/vroegsignaalzaken/${mine('vroegsignaalzaken', 'gemeenteA')}/resultaat`,
      headers: any,
      payload: { resultaat: 'overleden', datum: '2026-11-20', betreft: [id] }
    })
  )
}

t.test('every field that names something of a tenant is tried, and no other', (t) => {
  const ofTenants = idFieldsOf(hub).filter((field) => {
    const who = [admitted[field.split(' ')[0]!] ?? []].flat()
    return who.some((group) => group === 'partner' || group === 'gemeente')
  })
  t.same(Object.keys(fields).sort(), ofTenants)
  t.end()
})

for (const [name, tried] of Object.entries(fields)) {
  t.test(`${name}: another tenant’s answers exactly as one that does not exist`, async (t) => {
    for (const { role, own, foreign, unknown, send } of [tried].flat()) {
      const absent = traitsOf(await send(parties[role], unknown), unknown)
      t.same(traitsOf(await send(parties[role], foreign), foreign), absent, role)
      if (own === undefined) continue
      const answer = await send(parties[role], own)
      t.ok(answer.statusCode < 300, `${role}, its own: ${answer.statusCode} ${answer.body}`)
      if (name !== 'getVerwerkingen query/clientId')
        t.strictNotSame(traitsOf(answer, own), absent, 'and its own does not')
    }
  })
}

/** The answer without the parts that differ in every request, and without the value itself. */
function traitsOf({ statusCode, headers, body }: Answer, value: string): object {
  const text = JSON.stringify({
    statusCode,
    headers: { ...headers, date: '', traceresponse: '', ratelimit: '', location: '', etag: '' },
    body: { ...JSON.parse(body), instance: '' }
  })
  return JSON.parse(
    text
      .replaceAll(value, 'VALUE')
      .replaceAll(/VELD-\d+/g, 'VELD')
      .replaceAll(/"id":"[0-9a-f-]{36}"/g, '"id":"ID"')
  )
}

function at(huisnummer: number, referentie: string) {
  return { ...signal, referentie, adres: { ...signal.adres, huisnummer } }
}

async function householdAt(huisnummer: number): Promise<{ id: string }> {
  const found = await parties.gemeenteA.post('/v1/huishoudens/_zoek', {
    adres: { postcode: '8101AA', huisnummer }
  })
  return found.json().resultaten[0]
}

async function made(answering: Promise<Answer>) {
  const answer = await answering
  if (answer.statusCode !== 201) throw new Error(answer.body)
  return answer.json()
}
