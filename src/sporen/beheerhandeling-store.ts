import { randomBytes, randomUUIDv7 } from 'node:crypto'
import { type Selectable, sql } from 'kysely'
import type { Tables } from '../begrippen/tables.ts'
import type { Tx } from '../platform/database/open-database.ts'
import type { IsoDate } from '../time.ts'

/** Records who changed an organisation, agreement or client; the transaction of the change cannot commit without it. */
export async function addBeheerhandeling(tx: Tx, rij: Selectable<Tables['beheerhandeling']>): Promise<void> {
  await tx.insertInto('beheerhandeling').values(rij).execute()
}

/** What a command on the server did, with what. */
export type Opdracht = Pick<Selectable<Tables['beheerhandeling']>, 'handeling' | 'objectIds' | 'velden'>

/** Records what a command on the server did: no client asked for it. */
export async function addOpdracht(tx: Tx, opdracht: Opdracht, now: Date): Promise<void> {
  const traceId = randomBytes(16).toString('hex')
  await addBeheerhandeling(tx, {
    id: randomUUIDv7(),
    op: now,
    traceId,
    clientId: null,
    gebruiker: null,
    ...opdracht
  })
}

/** Destroys what was recorded before a day. */
export async function destroyBeheerhandelingen(tx: Tx, before: IsoDate): Promise<void> {
  await sql`delete from beheerhandeling
    where op < ${before}::timestamp at time zone 'Europe/Amsterdam'`.execute(tx)
}
