import t from 'tap'
import { openLogger } from '../../src/platform/http/logger.ts'
import { reportFailures } from '../../src/platform/jobs/report-failures.ts'

const errno = (code: string) => Object.assign(new Error('connect 10.0.0.1:5432 as kanarie'), { code })

t.test('one line for each reason, with its code, and one when it works again', async (t) => {
  const lines: string[] = []
  const logger = openLogger('info', { write: (line: string) => void lines.push(line) })
  const { failed, worked } = reportFailures(logger, 'matching')
  worked()
  for (let n = 0; n < 20; n += 1) failed(errno('ECONNREFUSED'))
  failed(new AggregateError([errno('ETIMEDOUT')], 'all failed'))
  failed(new Error('again', { cause: errno('ECONNREFUSED') }))
  failed(errno('ECONNREFUSED'))
  worked()
  worked()
  failed(errno('ECONNREFUSED'))
  const logged = lines.map((line) => JSON.parse(line))
  t.match(logged, [
    { msg: /matching failed/, err: { code: 'ECONNREFUSED' } },
    { err: { type: 'AggregateError', code: 'ETIMEDOUT' } },
    { err: { cause: { code: 'ECONNREFUSED' } } },
    { msg: 'matching works again' },
    { err: { code: 'ECONNREFUSED' } }
  ])
  t.equal(logged.length, 5)
  t.notMatch(lines.join(), 'kanarie', 'never the message')
})
