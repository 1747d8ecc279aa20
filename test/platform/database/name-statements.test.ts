import t from 'tap'
import { openStatementNames } from '../../../src/platform/database/name-statements.ts'

t.test('a text has one name per duty, which no other text or duty has', async (t) => {
  const { of: nameOf } = openStatementNames()
  const name = nameOf('gemeente', '/* kept plan */ select 1', 0)
  t.equal(nameOf('gemeente', '/* kept plan */ select 1', 0), name)
  t.equal(
    new Set([
      name,
      nameOf('gemeente', '/* kept plan */ select 2', 0),
      nameOf('matcher', '/* kept plan */ select 1', 0)
    ]).size,
    3
  )
  t.equal(
    openStatementNames().of('gemeente', '/* kept plan */ select 1', 0),
    name,
    'the same in another process'
  )
})

t.test('the first loss ends all naming, and is told once; without a listener nothing ends', async (t) => {
  let told = 0
  const names = openStatementNames(() => {
    told += 1
  })
  t.ok(names.of('toegang', 'select 1', 0))
  names.lost()
  names.lost()
  t.equal(told, 1)
  t.equal(names.of('toegang', 'select 1', 0), undefined)
  const steady = openStatementNames()
  steady.lost()
  t.ok(steady.of('toegang', 'select 1', 0))
})

t.test('statements that would fill the server with plans stay unnamed', async (t) => {
  const { of: nameOf } = openStatementNames()
  t.equal(nameOf('gemeente', '/* kept plan */ select $1, … $100', 100), undefined, 'a list of values')
  const names = Array.from({ length: 600 }, (_, index) =>
    nameOf('gemeente', `/* kept plan */ select ${index}`, 0)
  )
  t.equal(names.filter((name) => name !== undefined).length, 500)
  t.equal(nameOf('gemeente', '/* kept plan */ select 0', 0), names[0], 'what has a name keeps it')
})

t.test('only a statement that says so keeps its plan, and what looks up who calls', async (t) => {
  const { of: nameOf } = openStatementNames()
  t.equal(nameOf('gemeente', 'select 1', 0), undefined)
  t.ok(nameOf('toegang', 'select 1', 0))
})
