import type { Test } from 'tap'
import { eindresultaatlijst, gevolgVan } from '../../src/begrippen/eindresultaat.ts'
import type { Sector } from '../../src/begrippen/vroegsignaal.ts'
import type { Outgoing } from '../../src/platform/outgoing/outgoing.ts'
import { todayIn } from '../../src/time.ts'
import { aSignalFor, type Overrides } from '../helpers/builders.ts'
import { type Answer, openTestHub, type Party, type TestHub } from '../helpers/test-hub.ts'

export const zaken = '/v1/vroegsignaalzaken'
export const signalen = '/v1/vroegsignalen'

export type Partner = Party & { readonly id: string; readonly sector: Sector }
export type Stage = Awaited<ReturnType<typeof openStage>>

/** Two municipalities, two partners that report to both, and helpers to set up cases. */
export async function openStage(t: Test, options: { now?: string; outgoing?: Outgoing } = {}) {
  const hub = await openTestHub(t, options)
  const raalte = await hub.gemeente('0177', 'Raalte')
  const olst = await hub.gemeente('1773', 'Olst-Wijhe')
  const partner = async (sector: Sector): Promise<Partner> => ({
    ...(await hub.signaalpartner([sector], ['0177', '1773'])),
    sector
  })
  const [huur, water] = [await partner('huur'), await partner('drinkwater')]
  let sent = 0

  /** Posts a signal about the residents of this house number, received now. Returns its id. */
  const send = async (by: Partner, huisnummer: number, overrides: Overrides = {}): Promise<string> => {
    sent += 1
    const usual = { referentie: `R-${sent}`, signaaldatum: todayIn(hub.hub.clock()) }
    const signal = aSignalFor(by.sector, { adres: { huisnummer }, ...usual, ...overrides })
    return made(await by.post(signalen, signal)).id
  }
  const householdAt = (huisnummer: number, party: Party = raalte) => findHuishouden(party, huisnummer)
  /** Opens a case for the household at this house number, with all its waiting signals. */
  const openAt = async (huisnummer: number, party: Party = raalte) => {
    const { id } = await findHuishouden(party, huisnummer)
    return made(await party.post(zaken, { huishoudenId: id }))
  }
  return { hub, raalte, olst, huur, water, partner, send, householdAt, openAt }
}

/** The body of a 201. Throws for any other status. */
export function made(answer: Answer) {
  if (answer.statusCode !== 201) throw new Error(`expected 201, got ${answer.statusCode}: ${answer.body}`)
  return answer.json()
}

/** The household at this house number as the municipality finds it. Undefined when there is none. */
async function findHuishouden(party: Party, huisnummer: number) {
  const vraag = { adres: { postcode: '8101AA', huisnummer } }
  return (await party.post('/v1/huishoudens/_zoek', vraag)).json().resultaten[0]
}

type Result = { resultaat?: string; datum?: string; betreft?: string[] }

const naContact = new Set<string>(eindresultaatlijst.filter((one) => gevolgVan(one).isNaContact))

/** Records that a resident was reached in a case, unless one was. */
export async function reach(party: Party, id: string): Promise<void> {
  const url = `${zaken}/${id}/contactpogingen`
  const { resultaten = [] } = (await party.get(url)).json()
  if (resultaten.some(({ bereikt }: { bereikt: boolean }) => bereikt)) return
  const { datumOpgepakt } = (await party.get(`${zaken}/${id}`)).json()
  await party.post(url, { soort: 'telefoon', datum: datumOpgepakt, bereikt: true })
}

/** Closes a case, with its current ETag unless another one is given. Where help was accepted, someone was reached. */
export async function close(
  party: Party,
  id: string,
  result: Result = {},
  ifMatch?: string
): Promise<Answer> {
  const { resultaat = 'vervolghulp' } = result
  if (naContact.has(resultaat)) await reach(party, id)
  const etag = ifMatch ?? String((await party.get(`${zaken}/${id}`)).headers.etag)
  return put(party, id, result, { 'if-match': etag })
}

/** The plain request behind `close`. */
export function put(
  party: Party,
  id: string,
  { resultaat = 'vervolghulp', datum = '2026-11-20', betreft }: Result = {},
  headers: Record<string, string> = {}
): Promise<Answer> {
  const url = `${zaken}/${id}/resultaat`
  return party.call({
    method: 'PUT',
    url,
    headers,
    payload: { resultaat, datum, ...(betreft && { betreft }) }
  })
}

/** Recalls the result of a case, with its current ETag unless another one is given. */
export async function recall(party: Party, id: string, ifMatch?: string): Promise<Answer> {
  const etag = ifMatch ?? String((await party.get(`${zaken}/${id}`)).headers.etag)
  return party.delete(`${zaken}/${id}/resultaat`, { 'if-match': etag })
}

/** Everything a partner heard about one of its signals, in order. */
export async function heardOf(partner: Party, vroegsignaalId: string): Promise<string[]> {
  const { resultaten } = (await partner.get('/v1/terugkoppelingen?limit=1000')).json()
  return resultaten
    .filter((one: { vroegsignaalId: string }) => one.vroegsignaalId === vroegsignaalId)
    .map(({ code }: { code: string }) => code)
}

/** Reads a collection page by page through its Link headers. */
export async function walk<Row>(party: Party, url: string): Promise<{ pages: number; resultaten: Row[] }> {
  const resultaten: Row[] = []
  let pages = 0
  for (let next: string | undefined = url; next !== undefined; pages += 1) {
    const answer = await party.get(next)
    resultaten.push(...answer.json().resultaten)
    const link = /<([^>]+)>; rel="next"/.exec(String(answer.headers.link))?.[1]
    next = link && new URL(link).pathname + new URL(link).search
  }
  return { pages, resultaten }
}

export function idsOf(answer: Answer): string[] {
  return answer.json().resultaten.map(({ id }: { id: string }) => id)
}

/** The number of rows in each table of a case. */
export async function rowsLeft(hub: TestHub) {
  const [counts] = await hub.admin(`select (select count(*)::int from vroegsignaalzaak) as zaken,
    (select count(*)::int from zaak_vroegsignaal) as koppelingen,
    (select count(*)::int from contactpoging) as contactpogingen`)
  return counts
}

/** Waits until a session in this hub's database waits for a lock. */
export async function untilBlocked(hub: TestHub): Promise<void> {
  const query = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  while ((await hub.admin(query)).length === 0);
}
