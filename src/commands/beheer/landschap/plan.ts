import type { Partij } from '../../../begrippen/organisatie.ts'
import type { Client } from '../../../organisaties/clients/client-schema.ts'
import type { Gemeente } from '../../../organisaties/gemeenten/gemeente-schema.ts'
import type { Overeenkomst } from '../../../organisaties/overeenkomsten/overeenkomst-schema.ts'
import type { Signaalpartner } from '../../../organisaties/signaalpartners/signaalpartner-schema.ts'
import { differences } from './differences.ts'
import type { LandschapClient, LandschapOvereenkomst } from './landschap-schema.ts'

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

/** Whether a client proves itself by a secret that the hub makes. */
export function hasSecret({ jwks, uitgever }: LandschapClient): boolean {
  return jwks === undefined && uitgever === undefined
}

/** The step that makes what there is as it is wanted; none when it is. */
export function change(what: string, path: string, wanted: object, current: object): Stap[] {
  const body = differences(wanted as Record<string, unknown>, current as Record<string, unknown>)
  const fields = Object.keys(body)
  if (fields.length === 0) return []
  return [{ tekst: `${what} wijzigen: ${fields.join(', ')}`, verzoeken: [{ soort: 'wijzigen', path, body }] }]
}
