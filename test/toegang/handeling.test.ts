import t from 'tap'
import { logVroegsignalen } from '../../src/sporen/log-processing.ts'
import { markAdressen } from '../../src/sporen/markering-store.ts'
import { discardOpened } from '../../src/sporen/open-sealed.ts'
import type { Handeling } from '../../src/toegang/handeling.ts'
import { openInhoud, signaalIn } from '../../src/vroegsignalen/vroegsignaal-inhoud.ts'
import { findVroegsignaal, type SignaalRij } from '../../src/vroegsignalen/vroegsignaal-store.ts'
import { aSignal } from '../helpers/builders.ts'
import { actorOf } from '../helpers/handeling.ts'
import { openTestHub } from '../helpers/test-hub.ts'

const hub = await openTestHub(t)
const raalte = await hub.gemeente('0177')
const verhuurder = await hub.signaalpartner(['huur'], ['0177'])
const actor = await actorOf(hub, raalte)
const [id, other] = [await post('R-1'), await post('R-2')]

async function post(referentie: string): Promise<string> {
  const answer = await verhuurder.post('/v1/vroegsignalen', aSignal({ referentie }))
  return answer.json().id
}

/** The number of committed marks and log lines. */
async function traces() {
  const [counts] = await hub.admin(`select (select count(*)::int from huishouden_markering) as marks,
    (select count(*)::int from verwerking) as lines`)
  return counts as { marks: number; lines: number }
}

/** Opens a signal and leaves a mark. `then` decides what is logged. */
function open(then: (handeling: Handeling, row: SignaalRij) => Promise<void>) {
  return hub.hub.act(actor, async (handeling) => {
    const row = (await findVroegsignaal(handeling.tx, id))!
    const [inhoud] = await openInhoud(handeling, [row])
    await markAdressen(handeling.tx, [row])
    await then(handeling, row)
    return inhoud && signaalIn(inhoud).referentie
  })
}

t.test('a read that was not logged rejects and leaves nothing', async (t) => {
  const before = await traces()
  await t.rejects(
    open(async () => {}),
    { message: '1 signals were opened without a line in the log' }
  )
  t.same(await traces(), before)
})

t.test('a line about another signal does not account for it, and is not kept either', async (t) => {
  const before = await traces()
  const logOther = async (handeling: Handeling) => {
    const row = (await findVroegsignaal(handeling.tx, other))!
    await logVroegsignalen(handeling, 'vroegsignaal-inzien', [row])
  }
  await t.rejects(open(logOther), { message: '1 signals were opened without a line in the log' })
  t.same(await traces(), before)
})

t.test('with a line in the log it commits, with that line', async (t) => {
  const { marks, lines } = await traces()
  const referentie = await open((handeling, row) => logVroegsignalen(handeling, 'vroegsignaal-inzien', [row]))
  t.equal(referentie, 'R-1')
  t.same(await traces(), { marks: marks + 1, lines: lines + 1 })
})

t.test('what is opened and shown to nobody needs no line', async (t) => {
  const { marks, lines } = await traces()
  await open(async (handeling) => discardOpened(handeling, [id]))
  t.same(await traces(), { marks: marks + 1, lines })
})
