import type { Tx } from '../database/open-database.ts'

/** Takes a slot of a job, which is one planned run; false when another instance has it. */
export async function takeSlot(tx: Tx, job: string, slot: string, now: Date): Promise<boolean> {
  const taken = await tx
    .insertInto('jobRun')
    .values({ job, slot, gestartOp: now, voltooidOp: null })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return taken.numInsertedOrUpdatedRows === 1n
}

/** The newest slot of a job that was taken, done or not. */
export async function findLastSlot(tx: Tx, job: string): Promise<string | undefined> {
  const newest = await tx
    .selectFrom('jobRun')
    .select('slot')
    .where('job', '=', job)
    .orderBy('slot', 'desc')
    .limit(1)
    .executeTakeFirst()
  return newest?.slot
}

/** Records that the run in a slot is done. */
export async function finishSlot(tx: Tx, job: string, slot: string, now: Date): Promise<void> {
  await tx
    .updateTable('jobRun')
    .set({ voltooidOp: now })
    .where('job', '=', job)
    .where('slot', '=', slot)
    .execute()
}

/** Takes over the slots of a job that were started before `before` and never finished; returns them. */
export async function retakeSlots(tx: Tx, job: string, before: Date, now: Date): Promise<string[]> {
  const rows = await tx
    .updateTable('jobRun')
    .set({ gestartOp: now })
    .where('job', '=', job)
    .where('voltooidOp', 'is', null)
    .where('gestartOp', '<', before)
    .returning('slot')
    .execute()
  return rows.map(({ slot }) => slot)
}
