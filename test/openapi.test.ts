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
