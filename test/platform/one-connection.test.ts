import t from 'tap'
import { aSignal } from '../helpers/builders.ts'
import { startSecondHub } from '../helpers/start-second-hub.ts'
import { openTestHub } from '../helpers/test-hub.ts'

t.setTimeout(120_000)

t.test('a hub with DATABASE_POOL=1 takes in, shows, matches and delivers, one after the other', async (t) => {
  const first = await openTestHub(t)
  const raalte = await first.gemeente('0177')
  const huur = await first.signaalpartner(['huur'], ['0177'])
  const { databaseUrl, sleutelDatabaseUrl } = first.databases
  const now = '2026-11-20T09:00:00Z'
  const settings = { DATABASE_POOL: '1' }
  const hub = await startSecondHub(t, first, { databaseUrl, sleutelDatabaseUrl, now, settings })
  await hub.isReady
  const signals = (count: number, name: string) =>
    Array.from({ length: count }, (_, n) =>
      aSignal({
        referentie: `${name}-${n}`,
        klantnummer: `${name}-${n}`,
        adres: { huisnummer: 1 + (n % 40) }
      })
    )
  for (const signal of signals(5, 'LOS'))
    t.equal((await hub.post(huur, '/v1/vroegsignalen', signal)).status, 201)
  for (const round of [1, 2, 3, 4]) {
    const answer = await hub.post(huur, '/v1/aanleveringen', { vroegsignalen: signals(500, `R${round}`) })
    t.equal(answer.status, 201, answer.body)
  }
  for (const path of ['/v1/huishoudens', '/v1/huishoudens/_deltas', '/v1/vroegsignalen'])
    t.equal((await hub.get(raalte, path)).status, 200, path)
  t.equal(await hub.ready(), 200)
})
