import fc from 'fast-check'
import t from 'tap'
import {
  addDays,
  addMonths,
  addWorkingDays,
  ageOn,
  daysBetween,
  feestdagen,
  gelijkgesteldeDagen,
  isRealDate,
  isWorkingDay,
  systemClock,
  todayIn
} from '../src/time.ts'

const day = fc
  .integer({ min: 0, max: daysBetween('1900-01-01', '2199-12-31') })
  .map((n) => addDays('1900-01-01', n))

t.test('without a proefklok the clock is the real time', async (t) => {
  const before = Date.now()
  const now = systemClock()().getTime()
  t.ok(before <= now && now <= Date.now())
})

t.test('a proefklok starts at its instant and runs on', async (t) => {
  const start = new Date('2031-02-03T04:05:06Z')
  const now = systemClock(start)
  const first = now().getTime()
  await new Promise((resolve) => setTimeout(resolve, 20))
  const later = now().getTime()
  t.ok(first >= start.getTime() && first < start.getTime() + 1000)
  t.ok(later - first >= 15 && later - first < 5000)
})

t.test('a day begins at midnight in Amsterdam, in winter and in summer time', async (t) => {
  const cases = [
    ['2026-01-31T22:59:59Z', '2026-01-31'],
    ['2026-01-31T23:00:00Z', '2026-02-01'],
    ['2026-06-30T21:59:59Z', '2026-06-30'],
    ['2026-06-30T22:00:00Z', '2026-07-01'],
    ['2026-12-31T23:00:00Z', '2027-01-01']
  ] as const
  for (const [instant, expected] of cases) t.equal(todayIn(new Date(instant)), expected, instant)
})

t.test('only an existing day, written exactly, is a date', async (t) => {
  const right = ['1900-01-01', '2024-02-29', '2000-02-29', '2026-04-30', '2026-12-31', '2199-12-31']
  const wrong = [
    ['1899-12-31', '2200-01-01', '2026-02-29', '1900-02-29', '2100-02-29', '2026-04-31', '2026-06-31'],
    ['2026-09-31', '2026-11-31', '2026-01-32', '2026-13-01', '2026-00-10', '2026-01-00', '2026-1-1'],
    ['', '20260101', '2026-01-01T00:00:00Z', ' 2026-01-01', '2026-01-01\n', '01-01-2026', 'vandaag']
  ].flat()
  for (const text of right) t.ok(isRealDate(text), text)
  for (const text of wrong) t.notOk(isRealDate(text), JSON.stringify(text))
})

t.test('every day of the calendar is a real date and days count exactly', async () => {
  const n = fc.integer({ min: -20_000, max: 20_000 })
  fc.assert(fc.property(day, (from) => isRealDate(from)))
  fc.assert(fc.property(day, n, (from, days) => daysBetween(from, addDays(from, days)) === days))
})

t.test('months are added to the same day, or to the last day of a shorter month', async (t) => {
  const cases = [
    ['2026-08-31', 6, '2027-02-28'],
    ['2027-08-31', 6, '2028-02-29'],
    ['2026-11-20', 6, '2027-05-20'],
    ['2026-12-31', 1, '2027-01-31'],
    ['2026-10-31', 1, '2026-11-30'],
    ['2026-03-31', -1, '2026-02-28'],
    ['2026-01-15', -1, '2025-12-15'],
    ['2026-05-15', 0, '2026-05-15']
  ] as const
  for (const [from, n, expected] of cases) t.equal(addMonths(from, n), expected, `${from} + ${n}`)
})

t.test('adding months never skips a month and never moves to a later day of it', async () => {
  const monthNumber = (d: string) => Number(d.slice(0, 4)) * 12 + Number(d.slice(5, 7))
  const n = fc.integer({ min: -240, max: 240 })
  fc.assert(
    fc.property(day, n, (from, months) => {
      const to = addMonths(from, months)
      return monthNumber(to) === monthNumber(from) + months && to.slice(8) <= from.slice(8)
    })
  )
})

t.test('one is a year older on the birthday itself, and on 1 March when born on 29 February', async (t) => {
  const cases = [
    ['2008-11-20', '2026-11-19', 17],
    ['2008-11-20', '2026-11-20', 18],
    ['2008-02-29', '2026-02-28', 17],
    ['2008-02-29', '2026-03-01', 18],
    ['2008-02-29', '2028-02-28', 19],
    ['2008-02-29', '2028-02-29', 20],
    ['2026-11-20', '2026-11-20', 0]
  ] as const
  for (const [born, on, age] of cases) t.equal(ageOn(born, on), age, `${born} on ${on}`)
})

t.test('the public holidays of a year are those of Algemene termijnenwet art. 3', async (t) => {
  t.same(feestdagen(2026), [
    '2026-01-01',
    '2026-04-03',
    '2026-04-06',
    '2026-04-27',
    '2026-05-05',
    '2026-05-14',
    '2026-05-25',
    '2026-12-25',
    '2026-12-26'
  ])
  t.ok(feestdagen(2025).includes('2025-04-26'), 'Koningsdag is a day early when 27 April is a Sunday')
  t.notOk(feestdagen(2025).includes('2025-04-27'))
  t.equal(feestdagen(2016).length, 8, 'Ascension on 5 May counts once')
})

t.test('Easter Monday follows the Gregorian computus, its exceptions included', async (t) => {
  const mondays = [
    ['1943-04-26', '1954-04-19', '1961-04-03', '1981-04-20', '2000-04-24', '2008-03-24', '2011-04-25'],
    ['2024-04-01', '2025-04-21', '2027-03-29', '2038-04-26', '2049-04-19', '2076-04-20', '2160-03-24']
  ].flat()
  for (const monday of mondays) t.ok(feestdagen(Number(monday.slice(0, 4))).includes(monday), monday)
})

t.test('working days skip weekends and public holidays', async (t) => {
  const cases = [
    ['2026-11-20', 1, '2026-11-23'],
    ['2026-11-21', 1, '2026-11-23'],
    ['2026-11-20', 3, '2026-11-25'],
    ['2026-04-02', 1, '2026-04-07'],
    ['2026-04-24', 1, '2026-04-28'],
    ['2026-03-30', 20, '2026-04-30'],
    ['2026-12-24', 3, '2026-12-30'],
    ['2026-12-31', 1, '2027-01-04'],
    ['2027-05-04', 3, '2027-05-12'],
    ['2027-04-12', 20, '2027-05-14'],
    ['2026-11-20', 0, '2026-11-20']
  ] as const
  for (const [from, n, expected] of cases) t.equal(addWorkingDays(from, n), expected, `${from} + ${n}`)
  t.notOk(isWorkingDay('2026-11-21'), 'Saturday')
  t.notOk(isWorkingDay('2026-11-22'), 'Sunday')
  t.notOk(isWorkingDay('2026-05-14'), 'Ascension')
  t.ok(isWorkingDay('2026-05-18'))
})

t.test('a day that is equated with a holiday is no working day, and names its source', async (t) => {
  t.same(
    gelijkgesteldeDagen.map(({ dag }) => dag),
    ['2026-01-02', '2026-05-15', '2027-05-07', '2028-04-28', '2028-05-26']
  )
  for (const { dag, bron } of gelijkgesteldeDagen) {
    t.notOk(isWorkingDay(dag), dag)
    t.match(bron, /\S/)
    t.ok(isWorkingDay(addDays(dag, -364)) || isWorkingDay(addDays(dag, 364)), 'in other years it is one')
  }
})

t.test('the n-th working day is a working day with n − 1 working days before it', async () => {
  const n = fc.integer({ min: 1, max: 60 })
  fc.assert(
    fc.property(day, n, (from, days) => {
      const to = addWorkingDays(from, days)
      const between = Array.from({ length: daysBetween(from, to) }, (_, i) => addDays(from, i + 1))
      return isWorkingDay(to) && between.filter(isWorkingDay).length === days
    })
  )
})
