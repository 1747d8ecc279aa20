import { readFile } from 'node:fs/promises'
import t from 'tap'
import { openApiDocument } from '../src/commands/openapi-document.ts'

type Operation = { operationId: string; tags: string[] }
type Document = { tags: { name: string }[]; paths: Record<string, Record<string, Operation>> }

const document = (await openApiDocument()) as Document

t.test('openapi/openapi.json is what the routes say: run `npm run openapi` after changing one', async (t) => {
  const published = await readFile(new URL('../openapi/openapi.json', import.meta.url), 'utf8')
  const made = `${JSON.stringify(document, null, 2)}\n`
  t.same(JSON.parse(made), JSON.parse(published), 'run `npm run openapi` and look at what changed')
  t.ok(made === published, 'run `npm run openapi`: the order or the layout differs')
})

t.test('the operations stand in the order of a signal, those of one tag together', async (t) => {
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path))
  const tags = operations.map(({ tags: [tag] }) => tag)
  t.same(
    tags.filter((tag, place) => tag !== tags[place - 1]),
    document.tags.map(({ name }) => name)
  )
  t.same(
    operations.slice(0, 13).map(({ operationId }) => operationId),
    [
      'postVroegsignaal',
      'getVroegsignalen',
      'postProefbeoordeling',
      'postAanlevering',
      'getAanleveringen',
      'postProefaanlevering',
      'getCsvSjabloon',
      'getAanlevering',
      'getAanleveringsregels',
      'getVroegsignaal',
      'patchVroegsignaal',
      'zoekVroegsignalen',
      'postIntrekking'
    ]
  )
})

// Its rule nlgov:problem-invalid-input, with references followed as the linter does.
t.test(
  'the official linter of the NL API Design Rules takes nothing for an operation that is none',
  async (t) => {
    const { paths, components } = document as unknown as { paths: object; components: { schemas: object } }
    t.same(mistakenIn({ ...paths, ...components.schemas }), [])
    const example = { requestBody: { example: { adres: { postcode: '8101AA' } } } }
    t.same(mistakenIn(example), ['/requestBody/example/adres/postcode'], 'which it would')
  }
)

/** Where a key looks like put, post or patch, and what it holds is no object, or an operation that cannot answer 400. */
function mistakenIn(node: object, path = ''): string[] {
  return Object.entries(node).flatMap(([key, inner]) => {
    const at = `${path}/${key}`
    const isObject = typeof inner === 'object' && inner !== null && !Array.isArray(inner)
    const isMistaken = /(put)|(post)|(patch)/.test(key) && (!isObject || lacks400(inner))
    const below = typeof inner === 'object' && inner !== null ? mistakenIn(inner, at) : []
    return isMistaken ? [at, ...below] : below
  })
}

function lacks400({ responses }: { responses?: object }): boolean {
  return responses !== undefined && !('400' in responses)
}
