import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { type Connection, withConnection } from '../../src/platform/database/open-database.ts'
import { listMonitorcijfers } from '../../src/sporen/monitor-store.ts'
import { hashIds } from '../../src/vernietiging/bewijs.ts'
import { takeIn } from '../aanlevering/take-in.ts'
import { aSignal } from '../helpers/builders.ts'
import { openTestHub, type TestHub } from '../helpers/test-hub.ts'
import { startServer } from '../platform/server-process.ts'
import { proofsOf, verifyChain } from './proof-chain.ts'

const total = 5000
// Three that share a transaction, and two that take several each.
const gemeentecodes = ['0141', '0142', '0143', '0150', '0177']
const codeOf = (n: number) => gemeentecodes[n % 5 === 4 ? Math.floor(n / 5) % 3 : 3 + (n % 2)]!

// The triggers write within the sweeper's transaction, so the rows show exactly what each transaction really did.
const witness = `
  create table getuige (
    transactie xid8 not null default pg_current_xact_id(), gemeentecode text, id uuid, bewijs text);
  create function getuig() returns trigger language plpgsql security definer set search_path = public as $$
  begin
    if tg_op = 'DELETE' then insert into getuige (gemeentecode, id) values (old.gemeentecode, old.id);
    else insert into getuige (gemeentecode, bewijs) values (new.gemeentecode, new.bewijs); end if;
    return null;
  end $$;
  create trigger getuig after delete on vroegsignaal for each row execute function getuig();
  create trigger getuig after insert on vernietiging for each row execute function getuig();`

async function openFullHub(t: Parameters<typeof openTestHub>[0]): Promise<TestHub> {
  const hub = await openTestHub(t, { now: '2026-05-20T09:00:00Z' })
  for (const gemeentecode of gemeentecodes) await hub.gemeente(gemeentecode)
  const verhuurder = await hub.signaalpartner(['huur'], gemeentecodes)
  const signals = Array.from({ length: total }, (_, n) =>
    aSignal({
      referentie: `R-${n}`,
      signaaldatum: '2026-05-20',
      gemeentecode: codeOf(n),
      adres: { huisnummer: 1 + (n % 2000) }
    })
  )
  await takeIn(hub, verhuurder, signals)
  await hub.admin(witness)
  return hub
}

async function countLeft(client: Connection): Promise<number> {
  const { rows } = await client.query('select count(*)::int as aantal from vroegsignaal')
  return rows[0].aantal
}

/** Waits until the sessions of the killed process have ended: a COMMIT in progress may still succeed. */
async function settle(client: Connection): Promise<void> {
  const busy = `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
    and state <> 'idle'`
  while ((await client.query(busy)).rowCount !== 0) await sleep(10)
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  while (!(await isDone())) await sleep(1)
}

/** Per transaction and municipality: what it destroyed, and what its proof says it destroyed. */
async function accounts(hub: TestHub) {
  const rows = await hub.admin<{ ids: string[]; bewijzen: string[] }>(`
    select coalesce(array_agg(id::text) filter (where id is not null), '{}') as ids,
      coalesce(array_agg(bewijs) filter (where bewijs is not null), '{}') as bewijzen
    from getuige group by transactie, gemeentecode`)
  return rows.map(({ ids, bewijzen }) => {
    const said = bewijzen.map((bewijs) =>
      JSON.parse(Buffer.from(bewijs.split('.')[1]!, 'base64url').toString())
    )
    return {
      done: [{ idsHash: hashIds(ids), aantalVroegsignalen: ids.length }],
      proven: said.map(({ idsHash, aantalVroegsignalen }) => ({ idsHash, aantalVroegsignalen }))
    }
  })
}

t.test(
  'a sweep that is killed in the middle leaves whole batches; the next one finishes what is left',
  async (t) => {
    const hub = await openFullHub(t)
    const settings = {
      DATABASE_URL: hub.databases.databaseUrl,
      SLEUTEL_DATABASE_URL: hub.databases.sleutelDatabaseUrl,
      KEK: hub.kek,
      PROEF_KLOK: '2026-11-20T09:00:00Z'
    }
    const keysLeft = () =>
      withConnection(hub.databases.sleutelAdminUrl, async (client) => {
        const { rowCount } = await client.query(`select from dagsleutel where dag <= '2026-11-20'`)
        return rowCount ?? 0
      })
    const moments: ((client: Connection, before: number) => Promise<void>)[] = [
      () => until(async () => (await keysLeft()) === 0),
      (client, before) => until(async () => (await countLeft(client)) < before),
      async (client, before) => {
        await until(async () => (await countLeft(client)) < before)
        await sleep(15)
      }
    ]
    const lefts: number[] = []
    await withConnection(hub.databases.adminUrl, async (client) => {
      for (const moment of moments) {
        const before = await countLeft(client)
        if (before === 0) break
        const sweeper = startServer(t, settings)
        await moment(client, before)
        t.equal(await sweeper.end('SIGKILL'), null)
        await settle(client)
        lefts.push(await countLeft(client))
        for (const { done, proven } of await accounts(hub))
          t.same(proven, done, 'one proof per municipality in a batch, of exactly that')
      }
    })
    t.ok(
      lefts.some((left) => left > 0 && left < total),
      `killed in the middle, with ${lefts} left`
    )

    hub.setClock('2026-11-20T09:00:00Z')
    t.equal(await hub.sweep(), lefts.at(-1), 'the rest is destroyed by whoever comes next')
    t.same(await hub.admin('select from vroegsignaal'), [])
    t.same(await hub.admin('select from huishouden where laatste_verval <= $1', ['2026-11-20']), [])
    const all = await accounts(hub)
    for (const { done, proven } of all) t.same(proven, done)
    t.equal(
      all.reduce((sum, { done }) => sum + done[0]!.aantalVroegsignalen, 0),
      total,
      'each destroyed once'
    )
    const taken = Map.groupBy(
      Array.from({ length: total }, (_, n) => codeOf(n)),
      (code) => code
    )
    for (const gemeentecode of gemeentecodes) {
      const said = await verifyChain(hub, await proofsOf(hub, gemeentecode))
      t.equal(
        said.reduce((sum, { aantalVroegsignalen }) => sum + aantalVroegsignalen, 0),
        taken.get(gemeentecode)!.length
      )
      t.ok(
        said.every(({ dagsleutels }) => dagsleutels.length === 1),
        'each names the key that was destroyed first'
      )
    }
  }
)

t.test('twenty times at any moment: the sums are right, and what lives is untouched', async (t) => {
  const hub = await openFullHub(t)
  hub.setClock('2026-11-19T09:00:00Z')
  const verhuurder = await hub.signaalpartner(['huur'], gemeentecodes)
  const living = await takeIn(
    hub,
    verhuurder,
    Array.from({ length: 100 }, (_, n) =>
      aSignal({
        referentie: `L-${n}`,
        signaaldatum: '2026-11-19',
        gemeentecode: codeOf(n),
        adres: { huisnummer: 1 + n }
      })
    )
  )
  const alive = () => hub.admin('select * from vroegsignaal where id = any ($1) order by id', [living])
  const before = await alive()
  hub.setClock('2026-11-20T09:00:00Z')
  await withConnection(hub.databases.adminUrl, async (client) => {
    for (let kill = 0; kill < 20; kill += 1) {
      const sweeping = hub.sweep().catch(() => undefined)
      await sleep(Math.random() * 150)
      await client.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()'
      )
      await sweeping
    }
    await settle(client)
    while ((await hub.sweep()) > 0);
    t.equal(await countLeft(client), living.length)
  })
  t.same(await alive(), before)
  const all = await accounts(hub)
  for (const { done, proven } of all) t.same(proven, done)
  t.equal(
    all.reduce((sum, { done }) => sum + done[0]!.aantalVroegsignalen, 0),
    total,
    'each destroyed once'
  )
  const figures = await hub.hub.database.as({ duty: 'teller', gemeentecodes }, (tx) =>
    listMonitorcijfers(tx, gemeentecodes, { van: '2026-01-01', totEnMet: '2026-12-31' }, [])
  )
  const counted = figures.filter(({ sector }) => sector === '').map(({ signalen }) => signalen)
  t.equal(
    counted.reduce((sum, signalen) => sum + signalen, 0),
    total + living.length,
    'and counted once'
  )
})
