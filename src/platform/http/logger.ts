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

/** Describes an error for the log by type, place and SQLSTATE. Leaves out its message, which may quote a row. */
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
