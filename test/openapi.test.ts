import { readFile } from 'node:fs/promises'
import t from 'tap'
import { openApiDocument } from '../src/commands/openapi-document.ts'

t.test('openapi/openapi.json is what the routes say: run `npm run openapi` after changing one', async (t) => {
  const published = await readFile(new URL('../openapi/openapi.json', import.meta.url), 'utf8')
  const made = `${JSON.stringify(await openApiDocument(), null, 2)}\n`
  t.same(JSON.parse(made), JSON.parse(published), 'run `npm run openapi` and look at what changed')
  t.ok(made === published, 'run `npm run openapi`: the order or the layout differs')
})
