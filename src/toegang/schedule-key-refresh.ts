import type { Logger } from 'pino'
import { announcement, type SigningKeys } from '../platform/crypto/signing-keys.ts'
import { reportFailures } from '../platform/jobs/report-failures.ts'

/** Takes up the signing keys that were made elsewhere, well before they sign. Returns a function that stops it. */
export function scheduleKeyRefresh(keys: Pick<SigningKeys, 'refresh'>, logger: Logger): () => void {
  const failures = reportFailures(logger, 'looking for new signing keys')
  const refresh = () => keys.refresh().then(failures.worked, failures.failed)
  const timer = setInterval(refresh, announcement / 10)
  return () => clearInterval(timer)
}
