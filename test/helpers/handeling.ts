import type { Rol } from '../../src/begrippen/scopes.ts'
import type { Tx } from '../../src/platform/database/open-database.ts'
import type { Actor, Handeling } from '../../src/toegang/handeling.ts'
import type { Party, TestHub } from './test-hub.ts'

type Client = {
  id: string
  rol: Rol
  signaalpartner_id: string | null
  naam: string | null
  gemeentecodes: string[]
  scopes: string[]
}

/** The actor that the hub makes of a party after accepting its token. */
export async function actorOf({ admin }: TestHub, { clientId }: Party): Promise<Actor> {
  const [client] = await admin<Client>(
    `select c.id, c.rol, c.signaalpartner_id, p.naam, c.gemeentecodes, c.scopes
     from client c left join signaalpartner p on p.id = c.signaalpartner_id where c.client_id = $1`,
    [clientId]
  )
  const { id, rol, signaalpartner_id, naam, gemeentecodes, scopes } = client!
  return {
    caller: {
      id,
      rol,
      signaalpartnerId: signaalpartner_id ?? undefined,
      signaalpartnerNaam: naam ?? undefined,
      gemeentecodes,
      scopes
    },
    traceId: '0'.repeat(32)
  }
}

/** An action of a party within a transaction of the test. */
export function handelingIn({ hub }: TestHub, actor: Actor, tx: Tx): Handeling {
  return {
    ...actor,
    tx,
    keys: hub.keys(),
    now: hub.clock(),
    opened: new Set(),
    logged: new Set(),
    unreadable: new Set()
  }
}
