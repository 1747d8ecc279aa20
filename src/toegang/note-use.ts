import type { Database } from '../platform/database/open-database.ts'
import type { Clock } from '../time.ts'
import { saveUse } from './client-store.ts'

/** Notes that the client with this row id is used. It takes no time of the request, and never fails it. */
export type NoteUse = (id: string) => void

const msPerHour = 3_600_000

/** Opens the notes of which clients are used, each written once an hour by an instance at most. */
export function openUseNotes({ database, clock }: { database: Database; clock: Clock }): NoteUse {
  const noted = new Map<string, number>()
  return (id) => {
    const now = clock()
    const before = noted.get(id)
    if (before !== undefined && Math.abs(now.getTime() - before) < msPerHour) return
    noted.set(id, now.getTime())
    database.as({ duty: 'toegang' }, (tx) => saveUse(tx, [id], now)).catch(() => noted.delete(id))
  }
}
