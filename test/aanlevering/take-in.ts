import { type Ontvangst, receiveSignals } from '../../src/aanlevering/receive-signals.ts'
import type { AangeleverdSignaal } from '../../src/begrippen/vroegsignaal.ts'
import type { Context, Tx } from '../../src/platform/database/open-database.ts'
import type { Party, TestHub } from '../helpers/test-hub.ts'

type Partner = Party & { readonly id: string }
const sliceSize = 1000

/** The context in which the database serves a partner, as a request of it would have. */
export async function contextOfPartner(
  hub: TestHub,
  partner: Partner
): Promise<Context & { clientId: string }> {
  const [client] = await hub.admin<{ id: string }>('select id from client where client_id = $1', [
    partner.clientId
  ])
  return {
    duty: 'signaalpartner',
    signaalpartnerId: partner.id,
    clientId: client!.id,
    statementTimeout: 60_000
  }
}

/** Takes signals in within a transaction that the test holds. */
export function takeInWithin(
  tx: Tx,
  hub: TestHub,
  { signaalpartnerId, clientId }: Context,
  signals: readonly AangeleverdSignaal[]
): Promise<Ontvangst[]> {
  const herkomst = {
    signaalpartnerId: signaalpartnerId!,
    clientId: clientId!,
    traceId: '0'.repeat(32),
    now: hub.hub.clock()
  }
  return receiveSignals(tx, hub.keys, herkomst, signals)
}

/** Takes many signals in at once, past HTTP; every one must be admitted. Returns their ids. */
export async function takeIn(
  hub: TestHub,
  partner: Partner,
  signals: readonly AangeleverdSignaal[]
): Promise<string[]> {
  const context = await contextOfPartner(hub, partner)
  const ids: string[] = []
  for (let start = 0; start < signals.length; start += sliceSize) {
    const slice = signals.slice(start, start + sliceSize)
    const received = await hub.database.as(context, (tx) => takeInWithin(tx, hub, context, slice))
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
