import { subscribe } from 'node:diagnostics_channel'
import type { FastifyInstance } from 'fastify'
import type { KyselyPlugin } from 'kysely'
import type { Access, Rol } from '../../src/begrippen/scopes.ts'
import {
  type Context,
  type Database,
  type Duty,
  setStanding,
  standingOf,
  type Tx
} from '../../src/platform/database/open-database.ts'

type Caller = Rol | 'nobody'
/** The duties under which transactions began, each with the duties they switched to. */
export type Duties = Map<Duty, Set<Duty>>

export type WatchedAccess = {
  /** The access that each route declares, by operationId. */
  readonly access: ReadonlyMap<string, Access>
  /** The duties under which successful requests of a caller ran. Undefined when there were none. */
  dutiesOf(operationId: string, caller: Caller): Duties | undefined
  /** The files below src that switched duty within a transaction. */
  readonly switches: ReadonlySet<string>
  /** Watches the transactions of a hub from now on. Its requests must come one at a time. */
  follow(databases: readonly Database[]): void
}

/** Watches every hub that opens after this: the access its routes declare, and the duties its requests use. */
export function watchAccess(): WatchedAccess {
  const access = new Map<string, Access>()
  const served = new Map<string, Duties>()
  const switches = new Set<string>()
  let current: Duties = new Map()

  subscribe('fastify.initialization', (message) => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', ({ schema, config }) => {
      if (schema?.operationId !== undefined) access.set(schema.operationId, config!.toegang!)
    })
    // This hook runs after authentication, which looks up every client under `toegang`.
    fastify.addHook('preHandler', async () => {
      current = new Map()
    })
    fastify.addHook('onSend', async ({ routeOptions, caller }, reply) => {
      if (reply.statusCode >= 300) return
      const key = keyOf(`${routeOptions.schema?.operationId}`, caller?.rol ?? 'nobody')
      served.set(key, union(served.get(key) ?? new Map(), current))
    })
  })

  const watched = (tx: Tx, switchesOf: Set<Duty>) => {
    const watcher = switchWatcher((duty, file) => {
      switchesOf.add(duty)
      switches.add(file)
    })
    const copy = tx.withPlugin(watcher) as Tx
    setStanding(copy, standingOf(tx))
    return copy
  }
  const following =
    (run: Database['as']): Database['as'] =>
    (context: Context, work) => {
      const switchesOf = current.get(context.duty) ?? new Set()
      current.set(context.duty, switchesOf)
      return run(context, (tx) => work(watched(tx, switchesOf)))
    }
  return {
    access,
    dutiesOf: (operationId, caller) => served.get(keyOf(operationId, caller)),
    switches,
    follow: (databases) => {
      served.clear()
      for (const database of databases) {
        Object.assign(database, { as: following(database.as), ask: following(database.ask) })
      }
    }
  }
}

function keyOf(operationId: string, caller: Caller): string {
  return `${operationId} ${caller}`
}

function union(one: Duties, other: Duties): Duties {
  const duties = new Set([...one.keys(), ...other.keys()])
  return new Map(
    [...duties].map((duty) => [duty, new Set([...(one.get(duty) ?? []), ...(other.get(duty) ?? [])])])
  )
}

type Raw = { sqlFragments?: readonly string[] }

/** Reports the first statement of `underDuty`. Its last statement has a different caller. */
function switchWatcher(seen: (duty: Duty, file: string) => void): KyselyPlugin {
  return {
    transformQuery: ({ node }) => {
      const { sqlFragments = [] } = node as Raw
      const [, file] = /at underDuty .*\n.*\/src\/([^:]+):/.exec(new Error().stack!) ?? []
      if (file !== undefined && sqlFragments[0] === 'set local role ')
        seen(/signaalhub_(\w+)/.exec(JSON.stringify(node))![1] as Duty, file)
      return node
    },
    transformResult: async ({ result }) => result
  }
}
