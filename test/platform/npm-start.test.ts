import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Runs `npm start` on a folder, with a module that node preloads in the hub. */
function startNpm(folder: string, preload: string): ChildProcess {
  const { PATH = '' } = process.env
  const settings = { PORT: '0', DATA_DIR: join(folder, 'data') }
  const ofNpm = {
    npm_config_cache: join(folder, 'npm'),
    npm_config_update_notifier: 'false',
    npm_config_node_options: `--import=${preload}`
  }
  // A separate process group, so the test can kill all of it at the end.
  return spawn('npm', ['start'], { cwd: root, env: { PATH, ...settings, ...ofNpm }, detached: true })
}

async function isReady(npm: ChildProcess): Promise<boolean> {
  for await (const line of createInterface({ input: npm.stdout! })) {
    if (line.includes('"gereed"')) return true
  }
  return false
}

function killGroup({ pid }: ChildProcess): void {
  try {
    process.kill(-pid!, 'SIGKILL')
  } catch {
    // The group has already ended by itself, as it should.
  }
}

t.test('SIGTERM to npm ends the hub with 0, and its PostgreSQL', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'signaalhub-npm-'))
  await chmod(folder, 0o755)
  const preload = join(folder, 'record-exit.mjs')
  const record = join(folder, 'exit-code')
  await writeFile(
    preload,
    `import { writeFileSync } from 'node:fs'
     process.on('exit', (code) => writeFileSync(${JSON.stringify(record)}, String(code)))`
  )
  const npm = startNpm(folder, preload)
  const { promise: hubEnded, resolve } = Promise.withResolvers<void>()
  // The hub keeps npm's output open until the hub itself has ended.
  npm.once('close', resolve)
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  t.teardown(() => killGroup(npm))

  t.ok(await isReady(npm))
  const postmasterFile = join(folder, 'data', 'postgres', 'postmaster.pid')
  t.ok(existsSync(postmasterFile), 'its PostgreSQL runs')
  npm.kill('SIGTERM')
  npm.stdout!.resume()
  await hubEnded
  t.equal(await readFile(record, 'utf8'), '0')
  t.notOk(existsSync(postmasterFile), 'its PostgreSQL has ended')
})
