import { randomUUIDv7 } from 'node:crypto'
import type { proefsoort } from '../begrippen/gebeurtenissoort.ts'
import type { Tx } from '../platform/database/open-database.ts'

/** A delivery with the kind and the time of its event. */
export type BezorgingRij = NonNullable<Awaited<ReturnType<typeof findBezorging>>>

/** A delivery of a subscription. */
export async function findBezorging(tx: Tx, abonnementId: string, id: string) {
  return shown(tx, abonnementId).where('bezorging.id', '=', id).executeTakeFirst()
}

/** Deliveries of a subscription, newest first, before `before`. */
export async function listBezorgingen(
  tx: Tx,
  abonnementId: string,
  before: string | undefined,
  limit: number
): Promise<BezorgingRij[]> {
  return shown(tx, abonnementId)
    .$if(before !== undefined, (query) => query.where('bezorging.id', '<', before!))
    .orderBy('bezorging.id', 'desc')
    .limit(limit)
    .execute()
}

/** Has a delivery made again at once, and tried until `opgevenNa`. */
export async function repeatBezorging(
  tx: Tx,
  { gemeentecode, id }: { gemeentecode: string; id: string },
  { now, opgevenNa }: { now: Date; opgevenNa: Date }
): Promise<void> {
  await tx
    .updateTable('bezorging')
    .set({ status: 'wacht', aantalPogingen: 0, volgendePogingOp: now, opgevenNa })
    .where('gemeentecode', '=', gemeentecode)
    .where('id', '=', id)
    .execute()
}

/** Adds a trial event for one subscription, to be delivered at once; returns the id of its delivery. */
export async function addProef(
  tx: Tx,
  { abonnementId, gemeentecode }: { abonnementId: string; gemeentecode: string },
  soort: typeof proefsoort,
  now: Date
): Promise<string> {
  const [gebeurtenisId, id] = [randomUUIDv7(), randomUUIDv7()]
  await tx
    .insertInto('gebeurtenis')
    .values({ gemeentecode, id: gebeurtenisId, soort, verspreid: true })
    .execute()
  await tx
    .insertInto('bezorging')
    .values({ gemeentecode, id, abonnementId, gebeurtenisId, volgendePogingOp: now, opgevenNa: now })
    .execute()
  return id
}

function shown(tx: Tx, abonnementId: string) {
  return tx
    .selectFrom('bezorging')
    .innerJoin('gebeurtenis', (join) =>
      join
        .onRef('gebeurtenis.gemeentecode', '=', 'bezorging.gemeentecode')
        .onRef('gebeurtenis.id', '=', 'bezorging.gebeurtenisId')
    )
    .select([
      'bezorging.gemeentecode',
      'bezorging.id',
      'bezorging.gebeurtenisId',
      'bezorging.status',
      'bezorging.aantalPogingen',
      'bezorging.volgendePogingOp',
      'bezorging.laatstePogingOp',
      'bezorging.httpStatus',
      'bezorging.fout',
      'gebeurtenis.soort',
      'gebeurtenis.op'
    ])
    .where('bezorging.abonnementId', '=', abonnementId)
}
