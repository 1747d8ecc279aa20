import { createHash, randomBytes } from 'node:crypto'
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { canEnter, isOurs, makeShared, type OrdinaryUser, runAs, sharedFolders } from './ordinary-user.ts'

/** Where one PostgreSQL cluster lies: its data, and beside it the superuser's password and the server's log. */
export type Cluster = {
  readonly dataDir: string
  readonly passwordFile: string
  readonly logFile: string
}

/**
 * The cluster that belongs to `dir`: inside it, or in a shared folder when `dir` is closed to the user.
 * The same `dir` gives the same cluster again; one that can no longer be reached is an error, never a new one.
 */
export function locateCluster(dir: string, user: OrdinaryUser | undefined): Cluster {
  mkdirSync(dir, { recursive: true })
  const own = realpathSync(dir)
  const name = createHash('sha256').update(own).digest('hex').slice(0, 16)
  const shared = user ? sharedFolders().map((folder) => join(folder, name)) : []
  const existing = [own, ...shared.filter(isOurs)].map(clusterIn).find(isMade)
  if (existing) return reachable(existing, user)
  if (canEnter(user, own)) return clusterIn(own)
  const home = shared.find((it) => makeShared(dirname(it)) && makeShared(it) && canEnter(user, it))
  if (home) return clusterIn(home)
  throw new Error(
    `User ${user?.name} can enter neither ${resolve(dir)} nor a shared folder: set DATABASE_URL`
  )
}

/** Whether the cluster exists, whole. */
export function isMade({ dataDir }: Cluster): boolean {
  return existsSync(join(dataDir, 'PG_VERSION'))
}

/** Makes the cluster with a random password; one that is not finished never gets its name. */
export function makeCluster(
  { dataDir, passwordFile }: Cluster,
  user: OrdinaryUser | undefined,
  initdb: string,
  durable: boolean
): void {
  const unfinished = `${dataDir}.new`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { mode: 0o700 })
  rmSync(passwordFile, { force: true })
  writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 })
  if (user) for (const path of [unfinished, passwordFile]) chownSync(path, user.uid, user.gid)
  const problem = runAs(user, initdb, [
    `--pgdata=${unfinished}`,
    `--pwfile=${passwordFile}`,
    '--username=postgres',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-instructions',
    ...(durable ? [] : ['--no-sync'])
  ])
  if (problem) throw new Error(`No database could be made in ${dataDir}: ${problem}`)
  renameSync(unfinished, dataDir)
}

/** The address of a database of this cluster for its superuser. */
export function clusterUrl({ passwordFile }: Cluster, port: number, database: string): string {
  const password = readFileSync(passwordFile, 'utf8').trim()
  return `postgres://postgres:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`
}

function clusterIn(home: string): Cluster {
  return {
    dataDir: join(home, 'postgres'),
    passwordFile: join(home, 'postgres.password'),
    logFile: join(home, 'postgres.log')
  }
}

function reachable(cluster: Cluster, user: OrdinaryUser | undefined): Cluster {
  if (canEnter(user, cluster.dataDir)) return cluster
  throw new Error(`User ${user?.name} can no longer enter the database in ${cluster.dataDir}`)
}
