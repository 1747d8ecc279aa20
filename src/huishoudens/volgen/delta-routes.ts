import type { Tx } from '../../platform/database/open-database.ts'
import { operation } from '../../platform/http/operation.ts'
import { limitOf } from '../../platform/http/page.ts'
import type { App } from '../../platform/http/typebox.ts'
import { callerOf, contextOf, inzageOf } from '../../toegang/caller.ts'
import type { Hub } from '../../toegang/hub.ts'
import { readMatched } from '../read-matched.ts'
import { DeltaQuery, Huishouddeltas } from './delta-schema.ts'
import { readDeltas } from './read-deltas.ts'

/** The municipality's households as a feed: take what lives once, then follow what changes. */
export function deltaRoutes(app: App, hub: Hub): void {
  const { keys, clock } = hub

  app.get(
    '/huishoudens/_deltas',
    operation({
      operationId: 'getHuishouddeltas',
      tag: 'Huishoudens',
      summary: 'Huishoudens volgen',
      description:
        'Begin zonder `after`, verwerk de wijzigingen in volgorde en herhaal met de laatste `stateId` tot het antwoord leeg is: u hebt dan precies de lijst. Vraag daarna zo vaak u wilt met diezelfde stand wat er sindsdien is gewijzigd. Een stand van langer dan 35 dagen terug, of van vóór een wijziging van uw mandaat, geeft 410: begin dan opnieuw.',
      toegang: { gemeente: ['huishoudens:lezen'] },
      problems: [410],
      schema: { querystring: DeltaQuery, response: { 200: Huishouddeltas } }
    }),
    async (request) => {
      const caller = callerOf(request)
      const inzage = inzageOf(request, clock)
      const read = (tx: Tx) => readDeltas(tx, keys(), inzage, request.query.after, limitOf(request))
      return readMatched(hub, contextOf(caller), caller.gemeentecodes, read)
    }
  )
}
