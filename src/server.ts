import { existsSync } from 'node:fs'
import type { Logger } from 'pino'
import { dubious, misspelt, readConfig } from './config.ts'
import { openLogger } from './platform/http/logger.ts'
import { type RunningHub, startHub } from './start-hub.ts'

const shutdownLimit = 30_000

await main()

async function main(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const config = readSettings()
  if (config === undefined) return
  const logger = openLogger(config.logLevel)
  for (const { name, meant } of misspelt(process.env)) {
    logger.warn(`${name} is no setting and is passed over; is ${meant} meant?`)
  }
  for (const doubt of dubious(config)) logger.warn(doubt)
  const ending = onEndSignal()
  let hub: RunningHub | undefined
  try {
    hub = await startHub(config, logger, ending)
    logger.info({ url: hub.url }, 'gereed')
    welcome(hub)
    const { databaseGone } = hub
    await aborted(AbortSignal.any([ending, databaseGone]))
    if (databaseGone.aborted && !ending.aborted) endWithout(logger)
  } catch (error) {
    if (!ending.aborted) fail(logger, error)
  }
  await hub?.stop()
  process.exit()
}

function fail(logger: Logger, error: unknown): void {
  logger.fatal({ err: error }, 'the hub could not start')
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}

function endWithout(logger: Logger): void {
  logger.fatal(
    'the PostgreSQL that the hub runs in DATA_DIR has ended; the hub ends too, and starts it when started'
  )
  process.exitCode = 1
  limitShutdown()
}

function limitShutdown(): void {
  setTimeout(() => process.exit(1), shutdownLimit).unref()
}

function readSettings() {
  try {
    return readConfig(process.env)
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    process.exitCode = 1
    return undefined
  }
}

// Works during the start as well, which may wait long for a database. A second signal ends the process at once, and so
// does a shutdown that takes longer than `shutdownLimit` milliseconds.
function onEndSignal(): AbortSignal {
  const controller = new AbortController()
  const end = () => {
    if (controller.signal.aborted) process.exit(1)
    limitShutdown()
    controller.abort()
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  if (process.env.npm_lifecycle_event !== undefined) onParentGone(() => controller.signal.aborted || end())
  return controller.signal
}

// npm sends its SIGTERM to the shell between it and the hub, and the shell dies without passing it on.
function onParentGone(act: () => void): void {
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && act(), 1_000).unref()
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve())
  })
}

// For a person at a terminal. Written to stderr, so that stdout holds JSON lines only and no secret enters the log.
function welcome({ url, madeClient, dataDir }: RunningHub): void {
  const known = madeClient ? `${madeClient.clientId}:${madeClient.clientSecret}` : 'CLIENT_ID:CLIENT_SECRET'
  const secret = madeClient
    ? 'Dit geheim wordt alleen nu getoond; bewaar het.'
    : 'Geheim kwijt? Start eenmaal met BEHEER_CLIENT_ID=beheer en een nieuw BEHEER_CLIENT_SECRET.'
  process.stderr.write(`
De signaalhub luistert op  ${url}
Documentatie               ${url}/docs${dataDir ? `\nGegevens                   ${dataDir}` : ''}
Eerste token               curl -s -u '${known}' -d grant_type=client_credentials ${url}/oauth/token
${secret}

`)
}
