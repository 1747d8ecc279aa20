import { writeFile } from 'node:fs/promises'
import { textsOf } from '../platform/http/document-texts.ts'
import { englishOf } from '../platform/http/in-english.ts'
import { openApiDocument } from './openapi-document.ts'
import { overlayOf } from './openapi-overlay.ts'

// Command `npm run openapi`: writes the document and its English overlay, which a test compares with the routes, and
// names the texts that openapi/teksten-en.json has no translation of.
const document = await openApiDocument()
await write('openapi.json', document)
await write('overlay-en.json', overlayOf(document))
for (const text of new Set(textsOf(document).map(({ text }) => text))) {
  if (englishOf(text) === undefined) console.error(`not in openapi/teksten-en.json: ${text}`)
}

async function write(name: string, content: object): Promise<void> {
  await writeFile(new URL(`../../openapi/${name}`, import.meta.url), `${JSON.stringify(content, null, 2)}\n`)
}
