import { gebeurtenissoortlijst } from '../../src/begrippen/gebeurtenissoort.ts'
import { deliver, ndjson } from '../aanlevering/leveringen/deliveries.ts'
import { aSignal } from '../helpers/builders.ts'
import type { Answer, Party } from '../helpers/test-hub.ts'
import { operationsOf, urlOf } from '../platform/http/operations.ts'
import { close, recall, type Stage } from '../zaken/zaak-stage.ts'
import type { WatchedAccess } from './watch-access.ts'

const any = { 'if-match': '*' }

/** Calls every operation successfully, as every role that may use it. */
export async function useEveryOperation(stage: Stage, access: WatchedAccess['access']): Promise<void> {
  const organisaties = await useOrganisaties(stage)
  const abonnementen = await useAbonnementen(stage)
  const signalen = await useSignalen(stage)
  const zaken = await useZaken(stage)
  const { resultaten } = await ok(stage.raalte.get('/v1/vernietigingen'))
  await useReads(stage, access, {
    ...organisaties,
    abonnementen,
    ...signalen,
    ...zaken,
    problemen: { slug: 'niet-gevonden' },
    vernietigingen: { id: resultaten[0].id },
    verwerkingsactiviteiten: { id: 'huishouden-inzien' }
  })
  await useRechten(stage)
}

/** The path parameters of existing resources, by the first segment of the path. */
type Known = Record<string, Record<string, string>>

async function useOrganisaties({ hub, raalte, huur }: Stage): Promise<Known> {
  const { beheer } = hub
  await hub.gemeente('0150')
  await hub.signaalpartner(['gas'], ['0150'])
  for (const party of [beheer, raalte]) {
    await ok(party.patch('/v1/gemeenten/0177', { instellingen: { matchTelling: 'signalen' } }, any))
  }
  await ok(beheer.patch(`/v1/signaalpartners/${huur.id}`, { naam: 'De Linde' }, any))
  const overeenkomst = await overeenkomstIn(huur, '0177')
  const other = await overeenkomstIn(beheer, '0150')
  await ok(beheer.patch(`/v1/overeenkomsten/${other}`, { convenantversie: 'LCV 2026' }, any))
  const clients = await useClients(beheer)
  const applies = {
    naam: 'De Linde',
    sectoren: ['huur'],
    gemeentecodes: ['0177'],
    contactpersoon: { naam: 'M. Voorbeeld', emailadres: 'm@example.nl' }
  }
  const aanmelding = await ok(hub.call({ method: 'POST', url: '/v1/aanmeldingen', payload: applies }))
  await ok(beheer.post(`/v1/aanmeldingen/${aanmelding.id}/besluiten`, { besluit: 'toegelaten' }))
  const register = {
    payload: 'PC6;Huisnummer;Gemeente2026\n9999ZZ;1;0177\n',
    headers: { 'content-type': 'text/csv' }
  }
  await ok(beheer.call({ method: 'POST', url: '/v1/adresregister/leveringen', ...register }))
  return {
    aanmeldingen: { id: aanmelding.id },
    clients,
    gemeenten: { gemeentecode: '0177' },
    monitor: { id: huur.id },
    overeenkomsten: { id: overeenkomst },
    signaalpartners: { id: huur.id }
  }
}

async function overeenkomstIn(party: Party, gemeentecode: string): Promise<string> {
  const { resultaten } = await ok(party.get('/v1/overeenkomsten'))
  return resultaten.find((one: { gemeentecode: string }) => one.gemeentecode === gemeentecode).id
}

async function useClients(beheer: Party): Promise<Known[string]> {
  const given = { naam: 'Systeem', rol: 'gemeente', gemeentecodes: ['0177'], scopes: ['zaken:schrijven'] }
  const [kept, gone] = [
    await ok(beheer.post('/v1/clients', given)),
    await ok(beheer.post('/v1/clients', given))
  ]
  await ok(beheer.patch(`/v1/clients/${kept.id}`, { naam: 'Ander systeem' }, any))
  const { id: geheimId } = await ok(beheer.post(`/v1/clients/${kept.id}/geheimen`))
  const { id: oldGeheimId } = await ok(beheer.post(`/v1/clients/${gone.id}/geheimen`))
  await ok(beheer.delete(`/v1/clients/${gone.id}/geheimen/${oldGeheimId}`, any))
  await ok(beheer.delete(`/v1/clients/${gone.id}`, any))
  return { id: kept.id, geheimId }
}

async function useAbonnementen({ raalte }: Stage): Promise<Known[string]> {
  const subscription = { url: 'https://ontvanger.voorbeeld.example/', soorten: gebeurtenissoortlijst }
  const [kept, gone] = [
    await ok(raalte.post('/v1/abonnementen', subscription)),
    await ok(raalte.post('/v1/abonnementen', subscription))
  ]
  const url = `/v1/abonnementen/${kept.id}`
  const { id: geheimId } = await ok(raalte.post(`${url}/geheimen`))
  const { id: oldGeheimId } = await ok(raalte.post(`/v1/abonnementen/${gone.id}/geheimen`))
  await ok(raalte.delete(`/v1/abonnementen/${gone.id}/geheimen/${oldGeheimId}`, any))
  await ok(raalte.patch(url, { status: 'uitgeschakeld' }, any))
  await ok(raalte.patch(url, { status: 'actief' }, any))
  const { id: bezorgingId } = await ok(raalte.post(`${url}/_test`))
  await ok(raalte.post(`${url}/bezorgingen/${bezorgingId}/_opnieuw`))
  await ok(raalte.delete(`/v1/abonnementen/${gone.id}`, any))
  return { id: kept.id, geheimId, bezorgingId }
}

async function useSignalen({ hub, raalte, huur, send }: Stage): Promise<Known> {
  await ok(huur.post('/v1/proefbeoordelingen', aSignal()))
  await ok(huur.post('/v1/proefaanleveringen', { vroegsignalen: [aSignal()] }))
  const [id, wrong] = [await send(huur, 1), await send(huur, 2)]
  const { id: aanlevering } = await ok(deliver(huur, ndjson([aSignal({ referentie: 'EEN' })])))
  await ok(huur.patch(`/v1/vroegsignalen/${id}`, { achterstand: { bedragInCenten: 99_900 } }, any))
  await ok(huur.post(`/v1/vroegsignalen/${wrong}/intrekkingen`, { reden: 'betaald' }))
  const adres = { postcode: '8101AA', huisnummer: 1 }
  await ok(huur.post('/v1/vroegsignalen/_zoek', { referentie: 'EEN' }))
  await ok(raalte.post('/v1/vroegsignalen/_zoek', { naam: { geslachtsnaam: 'Proefpersoon' }, adres }))
  const betwisting = await ok(raalte.post(`/v1/vroegsignalen/${id}/betwistingen`, { reden: 'te-klein' }))
  const reactie = { reactie: 'gehandhaafd', toelichting: 'Het bedrag staat vast.' }
  await ok(huur.post(`/v1/betwistingen/${betwisting.id}/reacties`, reactie))
  const meldbewijs = await ok(huur.get(`/v1/vroegsignalen/${id}/meldbewijs`))
  await ok(hub.call({ method: 'POST', url: '/v1/meldbewijzen/_verifieer', payload: meldbewijs }))
  return { vroegsignalen: { id }, aanleveringen: { id: aanlevering } }
}

async function useZaken({ raalte, huur, send, openAt, householdAt }: Stage): Promise<Known> {
  const moving = await send(huur, 3)
  await ok(raalte.post(`/v1/vroegsignalen/${moving}/doorzendingen`, { gemeentecode: '1773' }))
  await ok(huur.post(`/v1/vroegsignalen/${moving}/intrekkingen`, { reden: 'betaald' }))
  for (const resultaat of ['vervolghulp', 'geen-hulp-gewenst']) {
    await send(huur, 4)
    await ok(close(raalte, (await openAt(4)).id, { resultaat }))
  }
  await send(huur, 5)
  const wrong = await openAt(5)
  await ok(close(raalte, wrong.id, { resultaat: 'geen-contact' }))
  await ok(recall(raalte, wrong.id))
  const zaak = await openAt(1)
  const contact = { soort: 'brief', datum: '2026-11-20', bereikt: false }
  await ok(raalte.post(`/v1/vroegsignaalzaken/${zaak.id}/contactpogingen`, contact))
  const added = { vroegsignaalIds: [await send(huur, 1)] }
  await ok(raalte.post(`/v1/vroegsignaalzaken/${zaak.id}/vroegsignalen`, added))
  const { id } = await householdAt(1)
  const url = `/v1/huishoudens/${id}/adresindicatie`
  const payload = { bron: 'laa', datum: '2026-11-20' }
  await ok(raalte.call({ method: 'PUT', url, headers: any, payload }))
  await ok(raalte.delete(url, any))
  await ok(raalte.post('/ddas/v1/gegevens', {}))
  return { huishoudens: { id }, vroegsignaalzaken: { id: zaak.id } }
}

async function useRechten({ raalte, huur }: Stage): Promise<void> {
  const dijk = { naam: { geslachtsnaam: 'Proefpersoon' }, adres: { postcode: '8101AA', huisnummer: 1 } }
  const { resultaten } = await ok(raalte.get('/v1/vroegsignalen'))
  const betrokkene = { emailadres: 'a.voorbeeld@example.nl' }
  await ok(raalte.post('/v1/rectificatieverzoeken', { vroegsignaalId: resultaten[0].id, betrokkene }))
  const beperking = await ok(raalte.post('/v1/beperkingen', dijk))
  await ok(raalte.delete(`/v1/beperkingen/${beperking.id}`, any))
  for (const verzoek of ['inzage', 'wissings']) await ok(raalte.post(`/v1/${verzoek}verzoeken`, dijk))
  for (const party of [raalte, huur]) {
    const { id } = await ok(party.post('/v1/bezwaren', { ...dijk, gemeentecode: '0177' }))
    await ok(party.delete(`/v1/bezwaren/${id}`, any))
  }
}

async function useReads(
  { hub, raalte, huur }: Stage,
  access: WatchedAccess['access'],
  known: Known
): Promise<void> {
  const parties = { signaalpartner: huur, gemeente: raalte, beheer: hub.beheer }
  for (const { id, method, route } of operationsOf(hub)) {
    if (method !== 'GET') continue
    const url = urlOf(route, known[route.split('/')[1]!])
    const admitted = access.get(id)!
    if (admitted === 'open') await ok(hub.call({ method, url }))
    else for (const rol of Object.keys(admitted)) await ok(parties[rol as keyof typeof parties].get(url))
  }
}

async function ok(answering: Promise<Answer>) {
  const { statusCode, body, raw } = await answering
  if (statusCode >= 300) throw new Error(`${raw.req.method} ${raw.req.url}: ${statusCode} ${body}`)
  return body.startsWith('{') ? JSON.parse(body) : undefined
}
