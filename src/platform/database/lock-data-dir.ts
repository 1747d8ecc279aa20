import { readFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Holds a data directory for this process; returns how to let go. A lock left by a process that died is taken over.
 * Throws when another hub runs on it: the second would stop the first one's database when it ends.
 */
export async function lockDataDir(dir: string): Promise<() => Promise<void>> {
  const path = join(dir, 'hub.pid')
  const holder = readHolder(path)
  if (holder !== undefined && holder !== process.pid && isHub(holder)) {
    throw new Error(
      `DATA_DIR: another hub runs on it (process ${holder}); stop that one or name another directory`
    )
  }
  await writeFile(path, `${process.pid}\n`, { mode: 0o600 })
  return () => rm(path, { force: true })
}

function readHolder(path: string): number | undefined {
  try {
    return Number(readFileSync(path, 'utf8')) || undefined
  } catch {
    return undefined
  }
}

// A number may have been given to another program since; where the system tells, look what it runs.
function isHub(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('server.ts')
  } catch {
    return true
  }
}
