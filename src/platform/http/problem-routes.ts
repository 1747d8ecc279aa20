import Type from 'typebox'
import { operation } from './operation.ts'
import { notFound } from './problem.ts'
import { catalogue, type Slug } from './problem-catalogue.ts'
import type { App } from './typebox.ts'
import { CleanText, Formed, NamedObject, Whole } from './wire-schema.ts'

const Uitleg = NamedObject('Probleemuitleg', {
  type: CleanText(200, { description: 'Het soort fout.', examples: ['/v1/problemen/versie-vereist'] }),
  titel: CleanText(200, {
    description: 'Wat er mis is, in één regel.',
    examples: ['De header If-Match ontbreekt']
  }),
  status: Whole(400, 599, { description: 'De HTTP-status.', examples: [428] }),
  uitleg: CleanText(2000, {
    description: 'Wat u kunt doen.',
    examples: ['Haal de bron op en stuur haar ETag mee in If-Match.']
  })
})

/** Route that explains each problem; the `type` of an error leads here. Open to everyone. */
export function problemRoutes(app: App): void {
  getProbleem(app)
}

function getProbleem(app: App): void {
  app.get(
    '/problemen/:slug',
    operation({
      operationId: 'getProbleem',
      tag: 'Hub',
      summary: 'Uitleg van een fout',
      description: 'Legt uit wat een soort fout betekent en wat u kunt doen. Zonder token.',
      toegang: 'open',
      problems: ['niet-gevonden'],
      extensions: { 'x-onveranderlijk': true },
      schema: {
        params: Type.Object({
          slug: Formed('^[a-z-]{1,60}$', 60, {
            description: 'Laatste deel van `type`.',
            examples: ['versie-vereist']
          })
        }),
        response: { 200: Uitleg }
      }
    }),
    async ({ params: { slug } }) => {
      if (!Object.hasOwn(catalogue, slug)) throw notFound()
      const { status, titel, uitleg } = catalogue[slug as Slug]
      return { type: `/v1/problemen/${slug}`, titel, status, uitleg }
    }
  )
}
