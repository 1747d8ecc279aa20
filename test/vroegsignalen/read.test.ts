import t from 'tap'
import { aSignal } from '../helpers/builders.ts'
import { type Answer, openTestHub, type Party } from '../helpers/test-hub.ts'

const path = '/v1/vroegsignalen'

async function openHub(t: Parameters<typeof openTestHub>[0]) {
  const hub = await openTestHub(t)
  const [raalte, almelo] = [await hub.gemeente('0177'), await hub.gemeente('0141')]
  const both = ['0177', '0141']
  const [linde, eik] = [await hub.signaalpartner(['huur'], both), await hub.signaalpartner(['huur'], both)]
  const post = async (partner: Party, referentie: string, gemeentecode = '0177') => {
    const answer = await partner.post(path, aSignal({ referentie, gemeentecode }))
    if (answer.statusCode !== 201) throw new Error(answer.body)
    return answer.json()
  }
  return { hub, raalte, almelo, linde, eik, post }
}

const referencesOf = (answer: Answer): string[] =>
  answer.json().resultaten.map(({ referentie }: { referentie: string }) => referentie)

t.test('a partner lists its own signals, a municipality those of its residents; newest first', async (t) => {
  const { raalte, almelo, linde, eik, post } = await openHub(t)
  await post(linde, 'L1')
  await post(eik, 'E1')
  await post(linde, 'L2', '0141')
  t.same(referencesOf(await linde.get(path)), ['L2', 'L1'])
  t.same(referencesOf(await eik.get(path)), ['E1'])
  t.same(referencesOf(await raalte.get(path)), ['E1', 'L1'])
  t.same(referencesOf(await almelo.get(path)), ['L2'])
})

t.test(
  'one signal is read by its partner and its municipality; for anybody else it does not exist',
  async (t) => {
    const { raalte, almelo, linde, eik, post } = await openHub(t)
    const made = await post(linde, 'L1')
    const url = `${path}/${made.id}`
    for (const party of [linde, raalte]) {
      const answer = await party.get(url)
      t.equal(answer.statusCode, 200)
      t.same(answer.json(), made)
      t.match(answer.headers.etag, /^"[\w-]+"$/)
    }
    const absent = (await linde.get(`${path}/01900000-0000-7000-8000-000000000000`)).json()
    for (const party of [almelo, eik]) {
      const answer = await party.get(url)
      t.equal(answer.statusCode, 404)
      t.same({ ...answer.json(), instance: '' }, { ...absent, instance: '' }, 'not even that it exists')
    }
    t.equal((await linde.get(`${path}/geen-uuid`)).statusCode, 400)
  }
)

t.test('a partner never learns of a household, a match or another partner', async (t) => {
  const { raalte, linde, eik, post } = await openHub(t)
  await post(eik, 'E1')
  const made = await post(linde, 'L1')
  await raalte.get('/v1/huishoudens')
  const shown = (await linde.get(`${path}/${made.id}`)).json()
  t.same(shown, made, 'the same before and after it was matched')
  t.notOk(JSON.stringify(shown).includes(eik.id))
  t.equal((await linde.get('/v1/huishoudens')).statusCode, 403)
  t.equal((await linde.post('/v1/huishoudens/_zoek', { burgerservicenummer: '999990019' })).statusCode, 403)
})

t.test('every read of personal data is in the processing log, one line per signal shown', async (t) => {
  const { hub, raalte, linde, post } = await openHub(t)
  await post(linde, 'L1')
  await post(linde, 'L2')
  const lines = () =>
    hub.admin<{ clientId: string; aantal: number }>(`select c.client_id as "clientId", count(*)::int as aantal
      from verwerking v join client c on c.id = v.client_id where activiteit = 'vroegsignaal-inzien' group by 1`)
  t.same(await lines(), [])
  await raalte.get(path)
  t.same(await lines(), [{ clientId: raalte.clientId, aantal: 2 }])
  await raalte.get(`${path}?limit=1`)
  t.same(await lines(), [{ clientId: raalte.clientId, aantal: 3 }], 'not for what is on the next page')
  await hub.admin('revoke insert on verwerkingsblad from signaalhub_gemeente')
  const answer = await raalte.get(path)
  t.equal(answer.statusCode, 503, 'no log, no data')
  t.notOk(answer.body.includes('Proefpersoon'))
  await hub.admin('grant insert on verwerkingsblad to signaalhub_gemeente')
})

t.test(
  'pages follow each other without a gap or a double, also when newer signals come in between',
  async (t) => {
    const { linde, post } = await openHub(t)
    for (let n = 1; n <= 5; n += 1) await post(linde, `R${n}`)
    const seen: string[] = []
    let url: string | undefined = `${path}?limit=2`
    for (let n = 6; url !== undefined; n += 1) {
      const answer = await linde.get(url)
      seen.push(...referencesOf(answer))
      await post(linde, `R${n}`)
      url = /<http:\/\/hub\.test([^>]+)>; rel="next"/.exec(String(answer.headers.link ?? ''))?.[1]
    }
    t.same(seen, ['R5', 'R4', 'R3', 'R2', 'R1'])
    for (const wrong of ['?limit=0', '?limit=1001', '?limit=1.5', '?cursor=eyJ9.x', '?sort=naam']) {
      t.equal((await linde.get(`${path}${wrong}`)).statusCode, 400, wrong)
    }
  }
)

t.test('a token without vroegsignalen:lezen reads nothing', async (t) => {
  const { hub, linde, post } = await openHub(t)
  const { id } = await post(linde, 'L1')
  const scopes = ['huishoudens:lezen']
  const other = await hub.client({ naam: 'Matcht alleen', rol: 'gemeente', gemeentecodes: ['0177'], scopes })
  for (const party of [other, hub.beheer]) {
    t.equal((await party.get(path)).statusCode, 403)
    t.equal((await party.get(`${path}/${id}`)).statusCode, 403)
    t.equal((await party.post(`${path}/_zoek`, { burgerservicenummer: '999990019' })).statusCode, 403)
  }
})

t.test('a list has the evidence only where it is asked for', async (t) => {
  const { raalte, linde, post } = await openHub(t)
  const made = [await post(linde, 'L2'), await post(linde, 'L1')].reverse()
  const bare = made.map(({ beoordeling: _, ...signal }) => signal)
  for (const party of [linde, raalte]) {
    t.same((await party.get(path)).json().resultaten, bare)
    t.same((await party.get(`${path}?expand=beoordeling`)).json().resultaten, made)
    const next = String((await party.get(`${path}?expand=beoordeling&limit=1`)).headers.link)
    const url = /<http:\/\/hub\.test([^>]+)>; rel="next"/.exec(next)![1]!
    t.same((await party.get(url)).json().resultaten, made.slice(1), 'and so has its next page')
    for (const wrong of ['expand=iets', 'expand=beoordeling,iets', 'expand=beoordeling&expand=iets']) {
      const answer = await party.get(`${path}?${wrong}`)
      t.match(answer.json(), { status: 400, errors: [{ in: 'query' }] }, wrong)
    }
    t.same((await party.get(`${path}/${made[0].id}`)).json(), made[0], 'one signal always has it')
    t.equal((await party.get(`${path}/${made[0].id}?expand=beoordeling`)).statusCode, 400)
  }
})
