import { cpSync, lstatSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t from 'tap'
import { ordinaryUser } from '../../../src/platform/embedded/ordinary-user.ts'
import { findPostgresBinaries } from '../../../src/platform/embedded/postgres-binaries.ts'

const user = ordinaryUser()

t.test('the programs of the package for this platform run', async (t) => {
  t.match((await findPostgresBinaries(user)).major, /^\d+$/)
})

t.test('also when it was installed with --ignore-scripts, so without its links', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'signaalhub-binaries-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  await chmod(folder, 0o755)
  const { initdb } = await findPostgresBinaries(undefined)
  const installed = dirname(dirname(dirname(initdb)))
  cpSync(installed, folder, { recursive: true, filter: (path) => !lstatSync(path).isSymbolicLink() })
  t.equal((await findPostgresBinaries(user, folder)).initdb, join(folder, 'native', 'bin', 'initdb'))
})
