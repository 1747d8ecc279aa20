type DatabaseError = { readonly code?: string; readonly message?: string; readonly routine?: string }

// Shutdown, crash, starting up, too many connections, cancelled or timed out, lock time-out, serialization failure,
// deadlock, idle too long in a transaction; disk full, out of memory, another limit of the server, read-only (a standby,
// or a server that protects a full disk), input or output failed.
const temporaryStates = new Set([
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '57014',
  '55P03',
  '40001',
  '40P01',
  '25P03',
  '53100',
  '53200',
  '53400',
  '25006',
  '58030'
])
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
    // Lost connections. A protocol violation is our own fault, which waiting does not repair.
    (code.startsWith('08') && code !== '08P01') ||
    isPlanOutdated(error) ||
    isSilence(error) ||
    /timeout exceeded when trying to connect|Connection terminated|is not queryable/.test(message)
  )
}

/** True when row level security refused a row. A missing grant has the same code, and is a fault of ours. */
export function isRefusedByPolicy(error: unknown): boolean {
  const { code, routine } = error as DatabaseError
  return code === '42501' && routine === 'ExecWithCheckOptions'
}

/** True when a lock that the statement needed was not free in time. */
export function isLockTimeout(error: unknown): boolean {
  return (error as DatabaseError).code === '55P03'
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
