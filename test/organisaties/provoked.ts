import type { Test } from 'tap'
import type { Answer, Party, TestHub } from '../helpers/test-hub.ts'
import { type Operation, operationsOf } from '../platform/http/operations.ts'

// Statuses that these operations promise but that a single caller cannot provoke.
const unprovoked: Record<number, string> = {
  429: 'the limits stand far above what a test may send',
  500: 'a fault of ours: test/adr.test.ts breaks the database for it',
  503: 'the database is away: test/adr.test.ts takes it away'
}

/** Keeps track of the promised statuses that a test has seen, per operation. */
export function countStatuses(hub: TestHub, isAbout: (operation: Operation) => boolean) {
  const seen = new Map<string, Set<number>>()
  const operations = operationsOf(hub).filter(isAbout)
  return {
    /** Returns the answer of an operation, which must have this status. */
    expect: async (t: Test, id: string, status: number, answering: Promise<Answer>): Promise<Answer> => {
      const answer = await answering
      t.equal(answer.statusCode, status, `${id}: ${answer.body.slice(0, 300)}`)
      seen.set(id, (seen.get(id) ?? new Set()).add(answer.statusCode))
      return answer
    },
    /** Provokes the statuses that follow from the shape of an operation: 400, 401, 403, 406, 413 and 415. */
    provokeShape: async (t: Test, parties: readonly Party[], stranger: Party) => {
      for (const operation of operations) {
        for (const answer of await shapeAnswers(hub, operation, parties, stranger)) {
          const { statusCode } = answer
          t.ok(operation.statuses.includes(statusCode), `${operation.id} promises ${statusCode}`)
          seen.set(operation.id, (seen.get(operation.id) ?? new Set()).add(statusCode))
        }
      }
    },
    /** The promised statuses that nothing has provoked yet. */
    missing: () =>
      operations.flatMap(({ id, statuses }) =>
        statuses
          .filter((status) => !(status in unprovoked) && !seen.get(id)?.has(status))
          .map((status) => `${id} ${status}`)
      )
  }
}

async function shapeAnswers(
  hub: TestHub,
  { method, url, mediaType }: Operation,
  parties: readonly Party[],
  stranger: Party
): Promise<Answer[]> {
  const body = (payload: string, type = 'application/json') =>
    mediaType === undefined ? {} : { payload, headers: { 'content-type': type } }
  const requests = [
    { method, url: `${url}?bestaatNiet=1`, ...body('{}') },
    { method, url, headers: { accept: 'image/png' } },
    ...(mediaType === undefined ? [] : [{ method, url, ...body('x'.repeat(66_000)) }]),
    ...(mediaType === undefined ? [] : [{ method, url, ...body('x', 'text/plain') }])
  ]
  const answers = [await hub.call({ method, url }), await stranger.call({ method, url })]
  for (const request of requests) {
    for (const party of parties) answers.push(await party.call(request as never))
  }
  return answers
}
