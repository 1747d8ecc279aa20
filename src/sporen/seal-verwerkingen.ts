import type { KeyRing } from '../platform/crypto/key-ring.ts'
import { nextOf } from '../platform/crypto/signed-chain.ts'
import { signStatement } from '../platform/crypto/statement.ts'
import { lockZegels } from '../platform/database/locks.ts'
import type { Database, Tx } from '../platform/database/open-database.ts'
import { addDays, type Clock, type IsoDate, todayIn } from '../time.ts'
import { addZegel, countBladen, findDagMetBladen, findLastZegel } from './zegel-store.ts'

/** What a seal of the processing log is made with. */
export type Verzegelaar = {
  readonly database: Database
  readonly keys: () => KeyRing
  readonly clock: Clock
  readonly publicUrl: string
}

/** The kind of statement that a seal is. */
export const zegeltype = 'verwerkingszegel+jws'

const duty = 'verzegelaar'
// Longer than any transaction may take: by then every line of the day before is committed.
const settling = 2 * 3_600_000
const patient = { statementTimeout: 60_000 } as const

/**
 * Seals every day of the processing log that is over, per municipality: a signed count and hash of its sheets, linked to the
 * seal before. What is changed, removed or slipped in after that is found by `verifyZegels`. Run twice, or on many
 * instances, it seals each day once. Returns how many seals it made.
 */
export async function sealVerwerkingen(
  verzegelaar: Verzegelaar,
  gemeentecodes: readonly string[]
): Promise<number> {
  const { database, clock } = verzegelaar
  const before = todayIn(new Date(clock().getTime() - settling))
  let made = 0
  for (const gemeentecode of gemeentecodes) {
    const context = { duty, gemeentecodes: [gemeentecode], ...patient } as const
    while (await database.as(context, (tx) => sealNext(tx, verzegelaar, gemeentecode, before))) made += 1
  }
  return made
}

// One day in a transaction: the first with sheets since the last seal, which its seal reaches back to.
async function sealNext(
  tx: Tx,
  { keys, publicUrl }: Verzegelaar,
  gemeentecode: string,
  before: IsoDate
): Promise<boolean> {
  await lockZegels(tx, gemeentecode)
  const last = await findLastZegel(tx, gemeentecode)
  const first = last && addDays(last.dag, 1)
  const dag = await findDagMetBladen(tx, gemeentecode, first)
  if (dag === undefined || dag >= before) return false
  const van = first ?? dag
  const { aantal, hash } = await countBladen(tx, gemeentecode, van, dag)
  const { volgnummer, vorige } = nextOf(last)
  const zegel = { gemeentecode, volgnummer, van, dag, aantalBladen: aantal, bladenHash: hash }
  const bewijs = await signStatement(keys(), zegeltype, { iss: publicUrl, ...zegel, vorige })
  await addZegel(tx, { ...zegel, bewijs })
  return true
}
