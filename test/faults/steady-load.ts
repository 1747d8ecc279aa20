import { setTimeout as sleep } from 'node:timers/promises'
import { percentile } from '../bench/statistics.ts'

/** What came of one operation under load; times in milliseconds, from the moment that a request was due. */
export type OperationFigures = {
  readonly operation: string
  readonly requests: number
  /** Answers that are not what was to be expected, by status; 0 when none came. */
  readonly errors: Readonly<Record<string, number>>
  readonly p50: number
  readonly p99: number
  readonly longest: number
}

export type SteadyLoad = {
  /**
   * Begins `request` so many times a second, however long the earlier ones take. It gives a status, or undefined when there
   * was nothing to ask.
   */
  add(operation: string, perSecond: number, request: () => Promise<number | undefined>): void
  /** Runs all of it for so many seconds and waits for the last answers. */
  run(seconds: number): Promise<OperationFigures[]>
}

type Task = {
  readonly operation: string
  readonly perSecond: number
  readonly request: () => Promise<number | undefined>
}
type Outcome = { readonly status: number; readonly milliseconds: number }

/** Opens a load that comes at its own pace, as that of many clients does: a slow answer does not make it wait. */
export function openSteadyLoad(): SteadyLoad {
  const tasks: Task[] = []
  return {
    add: (operation, perSecond, request) => void tasks.push({ operation, perSecond, request }),
    run: async (seconds) =>
      Promise.all(tasks.map(async (task) => figuresOf(task.operation, await runTask(task, seconds))))
  }
}

async function runTask({ perSecond, request }: Task, seconds: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  const asked: Promise<void>[] = []
  const began = performance.now()
  for (let n = 0; n < seconds * perSecond; n += 1) {
    const due = began + (n * 1000) / perSecond
    await sleep(due - performance.now())
    asked.push(
      request()
        .catch(() => 0)
        .then((status) => {
          if (status !== undefined) outcomes.push({ status, milliseconds: performance.now() - due })
        })
    )
  }
  await Promise.all(asked)
  return outcomes
}

function figuresOf(operation: string, outcomes: readonly Outcome[]): OperationFigures {
  const errors: Record<string, number> = {}
  for (const { status } of outcomes)
    if (status < 200 || status > 299) errors[status] = (errors[status] ?? 0) + 1
  const times = outcomes.map(({ milliseconds }) => milliseconds)
  const figure = (share: number) => Math.round(percentile(times, share))
  return {
    operation,
    requests: outcomes.length,
    errors,
    p50: figure(50),
    p99: figure(99),
    longest: figure(100)
  }
}
