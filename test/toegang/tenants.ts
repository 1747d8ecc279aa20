import type { Test } from 'tap'
import { scopesPerRol } from '../../src/begrippen/scopes.ts'
import { aSignal } from '../helpers/builders.ts'
import { openTestHub, type Party, type TestHub } from '../helpers/test-hub.ts'

export const roles = ['partnerA', 'partnerB', 'gemeenteA', 'gemeenteB', 'uitvoerder', 'beheer'] as const
export type Role = (typeof roles)[number]

export type Group = 'partner' | 'gemeente' | 'beheer'

export function groupOf(role: Role): Group {
  return role.replace(/[AB]$/, '').replace('uitvoerder', 'gemeente') as Group
}

/** A resource in the hub, and the roles that may see it. */
export type Owned = { readonly id: string; readonly seenBy: readonly Role[] }

export type Tenants = {
  readonly hub: TestHub
  readonly parties: Record<Role, Party>
  /** Every resource, by the first segment of its path. */
  readonly owned: Record<string, readonly Owned[]>
  /** Texts that only these roles may ever see. */
  readonly canaries: readonly { readonly text: string; readonly seenBy: readonly Role[] }[]
}

const codes = { gemeenteA: '0177', gemeenteB: '0150' } as const
const partnersOf = { partnerA: 'huur', partnerB: 'drinkwater' } as const
type Partner = keyof typeof partnersOf
type Gemeente = keyof typeof codes

/**
 * Two partners that both send to two municipalities, about one address in each, so every household holds a signal of
 * each partner. There is also an uitvoerder for both municipalities, and a destruction in each.
 */
export async function openTenants(t: Test): Promise<Tenants> {
  const hub = await openTestHub(t, { now: '2026-01-20T09:00:00Z' })
  const gemeenteA = await hub.gemeente(codes.gemeenteA, 'Gemeente Alfa')
  const gemeenteB = await hub.gemeente(codes.gemeenteB, 'Gemeente Beta')
  const uitvoerder = await hub.client({
    naam: 'Uitvoerder',
    rol: 'gemeente',
    gemeentecodes: Object.values(codes),
    scopes: scopesPerRol.gemeente
  })
  const partnerA = await hub.signaalpartner(['huur'], Object.values(codes))
  const partnerB = await hub.signaalpartner(['drinkwater'], Object.values(codes))
  const parties = { partnerA, partnerB, gemeenteA, gemeenteB, uitvoerder, beheer: hub.beheer }

  for (const gemeente of gemeenten)
    await post(partnerA, '/v1/vroegsignalen', signalOf('partnerA', gemeente, 'oud'))
  hub.setClock('2026-11-20T09:00:00Z')
  await hub.sweep()
  const vroegsignalen: Owned[] = []
  const aanleveringen: Owned[] = []
  for (const partner of partners) {
    for (const gemeente of gemeenten) {
      const { id } = await post(parties[partner], '/v1/vroegsignalen', signalOf(partner, gemeente))
      vroegsignalen.push({ id, seenBy: [partner, gemeente, 'uitvoerder'] })
    }
    const delivered = { vroegsignalen: [signalOf(partner, 'gemeenteA')] }
    const { id } = await post(parties[partner], '/v1/aanleveringen', delivered)
    aanleveringen.push({ id, seenBy: [partner] })
  }
  for (const gemeente of gemeenten) await handle(parties[gemeente], vroegsignalen)
  const aanmelding = await post(hub.beheer, '/v1/aanmeldingen', {
    naam: 'Aanmelder',
    sectoren: ['huur'],
    gemeentecodes: ['0177'],
    contactpersoon: { naam: 'M. Voorbeeld', emailadres: 'm@example.nl' }
  })
  const bezwaren: Owned[] = []
  const beperkingen: Owned[] = []
  for (const gemeente of gemeenten) {
    const { id } = await post(parties[gemeente], '/v1/bezwaren', objection)
    bezwaren.push({ id, seenBy: [gemeente, 'uitvoerder'] })
    const beperking = await post(parties[gemeente], '/v1/beperkingen', objection)
    beperkingen.push({ id: beperking.id, seenBy: [gemeente, 'uitvoerder'] })
  }
  const abonnementen: Owned[] = []
  for (const gemeente of gemeenten) {
    const { id } = await post(parties[gemeente], '/v1/abonnementen', subscription)
    abonnementen.push({ id, seenBy: [gemeente, 'uitvoerder'] })
  }
  abonnementen.push({
    id: (await post(uitvoerder, '/v1/abonnementen', subscription)).id,
    seenBy: ['uitvoerder']
  })
  return {
    hub,
    parties,
    owned: {
      abonnementen,
      vroegsignalen,
      aanleveringen,
      bezwaren,
      beperkingen,
      huishoudens: await perGemeente(parties, '/v1/huishoudens', ['uitvoerder']),
      vroegsignaalzaken: await perGemeente(parties, '/v1/vroegsignaalzaken', ['uitvoerder']),
      betwistingen: await contests(parties, vroegsignalen),
      monitor: partners.map((partner) => ({
        id: { partnerA, partnerB }[partner].id,
        seenBy: [partner, 'gemeenteA', 'gemeenteB', 'uitvoerder', 'beheer']
      })),
      vernietigingen: await perGemeente(parties, '/v1/vernietigingen', ['uitvoerder', 'beheer']),
      aanmeldingen: [{ id: aanmelding.id, seenBy: ['beheer'] }],
      gemeenten: gemeenten.map((name) => ({ id: codes[name], seenBy: [name, 'uitvoerder', 'beheer'] })),
      signaalpartners: [
        { id: partnerA.id, seenBy: ['partnerA', 'beheer'] },
        { id: partnerB.id, seenBy: ['partnerB', 'beheer'] }
      ],
      overeenkomsten: await agreements(hub.beheer, partnerA.id)
    },
    canaries: partners.flatMap((partner) => gemeenten.flatMap((gemeente) => canariesOf(partner, gemeente)))
  }
}

const subscription = {
  url: 'https://ontvanger.voorbeeld.example/',
  soorten: ['nl.vroegsignalering.gegevens-vernietigd']
}

/** Of somebody whom no signal is about. */
const objection = { naam: { geslachtsnaam: 'Bezwaarmaker' }, adres: { postcode: '8101AA', huisnummer: 999 } }

const partners = Object.keys(partnersOf) as Partner[]
const gemeenten = Object.keys(codes) as Gemeente[]

/** The texts of a signal that only its partner, its municipality and the uitvoerder may read. */
function canariesOf(partner: Partner, gemeente: Gemeente): Tenants['canaries'] {
  const { referentie, betrokkene } = signalOf(partner, gemeente)
  const seenBy = [partner, gemeente, 'uitvoerder'] as const
  return [referentie, betrokkene.naam.geslachtsnaam, betrokkene.emailadres!].map((text) => ({ text, seenBy }))
}

/** The signal of a partner about the one address in a municipality. Its canary texts occur in no other signal. */
export function signalOf(partner: Partner, gemeente: Gemeente, suffix = '') {
  const name = `${partner}-${gemeente}${suffix}`
  const postcode = gemeente === 'gemeenteA' ? '8101AA' : '7411AA'
  return aSignal({
    referentie: `REF-${name}`,
    sector: partnersOf[partner],
    ...(partner === 'partnerB' && { klantnummer: `KLANT-${name}` }),
    gemeentecode: codes[gemeente],
    signaaldatum: suffix ? '2026-01-20' : '2026-11-20',
    betrokkene: { naam: { geslachtsnaam: `Naam-${name}` }, emailadres: `${name}@voorbeeld.example` },
    adres: { straat: `Straat-${gemeente}`, huisnummer: 7, postcode, woonplaats: gemeente }
  })
}

async function perGemeente(parties: Record<Role, Party>, url: string, too: Role[]): Promise<Owned[]> {
  const found: Owned[] = []
  for (const gemeente of gemeenten) {
    const { resultaten } = (await parties[gemeente].get(url)).json()
    found.push(...resultaten.map(({ id }: { id: string }) => ({ id, seenBy: [gemeente, ...too] })))
  }
  return found
}

// Does everything a municipality does with a household, except closing its case: that would hide the signals.
async function handle(gemeente: Party, vroegsignalen: readonly Owned[]): Promise<void> {
  const [huishouden] = (await gemeente.get('/v1/huishoudens')).json().resultaten
  const zaak = await post(gemeente, '/v1/vroegsignaalzaken', { huishoudenId: huishouden.id })
  const contact = { soort: 'brief', datum: '2026-11-20', bereikt: false }
  await post(gemeente, `/v1/vroegsignaalzaken/${zaak.id}/contactpogingen`, contact)
  for (const { id } of vroegsignalen) {
    if (!zaak.vroegsignaalIds.includes(id)) continue
    await post(gemeente, `/v1/vroegsignalen/${id}/betwistingen`, { reden: 'te-klein' })
  }
}

async function contests(parties: Record<Role, Party>, vroegsignalen: readonly Owned[]): Promise<Owned[]> {
  const found: Owned[] = []
  for (const gemeente of gemeenten) {
    for (const { id, vroegsignaalId } of (await parties[gemeente].get('/v1/betwistingen')).json()
      .resultaten) {
      found.push({ id, seenBy: vroegsignalen.find((signal) => signal.id === vroegsignaalId)!.seenBy })
    }
  }
  return found
}

async function agreements(beheer: Party, idOfA: string): Promise<Owned[]> {
  const { resultaten } = (await beheer.get('/v1/overeenkomsten')).json()
  type Agreement = { id: string; signaalpartnerId: string; gemeentecode: string }
  return (resultaten as Agreement[]).map(({ id, signaalpartnerId, gemeentecode }) => {
    const partner = signaalpartnerId === idOfA ? 'partnerA' : 'partnerB'
    const gemeente = gemeentecode === codes.gemeenteA ? 'gemeenteA' : 'gemeenteB'
    return { id, seenBy: [partner, gemeente, 'uitvoerder', 'beheer'] }
  })
}

async function post(party: Party, url: string, body: object) {
  const answer = await party.post(url, body)
  if (answer.statusCode !== 201) throw new Error(`${url}: ${answer.body}`)
  return answer.json()
}

/** The parts of a text that this role must never read. */
export function leaksTo({ owned, canaries }: Tenants, role: Role, text: string): string[] {
  const ids = Object.values(owned)
    .flat()
    .map(({ id, seenBy }) => ({ text: `"${id}"`, seenBy }))
  const secret = [...ids, ...canaries].filter(({ seenBy }) => !seenBy.includes(role))
  return secret
    .filter((canary) => text.includes(canary.text) && !isShared(owned, canary.text, role))
    .map(({ text }) => text)
}

// Both sides of an agreement may see the code of the municipality and the id of the partner.
function isShared(owned: Tenants['owned'], text: string, role: Role): boolean {
  const isCode = owned.gemeenten!.some(({ id }) => text === `"${id}"`)
  const isPartner = owned.signaalpartners!.some(({ id }) => text === `"${id}"`)
  return (isCode && groupOf(role) === 'partner') || (isPartner && groupOf(role) === 'gemeente')
}

/** Every search that finds something for some role. */
export function questions({ canaries }: Tenants): object[] {
  const adressen = ['8101AA', '7411AA'].map((postcode) => ({ postcode, huisnummer: 7 }))
  const namen = canaries
    .filter(({ text }) => text.startsWith('Naam'))
    .map(({ text }) => ({ geslachtsnaam: text }))
  const referenties = canaries
    .filter(({ text }) => text.startsWith('REF'))
    .map(({ text }) => ({ referentie: text }))
  const personen = namen.flatMap((naam) => adressen.map((adres) => ({ naam, adres })))
  return [...adressen.map((adres) => ({ adres })), ...personen, ...referenties]
}
