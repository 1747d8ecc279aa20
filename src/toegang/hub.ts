import type { FastifyReply, FastifyRequest } from 'fastify'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import type { Context, Database, Herkomst } from '../platform/database/open-database.ts'
import { openPager, type Pager } from '../platform/http/page.ts'
import type { Metrics } from '../platform/metrics/open-metrics.ts'
import type { Clock } from '../time.ts'
import { callerOf, contextOf } from './caller.ts'
import type { ExternalIssuer } from './external-tokens.ts'
import { type Actor, type Handeling, requireLogged } from './handeling.ts'
import type { ClientLimits } from './limit-clients.ts'
import { type Effect, once } from './once.ts'
import { spendZoekvraag } from './spend-zoekvraag.ts'

/** The parts that the hub is opened with. */
export type HubParts = {
  readonly database: Database
  /**
   * The same with few connections, for pages of households and signals. Many read at once are all in memory together,
   * which makes each cost more, and leave no connection for what comes in.
   */
  readonly pages: Database
  /** Where what concerns nobody is read: figures. It may be a replica, which cannot log whose data was shown. */
  readonly figures: Pick<Database, 'as'>
  /** The keys; throws tijdelijk-niet-beschikbaar until the databases are reached and migrated. */
  readonly keys: () => KeyRing
  readonly clock: Clock
  /** External base address, without a slash at the end. */
  readonly publicUrl: string
  /** The issuers besides the hub itself whose tokens are accepted. */
  readonly externalIssuers: readonly ExternalIssuer[]
  readonly limits: HubLimits
  /** Aborted shortly before the process ends: what is not done by then stops, and says so to whoever waits for it. */
  readonly ending: AbortSignal
  /**
   * Destroys before it resolves: those of these signals of a municipality that are due, or what was condemned there when
   * none are named. Never rejects: when that fails it wakes the sweeper.
   */
  readonly destroyNow: (gemeentecode: string, ids?: readonly string[]) => Promise<void>
  /** Runs the sweeper as soon as possible. */
  readonly wakeSweeper: () => void
  /** Tells the operator which rows cannot be opened: their bytes or their key are not what they were. */
  readonly reportUnreadable: (ids: readonly string[]) => void
  /** Where the stations count what the operator wants to see. */
  readonly metrics: Metrics
}

/** What a client may do, per instance in a short time, and in all of a day: look-ups of residents. */
export type HubLimits = ClientLimits & { readonly zoekvragen: number }

/** Time-outs of one transaction, where they differ from the defaults. */
export type Limits = Pick<Context, 'statementTimeout' | 'idleTimeout'>

/** Everything that a station works with; made once at the start and passed on. */
export type Hub = HubParts & {
  readonly pager: Pager
  /** Runs `work` in one transaction for a caller; commits only when every signal that it opened is logged. */
  act<Result>(actor: Actor, work: (handeling: Handeling) => Promise<Result>, limits?: Limits): Promise<Result>
  /** Runs `work` in one transaction that takes in signals from all of these, as `act` does for one caller. */
  takeIn<Result>(
    herkomsten: readonly Herkomst[],
    work: (inname: Omit<Handeling, keyof Actor>) => Promise<Result>
  ): Promise<Result>
  /** Runs `work` in one transaction for the caller of a request, as `act` does. */
  read<Result>(
    request: FastifyRequest,
    work: (handeling: Handeling) => Promise<Result>,
    limits?: Limits
  ): Promise<Result>
  /** The same for a page of what residents are known by. */
  readPage<Result>(request: FastifyRequest, work: (handeling: Handeling) => Promise<Result>): Promise<Result>
  /** The same for figures, which name no resident; work that opens a signal fails where it cannot be logged. */
  readFigures: Hub['read']
  /**
   * Carries out a change for the caller of a request, once per Idempotency-Key, and shows the result in the same
   * transaction. A repeat only shows.
   */
  write<Result>(
    request: FastifyRequest,
    reply: FastifyReply,
    change: (handeling: Handeling) => Promise<Effect>,
    show: (handeling: Handeling, effect: Effect) => Promise<Result> | Result,
    options?: WriteOptions
  ): Promise<Result>
}

/** Options of `write`. */
export type WriteOptions = {
  readonly limits?: Limits
  /** Text in which a repeat must equal the first request; the parsed body by default. */
  readonly fingerprint?: () => Promise<string>
}

/** Opens the hub with its parts. */
export function openHub(parts: HubParts): Hub {
  const { keys, clock, publicUrl, reportUnreadable, limits } = parts
  const logged = async <Result>(
    database: Pick<Database, 'as'>,
    context: Context,
    work: (parts: Omit<Handeling, keyof Actor>) => Promise<Result>
  ): Promise<Result> => {
    const unreadable = new Set<string>()
    try {
      return await database.as(context, async (tx) => {
        const sets = { opened: new Set<string>(), logged: new Set<string>(), unreadable }
        const parts = { tx, keys: keys(), now: clock(), ...sets }
        const result = await work(parts)
        requireLogged(parts)
        return result
      })
    } finally {
      if (unreadable.size > 0) reportUnreadable([...unreadable])
    }
  }
  const actOn =
    (database: Pick<Database, 'as'>): Hub['act'] =>
    (actor, work, limits = {}) =>
      logged(database, { ...contextOf(actor.caller), ...limits }, (parts) => work({ ...actor, ...parts }))
  const act = actOn(parts.database)
  const counted =
    <Result>(request: FastifyRequest, work: (handeling: Handeling) => Promise<Result>) =>
    async (handeling: Handeling) => {
      const result = await work(handeling)
      // Last, since other look-ups of this client wait from here to the commit.
      if (request.routeOptions.config.isLookUp) await spendZoekvraag(handeling, limits.zoekvragen)
      return result
    }
  const read: Hub['read'] = (request, work, limits) => act(actorOf(request), counted(request, work), limits)
  return {
    ...parts,
    pager: openPager({ keys, publicUrl, ownerOf: (request) => callerOf(request).id }),
    act,
    takeIn: (herkomsten, work) => logged(parts.database, { duty: 'signaalpartner', herkomsten }, work),
    read,
    readPage: (request, work) => actOn(parts.pages)(actorOf(request), counted(request, work)),
    readFigures: (request, work, limits) => actOn(parts.figures)(actorOf(request), work, limits),
    write: (request, reply, change, show, { limits, fingerprint } = {}) =>
      read(
        request,
        async (handeling) => {
          const effect = await once(handeling, request, reply, () => change(handeling), fingerprint)
          return show(handeling, effect)
        },
        limits
      )
  }
}

/** The actor of an authenticated request. */
export function actorOf(request: FastifyRequest): Actor {
  const caller = callerOf(request)
  const { traceId } = request
  const { gebruiker } = request.headers
  const isNamed = caller.rol === 'gemeente' && typeof gebruiker === 'string'
  return { caller, traceId, ...(isNamed && { gebruiker }) }
}
