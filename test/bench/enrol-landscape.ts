import { scopesPerRol } from '../../src/begrippen/scopes.ts'
import { withConnection } from '../../src/platform/database/open-database.ts'
import { type Credentials, must, type Party } from '../demo/open-party.ts'
import { postcodesOf } from '../demo/participants.ts'
import { gemeenten, signaalpartners } from './landscape.ts'

/** A partner with its id and the id of its client in the hub. */
export type EnrolledPartner = { readonly code: string; readonly id: string; readonly clientId: string }

/** The participants. */
export type Enrolled = {
  readonly partners: readonly EnrolledPartner[]
  /** By partner code or municipality code. */
  readonly credentials: ReadonlyMap<string, Credentials>
}

/** The sixteen largest municipalities. Only these have a client of their own. */
export const readingGemeenten = gemeenten.slice(0, 16).map(({ gemeentecode }) => gemeentecode)

/** The client that works for every municipality, among the credentials. */
export const alleGemeenten = 'alle'

/** Enrols everybody through the API. The thousands of agreements go straight into the database. */
export async function enrolLandscape(beheer: Party, adminUrl: string): Promise<Enrolled> {
  const credentials = new Map<string, Credentials>()
  const create = (path: string, body: object | string) => must(201, beheer.call('POST', path, body))
  await create('/v1/adresregister/leveringen', registerCsv())
  for (const { gemeentecode, naam } of gemeenten) await create('/v1/gemeenten', { gemeentecode, naam })
  for (const gemeentecode of readingGemeenten) {
    credentials.set(
      gemeentecode,
      await create('/v1/clients', clientOf('gemeente', { gemeentecodes: [gemeentecode] }))
    )
  }
  const every = gemeenten.map(({ gemeentecode }) => gemeentecode)
  credentials.set(alleGemeenten, await create('/v1/clients', clientOf('gemeente', { gemeentecodes: every })))
  const partners: EnrolledPartner[] = []
  for (const { code, naam, sectoren } of signaalpartners) {
    const { id } = await create('/v1/signaalpartners', { naam, sectoren })
    const client = await create('/v1/clients', clientOf('signaalpartner', { signaalpartnerId: id }))
    credentials.set(code, client)
    partners.push({ code, id, clientId: client.id })
  }
  await signAgreements(adminUrl)
  return { partners, credentials }
}

function registerCsv(): string {
  const lines = gemeenten.flatMap((gemeente) =>
    postcodesOf(gemeente).map((postcode) => `${postcode};1;${gemeente.gemeentecode}`)
  )
  return ['PC6;Huisnummer;Gemeente2026', ...lines].join('\n')
}

function clientOf(rol: 'gemeente' | 'signaalpartner', of: object) {
  return { naam: `Systeem (${rol})`, rol, scopes: scopesPerRol[rol], ...of }
}

async function signAgreements(adminUrl: string): Promise<void> {
  await withConnection(adminUrl, (client) =>
    client.query(`insert into overeenkomst (gemeentecode, id, signaalpartner_id, sectoren, convenantversie,
        ingangsdatum, ondertekening_signaalpartner, ondertekening_gemeente)
      select g.gemeentecode, gen_random_uuid(), p.id, p.sectoren, 'LCV 2020', '2020-01-01', o, o
      from gemeente g, signaalpartner p, jsonb_build_object('naam', 'T. Tekenbevoegd', 'functie', 'Gevolmachtigde',
        'op', '2020-01-01T00:00:00.000Z') o`)
  )
  await withConnection(adminUrl, (client) => client.query('analyze'))
}
