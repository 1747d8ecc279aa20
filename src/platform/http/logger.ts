import { type Logger, pino } from 'pino'
import { sqlStateOf } from '../database/database-errors.ts'
import { Problem } from './problem.ts'

/**
 * Opens a log of JSON lines with ids, counts and durations. It never holds the URL, body or headers of a request, nor
 * the text of an error.
 */
export function openLogger(level: string, destination?: { write(line: string): void }): Logger {
  const options = {
    level,
    base: { name: 'signaalhub' },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: describeError, req: () => undefined, res: () => undefined }
  }
  return destination ? pino(options, destination) : pino(options)
}

/** Describes an error for the log by type, place and code. Leaves out its message, which may quote a row. */
export function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error }
  return {
    ...kindOf(error),
    frames: framesOf(error),
    ...(error.cause !== undefined && { cause: describeError(error.cause) })
  }
}

/** What an error is, without its place: equal for two errors with the same reason. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const cause = error.cause === undefined ? [] : [reasonOf(error.cause)]
  return [...Object.values(kindOf(error)), ...cause].join(' ')
}

function kindOf(error: Error): Record<string, string> {
  const [code, sqlState] = [errnoOf(error), sqlStateOf(error)]
  return {
    type: error.name,
    ...(error instanceof Problem && { slug: error.slug }),
    ...(code && { code }),
    ...(sqlState && { sqlState })
  }
}

// Of several attempts to connect the first tells why.
function errnoOf(error: Error): string | undefined {
  const one = error instanceof AggregateError ? (error.errors[0] as unknown) : error
  const code = String((one as { code?: unknown } | undefined)?.code)
  return /^E[A-Z_]{2,30}$/.test(code) ? code : undefined
}

function framesOf({ stack = '' }: Error): string[] {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .map((line) => line.trim())
}
