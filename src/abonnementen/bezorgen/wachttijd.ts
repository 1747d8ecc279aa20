const second = 1_000
const hour = 3_600 * second

/** Milliseconds for which the delivery of an event is tried, and after which a receiver that never answers is given up. */
export const geduld = 72 * hour

const first = 10 * second
const longest = 6 * hour

/**
 * The instant of the next attempt after so many failed ones: ten seconds, then three times as long each time, up to six
 * hours. `chance`, from 0 to 1, spreads them by a quarter either way, so that receivers that failed together are not tried
 * together. Later when the receiver asked for that (`retryAfter`, its header of that name); never after `end`, the last
 * attempt. Undefined once that was made.
 */
export function nextAttempt(
  { attempts, now, end }: { readonly attempts: number; readonly now: Date; readonly end: Date },
  chance: number,
  retryAfter?: string
): Date | undefined {
  if (now >= end) return undefined
  const wait = Math.min(first * 3 ** (attempts - 1), longest) * (0.75 + chance / 2)
  const asked = secondsIn(retryAfter) * second
  return new Date(Math.min(now.getTime() + Math.max(wait, asked), end.getTime()))
}

// A date is passed over: it would be that of another clock.
function secondsIn(retryAfter: string | undefined): number {
  return retryAfter !== undefined && /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) : 0
}
