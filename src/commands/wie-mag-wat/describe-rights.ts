import { type Scope, scopeTexts } from '../../begrippen/scopes.ts'
import { daysBetween, todayIn } from '../../time.ts'

/** Who takes part, as the hub lists it. */
export type Landscape = {
  readonly gemeenten: readonly { readonly gemeentecode: string; readonly naam: string }[]
  readonly signaalpartners: readonly { readonly id: string; readonly naam: string; readonly status: string }[]
  readonly overeenkomsten: readonly {
    readonly signaalpartnerId: string
    readonly gemeentecode: string
    readonly sectoren: readonly string[]
    readonly ingangsdatum: string
    readonly einddatum?: string
    readonly status: string
  }[]
  readonly clients: readonly RightsOfClient[]
}

type RightsOfClient = {
  readonly clientId: string
  readonly naam: string
  readonly rol: string
  readonly signaalpartnerId?: string
  readonly gemeentecodes?: readonly string[]
  readonly scopes: readonly string[]
  readonly aangemaaktOp: string
  readonly laatstGebruiktOp?: string
  readonly einddatum?: string
}

// Days without use after which a reviewer should ask whether a client is still needed.
const longUnused = 90

/** Says in lines of text who may do what, per organisation, and what a reviewer should look at. */
export function describeRights(landscape: Landscape, now: Date): string[] {
  const { clients, gemeenten, signaalpartners } = landscape
  const attention = clients.flatMap((client) => remarksOn(client, now))
  return [
    ...section(
      'Beheerder',
      clients.filter(({ rol }) => rol === 'beheer')
    ),
    ...gemeenten.flatMap(({ gemeentecode, naam }) =>
      section(
        `Gemeente ${naam} (${gemeentecode})`,
        clients.filter(({ gemeentecodes = [] }) => gemeentecodes.includes(gemeentecode))
      )
    ),
    ...signaalpartners.flatMap(({ id, naam, status }) => [
      ...section(
        `Signaalpartner ${naam}${status === 'actief' ? '' : ` (${status})`}`,
        clients.filter(({ signaalpartnerId }) => signaalpartnerId === id)
      ),
      ...agreementsOf(id, landscape)
    ]),
    '',
    'Aandacht',
    ...(attention.length > 0 ? attention : ['  Niets.'])
  ]
}

function section(title: string, clients: readonly RightsOfClient[]): string[] {
  return ['', title, ...(clients.length > 0 ? clients.flatMap(describe) : ['  geen client'])]
}

function describe({ naam, clientId, aangemaaktOp, laatstGebruiktOp, ...client }: RightsOfClient): string[] {
  const { einddatum, scopes, gemeentecodes = [] } = client
  const life = [
    `sinds ${dayOf(aangemaaktOp)}`,
    laatstGebruiktOp ? `laatst gebruikt ${dayOf(laatstGebruiktOp)}` : 'nooit gebruikt',
    einddatum ? `tot en met ${einddatum}` : 'zonder einddatum'
  ]
  return [
    `  ${naam}, client ${clientId}: ${life.join(', ')}`,
    ...(gemeentecodes.length > 1 ? [`    voor ${gemeentecodes.length} gemeenten`] : []),
    ...scopes.map((scope) => `    ${scope.padEnd(28)} ${scopeTexts[scope as Scope] ?? ''}`.trimEnd())
  ]
}

function agreementsOf(id: string, { overeenkomsten, gemeenten }: Landscape): string[] {
  const names = new Map(gemeenten.map(({ gemeentecode, naam }) => [gemeentecode, naam]))
  return overeenkomsten
    .filter(({ signaalpartnerId }) => signaalpartnerId === id)
    .map(({ gemeentecode, sectoren, ingangsdatum, einddatum, status }) => {
      const term = einddatum ? `${ingangsdatum} tot en met ${einddatum}` : `vanaf ${ingangsdatum}`
      return `  overeenkomst met ${names.get(gemeentecode) ?? gemeentecode}: ${sectoren.join(', ')}, ${term}, ${status}`
    })
}

function remarksOn({ naam, clientId, ...client }: RightsOfClient, now: Date): string[] {
  const today = todayIn(now)
  const since = dayOf(client.laatstGebruiktOp ?? client.aangemaaktOp)
  const unused = daysBetween(since, today)
  const remarks = []
  if (unused > longUnused) remarks.push(`al ${unused} dagen niet gebruikt`)
  if (client.einddatum !== undefined && client.einddatum < today)
    remarks.push(`liep af op ${client.einddatum}`)
  return remarks.map(
    (remark) => `  ${naam}, client ${clientId}: ${remark}; trek hem in als hij niet meer nodig is`
  )
}

function dayOf(instant: string): string {
  return todayIn(new Date(instant))
}
