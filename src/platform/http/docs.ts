import { readFileSync } from 'node:fs'
import swaggerUi from '@fastify/swagger-ui'
import { addDays, type Clock, daysBetween, todayIn } from '../../time.ts'
import { standardHeaders } from './headers.ts'
import type { App } from './typebox.ts'
import { withExamplesBack } from './whole-examples.ts'

type Node = { [key: string]: unknown }

// The page runs its own scripts and calls this hub; React sets styles through the DOM, which no policy forbids.
const contentSecurityPolicy = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': ["'self'", 'data:'],
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'"
}

const trying = `**Probeer het hier.** Kies *Inloggen*, vul client_id en client_secret in en laat de scopes leeg: u krijgt dan alle scopes
van uw client. Open daarna een verzoek en kies *Versturen*. De voorbeelden dragen de datum van vandaag en gaan over de
gemeente 0177; hebt u daar geen overeenkomst, pas dan gemeentecode en adres aan. Een kenmerk zoals huishoudenId
vervangt u door een dat u van de hub hebt gekregen.`

// Swagger UI has two of its words in its style sheet.
const styles = `.swagger-ui .info { margin: 24px 0 }
.swagger-ui .parameter__name.required::after { content: 'verplicht' }
.swagger-ui .loading-container .loading::after { content: 'laden' }`

const theme = {
  title: 'signaalhub – documentatie',
  css: [{ filename: 'hub.css', content: styles }],
  js: [
    {
      filename: 'docs-in-dutch.js',
      content: readFileSync(new URL('docs-in-dutch.js', import.meta.url), 'utf8')
    }
  ]
}

/** The interactive documentation at /docs: all of it comes from this hub, so that it works offline. */
export function addDocs(app: App, { clock, publicUrl }: { clock: Clock; publicUrl: string }): void {
  app.register(async (docs) => {
    docs.addHook('onRoute', (route) => {
      route.config = { ...route.config, toegang: 'open', produces: ['*/*'] }
    })
    docs.addHook('onSend', async (_request, _reply, payload) => inDutch(payload))
    // The library lets its files be cached; the security headers hold for every answer.
    docs.addHook('onSend', async (_request, reply) => {
      reply.headers({ 'cache-control': standardHeaders['cache-control'] })
    })
    docs.register(swaggerUi, {
      routePrefix: '/docs',
      indexPrefix: new URL(publicUrl).pathname,
      uiConfig: {
        // Without the bar at the top, whose only use is to load the document of somebody else.
        layout: 'BaseLayout',
        deepLinking: true,
        docExpansion: 'list',
        defaultModelsExpandDepth: 0,
        displayRequestDuration: true,
        tryItOutEnabled: true,
        validatorUrl: null,
        plugins: [showTextAsItStands],
        requestInterceptor: sendWithoutCookies
      },
      theme,
      staticCSP: contentSecurityPolicy,
      transformSpecification: (document, request) =>
        forTrying(document as Node, publicUrl, request.host, todayIn(clock()))
    })
  })
}

type MakeSample = (schema: unknown, mediaType: string, config: unknown, example: unknown) => unknown
type SwaggerUi = { fn: { jsonSchema202012: { getJsonSampleSchema: MakeSample } } }

// Runs in the browser, so it refers to nothing outside it. Swagger UI puts quotes around a text of any type that has
// json in its name, but the lines of application/x-ndjson are no JSON text.
function showTextAsItStands() {
  return {
    afterLoad(this: SwaggerUi) {
      const { jsonSchema202012: samples } = this.fn
      const makeSample = samples.getJsonSampleSchema
      samples.getJsonSampleSchema = (schema, mediaType, config, example) =>
        typeof example === 'string' ? example : makeSample(schema, mediaType, config, example)
    }
  }
}

// Runs in the browser. A browser that may send what it remembers opens a window of its own when the hub refuses a
// secret, and the page never hears why.
function sendWithoutCookies(request: { credentials?: string }) {
  request.credentials = 'omit'
  return request
}

function inDutch(payload: unknown): unknown {
  return typeof payload === 'string' ? payload.replace('<html lang="en">', '<html lang="nl">') : payload
}

/** The document as the page needs it: what it shows can be sent as it stands, today and from where it was opened. */
function forTrying(document: Node, publicUrl: string, host: string, vandaag: string): Node {
  const info = document.info as { description: string }
  const introduced = {
    ...withExamplesBack(document),
    info: { ...info, description: `${info.description}\n\n${trying}` }
  }
  const current = visit(introduced, vandaag) as Node
  // Opened under another name, such as localhost, the page may not call the public address: it is another origin.
  if (host === new URL(publicUrl).host) return current
  return JSON.parse(JSON.stringify(current).replaceAll(`"${publicUrl}/`, '"/'))
}

function visit(node: unknown, vandaag: string): unknown {
  if (Array.isArray(node)) return node.map((item) => visit(item, vandaag))
  if (typeof node !== 'object' || node === null) return node
  const entries = Object.entries(node).filter(([key]) => !(key === 'example' && isOptionalParameter(node)))
  return Object.fromEntries(entries.map(([key, inner]) => [key, visitMember(key, inner, vandaag)]))
}

function visitMember(key: string, inner: unknown, vandaag: string): unknown {
  return key === 'example' ? moveTo(inner, vandaag) : visit(inner, vandaag)
}

// The page fills in the example of every parameter; a cursor or a key that nobody made would only do harm.
function isOptionalParameter(node: object): boolean {
  return 'in' in node && 'required' in node && node.required === false
}

const days = /\b\d{4}-\d\d-\d\d\b/g

/** An example with all its days moved so far that the last of them is `vandaag`. */
function moveTo(example: unknown, vandaag: string): unknown {
  const text = JSON.stringify(example)
  const last = (text.match(days) ?? [vandaag]).sort().at(-1)!
  const n = daysBetween(last, vandaag)
  return JSON.parse(text.replace(days, (day) => addDays(day, n)))
}
