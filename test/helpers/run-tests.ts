import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs'
import { constants, freemem, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startEmbeddedPostgres } from '../../src/platform/embedded/embedded-postgres.ts'

// The command behind `npm test`. It starts one PostgreSQL for all test files, runs tap, and reports its totals. With
// `--coverage` it measures coverage, which takes a fifth longer.

const root = fileURLToPath(new URL('../..', import.meta.url))
const tap = join(root, 'node_modules', '.bin', 'tap')
const wanted = process.argv.slice(2).filter((argument) => argument !== '--coverage')
const isMeasuring = process.argv.includes('--coverage')
// The default folder of Node. The cache saves most of the load time of a test file, but makes coverage less exact.
const compileCache = join(tmpdir(), 'node-compile-cache')
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

type Ended = { code: number | null; signal: NodeJS.Signals | null }

let running: ChildProcess | undefined
let interruption: NodeJS.Signals | undefined
for (const signal of signals) {
  process.on(signal, () => {
    interruption = signal
    running?.kill(signal)
  })
}

const dir = mkdtempSync(join(roomiestFolder(), 'signaalhub-test-'))
// Under root, the database runs as an ordinary user, who must be able to enter the folder.
chmodSync(dir, 0o755)
try {
  const database = await openDatabase()
  try {
    buildTapOnce()
    const rawTap = join(dir, 'raw.tap')
    const ended = await runTap(database.url, rawTap)
    process.exitCode = exitCodeOf(ended)
    for (const line of [...skipped(rawTap), ...failed(rawTap)]) console.log(line)
    console.log(
      ended.signal ? `tap was ended by ${ended.signal}` : (totals(rawTap) ?? 'tap ended without totals')
    )
  } finally {
    await database.close()
  }
} finally {
  rmSync(dir, { recursive: true, force: true })
}

/** A folder in memory where there is room: making a database, as most tests do, takes a tenth of the time there. */
function roomiestFolder(): string {
  const memory = '/dev/shm'
  if (!existsSync(memory)) return tmpdir()
  const { bavail, bsize } = statfsSync(memory)
  return bavail * bsize > 6 * 2 ** 30 && freemem() > 8 * 2 ** 30 ? memory : tmpdir()
}

async function openDatabase(): Promise<{ url: string; close: () => Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL
  if (given) return { url: given, close: async () => {} }
  const settings = { max_connections: 300 }
  const { url, stop, dataDir } = await startEmbeddedPostgres({ dir, durable: false, settings })
  const close = async () => {
    await stop()
    // The data lies outside `dir` when the ordinary user cannot enter `dir`.
    rmSync(dirname(dataDir), { recursive: true, force: true })
  }
  return { url: url('postgres'), close }
}

/** Tap comes with its TypeScript plugin built in, which does not support TypeScript 7, and others. Rebuilding takes seconds. */
function buildTapOnce(): void {
  const built = readFileSync(new URL(import.meta.resolve('@tapjs/test/built')), 'utf8')
  if (!['@tapjs/typescript', '@tapjs/mock'].some((plugin) => built.includes(plugin))) return
  const { status } = spawnSync(process.execPath, [tap, 'build'], { cwd: root, stdio: 'inherit' })
  if (status !== 0) throw new Error('tap build failed')
}

async function runTap(url: string, rawTap: string): Promise<Ended> {
  if (interruption) return { code: null, signal: interruption }
  const reporter = process.stdout.isTTY ? ['--reporter=base'] : []
  const quick = isMeasuring ? [] : ['--disable-coverage']
  const args = [tap, 'run', ...reporter, ...quick, `--output-file=${rawTap}`, ...wanted]
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: {
      ...process.env,
      // Tap notes each loaded file, for coverage; 2,000 files a process double its start.
      ...(!isMeasuring && { NODE_COMPILE_CACHE: compileCache, _TAPJS_PROCESSINFO_EXCLUDE_: '/./' }),
      TEST_DATABASE_URL: url
    },
    stdio: 'inherit'
  })
  running = child
  const { promise, resolve, reject } = Promise.withResolvers<Ended>()
  child.once('error', reject).once('close', (code, signal) => resolve({ code, signal }))
  return promise
}

function exitCodeOf({ code, signal }: Ended): number {
  return code ?? 128 + (signal ? constants.signals[signal] : 0)
}

/** Lists the skipped tests and why. The reporter leaves them out, and a skipped test must not look passed. */
function skipped(rawTap: string): string[] {
  const raw = existsSync(rawTap) ? readFileSync(rawTap, 'utf8') : ''
  const lines = raw.matchAll(/^ *ok \d+ - (.*?)(?: # time=\S+)? # SKIP ?(.*)$/gm)
  return [...new Set([...lines].map(([, title, reason]) => `skipped: ${title}: ${reason}`))]
}

/** Lists the failed tests, innermost first, so that the end of a long log names them. */
function failed(rawTap: string): string[] {
  const raw = existsSync(rawTap) ? readFileSync(rawTap, 'utf8') : ''
  const lines = raw.matchAll(/^ *not ok \d+ - (.*?)(?: # time=\S+)?(?: \{)?$/gm)
  return [...new Set([...lines].map(([, title]) => `failed: ${title}`))]
}

/** The totals in plain words, from tap's last line: `# { total: 7, pass: 4, fail: 1, todo: 1, skip: 1 }`. */
function totals(rawTap: string): string | undefined {
  const raw = existsSync(rawTap) ? readFileSync(rawTap, 'utf8') : ''
  const line = raw.match(/^# \{ total: .*\}$/gm)?.at(-1)
  if (!line) return undefined
  const count = (kind: string) => Number(line.match(`\\b${kind}: (\\d+)`)?.[1] ?? 0)
  const skipped = count('skip') + count('todo')
  return `${count('pass')} passed, ${count('fail')} failed${skipped ? `, ${skipped} skipped` : ''}`
}
