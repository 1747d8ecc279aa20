import { type Partij, partijen } from '../../../begrippen/organisatie.ts'
import type { Client } from '../../../organisaties/clients/client-schema.ts'
import type { Gemeente } from '../../../organisaties/gemeenten/gemeente-schema.ts'
import type { Overeenkomst } from '../../../organisaties/overeenkomsten/overeenkomst-schema.ts'
import type { Signaalpartner } from '../../../organisaties/signaalpartners/signaalpartner-schema.ts'
import { differences } from './differences.ts'
import type { Geheimen } from './keep-geheimen.ts'
import type { Landschap, LandschapClient, LandschapOvereenkomst } from './landschap-schema.ts'
import { keyOfClient } from './read-landschap.ts'

/** What a hub knows of who takes part. */
export type Found = {
  readonly gemeenten: readonly Gemeente[]
  readonly signaalpartners: readonly Signaalpartner[]
  readonly overeenkomsten: readonly Overeenkomst[]
  readonly clients: readonly Client[]
}

/** One agreement that an entry of the landscape asks for. */
export type Verbintenis = Omit<LandschapOvereenkomst, 'gemeentecodes'> & { readonly gemeentecode: string }

/** One request to the hub. */
export type Verzoek =
  | { readonly soort: 'wijzigen'; readonly path: string; readonly body: object }
  | { readonly soort: 'gemeente'; readonly body: object }
  | { readonly soort: 'signaalpartner'; readonly naam: string; readonly body: object }
  | { readonly soort: 'overeenkomst'; readonly verbintenis: Verbintenis }
  | { readonly soort: 'client'; readonly key: string; readonly client: LandschapClient }
  | { readonly soort: 'geheim'; readonly key: string; readonly client: Client }
  | {
      readonly soort: 'ondertekening'
      readonly verbintenis: Verbintenis
      readonly partij: Partij
      /** The key of the client that signs. */
      readonly ondertekenaar: string
    }

/** What will be done, in words, and the requests that do it, in order. */
export type Stap = { readonly tekst: string; readonly verzoeken: readonly Verzoek[] }
export type Plan = {
  readonly stappen: readonly Stap[]
  /** What somebody else has to do. */
  readonly openstaand: readonly string[]
}

/**
 * Compares a landscape with what a hub knows. What the hub has besides is left alone, and so is a field that the landscape
 * leaves out. Throws when partners of the hub share a name of the landscape.
 */
export function planLandschap(wanted: Landschap, found: Found, geheimen: Pick<Geheimen, 'of'>): Plan {
  const { idOf, naamOf } = partnersIn(wanted, found)
  const clients = clientsByKey(found, naamOf)
  const overeenkomsten = planOvereenkomsten(wanted, found, idOf)
  const signing = planOndertekeningen(wanted, overeenkomsten.verbintenissen, (key) => {
    const isNew = !clients.has(key)
    return isNew || geheimen.of(key) !== undefined
  })
  return {
    stappen: [
      ...planGemeenten(wanted, found),
      ...planSignaalpartners(wanted, found),
      ...planClients(wanted, clients, geheimen),
      ...overeenkomsten.stappen,
      ...signing.stappen
    ],
    openstaand: signing.openstaand
  }
}

/** The keys of the clients whose secrets a plan will make known. */
export function newSecrets({ stappen }: Plan): string[] {
  return stappen.flatMap(({ verzoeken }) =>
    verzoeken.flatMap((verzoek) =>
      verzoek.soort === 'geheim' || (verzoek.soort === 'client' && hasSecret(verzoek.client))
        ? [verzoek.key]
        : []
    )
  )
}

/** Whether a client proves itself by a secret that the hub makes. */
export function hasSecret({ jwks, uitgever }: LandschapClient): boolean {
  return jwks === undefined && uitgever === undefined
}

/** What tells an agreement from the others. */
export function keyOfVerbintenis({
  signaalpartner,
  gemeentecode,
  ingangsdatum
}: Pick<Verbintenis, 'signaalpartner' | 'gemeentecode' | 'ingangsdatum'>): string {
  return `${signaalpartner}, ${gemeentecode}, ${ingangsdatum}`
}

function partnersIn({ signaalpartners }: Landschap, found: Found) {
  const ids = Map.groupBy(found.signaalpartners, ({ naam }) => naam)
  const shared = signaalpartners.filter(({ naam }) => (ids.get(naam)?.length ?? 0) > 1)
  if (shared.length > 0)
    throw new Error(
      `Op de hub hebben meer signaalpartners deze naam: ${shared.map(({ naam }) => naam).join(', ')}`
    )
  const names = new Map(found.signaalpartners.map(({ id, naam }) => [id, naam]))
  return {
    idOf: (naam: string) => ids.get(naam)?.[0]?.id,
    naamOf: (id: string | undefined) => (id === undefined ? undefined : names.get(id))
  }
}

function clientsByKey({ clients }: Found, naamOf: (id: string | undefined) => string | undefined) {
  return new Map(
    clients.map((client) => {
      const signaalpartner = naamOf(client.signaalpartnerId)
      return [keyOfClient({ ...client, ...(signaalpartner !== undefined && { signaalpartner }) }), client]
    })
  )
}

function planGemeenten({ gemeenten }: Landschap, found: Found): Stap[] {
  return gemeenten.flatMap((gemeente) => {
    const { gemeentecode, naam } = gemeente
    const current = found.gemeenten.find((one) => one.gemeentecode === gemeentecode)
    if (current === undefined)
      return [
        {
          tekst: `gemeente ${gemeentecode} ${naam} toevoegen`,
          verzoeken: [{ soort: 'gemeente', body: gemeente }]
        }
      ]
    return change(`gemeente ${gemeentecode} ${naam}`, `/v1/gemeenten/${gemeentecode}`, gemeente, current)
  })
}

function planSignaalpartners({ signaalpartners }: Landschap, found: Found): Stap[] {
  return signaalpartners.flatMap((partner) => {
    const { naam } = partner
    const current = found.signaalpartners.find((one) => one.naam === naam)
    if (current === undefined)
      return [
        {
          tekst: `signaalpartner ${naam} toevoegen`,
          verzoeken: [{ soort: 'signaalpartner', naam, body: partner }]
        }
      ]
    return change(`signaalpartner ${naam}`, `/v1/signaalpartners/${current.id}`, partner, current)
  })
}

function planClients(
  { clients }: Landschap,
  current: ReadonlyMap<string, Client>,
  geheimen: Pick<Geheimen, 'of'>
): Stap[] {
  return clients.flatMap((client): Stap[] => {
    const key = keyOfClient(client)
    const found = current.get(key)
    if (found === undefined)
      return [{ tekst: `client ${key} toevoegen`, verzoeken: [{ soort: 'client', key, client }] }]
    const { rol: _, signaalpartner: __, uitgever: ___, ...fields } = client
    const kept = geheimen.of(key)
    return [
      ...change(`client ${key}`, `/v1/clients/${found.id}`, fields, found),
      // It was made, and the work broke off before its secret was known.
      ...(kept !== undefined && kept.clientSecret === undefined
        ? [
            {
              tekst: `client ${key} een nieuw geheim geven`,
              verzoeken: [{ soort: 'geheim' as const, key, client: found }]
            }
          ]
        : [])
    ]
  })
}

type Standing = {
  readonly verbintenis: Verbintenis
  readonly ondertekend: readonly Partij[]
  readonly isOver: boolean
}

function planOvereenkomsten(
  { overeenkomsten }: Landschap,
  found: Found,
  idOf: (naam: string) => string | undefined
): { stappen: Stap[]; verbintenissen: Standing[][] } {
  const stappen: Stap[] = []
  const verbintenissen = overeenkomsten.map((entry) => {
    const standing = entry.gemeentecodes.map((gemeentecode) => {
      const { gemeentecodes: _, ...rest } = entry
      const verbintenis = { ...rest, gemeentecode }
      const current = found.overeenkomsten.find(
        (one) =>
          one.signaalpartnerId === idOf(entry.signaalpartner) &&
          one.gemeentecode === gemeentecode &&
          one.ingangsdatum === entry.ingangsdatum
      )
      return { verbintenis, current }
    })
    const fresh = standing
      .filter(({ current }) => current === undefined)
      .map(({ verbintenis }) => verbintenis)
    if (fresh.length > 0)
      stappen.push({
        tekst: `overeenkomst van ${entry.signaalpartner} voorleggen aan ${listOf(fresh)}`,
        verzoeken: fresh.map((verbintenis) => ({ soort: 'overeenkomst', verbintenis }))
      })
    return standing.map(({ verbintenis, current }) => {
      const isOver = current?.status === 'beeindigd'
      const terms = termsOf(verbintenis)
      const changed = current === undefined || isOver ? {} : differences(terms, current)
      if (current !== undefined && !isOver)
        stappen.push(
          ...change(
            `overeenkomst ${keyOfVerbintenis(verbintenis)}`,
            `/v1/overeenkomsten/${current.id}`,
            terms,
            current
          )
        )
      const isOtherDeal = current === undefined || mustSignAgain(current, changed)
      return {
        verbintenis,
        isOver,
        ondertekend: isOtherDeal ? [] : current.ondertekeningen.map(({ partij }) => partij)
      }
    })
  })
  return { stappen, verbintenissen }
}

/** The fields of an agreement that may change. */
export function termsOf({ sectoren, convenantversie, einddatum }: Verbintenis) {
  return { sectoren, convenantversie, ...(einddatum !== undefined && { einddatum }) }
}

// As the hub judges a change.
function mustSignAgain(
  current: Overeenkomst,
  changed: { convenantversie?: unknown; sectoren?: unknown }
): boolean {
  const sectoren = (changed.sectoren ?? []) as Overeenkomst['sectoren']
  return (
    changed.convenantversie !== undefined || sectoren.some((sector) => !current.sectoren.includes(sector))
  )
}

function planOndertekeningen(
  { clients }: Landschap,
  entries: readonly (readonly Standing[])[],
  isKnown: (key: string) => boolean
): Plan {
  const stappen: Stap[] = []
  const openstaand: string[] = []
  for (const standing of entries) {
    for (const partij of partijen) {
      const unsigned = standing.filter(
        ({ verbintenis, ondertekend, isOver }) =>
          verbintenis.ondertekening?.[partij] !== undefined && !isOver && !ondertekend.includes(partij)
      )
      const verzoeken = unsigned.map(({ verbintenis }) => ({
        verbintenis,
        ondertekenaar: clients
          .filter((client) => maySign(client, partij, verbintenis))
          .map(keyOfClient)
          .find(isKnown)
      }))
      const able = verzoeken.filter(({ ondertekenaar }) => ondertekenaar !== undefined)
      const unable = verzoeken.filter(({ ondertekenaar }) => ondertekenaar === undefined)
      const what = (some: readonly { readonly verbintenis: Verbintenis }[]) =>
        `overeenkomst van ${some[0]!.verbintenis.signaalpartner} met ${listOf(some.map(({ verbintenis }) => verbintenis))}`
      if (able.length > 0)
        stappen.push({
          tekst: `${what(able)} ondertekenen voor de ${partij}`,
          verzoeken: able.map(({ verbintenis, ondertekenaar }) => ({
            soort: 'ondertekening',
            verbintenis,
            partij,
            ondertekenaar: ondertekenaar!
          }))
        })
      if (unable.length > 0)
        openstaand.push(
          `${what(unable)}: de ${partij} ondertekent zelf, want hier is van geen client met overeenkomsten:ondertekenen het geheim bekend`
        )
    }
  }
  return { stappen, openstaand }
}

function maySign(
  client: LandschapClient,
  partij: Partij,
  { signaalpartner, gemeentecode }: Verbintenis
): boolean {
  if (client.rol !== partij || !client.scopes.includes('overeenkomsten:ondertekenen') || !hasSecret(client))
    return false
  return partij === 'signaalpartner'
    ? client.signaalpartner === signaalpartner
    : client.gemeentecodes?.length === 1 && client.gemeentecodes[0] === gemeentecode
}

function change(what: string, path: string, wanted: object, current: object): Stap[] {
  const body = differences(wanted as Record<string, unknown>, current as Record<string, unknown>)
  const fields = Object.keys(body)
  if (fields.length === 0) return []
  return [{ tekst: `${what} wijzigen: ${fields.join(', ')}`, verzoeken: [{ soort: 'wijzigen', path, body }] }]
}

function listOf(verbintenissen: readonly Verbintenis[]): string {
  const codes = verbintenissen.map(({ gemeentecode }) => gemeentecode)
  return codes.length === 1 ? `gemeente ${codes[0]}` : `${codes.length} gemeenten (${codes.join(', ')})`
}
