import type { FastifyRequest } from 'fastify'
import { charsetOf, isUtf8 } from './decode-text.ts'
import { digestFaults } from './digest.ts'
import { JsonFault, parseJson } from './parse-json.ts'
import { invalid, Problem } from './problem.ts'
import type { App } from './typebox.ts'

/**
 * Accepts JSON bodies, and merge patches on PATCH. Throws mediatype-niet-ondersteund for anything else, including
 * compressed bodies and other charsets than UTF-8. Routes with a streamed body add their own parsers.
 */
export function addBodyParsers(app: App): void {
  app.removeAllContentTypeParsers()
  app.addHook('onRequest', async ({ headers, routeOptions }) => {
    const encoding = headers['content-encoding']?.trim().toLowerCase()
    if (routeOptions.config.isStreamed || encoding === undefined || encoding === 'identity') return
    throw new Problem('mediatype-niet-ondersteund')
  })
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => parseBody(request, body)
  )
  app.addContentTypeParser(
    'application/merge-patch+json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      if (request.method !== 'PATCH') throw new Problem('mediatype-niet-ondersteund')
      return parseBody(request, body)
    }
  )
}

// Many clients name a type on every request, also where they send nothing.
function parseBody({ headers }: FastifyRequest, body: Buffer): unknown {
  const faults = digestFaults(headers, body)
  if (faults.length > 0) throw invalid(faults)
  if (body.length === 0) return undefined
  if (!isUtf8(charsetOf(headers['content-type']))) throw new Problem('mediatype-niet-ondersteund')
  try {
    return parseJson(body)
  } catch (cause) {
    if (!(cause instanceof JsonFault)) throw cause
    throw invalid([{ in: 'body', location: '', code: 'json', detail: cause.message }])
  }
}
