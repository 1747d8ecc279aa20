import { readConfig } from './config.ts'
import { openLogger } from './platform/http/logger.ts'
import { type RunningHub, startHub } from './start-hub.ts'

const shutdownLimit = 30_000

await main()

async function main(): Promise<void> {
  const config = readSettings()
  if (config === undefined) return
  const logger = openLogger(config.logLevel)
  try {
    const hub = await startHub(config, logger)
    closeOnSignal(hub)
    logger.info({ url: hub.url }, 'gereed')
    welcome(hub)
  } catch (error) {
    logger.fatal({ err: error }, 'the hub could not start')
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    process.exitCode = 1
  }
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

function closeOnSignal(hub: RunningHub): void {
  let isClosing = false
  const close = () => {
    if (isClosing) process.exit(1)
    isClosing = true
    setTimeout(() => process.exit(1), shutdownLimit).unref()
    hub.stop().then(
      () => process.exit(0),
      () => process.exit(1)
    )
  }
  process.on('SIGTERM', close)
  process.on('SIGINT', close)
}

// For a person at a terminal: on stderr, so that stdout stays JSON lines and no secret enters the log.
function welcome({ url, madeClient }: RunningHub): void {
  const id = madeClient?.clientId ?? 'BEHEER_CLIENT_ID'
  const secret = madeClient?.clientSecret ?? 'BEHEER_CLIENT_SECRET'
  const once = madeClient ? '\nDit geheim wordt alleen nu getoond; bewaar het.' : ''
  process.stderr.write(`
De signaalhub luistert op  ${url}
Documentatie               ${url}/docs
Eerste token               curl -s -u '${id}:${secret}' -d grant_type=client_credentials ${url}/oauth/token
${once}
`)
}
