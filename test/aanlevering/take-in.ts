import type { Ontvangst } from '../../src/aanlevering/ontvangst.ts'
import { receiveVroegsignalen } from '../../src/aanlevering/receive-vroegsignalen.ts'
import type { AangeleverdSignaal } from '../../src/begrippen/vroegsignaal.ts'
import type { Context, Tx } from '../../src/platform/database/open-database.ts'
import { contextOf, signaalpartnerOf } from '../../src/toegang/caller.ts'
import type { Actor } from '../../src/toegang/handeling.ts'
import { identifyVroegsignaal } from '../../src/vroegsignalen/identify-vroegsignaal.ts'
import { actorOf, handelingIn } from '../helpers/handeling.ts'
import type { Party, TestHub } from '../helpers/test-hub.ts'

type Partner = Party & { readonly id: string }
const sliceSize = 1000
const limits = { statementTimeout: 60_000 }

/** The database context that a request of this partner would have. */
export async function contextOfPartner(hub: TestHub, partner: Partner): Promise<Context> {
  return { ...contextOf((await actorOf(hub, partner)).caller), ...limits }
}

/** Takes signals in within a transaction of the test. */
export function takeInWithin(
  tx: Tx,
  hub: TestHub,
  actor: Actor,
  signals: readonly AangeleverdSignaal[]
): Promise<Ontvangst[]> {
  const { caller, traceId } = actor
  const identified = signals.map((signaal) => ({
    ...identifyVroegsignaal(hub.keys, signaalpartnerOf(caller), signaal),
    clientId: caller.id,
    traceId
  }))
  return receiveVroegsignalen(handelingIn(hub, actor, tx), identified)
}

/** Takes in many signals at once, without HTTP. All must be admitted. Returns their ids. */
export async function takeIn(
  hub: TestHub,
  partner: Partner,
  signals: readonly AangeleverdSignaal[]
): Promise<string[]> {
  const actor = await actorOf(hub, partner)
  const context = { ...contextOf(actor.caller), ...limits }
  const ids: string[] = []
  for (let start = 0; start < signals.length; start += sliceSize) {
    const slice = signals.slice(start, start + sliceSize)
    const received = await hub.database.as(context, (tx) => takeInWithin(tx, hub, actor, slice))
    ids.push(...received.map(idOf))
  }
  return ids
}

function idOf(ontvangst: Ontvangst): string {
  if ('id' in ontvangst) return ontvangst.id
  const reasons =
    'bevindingen' in ontvangst ? ontvangst.bevindingen.map(({ criterium }) => criterium.criterium) : []
  throw new Error(`a test signal was not admitted: ${ontvangst.uitkomst} ${reasons}`)
}
