import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { beginDelivery, tokenFrom } from '../aanlevering/leveringen/deliveries.ts'
import { loadRegister } from '../helpers/load-register.ts'
import { openTestHub } from '../helpers/test-hub.ts'
import { startServer } from '../platform/server-process.ts'

const path = '/v1/adresregister/leveringen'
const header = 'postcode;huisnummer;gemeentecode\n'
const lines = Array.from({ length: 9_000 }, (_, n) => `8101AA;${n + 1};0177\n`)

t.test('a hub killed while it loads leaves the old register; another loads a minute later', async (t) => {
  const hub = await openTestHub(t)
  await loadRegister(hub.beheer, [header.trim(), '7607ZZ;1;0177'])
  const start = async (PROEF_KLOK: string) => {
    const server = startServer(t, {
      DATABASE_URL: hub.databases.databaseUrl,
      SLEUTEL_DATABASE_URL: hub.databases.sleutelDatabaseUrl,
      KEK: hub.kek,
      PROEF_KLOK
    })
    const { url = '' } = await server.said('gereed')
    const token = await tokenFrom(url, hub.beheer)
    return { server, load: beginDelivery(url, token, { 'content-type': 'text/csv' }, path) }
  }
  const counts = async () => {
    const [row] = await hub.admin<{ kant: string; versie: number }>(
      'select kant, versie from adresregister_stand'
    )
    return row
  }

  const first = await start('2026-11-20T09:00:00Z')
  first.load.write(header + lines.slice(0, 5_000).join(''))
  while ((await hub.admin('select from adresregister_levering where aantal_regels >= 4000')).length === 0)
    await sleep(20)
  t.equal(await first.server.end('SIGKILL'), null)
  await t.rejects(first.load.reply)
  // The start of a hub raised it once, because it knows rules for addresses that the tests' database does not.
  t.same(await counts(), { kant: 'a', versie: 2 })
  t.equal((await loadRegister(hub.beheer, [header.trim(), '8101AA;1;0177'])).statusCode, 409, 'not at once')

  const second = await start('2026-11-20T09:02:00Z')
  const { status, json } = await second.load.end(header + lines.join(''))
  t.same([status, json.aantalAdressen, json.aantalPostcodes], [201, 9_000, 1], 'nothing of the first is left')
  t.same(await counts(), { kant: 'b', versie: 3 })
  await second.server.end('SIGTERM')
})
