type DatabaseError = { readonly code?: string; readonly message?: string }

// Admin shutdown, crash recovery, cannot connect now, too many connections, statement or lock time-out.
const temporaryStates = new Set([
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '57014',
  '55P03',
  '40001',
  '40P01',
  '25P03'
])
const temporaryErrnos = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EPIPE',
  'EAI_AGAIN'
])

/** True when the database could not serve this now but may do so later: answer 503, not 500. */
export function isTemporary(error: unknown): boolean {
  const { code = '', message = '' } = error as DatabaseError
  return (
    temporaryStates.has(code) ||
    temporaryErrnos.has(code) ||
    // Lost connections; a violation of the protocol is a fault of ours, which waiting does not mend.
    (code.startsWith('08') && code !== '08P01') ||
    isPlanOutdated(error) ||
    /timeout exceeded when trying to connect|Connection terminated|is not queryable/.test(message)
  )
}

/** True when the server's plan of a statement does not fit the schema any more, or is gone; another connection has none. */
export function isPlanOutdated(error: unknown): boolean {
  const { code, message = '' } = error as DatabaseError
  return code === '26000' || (code === '0A000' && message.startsWith('cached plan'))
}

/** The SQLSTATE of an error, for the log; never its message or detail, which may quote a row. */
export function sqlStateOf(error: unknown): string | undefined {
  const { code } = error as DatabaseError
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined
}
