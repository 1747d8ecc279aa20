type DatabaseError = {
  readonly code?: string
  readonly message?: string
  readonly routine?: string
  readonly table?: string
}

// Connection lost; a resource ran out (disk, memory, connections, another limit); shutdown, crash, starting up, dropped or
// idle too long; the server's own system failed (input or output, a file).
const temporaryClasses = ['08', '53', '57P', '58']
// Cancelled or timed out, lock time-out, in use by another session, serialization failure, deadlock, idle too long in a
// transaction, read-only (a standby, or a server that protects a full disk).
const temporaryStates = new Set(['57014', '55P03', '55006', '40001', '40P01', '25P03', '25006'])
// A protocol violation is our own fault, which waiting does not repair.
const ownFault = '08P01'
const temporaryErrnos = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EPIPE',
  'EAI_AGAIN'
])

/** True when the database cannot serve this now but may do so later: answer 503, not 500. */
export function isTemporary(error: unknown): boolean {
  const { code = '', message = '' } = error as DatabaseError
  return (
    temporaryStates.has(code) ||
    temporaryErrnos.has(code) ||
    (temporaryClasses.some((start) => code.startsWith(start)) && code !== ownFault) ||
    isPlanOutdated(error) ||
    isSilence(error) ||
    temporaryMessage.test(message)
  )
}

// Of the client, which gives no code, and of a server that has used up its transaction ids and only shares its code with
// faults of ours.
const temporaryMessage =
  /timeout exceeded when trying to connect|timeout expired|Connection terminated|is not queryable|not accepting commands/

/** True when the server has no room left to write, or could not write. */
export function hasNoRoom(error: unknown): boolean {
  const { code } = error as DatabaseError
  return code === '53100' || code === '58030'
}

/**
 * True when the server would not write the processing log, whatever the reason: what may not be done or shown unlogged can be
 * once it does again.
 */
export function isLogRefused(error: unknown): boolean {
  const { code, table, message = '' } = error as DatabaseError
  return code !== undefined && (table === 'verwerkingsblad' || message.includes('verwerkingsblad'))
}

/** True when a database of this name is there already. */
export function isDatabaseTaken(error: unknown): boolean {
  return (error as DatabaseError).code === '42P04' || isTaken(error)
}

/** True when row level security refused a row. A missing grant has the same code, and is a fault of ours. */
export function isRefusedByPolicy(error: unknown): boolean {
  const { code, routine } = error as DatabaseError
  return code === '42501' && routine === 'ExecWithCheckOptions'
}

/** True when the login or its role lacks a right. */
export function isRefused(error: unknown): boolean {
  return (error as DatabaseError).code === '42501'
}

/** True when a lock that the statement needed was not free in time. */
export function isLockTimeout(error: unknown): boolean {
  return (error as DatabaseError).code === '55P03'
}

/** True when the server ended the statement because it and another waited for each other. */
export function isDeadlock(error: unknown): boolean {
  return (error as DatabaseError).code === '40P01'
}

/** True when a row with this key is there already. */
export function isTaken(error: unknown): boolean {
  return (error as DatabaseError).code === '23505'
}

/** True when the server did not answer at all, in time in which it should have refused or ended the statement. */
export function isSilence(error: unknown): boolean {
  return (error as DatabaseError).message === 'Query read timeout'
}

/**
 * True when the server's plan of a statement is gone, is somebody else's or no longer fits the schema; a new connection
 * has no such plan.
 */
export function isPlanOutdated(error: unknown): boolean {
  const { code, message = '' } = error as DatabaseError
  return isStatementLost(error) || (code === '0A000' && message.startsWith('cached plan'))
}

/** True when a named statement is not on the server's side of the connection, or already is. */
export function isStatementLost(error: unknown): boolean {
  const { code } = error as DatabaseError
  return code === '26000' || code === '42P05'
}

/** The SQLSTATE of an error, for the log; never its message or detail, because those may quote a row. */
export function sqlStateOf(error: unknown): string | undefined {
  const { code } = error as DatabaseError
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined
}
