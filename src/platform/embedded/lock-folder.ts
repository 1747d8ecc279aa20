import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

// SQLite is here for its file lock only: the system releases it when the process dies, so it is never stale. Node has
// no file lock of its own, fs-ext needs a native build, and proper-lockfile lets a restart wait for a dead owner.
const busy = 5

// Keeps the handles from being garbage collected, which would release their locks.
const locks = new Set<DatabaseSync>()

/** Locks the folder for this process and returns the release. Throws when another process has locked it. */
export function lockFolder(folder: string): () => void {
  const path = join(folder, 'postgres.lock')
  try {
    const lock = new DatabaseSync(path)
    lock.exec('pragma journal_mode = memory; begin exclusive')
    locks.add(lock)
    return () => {
      lock.close()
      locks.delete(lock)
    }
  } catch (cause) {
    const { errcode, message } = cause as Error & { errcode?: number }
    if (errcode !== busy) throw new Error(`${path} cannot be locked: ${message}`, { cause })
    throw new Error(`another process runs its PostgreSQL in ${folder}: stop it, or choose another folder`, {
      cause
    })
  }
}
