import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { freePort } from '../src/platform/free-port.ts'
import { openTestHub } from './helpers/test-hub.ts'

const executablePath = findBrowser()
// The requests that a browser makes by itself must not look like requests of the page.
const quiet = ['--disable-quic', '--no-first-run', '--disable-background-networking']
const args = ['--no-sandbox', '--disable-gpu', '--disable-component-update', '--disable-sync', ...quiet]
const notRun = 'NOT RUN: no chromium, chromium-browser or google-chrome in PATH, so /docs was not tried'

const english =
  /\b(Authorize|Available|Logout|Close|Execute|Cancel|Clear|Try it|Name|Description|Request|Responses?|Example|Value|Schemas|Controls|No |Expand|Collapse|Copy|Download|characters|matches|email to)\b/
const days = /\d{4}-\d\d-\d\d/g

t.setTimeout(260_000)

t.test('in a browser', { skip: executablePath === undefined && notRun, timeout: 240_000 }, async (t) => {
  const browser = await chromium.launch({ executablePath: executablePath!, args })
  t.teardown(() => browser.close())

  t.test('a partner logs in at /docs and sends the example as it stands', async (t) => {
    const { hub, url } = await openListeningHub(t)
    const raalte = await hub.gemeente('0177', 'Raalte')
    const partner = await hub.signaalpartner(['huur'], ['0177'])
    const { page, requests, complaints } = await openPage(browser, `${url}/docs`)

    await authorize(page, partner)
    const posted = await send(page, 'postVroegsignaal')
    t.equal(posted.status, '201', posted.body)
    const { id } = JSON.parse(posted.body)
    t.match((await raalte.get(`/v1/vroegsignalen/${id}`)).json(), {
      id,
      referentie: 'VOORBEELD-2027-03-09',
      signaaldatum: '2027-03-09',
      achterstand: { ontstaansdatum: '2026-12-14' }
    })
    const assessed = await send(page, 'postProefbeoordeling')
    t.equal(assessed.status, '200', assessed.body)
    t.equal(JSON.parse(assessed.body).toelaatbaar, true)
    for (const mediaType of ['text/csv', 'application/json', 'application/x-ndjson']) {
      t.match(await deliver(page, mediaType), { aantalRegels: 1, aantalOngewijzigd: 1 }, mediaType)
    }

    t.same(complaints, [], 'no error in the console, no breach of the content security policy')
    const elsewhere = requests.filter((request) => !/^(http:\/\/127\.0\.0\.1:|data:)/.test(request))
    t.same(elsewhere, [], 'nothing is asked of any other machine')
  })

  t.test('the page speaks Dutch', async (t) => {
    const { url } = await openListeningHub(t)
    const { page } = await openPage(browser, `${url}/docs`)
    t.equal(await page.title(), 'signaalhub – documentatie')
    t.equal(await page.locator('html').getAttribute('lang'), 'nl')
    const text = await page.locator('.swagger-ui').innerText()
    for (const shown of ['De hub neemt signalen van betalingsachterstanden aan', 'Probeer het hier']) {
      t.ok(text.includes(shown), shown)
    }
    await page.locator('.auth-wrapper > .authorize').first().click()
    const dialog = await wordsOf(page, '.dialog-ux')
    for (const shown of ['Inloggen', 'Adres voor tokens:', 'alle kiezen', 'Sluiten']) {
      t.ok(dialog.includes(shown), shown)
    }
    await page.locator('.btn-done').click()

    const operation = page.locator('#operations-Signalen-getVroegsignaal')
    await operation.locator('.opblock-summary-control').click()
    await operation.locator('.btn.execute').click()
    await operation.locator('.live-responses-table').waitFor()
    const shown = await wordsOf(page, '#operations-Signalen-getVroegsignaal')
    for (const word of [
      'Annuleren',
      'Versturen',
      'Wissen',
      'Antwoorden',
      'Omschrijving',
      'Voorbeeld',
      'Geen links'
    ]) {
      t.ok(shown.includes(word), word)
    }
    for (const words of [text, dialog, shown]) t.notMatch(words, english)
    const star = `getComputedStyle(document.querySelector('.parameter__name.required'), '::after').content`
    t.equal(await page.evaluate(star), '"verplicht"')
    await operation.locator('.try-out__btn').click()
    t.equal(await operation.locator('.try-out__btn').innerText(), 'Proberen', 'also what changes later')
  })

  t.test('who logs in with a wrong secret reads why', async (t) => {
    const { hub, url } = await openListeningHub(t)
    const { page } = await openPage(browser, `${url}/docs`)
    const form = await fillLogin(page, { ...hub.beheer, clientSecret: 'fout' })
    t.match(await form.locator('.errors').innerText(), /De client is onbekend of het bewijs klopt niet\.$/)
  })

  t.test('opened under another name of the same machine, the page works as well', async (t) => {
    const { hub, url } = await openListeningHub(t)
    await hub.gemeente('0177', 'Raalte')
    const partner = await hub.signaalpartner(['huur'], ['0177'])
    const { page, complaints } = await openPage(browser, `${url.replace('127.0.0.1', 'localhost')}/docs`)
    await authorize(page, partner)
    const { status, body } = await send(page, 'postVroegsignaal')
    t.equal(status, '201', body)
    t.same(complaints, [])
  })
})

t.test('a way out of the folder of the pages leads nowhere', async (t) => {
  const hub = await openTestHub(t)
  for (const way of [
    '%2e%2e/%2e%2e/package.json',
    '..%2f..%2fpackage.json',
    '%2e%2e%5cpackage.json',
    '.env'
  ]) {
    const answer = await hub.call({ method: 'GET', url: `/docs/static/${way}` })
    t.equal(answer.statusCode, 404, way)
    t.equal(answer.json().type, '/v1/problemen/niet-gevonden')
  }
})

t.test('the pages of /docs run only what the hub serves', async (t) => {
  const hub = await openTestHub(t)
  for (const url of ['/docs', '/docs/', '/docs/static/swagger-initializer.js']) {
    const answer = await hub.call({ method: 'GET', url })
    t.equal(answer.statusCode, 200, url)
    const policy = String(answer.headers['content-security-policy'])
    t.match(policy, /default-src 'none'/)
    t.notMatch(policy, /unsafe|https?:|\*/)
  }
  const api = await hub.call({ method: 'GET', url: '/v1/criteria' })
  t.equal(api.headers['content-security-policy'], "default-src 'none'; frame-ancestors 'none'")
})

t.test(
  'the page has the document of the API, with the days of its example moved to the present',
  async (t) => {
    const hub = await openTestHub(t, { now: '2027-03-09T09:00:00Z' })
    const read = async (url: string) =>
      (await hub.call({ method: 'GET', url, headers: { host: 'hub.test' } })).json()
    const [page, api] = [await read('/docs/json'), await read('/v1/openapi.json')]
    t.equal(page.servers[0].url, 'http://hub.test/v1')
    const flow = page.components.securitySchemes.oauth2.flows.clientCredentials
    t.equal(flow.tokenUrl, 'http://hub.test/oauth/token')
    const exampleOf = (document: typeof page) =>
      JSON.stringify(document.paths['/vroegsignalen'].post.requestBody.content['application/json'].example)
    t.equal(exampleOf(page).match(days)!.sort().at(-1), '2027-03-09')
    const apart = JSON.stringify(api.components.examples.postVroegsignaal.value)
    t.equal(apart.match(days)!.sort().at(-1), '2026-11-25')
    t.same(Object.keys(page.paths), Object.keys(api.paths))
    const { parameters } = page.paths['/vroegsignalen'].get
    t.equal(parameters.length, 4)
    t.notMatch(JSON.stringify(parameters), '"example"')
  }
)

async function openListeningHub(t: Test) {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const hub = await openTestHub(t, { now: '2027-03-09T09:00:00Z', publicUrl: url })
  await hub.app.listen({ host: '127.0.0.1', port })
  return { hub, url }
}

async function openPage(browser: Browser, url: string) {
  const page = await browser.newPage({ locale: 'nl-NL' })
  const requests: string[] = []
  const complaints: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (line) => {
    if (line.type() === 'error' || line.type() === 'warning') complaints.push(line.text())
  })
  await page.goto(url)
  await page.locator('#operations-Signalen-postVroegsignaal').waitFor()
  return { page, requests, complaints }
}

type Credentials = { clientId: string; clientSecret: string }

async function authorize(page: Page, client: Credentials): Promise<void> {
  const form = await fillLogin(page, client)
  await form.getByText('Uitloggen').waitFor()
  await page.locator('.btn-done').click()
}

async function fillLogin(page: Page, client: Credentials) {
  await page.locator('.auth-wrapper > .authorize').first().click()
  const form = page.locator('.auth-container')
  await form.locator('#client_id_clientCredentials').fill(client.clientId)
  await form.locator('#client_secret_clientCredentials').fill(client.clientSecret)
  await form.locator('button.authorize').click()
  return form
}

/** The words in a part of the page and in its labels, without what was sent and came back. */
async function wordsOf(page: Page, part: string): Promise<string> {
  return page.evaluate(`(() => {
    const copy = document.querySelector('${part}').cloneNode(true)
    for (const data of copy.querySelectorAll('pre, code, textarea')) data.remove()
    const named = [...copy.querySelectorAll('[aria-label], [title]')]
    return [copy.textContent, ...named.flatMap((node) => [node.ariaLabel, node.title])].join('\\n')
  })()`)
}

/** Sends the delivery that the page shows for a media type. */
async function deliver(page: Page, mediaType: string): Promise<object> {
  const operation = page.locator('#operations-Signalen-postAanlevering')
  const types = operation.locator('.body-param-content-type select')
  if (!(await types.isVisible())) await operation.locator('.opblock-summary-control').click()
  await types.selectOption(mediaType)
  const answered = page.waitForResponse('**/v1/aanleveringen')
  await operation.locator('.btn.execute').click()
  return (await answered).json()
}

async function send(page: Page, operationId: string): Promise<{ status: string; body: string }> {
  const operation = page.locator(`#operations-Signalen-${operationId}`)
  await operation.locator('.opblock-summary-control').click()
  await operation.locator('.btn.execute').click()
  const answer = operation.locator('.live-responses-table')
  await answer.waitFor()
  const status = await answer.locator('tbody .response-col_status').first().innerText()
  return { status: status.trim(), body: await answer.locator('.highlight-code pre').first().innerText() }
}

function findBrowser(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome']
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
