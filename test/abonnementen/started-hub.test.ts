import { setTimeout as sleep } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import t from 'tap'
import { aSignal } from '../helpers/builders.ts'
import { startSecondHub } from '../helpers/start-second-hub.ts'
import { openTestHub } from '../helpers/test-hub.ts'
import { openReceiver, subscribe, toThisMachine } from './receiver.ts'

const now = '2026-11-20T09:00:00Z'

t.test(
  'a hub that was started delivers within a second, beside another, under its trial clock',
  async (t) => {
    const first = await openTestHub(t, { now, outgoing: toThisMachine() })
    const raalte = await first.gemeente('0177')
    const verhuurder = await first.signaalpartner(['huur'], ['0177'])
    const receiver = await openReceiver(t)
    const { geheim } = await subscribe(raalte, receiver.url, ['nl.vroegsignalering.signaal-ontvangen'])
    const where = { ...first.databases, now, settings: { ONTVANGERS_NETWERKEN: '127.0.0.1' } }
    const hubs = [await startSecondHub(t, first, where), await startSecondHub(t, first, where)]
    await Promise.all(hubs.map(({ isReady }) => isReady))
    const [one] = hubs
    for (let n = 0; n < 20; n += 1) {
      const signal = aSignal({ referentie: `R-${n}`, adres: { huisnummer: 1 + n } })
      t.equal((await one!.post(verhuurder, '/v1/vroegsignalen', signal)).status, 201)
    }
    const until = performance.now() + 5_000
    while (receiver.received.length < 20 && performance.now() < until) await sleep(20)
    await sleep(600)
    t.equal(receiver.received.length, 20, 'each once')
    t.equal(new Set(receiver.received.map(({ event }) => event.id)).size, 20)
    for (const { body, headers } of receiver.received)
      new Webhook(geheim).verify(body, headers as Record<string, string>)
    const refused = await one!.post(raalte, '/v1/abonnementen', {
      url: 'https://10.0.0.1/',
      soorten: ['nl.vroegsignalering.signaal-ontvangen']
    })
    t.equal(refused.status, 400)
    await Promise.all(hubs.map(({ stop }) => stop()))
    t.notOk(hubs.some(({ logLines }) => logLines.some((line) => line.includes('failed'))))
  }
)
