import { type Logger, pino } from 'pino'
import { sqlStateOf } from '../database/database-errors.ts'
import { Problem } from './problem.ts'

/** A log of JSON lines that holds ids, counts and durations; never a URL, a body, a header or an error's own text. */
export function openLogger(level: string, destination?: { write(line: string): void }): Logger {
  const options = {
    level,
    base: { name: 'signaalhub' },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: describeError, req: () => undefined, res: () => undefined }
  }
  return destination ? pino(options, destination) : pino(options)
}

/** What the log may know of an error. The message is left out: it can quote a row. */
export function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error }
  return {
    type: error.name,
    ...(error instanceof Problem && { slug: error.slug }),
    ...(sqlStateOf(error) && { sqlState: sqlStateOf(error) }),
    frames: framesOf(error),
    ...(error.cause !== undefined && { cause: describeError(error.cause) })
  }
}

function framesOf({ stack = '' }: Error): string[] {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .map((line) => line.trim())
}
