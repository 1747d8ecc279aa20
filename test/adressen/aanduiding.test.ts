import t from 'tap'
import { aanduidingOf } from '../../src/adressen/aanduiding.ts'

t.test('letter and addition are one text, whichever field they came in', async (t) => {
  for (const [huisletter, huisnummertoevoeging, expected] of [
    [undefined, undefined, ''],
    ['', '', ''],
    ['a', undefined, 'A'],
    [undefined, 'A', 'A'],
    ['A', '2', 'A2'],
    [undefined, 'A-2', 'A2'],
    [undefined, 'a / 2', 'A2'],
    [undefined, '01', '1'],
    [undefined, '-1', '1'],
    ['A', '02', 'A2'],
    [undefined, '10-01', '101'],
    [undefined, '0', '0'],
    [undefined, '000', '0'],
    [undefined, ' bis ', 'BIS']
  ] as const) {
    t.equal(aanduidingOf({ huisletter, huisnummertoevoeging }), expected)
  }
})
