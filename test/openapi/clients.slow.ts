import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { freePort } from '../../src/platform/free-port.ts'
import { openTestHub } from '../helpers/test-hub.ts'
import type { Parties, Seen } from './clients/signaal.ts'

// What an integrator does: make a client from the document, compile it as strictly as TypeScript can, and use it. The
// generators need an older TypeScript than the project, so clients/ is a workspace with packages of its own.

const clients = fileURLToPath(new URL('clients', import.meta.url))
const run = promisify(execFile)

t.test('the clients that generators make compile in strict mode', async (t) => {
  await rm(`${clients}/generated`, { recursive: true, force: true })
  await run('npm', ['run', '-s', 'build'], { cwd: clients }).catch(({ stdout, stderr }) =>
    t.fail('the document makes a client that does not compile', { faults: `${stdout}${stderr}`.split('\n') })
  )
})

for (const walker of ['walk-openapi-fetch', 'walk-hey-api']) {
  t.test(`${walker} takes a signal to the end of its case`, async (t) => {
    const compiled = new URL(`clients/generated/js/${walker}.js`, import.meta.url)
    const { walk } = (await import(compiled.href)) as { walk: (parties: Parties) => Promise<Seen> }
    t.same(await walk(await openParties(t)), {
      weigering: ['schriftelijke-herinnering', 'aanbod-gegevensdeling'],
      huishoudens: 1,
      bedrag: 84_500,
      resultaat: 'vervolghulp-financieel',
      terugkoppelingen: ['opgepakt', 'hulp-aanvaard'],
      deltas: [1]
    })
  })
}

async function openParties(t: Test): Promise<Parties> {
  const port = await freePort()
  const publicUrl = `http://127.0.0.1:${port}`
  const hub = await openTestHub(t, { now: '2026-11-25T09:00:00Z', publicUrl })
  await hub.app.listen({ host: '127.0.0.1', port })
  const gemeente = await hub.gemeente('0177', 'Raalte')
  const partner = await hub.signaalpartner(['huur'], ['0177'])
  return { baseUrl: `${publicUrl}/v1`, partner: partner.token, gemeente: gemeente.token }
}
