import { createSecretKey, randomBytes } from 'node:crypto'
import { workerData } from 'node:worker_threads'
import { receiveVroegsignalen } from '../../src/aanlevering/receive-vroegsignalen.ts'
import { openKeyRing } from '../../src/platform/crypto/key-ring.ts'
import { openKnownKeys } from '../../src/platform/crypto/known-keys-store.ts'
import { openDatabase } from '../../src/platform/database/open-database.ts'
import { openKeyPool } from '../../src/platform/database/open-key-pool.ts'
import { checkVroegsignaal } from '../../src/vroegsignalen/check-vroegsignaal.ts'
import { identifyVroegsignaal } from '../../src/vroegsignalen/identify-vroegsignaal.ts'
import type { EnrolledPartner } from './enrol-landscape.ts'
import { generatePortion, type Zending } from './generate-stock.ts'
import { moment, settings, today } from './settings.ts'

/** The work of one loader. */
export type StockShare = {
  readonly databaseUrl: string
  readonly sleutelDatabaseUrl: string
  readonly kek: string
  readonly partners: readonly EnrolledPartner[]
  readonly portions: readonly number[]
  readonly households: number
}

const sliceSize = 500
const share = workerData as StockShare
const clock = () => new Date(moment)
const ignore = () => undefined
const database = openDatabase({ url: share.databaseUrl, poolSize: 1, clock, onError: ignore })
const keyPool = openKeyPool({ url: share.sleutelDatabaseUrl, poolSize: 1, clock, onError: ignore })
const keeper = openDatabase({ url: share.databaseUrl, poolSize: 1, clock, onError: ignore })
const kek = createSecretKey(Buffer.from(share.kek, 'base64'))
const keys = await openKeyRing(keyPool, kek, clock, openKnownKeys(keeper))

for (const portion of share.portions) {
  for (const zending of generatePortion(settings.seed, portion, share.households, today)) await store(zending)
}
await database.close()
await keeper.close()
await keyPool.close()

// Takes signals in with the code of the hub, but on the day they were sent.
async function store({ partner, datum, signalen }: Zending): Promise<void> {
  const { id: signaalpartnerId, clientId } = share.partners.find(({ code }) => code === partner)!
  const traceId = randomBytes(16).toString('hex')
  const now = new Date(`${datum}T08:00:00Z`)
  const context = { duty: 'signaalpartner', signaalpartnerId, clientId, statementTimeout: 60_000 } as const
  const signals = signalen.map((value) => ({
    ...identifyVroegsignaal(keys, signaalpartnerId, check(value)),
    clientId,
    traceId
  }))
  await database.as(context, async (tx) => {
    const inname = {
      tx,
      keys,
      now,
      opened: new Set<string>(),
      logged: new Set<string>(),
      unreadable: new Set<string>()
    }
    for (let start = 0; start < signals.length; start += sliceSize) {
      const received = await receiveVroegsignalen(inname, signals.slice(start, start + sliceSize))
      const other = received.find(({ uitkomst }) => uitkomst !== 'opgenomen')
      if (other !== undefined) throw new Error(`De voorraad werd niet opgenomen: ${JSON.stringify(other)}`)
    }
  })
}

function check(value: unknown) {
  const checked = checkVroegsignaal(value)
  if ('signaal' in checked) return checked.signaal
  throw new Error(`De voorraad is ongeldig: ${JSON.stringify(checked.faults)}`)
}
