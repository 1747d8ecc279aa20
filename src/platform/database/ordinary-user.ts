import { spawnSync } from 'node:child_process'
import { chmodSync, lstatSync, mkdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The account PostgreSQL runs under when the hub itself is root, which PostgreSQL refuses. */
export type OrdinaryUser = { readonly name: string; readonly uid: number; readonly gid: number }

/** A clean environment: the hub's own holds secrets that a database has no business with. */
export const plainEnvironment = { LC_ALL: 'C', PATH: '/usr/local/bin:/usr/bin:/bin' }

/** The user `postgres`, else `nobody`, when the hub is root; undefined when it may run PostgreSQL itself. */
export function ordinaryUser(): OrdinaryUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
  const user = ['postgres', 'nobody'].map((name) => accounts.find((it) => it.name === name)).find(Boolean)
  if (user) return user
  throw new Error(
    'PostgreSQL does not run as root, and there is no user `postgres` or `nobody`: set DATABASE_URL'
  )
}

/** The uid and gid to spawn with; nothing when the hub is no root. */
export function identityOf(user: OrdinaryUser | undefined): { uid?: number; gid?: number } {
  return user ? { uid: user.uid, gid: user.gid } : {}
}

/** Runs a program to its end as that user; undefined when it succeeded, else what went wrong. */
export function runAs(user: OrdinaryUser | undefined, file: string, args: string[]): string | undefined {
  const { error, status, signal, stderr } = spawnSync(file, args, {
    ...identityOf(user),
    cwd: '/',
    env: plainEnvironment,
    encoding: 'utf8',
    windowsHide: true
  })
  if (error) return error.message
  return status === 0 ? undefined : `${file} ended with ${status ?? signal}: ${stderr.trim()}`
}

/** Whether that user can get into the folder; only asked for another user than the hub's own. */
export function canEnter(user: OrdinaryUser | undefined, folder: string): boolean {
  return !user || runAs(user, '/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder]) === undefined
}

/** Folders to share with the ordinary user when the hub's own lies where only root may go, best first. */
export function sharedFolders(): string[] {
  const uid = process.getuid?.() ?? 0
  const temporary = join(tmpdir(), `signaalhub-${uid}`)
  return uid === 0 ? ['/var/lib/signaalhub', temporary] : [temporary]
}

/** Whether the folder exists and nobody but the hub can write in it. */
export function isOurs(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false })
  if (!found?.isDirectory()) return false
  // The temporary folder is open to all: what another user put there must not become our database.
  return process.getuid === undefined || (found.uid === process.getuid() && (found.mode & 0o022) === 0)
}

/** Makes the folder, open for others to enter; false when that fails or somebody else made it before. */
export function makeShared(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 })
    if (!isOurs(folder)) return false
    chmodSync(folder, 0o755)
    return true
  } catch {
    return false
  }
}
