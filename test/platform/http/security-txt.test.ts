import t from 'tap'
import { buildApp } from '../../../src/app.ts'
import { openLogger } from '../../../src/platform/http/logger.ts'
import { openTestHub } from '../../helpers/test-hub.ts'

const url = '/.well-known/security.txt'

t.test('security.txt says where to report a vulnerability, and is never out of date', async (t) => {
  const { hub, setClock } = await openTestHub(t, { now: '2026-11-20T09:00:00Z' })
  const securityContact = 'mailto:security@gemeente.example'
  const app = await buildApp({
    hub,
    logger: openLogger('silent'),
    isReady: async () => true,
    securityContact
  })
  t.teardown(() => app.close())
  const answer = await app.inject({ method: 'GET', url })
  t.match(answer, { statusCode: 200, headers: { 'content-type': 'text/plain; charset=utf-8' } })
  t.equal(
    answer.body,
    [
      'Contact: mailto:security@gemeente.example',
      'Expires: 2027-05-19T00:00:00Z',
      'Preferred-Languages: nl, en',
      'Canonical: http://hub.test/.well-known/security.txt',
      ''
    ].join('\r\n')
  )
  t.match(String(answer.headers.ratelimit), /^"adres";r=59;/)
  setClock('2027-11-20T09:00:00Z')
  t.match((await app.inject({ method: 'GET', url })).body, 'Expires: 2028-05-18T00:00:00Z')
})

t.test('without a contact there is none', async (t) => {
  const hub = await openTestHub(t)
  const answer = await hub.call({ method: 'GET', url })
  t.match(answer, { statusCode: 404, headers: { 'content-type': /^application\/problem\+json/ } })
  t.equal(answer.json().type, '/v1/problemen/niet-gevonden')
})
