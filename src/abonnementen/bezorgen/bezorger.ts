import type { Uitschakelreden } from '../../begrippen/abonnement.ts'
import { proefsoort } from '../../begrippen/gebeurtenissoort.ts'
import type { KeyRing } from '../../platform/crypto/key-ring.ts'
import type { Context, Database, Tx } from '../../platform/database/open-database.ts'
import type { Outgoing, Posted } from '../../platform/outgoing/outgoing.ts'
import type { Clock } from '../../time.ts'
import {
  dropBezorgingen,
  type GenomenBezorging,
  listGemeentenDue,
  type Mislukking,
  noteMislukt,
  saveBezorgd,
  saveMislukt,
  spreadGebeurtenissen,
  switchOff,
  takeBezorgingen
} from './bezorg-store.ts'
import { writeCloudEvent } from './cloud-event.ts'
import { geduld, nextAttempt } from './wachttijd.ts'
import { signaturesOf } from './webhook-geheim.ts'

/** What deliveries are made with. */
export type BezorgerParts = {
  /** With connections of its own, so that deliveries never keep intake waiting for one. */
  readonly database: Database
  readonly keys: () => KeyRing
  readonly clock: Clock
  /** The machine's own clock: receivers compare the time of a message with theirs, also when the hub's is a trial. */
  readonly machineClock: Clock
  readonly publicUrl: string
  readonly outgoing: Outgoing
  /** Hears that a subscription was switched off by itself. */
  readonly onSwitchedOff: (abonnementId: string, reden: Uitschakelreden) => void
  /** Hears of an outcome that could not be recorded; that delivery is made again. */
  readonly onError: (error: unknown) => void
}

/** Delivers events from one process; any number may run at once. */
export type Bezorger = {
  /** Spreads new events and starts the deliveries that are due, as far as there is room; returns how many of both. */
  begin(): Promise<number>
  /** Resolves when a delivery ends, at once when none is on its way. */
  oneEnded(): Promise<void>
  /** Resolves when every delivery that was begun has ended. */
  allEnded(): Promise<void>
}

const duty = { duty: 'bezorger', statementTimeout: 30_000 } as const
const atOnce = 200
const perAbonnement = 5
const spreadAtOnce = 2_000
// Milliseconds, much longer than an attempt may take.
const lease = 60_000
const gone = 410

/** Opens a bezorger. No connection to the database is held while a receiver is waited for. */
export function openBezorger(parts: BezorgerParts): Bezorger {
  const { database, clock } = parts
  const underWay = new Map<Promise<void>, string>()
  const start = (taken: GenomenBezorging) => {
    const ending: Promise<void> = deliver(parts, taken)
      .catch(parts.onError)
      .finally(() => underWay.delete(ending))
    underWay.set(ending, taken.abonnementId)
  }
  return {
    begin: async () => {
      const now = clock()
      const gemeentecodes = await database.ask(duty, (tx) => listGemeentenDue(tx, spreadAtOnce, now))
      if (gemeentecodes.length === 0) return 0
      const context = { ...duty, gemeentecodes }
      const spread = await database.as(context, (tx) =>
        spreadGebeurtenissen(tx, gemeentecodes, spreadAtOnce, { now, opgevenNa: later(now, geduld) })
      )
      const taken = await take(database, context, now, [...underWay.values()])
      taken.filter(({ isToegestaan }) => isToegestaan).forEach(start)
      return spread + taken.length
    },
    oneEnded: () => Promise.race(underWay.size === 0 ? [Promise.resolve()] : underWay.keys()),
    allEnded: async () => {
      while (underWay.size > 0) await Promise.all(underWay.keys())
    }
  }
}

// What may not be told any more is dropped here.
async function take(
  database: Database,
  context: Context & { readonly gemeentecodes: readonly string[] },
  now: Date,
  underWay: readonly string[]
): Promise<readonly GenomenBezorging[]> {
  const inTotal = atOnce - underWay.length
  if (inTotal <= 0) return []
  const onderweg = new Map(
    [...Map.groupBy(underWay, (id) => id)].map(([id, ofOne]) => [id, ofOne.length] as const)
  )
  return database.as(context, async (tx) => {
    const room = { inTotal, perAbonnement, onderweg }
    const taken = await takeBezorgingen(tx, context.gemeentecodes, room, {
      now,
      genomenTot: later(now, lease)
    })
    const refused = taken.filter(({ isToegestaan }) => !isToegestaan)
    if (refused.length > 0) await dropBezorgingen(tx, refused)
    return taken
  })
}

async function deliver(parts: BezorgerParts, taken: GenomenBezorging): Promise<void> {
  const { keys, machineClock, publicUrl, outgoing, database } = parts
  const { url, gebeurtenisId: id, geheimIds } = taken
  const body = writeCloudEvent(publicUrl, { ...taken, id })
  const timestamp = String(Math.floor(machineClock().getTime() / 1000))
  const headers = {
    'content-type': 'application/cloudevents+json; charset=utf-8',
    'user-agent': 'signaalhub',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signaturesOf(keys(), geheimIds, { id, timestamp, body })
  }
  const posted = await outgoing.post(url, headers, body)
  const gemeentecodes = [...new Set([...taken.gemeentecodes, taken.gemeentecode])]
  const reden = await database.as({ ...duty, gemeentecodes }, (tx) => record(parts, tx, taken, posted))
  if (reden !== undefined) parts.onSwitchedOff(taken.abonnementId, reden)
}

// Returns why the subscription was switched off, when it was. Its row is locked before those of its deliveries, everywhere.
async function record(
  { clock }: BezorgerParts,
  tx: Tx,
  taken: GenomenBezorging,
  posted: Posted
): Promise<Uitschakelreden | undefined> {
  const { abonnementId } = taken
  if ('status' in posted && posted.status >= 200 && posted.status < 300) {
    await saveBezorgd(tx, taken, posted.status)
    return undefined
  }
  const now = clock()
  const isTrial = taken.soort === proefsoort
  const since = isTrial ? undefined : await noteMislukt(tx, abonnementId, now)
  const reden = isTrial ? undefined : reasonToSwitchOff(posted, now, since)
  const isSwitchedOff = reden !== undefined && (await switchOff(tx, abonnementId, reden, now))
  const isLast = isTrial || reden !== undefined
  await saveMislukt(tx, taken, failureOf(posted), isLast ? null : (nextOf(taken, now, posted) ?? null))
  return isSwitchedOff ? reden : undefined
}

function reasonToSwitchOff(posted: Posted, now: Date, since: Date | undefined): Uitschakelreden | undefined {
  if ('status' in posted && posted.status === gone) return 'ontvanger-weg'
  return since !== undefined && later(since, geduld) <= now ? 'onbereikbaar' : undefined
}

function nextOf(
  { aantalPogingen: attempts, opgevenNa: end }: GenomenBezorging,
  now: Date,
  posted: Posted
): Date | undefined {
  const retryAfter = 'status' in posted ? posted.retryAfter : undefined
  return nextAttempt({ attempts, now, end }, Math.random(), retryAfter)
}

function failureOf(posted: Posted): Mislukking {
  if ('fout' in posted) return { httpStatus: null, fout: posted.fout }
  const isRedirect = posted.status >= 300 && posted.status < 400
  return { httpStatus: posted.status, fout: isRedirect ? 'doorverwijzing' : null }
}

function later(instant: Date, milliseconds: number): Date {
  return new Date(instant.getTime() + milliseconds)
}
