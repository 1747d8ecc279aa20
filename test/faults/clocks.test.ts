import t from 'tap'
import { takeIn } from '../aanlevering/take-in.ts'
import { aSignal } from '../helpers/builders.ts'
import { openTestHub, type Party, type TestHub } from '../helpers/test-hub.ts'
import { type Follower, openFollower } from '../huishoudens/volgen/delta-follower.ts'

/** How far the hub came after midnight, before its clock was set back to the evening. */
const waysAcross: Readonly<Record<string, (hub: TestHub, raalte: Party) => Promise<unknown>>> = {
  'its keys were destroyed': async () => undefined,
  'households were read without what had expired': (_, raalte) => raalte.get('/v1/huishoudens'),
  'a follower read on': (_, raalte) => raalte.get('/v1/huishoudens/_deltas'),
  'more was delivered, and matched': (_, raalte) => raalte.get('/v1/huishoudens')
}

for (const [how, goOn] of Object.entries(waysAcross)) {
  t.test(`a clock set back over midnight after ${how}: what can be opened is shown`, async (t) => {
    const hub = await openTestHub(t, { now: '2026-05-20T09:00:00Z' })
    const raalte = await hub.gemeente('0177')
    const verhuurder = await hub.signaalpartner(['huur'], ['0177'])
    const deliver = (day: string, huisnummer: number) =>
      takeIn(hub, verhuurder, [
        aSignal({
          referentie: `R-${day}-${huisnummer}`,
          klantnummer: `K-${huisnummer}`,
          signaaldatum: day,
          adres: { huisnummer }
        })
      ])
    const expiring = [...(await deliver('2026-05-20', 1)), ...(await deliver('2026-05-20', 2))]
    hub.setClock('2026-05-21T09:00:00Z')
    const living = [...(await deliver('2026-05-21', 1)), ...(await deliver('2026-05-21', 3))]
    const follower = openFollower(hub, raalte)
    await follower.catchUp(100)
    t.same(signalsOf(follower), [...expiring, ...living].sort(), 'all of it before')

    hub.setClock('2026-11-20T00:05:00+01:00')
    await hub.keys.destroyDataKeys('2026-11-20')
    if (how.startsWith('more')) living.push(...(await deliver('2026-11-20', 2)))
    await goOn(hub, raalte)

    hub.setClock('2026-11-19T23:55:00+01:00')
    const anew = openFollower(hub, raalte)
    await anew.catchUp(100)
    t.same(signalsOf(anew), living.sort(), 'who begins anew')
    await follower.catchUp(100)
    t.ok(
      living.every((id) => signalsOf(follower).includes(id)),
      'who goes on'
    )
    const { body, statusCode } = await raalte.get('/v1/huishoudens')
    t.equal(statusCode, 200)
    t.same(idsIn(JSON.parse(body).resultaten), living)
    living.push(...(await deliver('2026-11-19', 2)))
    await anew.catchUp(100)
    t.same(signalsOf(anew), living.sort(), 'and what comes in this evening')

    hub.setClock('2026-11-20T03:15:00+01:00')
    await hub.sweep()
    await follower.catchUp(100)
    await anew.catchUp(100)
    t.same(signalsOf(follower), living, 'after the sweep they have the same')
    t.same(signalsOf(anew), living)
    const left = await hub.admin<{ id: string }>('select id from vroegsignaal order by id')
    t.same(
      left.map(({ id }) => id),
      living
    )
  })
}

/** The signals in the copy of a follower. */
function signalsOf({ households }: Follower): string[] {
  return idsIn([...households.values()] as never)
}

type Household = { readonly id: string; readonly vroegsignalen: readonly { readonly id: string }[] }

function idsIn(households: readonly Household[]): string[] {
  return households.flatMap(({ vroegsignalen }) => vroegsignalen.map(({ id }) => id)).sort()
}
