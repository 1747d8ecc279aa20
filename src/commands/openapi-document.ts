import { buildApp } from '../app.ts'
import { openLogger } from '../platform/http/logger.ts'
import { systemClock } from '../time.ts'
import { openHub } from '../toegang/hub.ts'

/** Where the committed document says the hub is; a running hub serves the same with its own address. */
const publicUrl = 'https://signaalhub.example.nl'

/** The OpenAPI document as the routes make it; needs no database, for no request is handled. */
export async function openApiDocument(): Promise<object> {
  const absent = () => {
    throw new Error('the document is made without a database')
  }
  const hub = openHub({
    database: { as: absent, ask: absent, ping: absent, close: absent },
    keys: absent,
    clock: systemClock(),
    publicUrl,
    destroyNow: absent,
    wakeSweeper: absent
  })
  const app = await buildApp({
    hub,
    logger: openLogger('silent'),
    isReady: async () => false
  })
  const document = app.swagger()
  await app.close()
  return document
}
