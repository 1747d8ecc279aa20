import { type ExecFileException, execFile } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'

/** The account that PostgreSQL runs under when this process is root, which PostgreSQL refuses to be. */
export type OrdinaryUser = { readonly uid: number; readonly gid: number }

// execa adds nothing that is needed here.
const execute = promisify(execFile)

// The process' own environment holds secrets that a database has no business with.
const plainEnvironment = { LC_ALL: 'C', PATH: '/usr/local/bin:/usr/bin:/bin' }

/** The user `postgres`, else `nobody`, when this process is root; undefined when it can run PostgreSQL itself. */
export function ordinaryUser(): OrdinaryUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const accounts = readFileSync('/etc/passwd', 'utf8')
  for (const name of ['postgres', 'nobody']) {
    const [, uid, gid] = new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, 'm').exec(accounts) ?? []
    if (uid !== undefined) return { uid: Number(uid), gid: Number(gid) }
  }
  throw new Error('PostgreSQL refuses to run as root, and there is no user postgres or nobody to run it')
}

/** Runs a program as that user and returns what it printed; rejects with its complaint when it fails. */
export async function runAs(user: OrdinaryUser | undefined, file: string, args: string[]): Promise<string> {
  try {
    const options = { ...user, cwd: '/', env: plainEnvironment, windowsHide: true }
    return (await execute(file, args, options)).stdout
  } catch (cause) {
    const { message, stderr } = cause as ExecFileException
    throw new Error(stderr?.trim() || message, { cause })
  }
}

/** Whether that user can enter the folder; taken for granted when it is this process' own user. */
export async function canEnter(user: OrdinaryUser | undefined, folder: string): Promise<boolean> {
  if (user === undefined) return true
  return runAs(user, '/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder]).then(
    () => true,
    () => false
  )
}

/** Where root keeps what an ordinary user has to reach, when its own folders are closed to that user. */
export const sharedFolder = '/var/lib/signaalhub'

/** Makes a folder that others can enter but not change. */
export function makeShared(folder: string): void {
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o755)
}
