import { randomBytes } from 'node:crypto'
import type { Cleanup } from './cleanup.ts'
import type { DemoDatabase } from './demo-database.ts'
import { expect, progress } from './expect.ts'
import { type HubProcess, startHubProcess } from './hub-process.ts'
import { type Credentials, openParty, type Party } from './open-party.ts'

/** The hub and everyone who calls it. */
export type Stage = {
  /** Base address of the running hub. */
  url(): string
  /** The settings of its hub, the clock and the address apart. */
  readonly settings: Readonly<Record<string, string>>
  /** Stops the hub if it runs, and starts it at another moment on the same databases; without an instant at this one. */
  moveClock(instant?: string): Promise<void>
  /** Stops the hub. */
  stop(): Promise<void>
  /** Stores the client of `name`: `beheer`, the code of a municipality or the code of a partner. */
  join(name: string, credentials: Credentials): void
  /** The caller `name`, with a token of the running hub. */
  as(name: string): Promise<Party>
  /** The client of `name`. */
  credentialsOf(name: string): Credentials
  /** The output of every hub so far. */
  output(): string
}

/** Opens the stage on the demo's databases. The hub starts at the first `moveClock`. */
export function openStage({ dir, databaseUrl, sleutelDatabaseUrl }: DemoDatabase, cleanup: Cleanup): Stage {
  const beheer = { clientId: 'beheer-demo', clientSecret: randomBytes(24).toString('base64url') }
  const credentials = new Map<string, Credentials>([['beheer', beheer]])
  const tokens = new Map<string, Promise<Party>>()
  const hubs: HubProcess[] = []
  const settings = {
    DATABASE_URL: databaseUrl,
    SLEUTEL_DATABASE_URL: sleutelDatabaseUrl,
    DATA_DIR: dir,
    KEK: randomBytes(32).toString('base64'),
    BEHEER_CLIENT_ID: beheer.clientId,
    BEHEER_CLIENT_SECRET: beheer.clientSecret
  }
  const url = () => hubs.at(-1)!.url
  const stop = async () => {
    const code = await hubs.at(-1)?.stop()
    if (code !== undefined) expect(code === 0, 'de hub eindigt op SIGTERM met exit 0', `exit ${code}`)
  }
  cleanup.add(() => hubs.at(-1)?.stop())
  return {
    url,
    settings,
    stop,
    moveClock: async (instant) => {
      await stop()
      hubs.push(await startHubProcess({ ...settings, ...(instant && { PROEF_KLOK: instant }) }))
      tokens.clear()
      progress(`de hub luistert op ${url()}, het is er ${instant?.slice(0, 10) ?? 'vandaag'}`)
    },
    join: (name, client) => void credentials.set(name, client),
    as: (name) => {
      const party = tokens.get(name) ?? openParty(url(), credentials.get(name)!)
      tokens.set(name, party)
      return party
    },
    credentialsOf: (name) => credentials.get(name)!,
    output: () => hubs.map((hub) => hub.output()).join('')
  }
}
