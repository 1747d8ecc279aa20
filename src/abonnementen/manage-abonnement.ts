import { randomUUID, randomUUIDv7 } from 'node:crypto'
import { bodyFault, conflict, invalid } from '../platform/http/problem.ts'
import type { Outgoing } from '../platform/outgoing/outgoing.ts'
import type { Handeling } from '../toegang/handeling.ts'
import type { AbonnementInvoer, AbonnementWijziging } from './abonnement-schema.ts'
import {
  type AbonnementgeheimRij,
  type AbonnementRij,
  addAbonnement,
  addGeheim,
  countAbonnementen,
  listGeheimen,
  removeGeheim,
  saveAbonnement,
  switchOffFor,
  switchOn
} from './abonnement-store.ts'
import { webhookSecret } from './bezorgen/webhook-geheim.ts'

const maxPerClient = 20
const maxGeheimen = 2

/** Throws ongeldige-invoer when events may not be sent to an address. Waits for name servers, so never in a transaction. */
export async function requireReceiver(outgoing: Outgoing, url: string | undefined): Promise<void> {
  if (url === undefined) return
  const refusal = await outgoing.refusalOf(url)
  if (refusal !== undefined) throw invalid([bodyFault('/url', 'pattern', refusal)])
}

/**
 * Adds a subscription of the calling client, for all its municipalities, with a first secret; the returned text is the only
 * copy. Throws toestand-staat-dit-niet-toe when the client has twenty.
 */
export async function takeAbonnement(
  handeling: Handeling,
  { url, soorten }: AbonnementInvoer
): Promise<{ id: string; secret: string }> {
  const { tx, caller, now } = handeling
  if ((await countAbonnementen(tx, caller.id)) >= maxPerClient)
    throw conflict(`Een client heeft hoogstens ${maxPerClient} abonnementen; verwijder er eerst een.`)
  const id = randomUUIDv7()
  await addAbonnement(tx, {
    id,
    clientId: caller.id,
    gemeentecodes: [...caller.gemeentecodes],
    url,
    soorten,
    status: 'actief',
    reden: null,
    uitgeschakeldOp: null,
    aangemaaktOp: now,
    misluktSinds: null
  })
  return { id, secret: (await issueGeheim(handeling, id)).secret }
}

/**
 * Changes a subscription, or switches it on or off. Throws toestand-staat-dit-niet-toe to switch on what a client took that
 * has no access any more.
 */
export async function changeAbonnement(
  { tx, caller, now }: Handeling,
  current: AbonnementRij,
  { status = current.status, ...changed }: AbonnementWijziging
): Promise<void> {
  const abonnement = { ...current, ...changed }
  await saveAbonnement(tx, abonnement)
  if (status === current.status) return
  if (status === 'uitgeschakeld') return switchOffFor(tx, current.id, 'op-verzoek', now)
  if (current.reden === 'client-zonder-toegang' && current.clientId !== caller.id) throw conflict(ofOthers)
  await switchOn(tx, abonnement)
}

const ofOthers =
  'De client die dit abonnement nam, heeft geen toegang meer. Neem een nieuw abonnement, en verwijder dit; kreeg de client weer toegang, laat hem dan zelf inschakelen.'

/** Gives a subscription a fresh secret; the returned text is the only copy. Throws toestand-staat-dit-niet-toe beyond two. */
export async function issueGeheim(
  { tx, keys, now }: Handeling,
  abonnementId: string
): Promise<{ id: string; secret: string }> {
  if ((await listGeheimen(tx, abonnementId)).length >= maxGeheimen)
    throw conflict('Verwijder eerst het oude geheim.')
  const id = randomUUID()
  await addGeheim(tx, { abonnementId, id, aangemaaktOp: now })
  return { id, secret: webhookSecret(keys, id) }
}

/** Removes a secret. Throws toestand-staat-dit-niet-toe for the only one: then nothing could be signed. */
export async function dropGeheim({ tx }: Handeling, geheim: AbonnementgeheimRij): Promise<void> {
  if ((await listGeheimen(tx, geheim.abonnementId)).length === 1)
    throw conflict('Dit is het enige geheim; maak eerst een nieuw.')
  await removeGeheim(tx, geheim)
}
