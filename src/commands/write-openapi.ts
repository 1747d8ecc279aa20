import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { openApiDocument } from './openapi-document.ts'

// Command `npm run openapi`: writes the document that a test compares with the routes.
const target = fileURLToPath(new URL('../../openapi/openapi.json', import.meta.url))
await writeFile(target, `${JSON.stringify(await openApiDocument(), null, 2)}\n`)
