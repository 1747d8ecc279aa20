import { bewaartermijnen } from '../../begrippen/bewaartermijnen.ts'
import { operation } from '../../platform/http/operation.ts'
import { limitOf } from '../../platform/http/page.ts'
import type { App } from '../../platform/http/typebox.ts'
import { callerOf } from '../../toegang/caller.ts'
import type { Hub } from '../../toegang/hub.ts'
import { matched } from '../matched.ts'
import { DeltaQuery, Huishouddeltas } from './delta-schema.ts'
import { readDeltas } from './read-deltas.ts'

/** Route to follow the households: read all of them once, then only the changes. Municipalities only. */
export function deltaRoutes(app: App, hub: Hub): void {
  getHuishouddeltas(app, hub)
}

function getHuishouddeltas(app: App, hub: Hub): void {
  app.get(
    '/huishoudens/_deltas',
    operation({
      operationId: 'getHuishouddeltas',
      tag: 'Huishoudens',
      summary: 'Huishoudens volgen',
      description: `Begin zonder \`after\`, verwerk de wijzigingen in volgorde en herhaal met de laatste \`stateId\` tot het antwoord leeg is: u hebt dan precies de lijst. Vraag daarna zo vaak u wilt met diezelfde stand wat er sindsdien is gewijzigd. Een stand van langer dan ${bewaartermijnen.vervallenHuishouden.dagen} dagen terug, of van vóór een wijziging van uw mandaat, geeft 410: begin dan opnieuw.`,
      toegang: { gemeente: ['huishoudens:lezen'] },
      problems: [410],
      schema: { querystring: DeltaQuery, response: { 200: Huishouddeltas } }
    }),
    async (request) => {
      const read = () =>
        hub.read(request, (handeling) => readDeltas(handeling, request.query.after, limitOf(request)))
      return matched(hub, callerOf(request).gemeentecodes, read)
    }
  )
}
