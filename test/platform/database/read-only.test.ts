import t from 'tap'
import { aSignal } from '../../helpers/builders.ts'
import { openTestHub } from '../../helpers/test-hub.ts'

t.test(
  'a database that may only be read: 503 with Retry-After and not ready, until it may be written',
  async (t) => {
    const hub = await openTestHub(t)
    await hub.gemeente('0177')
    const partner = await hub.signaalpartner(['huur'], ['0177'])
    const name = new URL(hub.databases.databaseUrl).pathname.slice(1)
    // A standby that took over, and a server that protects a full disk, look like this.
    const setReadOnly = async (value: 'on' | 'off') => {
      await hub.admin(
        `set transaction read write; alter database ${name} set default_transaction_read_only = ${value}`
      )
      await hub.admin(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
        [name]
      )
    }
    const post = () => partner.post('/v1/vroegsignalen', aSignal())

    await hub.database.ping()
    await setReadOnly('on')
    const refused = await post()
    t.equal(refused.statusCode, 503, refused.body)
    t.ok(refused.headers['retry-after'])
    await t.rejects(hub.database.ping(), { message: 'the database is read-only' })

    await setReadOnly('off')
    await hub.database.ping()
    t.equal((await post()).statusCode, 201)
  }
)
