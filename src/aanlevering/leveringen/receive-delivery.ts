import { randomUUIDv7 } from 'node:crypto'
import { setImmediate as yieldToOthers } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import { seal } from '../../platform/crypto/seal.ts'
import type { Tx } from '../../platform/database/open-database.ts'
import { type Fault, Problem } from '../../platform/http/problem.ts'
import { addDays, todayIn } from '../../time.ts'
import type { Herkomst } from '../../weging/herkomst.ts'
import { holdAgreements, type OvereenkomstRij } from '../../weging/omstandigheden-store.ts'
import { criterionFaults, referenceFault } from '../../weging/refusal-faults.ts'
import {
  areApart,
  type Gewogen,
  type Given,
  identifySignal,
  type Ontvangst,
  storeWeighed,
  weighSignals
} from '../receive-signals.ts'
import { openTally } from '../tally.ts'
import { addDelivery, addDeliveryPart, type Regeluitkomst } from './levering-store.ts'
import { withPauses } from './pace-lines.ts'
import type { Regel } from './read-delivery.ts'

/** What became of one line, as the partner can ask for it during 30 days. */
export type Regelverslag = {
  readonly regel: number
  readonly referentie?: string
  readonly uitkomst: Regeluitkomst
  readonly vroegsignaalId?: string
  readonly errors: readonly Fault[]
}

/** How many lines go into the database at once. */
const sliceSize = 500
// The event loop gets a turn after this many lines, so that small requests beside a delivery stay quick.
const linesPerTurn = 50
/** Milliseconds that a slice is held for the next one. */
const longestHold = 100
const reportDays = 30

/**
 * Takes in a whole delivery in the given transaction: nothing of it is visible before that commits, all of it after.
 * Each line stands or falls alone. Returns the id of the delivery's report.
 * Throws tijdelijk-niet-beschikbaar when an agreement it leaned on was changed meanwhile: the change wins.
 */
export async function receiveDelivery(
  tx: Tx,
  keys: KeyRing,
  herkomst: Herkomst,
  lines: AsyncIterable<readonly Regel[]>
): Promise<string> {
  const delivery = await openDelivery(tx, keys, herkomst)
  let ahead: Weighed | undefined
  let storing: Promise<void> = Promise.resolve()
  for await (const slice of withPauses(slicesOf(lines, keys), longestHold)) {
    await storing
    if (ahead !== undefined && (slice === undefined || !areApart(ahead.given, slice.given))) {
      await delivery.store(ahead)
      ahead = undefined
    }
    if (slice === undefined) continue
    // What this slice is weighed against is asked before the one ahead of it is stored, so that this process weighs and
    // seals while the database stores.
    const weighing = delivery.weigh(slice)
    if (ahead !== undefined) storing = delivery.store(ahead)
    storing.catch(() => undefined)
    ahead = await weighing
  }
  await storing
  if (ahead !== undefined) await delivery.store(ahead)
  return delivery.close()
}

type Slice = { readonly lines: readonly Regel[]; readonly given: readonly Given[] }
type Weighed = Slice & { readonly gewogen: Gewogen }

async function* slicesOf(lines: AsyncIterable<readonly Regel[]>, keys: KeyRing): AsyncGenerator<Slice> {
  let slice: { lines: Regel[]; given: Given[] } = { lines: [], given: [] }
  for await (const together of lines) {
    for (const line of together) {
      slice.lines.push(line)
      if ('signaal' in line) slice.given.push(identifySignal(keys, line.signaal))
      if (slice.lines.length % linesPerTurn === 0) await yieldToOthers()
      if (slice.lines.length < sliceSize) continue
      yield slice
      slice = { lines: [], given: [] }
    }
  }
  if (slice.lines.length > 0) yield slice
}

async function openDelivery(tx: Tx, keys: KeyRing, herkomst: Herkomst) {
  const { signaalpartnerId, now } = herkomst
  const id = randomUUIDv7()
  const vernietigingsdatum = addDays(todayIn(now), reportDays)
  const key = (await keys.dataKeysFor([vernietigingsdatum])).get(vernietigingsdatum)!
  const agreements = new Map<string, OvereenkomstRij>()
  const tally = openTally({ signaalpartnerId, now })
  const counts = { opgenomen: 0, afgewezen: 0, ongewijzigd: 0 }
  const reasons = new Map<string, number>()

  const weigh = async (slice: Slice): Promise<Weighed> => ({
    ...slice,
    gewogen: await weighSignals(tx, keys, herkomst, slice.given, { isHolding: false, agreements })
  })

  const store = async ({ lines, gewogen }: Weighed): Promise<void> => {
    const received = await storeWeighed(tx, herkomst, gewogen)
    tally.add(received)
    let next = 0
    const reports = lines.map((line) => report(line, 'signaal' in line ? received[next++] : undefined))
    for (const { uitkomst, errors } of reports) {
      counts[uitkomst] += 1
      for (const { code } of errors) reasons.set(code, (reasons.get(code) ?? 0) + 1)
    }
    const part = { signaalpartnerId, aanleveringId: id, vanRegel: reports[0]!.regel, vernietigingsdatum }
    await addDeliveryPart(tx, {
      ...part,
      totEnMetRegel: reports.at(-1)!.regel,
      ...countsOf(reports),
      inhoud: seal(key, Buffer.from(JSON.stringify(reports)), partContext(part))
    })
  }

  const close = async () => {
    await tally.write(tx)
    await confirmAgreements(tx, signaalpartnerId, [...agreements.values()])
    await addDelivery(tx, {
      signaalpartnerId,
      id,
      ontvangenOp: now,
      vernietigingsdatum,
      aantalRegels: counts.opgenomen + counts.afgewezen + counts.ongewijzigd,
      aantalOpgenomen: counts.opgenomen,
      aantalAfgewezen: counts.afgewezen,
      aantalOngewijzigd: counts.ongewijzigd,
      redenen: [...reasons].map(([code, aantal]) => ({ code, aantal })).sort((a, b) => b.aantal - a.aantal)
    })
    return id
  }
  return { weigh, store, close }
}

/** What the seal of a part of a report is bound to. */
export function partContext({
  aanleveringId,
  vanRegel
}: {
  aanleveringId: string
  vanRegel: number
}): string {
  return `aanlevering|${aanleveringId}|${vanRegel}`
}

function report({ regel, referentie, ...line }: Regel, ontvangst: Ontvangst | undefined): Regelverslag {
  const named = { regel, ...(referentie !== undefined && { referentie }) }
  if ('faults' in line) return { ...named, uitkomst: 'afgewezen', errors: line.faults }
  switch (ontvangst!.uitkomst) {
    case 'afgewezen':
      return { ...named, uitkomst: 'afgewezen', errors: criterionFaults(ontvangst!.bevindingen) }
    case 'referentie-bestaat':
      return { ...named, uitkomst: 'afgewezen', errors: [referenceFault()] }
    case 'referentie-verloopt':
      throw new Problem('tijdelijk-niet-beschikbaar', {
        detail:
          'Een referentie hoort bij een signaal dat op dit moment wordt vernietigd; lever zo opnieuw aan.',
        headers: { 'retry-after': '30' }
      })
    default:
      return { ...named, uitkomst: ontvangst!.uitkomst, vroegsignaalId: ontvangst!.id, errors: [] }
  }
}

function countsOf(reports: readonly Regelverslag[]) {
  const count = (wanted: Regeluitkomst) => reports.filter(({ uitkomst }) => uitkomst === wanted).length
  return {
    aantalOpgenomen: count('opgenomen'),
    aantalAfgewezen: count('afgewezen'),
    aantalOngewijzigd: count('ongewijzigd')
  }
}

// A delivery does not lock agreements while it runs, for revoking one must not have to wait. So they are locked and
// read again at the very end: what changed meanwhile wins, and a repeat meets the new state line by line.
async function confirmAgreements(
  tx: Tx,
  signaalpartnerId: string,
  before: readonly OvereenkomstRij[]
): Promise<void> {
  if (before.length === 0) return
  const gemeentecodes = [...new Set(before.map(({ gemeentecode }) => gemeentecode))]
  const now = new Map((await holdAgreements(tx, signaalpartnerId, gemeentecodes)).map((one) => [one.id, one]))
  if (before.every((one) => isDeepStrictEqual(one, now.get(one.id)))) return
  throw new Problem('tijdelijk-niet-beschikbaar', {
    detail: 'Een overeenkomst is tijdens de aanlevering gewijzigd; er is niets opgenomen. Lever opnieuw aan.',
    headers: { 'retry-after': '1' }
  })
}
