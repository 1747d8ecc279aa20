import { type Partij, partijen } from '../../../begrippen/organisatie.ts'
import { isOtherDeal } from '../../../organisaties/overeenkomsten/is-other-deal.ts'
import type { Landschap, LandschapClient } from './landschap-schema.ts'
import { change, type Found, hasSecret, type Plan, type Stap, type Verbintenis } from './plan.ts'
import { keyOfClient } from './read-landschap.ts'

/** What tells an agreement from the others. */
export function keyOfVerbintenis({
  signaalpartner,
  gemeentecode,
  ingangsdatum
}: Pick<Verbintenis, 'signaalpartner' | 'gemeentecode' | 'ingangsdatum'>): string {
  return `${signaalpartner}, ${gemeentecode}, ${ingangsdatum}`
}

/** An agreement of the landscape as it will stand once its terms are right: who has signed those, and whether it is over. */
export type Standing = {
  readonly verbintenis: Verbintenis
  readonly ondertekend: readonly Partij[]
  readonly isOver: boolean
}

/** The agreements that are to be made or changed, and how each will stand, by entry of the landscape. */
export function planOvereenkomsten(
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
      if (current !== undefined && !isOver)
        stappen.push(
          ...change(
            `overeenkomst ${keyOfVerbintenis(verbintenis)}`,
            `/v1/overeenkomsten/${current.id}`,
            terms,
            current
          )
        )
      const isUnsigned = current === undefined || isOtherDeal(current, terms)
      return {
        verbintenis,
        isOver,
        ondertekend: isUnsigned ? [] : current.ondertekeningen.map(({ partij }) => partij)
      }
    })
  })
  return { stappen, verbintenissen }
}

/** The fields of an agreement that may change. */
export function termsOf({ sectoren, convenantversie, einddatum }: Verbintenis) {
  return { sectoren, convenantversie, ...(einddatum !== undefined && { einddatum }) }
}

/**
 * The signatures that the landscape has and the hub lacks: given with the client of that party where its secret is known, else
 * left open.
 */
export function planOndertekeningen(
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
          `${what(unable)}: de ${partij} ondertekent zelf, want hier is van geen client van die partij alleen met overeenkomsten:ondertekenen het geheim bekend`
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

function listOf(verbintenissen: readonly Verbintenis[]): string {
  const codes = verbintenissen.map(({ gemeentecode }) => gemeentecode)
  return codes.length === 1 ? `gemeente ${codes[0]}` : `${codes.length} gemeenten (${codes.join(', ')})`
}
