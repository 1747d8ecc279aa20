import { underDuty } from '../platform/database/under-duty.ts'
import type { Handeling } from '../toegang/handeling.ts'
import {
  listClients,
  listVerwerkingen,
  type Regelpositie,
  type VerwerkingRij,
  type Verwerkingsfilter
} from './verwerkingen-store.ts'

/** What a reader of the log asks for; clients go by the client id that they log in with. */
export type Logvraag = {
  readonly gemeentecodes: readonly string[]
  readonly filter: Verwerkingsfilter
  readonly after: Regelpositie | undefined
  readonly limit: number
}

/** Lines of the processing log, newest first, each with the client id of its client. */
export async function readVerwerkingen(
  { tx }: Pick<Handeling, 'tx'>,
  { gemeentecodes, filter, after, limit }: Logvraag
): Promise<VerwerkingRij[]> {
  const { clientId, ...others } = filter
  const found = clientId === undefined ? [] : await clientsOf(tx, { clientId })
  // Nobody of that name ever worked here.
  if (clientId !== undefined && found.length === 0) return []
  const wanted = { ...others, ...(found[0] && { clientId: found[0].id }) }
  const rows = await listVerwerkingen(tx, gemeentecodes, wanted, after, limit)
  const ids = new Set(rows.flatMap((row) => row.clientId ?? []))
  const names = new Map(
    (await clientsOf(tx, { ids: [...ids] })).map((client) => [client.id, client.clientId])
  )
  return rows.map((row) => ({ ...row, clientId: names.get(row.clientId ?? '') ?? null }))
}

/** The client ids of the clients in these rows, by row id. */
export async function namesOfClients(
  { tx }: Pick<Handeling, 'tx'>,
  rows: readonly { readonly clientId: string | null }[]
): Promise<Map<string, string>> {
  const ids = new Set(rows.flatMap((row) => row.clientId ?? []))
  return new Map((await clientsOf(tx, { ids: [...ids] })).map((client) => [client.id, client.clientId]))
}

// Which clients there are is the business of who lets them in.
function clientsOf(tx: Handeling['tx'], which: Parameters<typeof listClients>[1]) {
  return underDuty(tx, 'toegang', () => listClients(tx, which))
}
