import { bewaartermijnen } from '../../begrippen/bewaartermijnen.ts'
import { operation } from '../../platform/http/operation.ts'
import { limitOf } from '../../platform/http/page.ts'
import type { App } from '../../platform/http/typebox.ts'
import { asJson } from '../../platform/http/written-json.ts'
import { callerOf } from '../../toegang/caller.ts'
import type { Hub } from '../../toegang/hub.ts'
import { signaaldelenOf } from '../huishouden-schema.ts'
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
      problems: ['positie-onbekend'],
      schema: { querystring: DeltaQuery, response: { 200: Huishouddeltas } }
    }),
    async (request, reply) => {
      const { gemeentecodes } = callerOf(request)
      const { after, expand } = request.query
      const delen = signaaldelenOf(expand)
      const { deltas, stateId } = await matched(hub, gemeentecodes, (isChecking) =>
        hub.readPage(request, (handeling) =>
          readDeltas(handeling, { after, limit: limitOf(request), delen, isChecking })
        )
      )
      hub.metrics.counts.deltas({ rest: deltas.length < limitOf(request) ? 'nee' : 'ja' })
      return asJson(reply, `{"deltas":[${deltas.join()}],"stateId":${JSON.stringify(stateId)}}`)
    }
  )
}
