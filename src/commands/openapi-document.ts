import { buildApp } from '../app.ts'
import { openLogger } from '../platform/http/logger.ts'
import { openMetrics } from '../platform/metrics/open-metrics.ts'
import { systemClock } from '../time.ts'
import { openHub } from '../toegang/hub.ts'

/** The server address in the committed document; a running hub puts in its own. */
const publicUrl = 'https://signaalhub.example.nl'

/** Makes the OpenAPI document from the routes. Needs no database, because no request is handled. */
export async function openApiDocument(): Promise<object> {
  const absent = () => {
    throw new Error('the document is made without a database')
  }
  const database = {
    as: absent,
    ask: absent,
    ping: absent,
    connections: absent,
    close: absent,
    analyze: absent
  }
  const hub = openHub({
    database,
    pages: database,
    figures: database,
    keys: absent,
    clock: systemClock(),
    publicUrl,
    externalIssuers: [],
    ending: AbortSignal.abort(),
    limits: { verzoeken: 0, aanleveren: 0, zoekvragen: 0 },
    destroyNow: absent,
    wakeSweeper: absent,
    reportUnreadable: absent,
    metrics: openMetrics()
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
