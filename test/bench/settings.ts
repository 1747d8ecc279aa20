const scale = Number(process.env.BENCH_SCALE ?? 0.2)
if (!(scale > 0 && scale <= 4)) throw new Error('BENCH_SCALE is een getal boven 0 en hoogstens 4')
const largest = Math.round(1_000_000 * scale)

/** How large this run is; `BENCH_SCALE=1` is the whole of what the figures to reach are stated for. */
export const settings = {
  scale,
  /** Each comparison is made this often, its sides in turn; the median counts. */
  rounds: 3,
  seed: 20_261_125,
  /** Signals in one delivery, and signals that one sweep destroys. */
  lines: Math.round(250_000 * scale),
  /** Live signals at which a page is read, smallest first. */
  stocks: [
    Math.min(100_000, Math.round(largest / 2)),
    largest,
    ...(process.env.BENCH_5M === '1' ? [5_000_000] : [])
  ],
  /** Live signals behind what is measured beside a delivery. */
  backgroundStock: Math.round(100_000 * scale),
  /** How long one load lasts. */
  seconds: Math.min(5, Math.max(0.4, 12 * scale)),
  /** Folder for a CPU profile of every hub that ran; none when absent. */
  profileDir: process.env.BENCH_PROFIEL
} as const

/** The hub's clock at its start: the day on which partners deliver. */
export const moment = '2026-11-25T08:00:00.000Z'
export const today = '2026-11-25'
/** A moment at which everything that was received up to then has expired. */
export const afterExpiry = '2027-06-01T08:00:00.000Z'
