import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import {
  planHerindelingen,
  showHerindelingen,
  withdrawHerindelingen
} from '../../../src/commands/beheer/manage-herindeling.ts'
import { listHerindelingen } from '../../../src/organisaties/herindelingen/herindeling-store.ts'
import {
  HerindelingRefused,
  type Plan,
  planHerindeling,
  withdrawHerindeling
} from '../../../src/organisaties/herindelingen/plan-herindeling.ts'
import { openTestHub } from '../../helpers/test-hub.ts'

const command = fileURLToPath(new URL('../../../src/commands/beheer.ts', import.meta.url))
const hub = await openTestHub(t, { now: '2026-11-20T09:00:00Z' })
const { databaseUrl: DATABASE_URL, sleutelDatabaseUrl: SLEUTEL_DATABASE_URL } = hub.databases
const settings = { DATABASE_URL, SLEUTEL_DATABASE_URL, KEK: hub.kek, PROEF_KLOK: '2026-11-20T09:00:00Z' }

for (const code of ['0150', '0177', '0193', '1773']) await hub.gemeente(code)

const plan = (given: Partial<Plan> = {}) => {
  const whole = { van: ['0177', '1773'], naar: '0193', datum: '2027-01-01', ...given }
  return hub.database.as({ duty: 'beheer' }, (tx) => planHerindeling(tx, whole, hub.hub.clock()))
}
const withdraw = (...van: string[]) =>
  hub.database.as({ duty: 'beheer' }, (tx) => withdrawHerindeling(tx, van, hub.hub.clock()))
const standing = async () =>
  (await hub.database.as({ duty: 'beheer' }, listHerindelingen)).map(
    ({ van, naar, datum }) => `${van} ${naar} ${datum}`
  )
const refusal = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason
  )
  if (!(error instanceof HerindelingRefused)) throw error ?? new Error('it was not refused')
  return error.message
}

t.test('several codes into one; the same plan again does nothing; withdrawn, it is gone', async (t) => {
  t.same(await plan(), ['0177', '1773'])
  t.same(await standing(), ['0177 0193 2027-01-01', '1773 0193 2027-01-01'])
  t.same(await plan(), [])
  t.same(await plan({ van: ['1773'] }), [])
  t.same((await withdraw('0177', '1773')).toSorted(), ['0177', '1773'])
  t.same(await withdraw('0177'), [], 'again, there is nothing to do')
  t.same(await standing(), [])

  const acts = (await hub.beheer.get('/v1/beheerhandelingen?limit=4')).json().resultaten
  t.same(
    acts
      .map((act: Record<string, unknown>) => [act.clientId, act.handeling, act.objectIds, act.velden])
      .toReversed(),
    [
      ['opdracht', 'planHerindeling', ['0177', '0193'], ['naar', 'datum']],
      ['opdracht', 'planHerindeling', ['1773', '0193'], ['naar', 'datum']],
      ['opdracht', 'withdrawHerindeling', ['0177'], []],
      ['opdracht', 'withdrawHerindeling', ['1773'], []]
    ],
    'once each'
  )
})

t.test('what cannot be is refused with the field and the remedy, and nothing is planned', async (t) => {
  const form: readonly (readonly [Partial<Plan>, RegExp])[] = [
    [{ van: [] }, /VAN: noem de gemeenten/],
    [{ van: ['0177', '0177'] }, /VAN: noem elke gemeente een keer/],
    [{ van: ['0193'] }, /--naar: 0193 kan niet in zichzelf/],
    [{ datum: '2027-02-30' }, /--datum: geef een dag/],
    [{ datum: '2026-11-20' }, /--datum: 2026-11-20 is niet in de toekomst; kies een dag na 2026-11-20/],
    [{ van: ['9999'] }, /VAN: gemeente 9999 doet niet mee; voeg haar eerst toe/],
    [{ naar: '9999' }, /--naar: gemeente 9999 doet niet mee/]
  ]
  for (const [given, text] of form) t.match(await refusal(plan(given)), text)
  const both = await refusal(plan({ van: ['9998', '9999'] }))
  t.match(both, /9998/)
  t.match(both, /9999/, 'all faults at once')
  t.same(await standing(), [])
})

t.test('no other successor, no chain on one day, no successor that is gone', async (t) => {
  await plan()
  const later = { datum: '2028-01-01' }
  t.match(
    await refusal(plan({ van: ['0177'], ...later })),
    /0177 gaat al op 2027-01-01 op in 0193; trek dat eerst in/
  )
  t.match(
    await refusal(plan({ van: ['0150'], naar: '0177' })),
    /--naar: 0177 gaat zelf op 2027-01-01 op in 0193/
  )
  t.match(await refusal(plan({ van: ['0150'], naar: '0177', ...later })), /noem die gemeente/)
  t.match(await refusal(plan({ van: ['0193'], naar: '0150' })), /in 0193 gaat op 2027-01-01 nog 0177 op/)
  t.same(await plan({ van: ['0193'], naar: '0150', ...later }), ['0193'], 'a year later it may')
  await withdraw('0177', '0193', '1773')
})

t.test(
  'once the day has come nothing can be withdrawn, nor planned in the past by the database',
  async (t) => {
    await plan({ van: ['0177'] })
    hub.setClock('2026-12-31T22:59:59Z')
    t.same(await withdraw('0177'), ['0177'], 'the last second before midnight')
    await plan({ van: ['0177'] })
    hub.setClock('2026-12-31T23:00:00Z')
    t.match(await refusal(withdraw('0177')), /0177 is sinds 2027-01-01 opgegaan in 0193/)
    const removed = await hub.database.as({ duty: 'beheer' }, (tx) =>
      tx.deleteFrom('herindeling').executeTakeFirst()
    )
    t.equal(removed.numDeletedRows, 0n)
    const late = { van: '1773', naar: '0193', datum: '2027-01-01', opvolger: '0193', geplandOp: new Date() }
    await t.rejects(
      hub.database.as({ duty: 'beheer' }, (tx) =>
        tx
          .insertInto('herindeling')
          .values({ ...late, uitgevoerdOp: null })
          .execute()
      ),
      { code: '42501' }
    )
  }
)

t.test('the command plans, shows and withdraws; 0 when it did, 1 when it was refused', async (t) => {
  const said = t.capture(console, 'log')
  const lines = () => said().map(({ args }) => args[0])
  await planHerindelingen(settings, '0150', '--naar', '1773', '--datum', '2027-03-01')
  await planHerindelingen(settings, '0150', '--naar', '1773', '--datum', '2027-03-01')
  await showHerindelingen(settings)
  t.same(lines(), [
    'Gepland              0150 gaat op 2027-03-01 op in 1773',
    'Deze herindeling was al zo gepland; er is niets te doen.',
    '2027-01-01           0177 gaat op in 0193 (gepland)',
    '2027-03-01           0150 gaat op in 1773 (gepland)'
  ])
  await withdrawHerindelingen(settings, '0150')
  await withdrawHerindelingen(settings, '0150')
  t.same(lines(), [
    'Ingetrokken          0150',
    'Van deze gemeenten is geen herindeling gepland; er is niets te doen.'
  ])
  const refused = await run('plannen', '0150', '--naar', '0177', '--datum', '2027-02-01')
  t.match(refused, { code: 1, stdout: '', stderr: /--naar: 0177 gaat zelf op 2027-01-01 op in 0193/ })
  t.match(await run('intrekken', '0177'), { code: 0, stdout: 'Ingetrokken          0177\n' })
})

function run(...args: string[]) {
  const { PATH = '' } = process.env
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [command, 'herindeling', ...args],
      { env: { PATH, ...settings } },
      (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr })
    )
  })
}
