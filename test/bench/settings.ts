const scale = Number(process.env.BENCH_SCALE ?? 0.2)
if (!(scale > 0 && scale <= 4)) throw new Error('BENCH_SCALE is een getal boven 0 en hoogstens 4')
const largest = Math.round(1_000_000 * scale)

/** The size of this run. The targets are stated for `BENCH_SCALE=1`. */
export const settings = {
  scale,
  /** The number of rounds of each comparison. Both sides run in turn, and the median counts. */
  rounds: 3,
  seed: 20_261_125,
  /** The number of signals in one delivery, and in one sweep. */
  lines: Math.round(250_000 * scale),
  /** The number of addresses in a register. */
  addresses: Math.round(10_000_000 * scale),
  /** The numbers of live signals at which pages are read, smallest first. */
  stocks: [
    Math.min(100_000, Math.round(largest / 2)),
    largest,
    ...(process.env.BENCH_5M === '1' ? [5_000_000] : [])
  ],
  /** The number of live signals when measuring beside a delivery. */
  backgroundStock: Math.round(100_000 * scale),
  /** The duration of one load. */
  seconds: Math.min(5, Math.max(0.4, 12 * scale)),
  /** The folder for a CPU profile of every hub. Without it there are no profiles. */
  profileDir: process.env.BENCH_PROFIEL
} as const

/** The hub's clock at its start, on the day that partners deliver. */
export const moment = '2026-11-25T08:00:00.000Z'
export const today = '2026-11-25'
/** A moment at which everything received on `today` or earlier has expired. */
export const afterExpiry = '2027-06-01T08:00:00.000Z'
