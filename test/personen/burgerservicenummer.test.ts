import fc from 'fast-check'
import t from 'tap'
import { isElfproef } from '../../src/personen/burgerservicenummer.ts'

t.test('test numbers that pass the 11-test are taken', async (t) => {
  for (const bsn of ['999990019', '111222333', '123456782']) t.ok(isElfproef(bsn), bsn)
})

t.test('what is not nine digits with a right check digit is refused', async (t) => {
  const wrong = [
    '999990018',
    '000000000',
    '',
    '99999001',
    '9999900190',
    '99999001a',
    ' 999990019',
    '999990019\n'
  ]
  for (const bsn of wrong) t.notOk(isElfproef(bsn), JSON.stringify(bsn))
})

const someBsn = fc
  .integer({ min: 10_000_000, max: 999_999_999 })
  .map((n) => String(n).padStart(9, '0'))
  .filter(isElfproef)

t.test('one mistyped digit is always found out', async () => {
  const position = fc.integer({ min: 0, max: 8 })
  const shift = fc.integer({ min: 1, max: 9 })
  fc.assert(
    fc.property(someBsn, position, shift, (bsn, at, by) => {
      const digit = (Number(bsn[at]) + by) % 10
      return !isElfproef(bsn.slice(0, at) + digit + bsn.slice(at + 1))
    })
  )
})
