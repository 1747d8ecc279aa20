import type { Client } from '../../../organisaties/clients/client-schema.ts'
import type { Geheimen } from './keep-geheimen.ts'
import type { Landschap } from './landschap-schema.ts'
import { change, type Found, hasSecret, type Plan, type Stap } from './plan.ts'
import { planOndertekeningen, planOvereenkomsten } from './plan-overeenkomsten.ts'
import { keyOfClient } from './read-landschap.ts'

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
