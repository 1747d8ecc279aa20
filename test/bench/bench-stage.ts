import { randomBytes } from 'node:crypto'
import { openParty } from '../demo/open-party.ts'
import type { BenchDatabases, BenchServer } from './bench-server.ts'
import { type Enrolled, enrolLandscape } from './enrol-landscape.ts'
import { startHubProcess } from './hub-process.ts'
import { moment } from './settings.ts'

/** A hub on its own databases, with the whole landscape enrolled. */
export type BenchStage = {
  readonly databases: BenchDatabases
  /** The key that wraps the hub's keys, for loaders that run beside the hub. */
  readonly kek: string
  readonly enrolled: Enrolled
  url(): string
  /** A fresh access token. `name` is `beheer` or the code of a partner or of one of the largest municipalities. */
  token(name: string): Promise<string>
  peakMemory(): number
  /** Stops the hub and starts it at another moment on the same databases. */
  restart(instant: string): Promise<void>
  stop(): Promise<void>
}

export async function openBenchStage(server: BenchServer): Promise<BenchStage> {
  const databases = await server.createDatabases()
  const beheer = { clientId: 'beheer-bench', clientSecret: randomBytes(24).toString('base64url') }
  const kek = randomBytes(32).toString('base64')
  const start = (instant: string) =>
    startHubProcess({
      DATABASE_URL: databases.databaseUrl,
      SLEUTEL_DATABASE_URL: databases.sleutelDatabaseUrl,
      DATA_DIR: server.dir,
      KEK: kek,
      BEHEER_CLIENT_ID: beheer.clientId,
      BEHEER_CLIENT_SECRET: beheer.clientSecret,
      PROEF_KLOK: instant
    })
  let hub = await start(moment)
  const stop = async () => {
    await hub.stop()
    await databases.drop()
  }
  try {
    const enrolled = await enrolLandscape(await openParty(hub.url, beheer), databases.adminUrl)
    return {
      databases,
      kek,
      enrolled,
      url: () => hub.url,
      token: (name) => fetchToken(hub.url, name === 'beheer' ? beheer : enrolled.credentials.get(name)!),
      peakMemory: () => hub.peakMemory(),
      restart: async (instant) => {
        await hub.stop()
        hub = await start(instant)
      },
      stop
    }
  } catch (cause) {
    await stop()
    throw cause
  }
}

async function fetchToken(url: string, { clientId, clientSecret }: Parameters<typeof openParty>[1]) {
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
  const answer = await fetch(`${url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) })
  const { access_token: token } = (await answer.json()) as { access_token?: string }
  if (token === undefined) throw new Error(`Geen token voor ${clientId}: ${answer.status}`)
  return token
}
