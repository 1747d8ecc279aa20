import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { type Access, rollen } from '../../src/begrippen/scopes.ts'
import { operationsOf } from '../platform/http/operations.ts'
import { openStage } from '../zaken/zaak-stage.ts'
import { useEveryOperation } from './every-operation.ts'
import { type Duties, watchAccess } from './watch-access.ts'

const golden = new URL('../golden/toegang.txt', import.meta.url)
const header = `# Who may call each operation, and the database roles under which its work runs. Written by
# test/toegang/toegang-golden.test.ts: access as the routes say it, database roles as seen while each role used each
# operation. Not shown: every token is looked up under toegang first.
# open: no token. rol: the role is enough; else one of the scopes is needed. a | b: for each role in the order of the last
# column. a > b: a transaction of a that switches to b for a while. a, b: transactions of their own. -: no transaction.
`

t.setTimeout(120_000)
const watched = watchAccess()
const stage = await openStage(t)
watched.follow([stage.hub.database, stage.hub.hub.pages])
const operations = operationsOf(stage.hub)

t.test('every role uses every operation that it may', async (t) => {
  await useEveryOperation(stage, watched.access)
  const unused = operations.flatMap(({ id }) =>
    callersOf(watched.access.get(id)!)
      .filter(({ rol }) => watched.dutiesOf(id, rol) === undefined)
      .map(({ rol }) => `${id} by ${rol}`)
  )
  t.same(unused, [])
})

t.test('who may do what is what was reviewed', async (t) => {
  const rows = operations.map(({ id, method, route }) => {
    const callers = callersOf(watched.access.get(id)!)
    return [
      method,
      route,
      id,
      callers.map(({ rol }) => show(watched.dutiesOf(id, rol))).join(' | '),
      callers.map(({ needs }) => needs).join(' | ')
    ]
  })
  const text = `${header}\n${inColumns(rows)}`
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(golden, text)
  t.equal(
    text,
    readFileSync(golden, 'utf8'),
    'after a change that was meant: UPDATE_GOLDEN=1 npm test -- test/toegang/toegang-golden.test.ts'
  )
})

t.test('the operations reach every place that switches duty', async (t) => {
  const src = fileURLToPath(new URL('../../src', import.meta.url))
  const files = globSync('**/*.ts', { cwd: src }).filter(
    (file) => !file.endsWith('/under-duty.ts') && /\bunderDuty\(/.test(readFileSync(`${src}/${file}`, 'utf8'))
  )
  t.same([...watched.switches].toSorted(), files.toSorted())
})

function callersOf(access: Access) {
  if (access === 'open') return [{ rol: 'nobody', needs: 'open' } as const]
  return rollen
    .filter((rol) => access[rol] !== undefined)
    .map((rol) => ({ rol, needs: `${rol}(${access[rol]!.join(' or ') || 'rol'})` }))
}

function show(duties: Duties | undefined): string {
  if (duties === undefined) return '?'
  const shown = [...duties].map(([duty, switches]) => [duty, ...switches].join(' > '))
  return shown.join(', ') || '-'
}

function inColumns(rows: readonly string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const line = (row: string[]) => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('')
}
