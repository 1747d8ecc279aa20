import type { Answer, Party, TestHub } from '../../helpers/test-hub.ts'

type Described = {
  operationId: string
  responses: Record<string, object>
  security: object[]
  requestBody?: { content: Record<string, object> }
  parameters?: { in: string; name: string }[]
  /** Where it stands, if not below /v1. */
  servers?: { url: string }[]
}

/** One operation of the OpenAPI document. */
export type Operation = {
  readonly id: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly route: string
  readonly statuses: readonly number[]
  readonly isOpen: boolean
  /** The media type of its body, if it takes one. */
  readonly mediaType: string | undefined
  readonly parameters: readonly { in: string; name: string }[]
  /** The address, with path parameters that refer to nothing that exists. */
  readonly url: string
}

export const nowhere = '0190c9a4-7e9d-4c3e-8b53-1e9c6f1d2a3b'
const samples: Record<string, string> = { gemeentecode: '9999', slug: 'bestaat-niet' }

/** All operations in the document. */
export function operationsOf({ app }: Pick<TestHub, 'app'>): Operation[] {
  const { paths } = app.swagger() as unknown as { paths: Record<string, Record<string, Described>> }
  return Object.entries(paths).flatMap(([route, operations]) =>
    Object.entries(operations).map(([method, described]) => ({
      id: described.operationId,
      method: method.toUpperCase() as Operation['method'],
      route,
      statuses: Object.keys(described.responses).map(Number),
      isOpen: described.security.length === 0,
      mediaType: Object.keys(described.requestBody?.content ?? {})[0],
      parameters: described.parameters ?? [],
      url: urlOf(route).replace(/^\/v1/, basePathOf(described))
    }))
  )
}

function basePathOf({ servers }: Described): string {
  return servers === undefined ? '/v1' : new URL(servers[0]!.url).pathname
}

/** The address of a route. A parameter that is not given refers to nothing. */
export function urlOf(route: string, given: Record<string, string> = {}): string {
  return `/v1${route.replace(/\{(\w+)\}/g, (_, name) => given[name] ?? samples[name] ?? nowhere)}`
}

/** A minimal request with the right media type, for tests that do not care about the body. */
export function bareRequest({ method, url, mediaType }: Operation) {
  if (mediaType === undefined) return { method, url }
  const payload = mediaType === 'text/csv' ? 'PC6;gemeente\n' : mediaType.endsWith('ndjson') ? '' : '{}'
  return { method, url, headers: { 'content-type': mediaType }, payload }
}

/** Answers of every operation to every party, and answers to every kind of mistake, by name. */
export async function answersOfAllKinds(
  hub: TestHub,
  parties: Record<string, Party>
): Promise<Map<string, Answer>> {
  const answers = new Map<string, Answer>()
  for (const operation of operationsOf(hub)) {
    answers.set(`${operation.id} by nobody`, await hub.call(bareRequest(operation)))
    for (const [name, party] of Object.entries(parties)) {
      answers.set(`${operation.id} by ${name}`, await party.call(bareRequest(operation)))
    }
  }
  for (const [name, request] of Object.entries(mistakes)) {
    answers.set(name, await hub.app.inject(request as never))
  }
  return answers
}

const json = { 'content-type': 'application/json' }
const mistakes = {
  'unknown path': { method: 'GET', url: '/v1/bestaat-niet' },
  'path outside the base path': { method: 'GET', url: '/.env' },
  'undecodable path': { method: 'GET', url: '/v1/problemen/%E0%A4%A' },
  'overlong parameter': { method: 'GET', url: `/v1/problemen/${'a'.repeat(300)}` },
  'wrong method': { method: 'DELETE', url: '/v1/criteria' },
  preflight: { method: 'OPTIONS', url: '/v1/criteria' },
  head: { method: 'HEAD', url: '/v1/criteria' },
  'not acceptable': { method: 'GET', url: '/v1/criteria', headers: { accept: 'image/png' } },
  'bad query': { method: 'GET', url: '/v1/criteria?datum=gisteren' },
  'bad media type': {
    method: 'POST',
    url: '/oauth/token',
    headers: { 'content-type': 'text/x' },
    payload: 'x'
  },
  'bad token request': { method: 'POST', url: '/oauth/token', headers: json, payload: '{' },
  'no credentials': {
    method: 'POST',
    url: '/oauth/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'grant_type=client_credentials'
  },
  metadata: { method: 'GET', url: '/.well-known/oauth-authorization-server' },
  keys: { method: 'GET', url: '/.well-known/jwks.json' },
  'bare address': { method: 'GET', url: '/' },
  'bare address in a browser': { method: 'GET', url: '/', headers: { accept: 'text/html,*/*;q=0.8' } },
  live: { method: 'GET', url: '/health/live' },
  ready: { method: 'GET', url: '/health/ready' },
  docs: { method: 'GET', url: '/docs' },
  'docs page': { method: 'GET', url: '/docs/' },
  'docs file': { method: 'GET', url: '/docs/static/swagger-ui.css' },
  'docs document': { method: 'GET', url: '/docs/json' },
  'unknown docs file': { method: 'GET', url: '/docs/static/bestaat-niet.js' }
}
