import t from 'tap'
import { openStatementNames } from '../../../src/platform/database/name-statements.ts'

t.test('a text has one name per duty, which no other text or duty has', async (t) => {
  const nameOf = openStatementNames()
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
})

t.test('statements that would fill the server with plans stay unnamed', async (t) => {
  const nameOf = openStatementNames()
  t.equal(nameOf('gemeente', '/* kept plan */ select $1, … $100', 100), undefined, 'a list of values')
  const names = Array.from({ length: 600 }, (_, index) =>
    nameOf('gemeente', `/* kept plan */ select ${index}`, 0)
  )
  t.equal(names.filter((name) => name !== undefined).length, 500)
  t.equal(nameOf('gemeente', '/* kept plan */ select 0', 0), names[0], 'what has a name keeps it')
})

t.test('only a statement that says so keeps its plan, and what looks up who calls', async (t) => {
  const nameOf = openStatementNames()
  t.equal(nameOf('gemeente', 'select 1', 0), undefined)
  t.ok(nameOf('toegang', 'select 1', 0))
})
