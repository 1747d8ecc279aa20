import t from 'tap'
import { openStage, signalen, zaken } from '../zaken/zaak-stage.ts'

t.setTimeout(120_000)

const stage = await openStage(t)
const { hub, raalte, huur, send, householdAt } = stage
const gebruiker = 'mw-7f3a91'

/** The employees that the log names for a signal, household or case. */
const namedFor = async (objectId: string, clientId: string) =>
  (
    await hub.admin<{ gebruiker: string | null }>(
      `select gebruiker from verwerking where object_id = $1 and client_id::text = $2 order by op, id`,
      [objectId, clientId]
    )
  ).map((line) => line.gebruiker)

t.test('the log names the employee for whom a municipality looked or acted', async (t) => {
  const signal = await send(huur, 1)
  const call = (method: string, url: string, payload?: object) =>
    raalte.call({ method, url, headers: { gebruiker }, ...(payload && { payload }) } as never)
  t.equal((await call('GET', `${signalen}/${signal}`)).statusCode, 200)
  const { id: huishoudenId } = await householdAt(1)
  const opened = await call('POST', zaken, { huishoudenId })
  t.equal(opened.statusCode, 201)
  t.equal((await raalte.get(`${signalen}/${signal}`)).statusCode, 200)
  t.same(await namedFor(signal, raalte.clientId), [gebruiker, null], 'and nobody where it names none')
  t.same(await namedFor(opened.json().id, raalte.clientId), [gebruiker])
})

t.test('400 names the header when it is no pseudonym, and nothing is done', async (t) => {
  const signal = await send(huur, 2)
  for (const wrong of ['Jan de Vries', 'jan@raalte.nl', '', 'x'.repeat(65), 'm\u00fc', 'een, twee']) {
    const headers = { gebruiker: wrong }
    const answer = await raalte.call({ method: 'GET', url: `${signalen}/${signal}`, headers })
    t.match(
      answer.json(),
      {
        status: 400,
        type: '/v1/problemen/ongeldige-invoer',
        errors: [{ in: 'header', location: 'gebruiker' }]
      },
      JSON.stringify(wrong)
    )
    if (wrong !== '') t.notMatch(answer.body, wrong)
  }
  t.same(await namedFor(signal, raalte.clientId), [])
  const longest = { gebruiker: '!'.repeat(64) }
  const answer = await raalte.call({ method: 'GET', url: `${signalen}/${signal}`, headers: longest })
  t.equal(answer.statusCode, 200)
})

t.test('of a partner the header means nothing', async (t) => {
  const signal = await send(huur, 3)
  const headers = { gebruiker }
  t.equal((await huur.call({ method: 'GET', url: `${signalen}/${signal}`, headers })).statusCode, 200)
  t.same(await namedFor(signal, huur.clientId), [null, null])
})

t.test('the document declares it for the operations of municipalities, and for no other', async (t) => {
  const { paths } = (await hub.call({ method: 'GET', url: '/v1/openapi.json' })).json()
  const declares = (path: string, method: string) =>
    (paths[path][method].parameters ?? []).some(({ name }: { name: string }) => name === 'Gebruiker')
  t.ok(declares('/vroegsignalen/{id}', 'get'))
  t.ok(declares('/vroegsignaalzaken/{id}/resultaat', 'put'))
  t.notOk(declares('/vroegsignalen', 'post'))
  t.notOk(declares('/terugkoppelingen', 'get'))
})
