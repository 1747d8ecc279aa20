import { readFile } from 'node:fs/promises'
import t from 'tap'
import { openTestHub } from '../../helpers/test-hub.ts'

const hub = await openTestHub(t)

const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8'

t.test('a browser at the bare address is sent to the documentation, under the name it came by', async (t) => {
  for (const accept of [browser, 'text/html', 'text/*', 'application/json;q=0.5, text/html']) {
    for (const method of ['GET', 'HEAD'] as const) {
      const headers = { accept, host: 'localhost:3000' }
      const answer = await hub.app.inject({ method, url: '/', headers })
      t.match(
        answer,
        { statusCode: 302, headers: { location: '/docs', vary: /\bAccept\b/ }, body: '' },
        accept
      )
    }
  }
  t.equal((await hub.app.inject({ method: 'GET', url: '/docs' })).statusCode, 200, 'which is there')
})

t.test('a machine is told, without a token, what this is and where the rest stands', async (t) => {
  for (const accept of [
    '*/*',
    'application/json',
    'application/*',
    'application/json, text/html;q=0.9',
    undefined
  ]) {
    const headers = accept === undefined ? {} : { accept }
    const answer = await hub.app.inject({ method: 'GET', url: '/', headers })
    t.match(answer, {
      statusCode: 200,
      headers: { 'content-type': /^application\/json/, vary: /\bAccept\b/ }
    })
    t.same(answer.json(), {
      naam: 'signaalhub',
      versie: String(answer.headers['api-version']),
      links: {
        openapi: 'http://hub.test/v1/openapi.json',
        documentatie: 'http://hub.test/docs',
        toegang: 'http://hub.test/.well-known/oauth-authorization-server',
        gezondheid: 'http://hub.test/health/ready'
      }
    })
    const head = await hub.app.inject({ method: 'HEAD', url: '/', headers })
    t.match(head, { statusCode: 200, body: '', headers: { 'content-type': /^application\/json/ } })
  }
})

t.test('every address that it names is there', async (t) => {
  const { links } = (await hub.app.inject({ method: 'GET', url: '/' })).json()
  for (const link of Object.values<string>(links)) {
    const { statusCode } = await hub.app.inject({ method: 'GET', url: new URL(link).pathname })
    t.equal(statusCode, 200, link)
  }
})

t.test('what it does not do is refused as everywhere', async (t) => {
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
    const answer = await hub.app.inject({ method, url: '/' })
    t.match(answer, { statusCode: 405, headers: { allow: 'GET, HEAD' } }, method)
    t.match(answer.headers['content-type'], /^application\/problem\+json/)
  }
  const image = await hub.app.inject({ method: 'GET', url: '/', headers: { accept: 'image/png' } })
  t.equal(image.statusCode, 406)
})

t.test('the package has the version of the API, so that one version says it all', async (t) => {
  const { version } = JSON.parse(await readFile(new URL('../../../package.json', import.meta.url), 'utf8'))
  t.equal((await hub.app.inject({ method: 'GET', url: '/' })).json().versie, version)
})

t.test('under a path of a proxy, every address that goes out has that path', async (t) => {
  const publicUrl = 'https://loket.test/diensten/signaalhub'
  const under = await openTestHub(t, { publicUrl })
  const get = (url: string, headers: Record<string, string> = {}) =>
    under.app.inject({ method: 'GET', url, headers: { host: 'loket.test', ...headers } })
  t.equal((await get('/', { accept: browser })).headers.location, '/diensten/signaalhub/docs')
  const made = await under.beheer.post('/v1/gemeenten', { gemeentecode: '0177', naam: 'Raalte' })
  t.equal(made.headers.location, '/diensten/signaalhub/v1/gemeenten/0177')
  await under.beheer.post('/v1/gemeenten', { gemeentecode: '0141', naam: 'Almelo' })
  const page = await under.beheer.get('/v1/gemeenten?limit=1')
  t.match(page.headers.link, `<${publicUrl}/v1/gemeenten?limit=1&cursor=`)
  const { issuer, token_endpoint } = (await get('/.well-known/oauth-authorization-server')).json()
  t.same([issuer, token_endpoint], [publicUrl, `${publicUrl}/oauth/token`])
  t.match((await get('/docs')).body, '"/diensten/signaalhub/docs/static/swagger-ui.css"')
  const documents: string[] = [(await get('/v1/openapi.json')).body, (await get('/docs/json')).body]
  for (const document of documents) t.same(JSON.parse(document).servers[0].url, `${publicUrl}/v1`)
  const local = (await get('/docs/json', { host: 'localhost:3000' })).json()
  t.equal(local.servers[0].url, '/v1', 'opened without the proxy it has no path')
})
