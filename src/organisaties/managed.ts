import { randomUUIDv7 } from 'node:crypto'
import { isPlainObject } from '../platform/http/merge-patch.ts'
import { addBeheerhandeling } from '../sporen/beheerhandeling-store.ts'
import type { Hub } from '../toegang/hub.ts'
import type { Effect } from '../toegang/once.ts'

/**
 * The hub, with a `write` that records who changed which organisation, agreement or client, in the transaction of the
 * change. A repeat under its Idempotency-Key changes nothing and is not recorded.
 */
export function managed(hub: Hub): Hub {
  return {
    ...hub,
    write: (request, reply, change, show, options) =>
      hub.write(
        request,
        reply,
        async (handeling) => {
          const effect = await change(handeling)
          const { tx, caller, traceId, gebruiker = null, now } = handeling
          await addBeheerhandeling(tx, {
            id: randomUUIDv7(),
            op: now,
            traceId,
            clientId: caller.id,
            gebruiker,
            handeling: request.routeOptions.schema!.operationId!,
            objectIds: idsOf(request, effect),
            velden: fieldsIn(request.body)
          })
          return effect
        },
        show,
        options
      )
  }
}

// The id in the path, and that of what was made.
function idsOf({ params }: Parameters<Hub['write']>[0], { id }: Effect): string[] {
  return [...new Set([...Object.values(params as Record<string, string>), id])]
}

/** The names of the fields in a body, and those of the groups in it as `group.field`. */
function fieldsIn(body: unknown): string[] {
  return Object.entries(body ?? {}).flatMap(([name, value]) =>
    isPlainObject(value) ? Object.keys(value).map((inner) => `${name}.${inner}`) : [name]
  )
}
