import type { Tx } from '../../platform/database/open-database.ts'
import { bodyFault, conflict, type Fault, invalid } from '../../platform/http/problem.ts'
import { followClient } from '../../sporen/abonnement-wens-store.ts'
import type { ExternalIssuer } from '../../toegang/external-tokens.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import { whyAbsent } from '../herindelingen/why-absent.ts'
import { findSignaalpartner } from '../signaalpartners/signaalpartner-store.ts'
import { clientFaults } from './client-rules.ts'
import type { Client, ClientInvoer, ClientWijziging } from './client-schema.ts'
import { addClient, revokeClient, saveClient } from './client-store.ts'
import { issueSecret } from './issue-secret.ts'

/**
 * Adds a client. Without keys or an issuer of its own it gets a secret; the returned text is the only copy.
 * Throws ongeldige-invoer when its organisation does not take part.
 */
export async function registerClient(
  handeling: Handeling,
  given: ClientInvoer,
  externalIssuers: readonly ExternalIssuer[]
): Promise<{ id: string; secret?: string }> {
  const { tx, now } = handeling
  requireIssuer(given, externalIssuers)
  await requireOrganisations(tx, given)
  const id = crypto.randomUUID()
  const { naam, rol, signaalpartnerId = null, gemeentecodes = [], scopes } = given
  const { jwks = null, uitgever = null, einddatum = null } = given
  const organisation = { signaalpartnerId, gemeentecodes }
  const term = { aangemaaktOp: now, laatstGebruiktOp: null, einddatum }
  await addClient(tx, { id, clientId: id, naam, rol, ...organisation, scopes, jwks, uitgever, ...term })
  if (jwks !== null || uitgever !== null) return { id }
  return { id, secret: (await issueSecret(handeling, id)).secret }
}

/**
 * Changes a client; takes effect with the next request. Throws ongeldige-invoer for what its role does not allow and
 * for an organisation that does not take part.
 */
export async function changeClient(
  { tx, now }: Pick<Handeling, 'tx' | 'now'>,
  current: Client,
  wijziging: ClientWijziging
): Promise<void> {
  const { clientId: _, id, einddatum, ...changed } = { ...current, ...wijziging }
  if (wijziging.jwks !== undefined && current.jwks === undefined) throw conflict(ofAnotherKind)
  const errors = clientFaults(changed)
  if (errors.length > 0) throw invalid(errors)
  await requireOrganisations(tx, changed)
  await saveClient(tx, {
    id,
    ...changed,
    gemeentecodes: changed.gemeentecodes ?? [],
    jwks: changed.jwks ?? null,
    einddatum: einddatum ?? null
  })
  const { gemeentecodes = [], scopes } = changed
  await followClient(tx, { id, gemeentecodes }, scopes.includes('abonnementen:beheren'), now)
}

/** Revokes a client: its tokens and secrets stop working with the next request, and its subscriptions at once. */
export async function endClient({ tx, now }: Pick<Handeling, 'tx' | 'now'>, id: string): Promise<void> {
  await revokeClient(tx, id, now)
  await followClient(tx, { id, gemeentecodes: [] }, false, now)
}

const ofAnotherKind = 'Deze client meldt zich niet met eigen sleutels (jwks); maak een nieuwe client.'

function requireIssuer({ uitgever }: ClientInvoer, externalIssuers: readonly ExternalIssuer[]): void {
  if (uitgever === undefined || externalIssuers.some(({ issuer }) => issuer === uitgever)) return
  throw invalid([bodyFault('/uitgever', 'table', 'Deze uitgever is in de hub niet ingesteld.')])
}

async function requireOrganisations(
  tx: Tx,
  { signaalpartnerId, gemeentecodes = [] }: ClientInvoer
): Promise<void> {
  const errors: Fault[] = []
  if (signaalpartnerId !== undefined && (await findSignaalpartner(tx, signaalpartnerId)) === undefined) {
    errors.push(bodyFault('/signaalpartnerId', 'table', 'Deze signaalpartner bestaat niet.'))
  }
  for (const [index, gemeentecode] of gemeentecodes.entries()) {
    const absent = await whyAbsent(tx, gemeentecode)
    if (absent !== undefined) errors.push(bodyFault(`/gemeentecodes/${index}`, 'table', absent))
  }
  if (errors.length > 0) throw invalid(errors)
}
