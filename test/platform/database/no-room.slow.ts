import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { isLogRefused, isTemporary } from '../../../src/platform/database/database-errors.ts'
import { deliver, manySignals, ndjson } from '../../aanlevering/leveringen/deliveries.ts'
import { aSignal } from '../../helpers/builders.ts'
import { openTestHub, type TestHub } from '../../helpers/test-hub.ts'

const folder = await mkdtemp(join(tmpdir(), 'signaalhub-vol-'))
t.teardown(() => rm(folder, { recursive: true, force: true }))
const mount = (...options: string[]) =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', ['size=8m', ...options].join(), 'tmpfs', folder]).status === 0
const unmount = () => spawnSync('umount', ['-l', folder])
const canMount = mount()
if (canMount) unmount()
const notRun = 'NOT RUN: this process may not mount a disk of its own, so none was filled'

/** Makes the folder a disk of 8 MB of the server's own user. */
async function makeDisk(t: Test, { admin }: TestHub): Promise<void> {
  const [data] = await admin<{ setting: string }>(
    `select setting from pg_settings where name = 'data_directory'`
  )
  const { uid, gid } = await stat(data!.setting)
  mount(`uid=${uid}`, `gid=${gid}`, 'mode=700')
  t.teardown(unmount)
}

const moved = [
  'vroegsignaal',
  'verwerkingsblad',
  'idempotentie',
  'job_run',
  'aanlevering',
  'aanlevering_deel'
]

t.test(
  'a full disk: 503 with Retry-After and not ready, until there is room',
  { skip: !canMount && notRun },
  async (t) => {
    const hub = await openTestHub(t)
    await hub.gemeente('0177')
    const partner = await hub.signaalpartner(['huur'], ['0177'])
    await makeDisk(t, hub)
    const space = `klein_${Date.now()}`
    await hub.admin(`create tablespace ${space} location '${folder}'`)
    for (const table of moved) await hub.admin(`alter table ${table} set tablespace ${space}`)
    t.teardown(async () => {
      for (const table of moved) await hub.admin(`alter table ${table} set tablespace pg_default`)
      await hub.admin(`drop table if exists vulling`)
      await hub.admin(`drop tablespace ${space}`)
    })
    const post = (n: number) =>
      partner.post('/v1/vroegsignalen', aSignal({ referentie: `R-${n}`, klantnummer: `${n}` }))
    t.equal((await post(0)).statusCode, 201)
    await hub.database.ping()

    await hub.admin(`create table vulling (tekst text) tablespace ${space}`)
    const fill = () =>
      hub.admin(`insert into vulling select repeat(md5(n::text), 60) from generate_series(1, 100) n`)
    for (let isFull = false; !isFull; ) {
      isFull = await fill().then(
        () => false,
        ({ code }) => code === '53100'
      )
    }
    const answers = []
    for (let n = 1; n <= 60; n += 1) answers.push(await post(n))
    answers.push(await deliver(partner, ndjson(manySignals(400))))
    const refused = answers.filter(({ statusCode }) => statusCode !== 201)
    t.ok(refused.length > 0)
    for (const { statusCode, headers, body } of refused) {
      t.equal(statusCode, 503, body)
      t.ok(headers['retry-after'])
    }
    t.equal(answers.at(-1)!.statusCode, 503)
    await t.rejects(hub.database.ping(), { code: '53100' }, 'a hub that can read but not write is not ready')
    t.equal((await partner.get('/v1/aanleveringen')).statusCode, 200, 'what needs no room is served')
    await hub.admin('drop table vulling')
    await hub.database.ping()
    t.same(await hub.admin(`select from job_run where job = 'schrijfproef'`), [])
    t.equal((await post(1_000)).statusCode, 201)
  }
)

t.test(
  'what a server answers when something ran out or failed is temporary; what is our fault is not',
  async (t) => {
    const hub = await openTestHub(t)
    const raised = (state: string) =>
      hub
        .admin(`do $$ begin raise exception 'no' using errcode = '${state}'; end $$`)
        .catch((error: unknown) => error)
    const temporary = [
      '53000',
      '53100',
      '53200',
      '53300',
      '53400',
      '57014',
      '57P01',
      '57P02',
      '57P03',
      '57P04',
      '57P05',
      '58000',
      '58030',
      '58P01',
      '25006',
      '55006',
      '55P03',
      '40001',
      '40P01',
      '08006'
    ]
    for (const state of temporary) t.ok(isTemporary(await raised(state)), state)
    for (const state of ['08P01', '23505', '42501', '42601', '22P02', 'XX000', 'XX001'])
      t.notOk(isTemporary(await raised(state)), state)
  }
)

t.test(
  'a processing log that is refused is 503, and nothing is shown or stored; it works again by itself',
  async (t) => {
    const hub = await openTestHub(t)
    const raalte = await hub.gemeente('0177')
    const partner = await hub.signaalpartner(['huur'], ['0177'])
    const post = (n: number) =>
      partner.post('/v1/vroegsignalen', aSignal({ referentie: `R-${n}`, klantnummer: `${n}` }))
    t.equal((await post(0)).statusCode, 201)
    const refusals = [
      [
        'alter table verwerkingsblad add constraint nee check (false) not valid',
        'alter table verwerkingsblad drop constraint nee'
      ],
      ['alter table verwerkingsblad rename to weg', 'alter table weg rename to verwerkingsblad']
    ] as const
    for (const [refuse, allow] of refusals) {
      await hub.admin(refuse)
      for (const answer of [
        await post(1),
        await raalte.get('/v1/huishoudens'),
        await deliver(partner, ndjson(manySignals(3)))
      ]) {
        t.equal(answer.statusCode, 503, answer.body)
        t.equal(answer.headers['retry-after'], '5')
      }
      await hub.admin(allow)
      t.match(await hub.admin('select count(*)::int as aantal from vroegsignaal'), [{ aantal: 1 }])
    }
    t.equal((await post(1)).statusCode, 201)
    t.equal((await raalte.get('/v1/huishoudens')).statusCode, 200)
    t.notOk(isLogRefused(new Error('verwerkingsblad')), 'a fault of ours is not taken for one')
  }
)
