const given = Number(process.env.FAULTS_SECONDS ?? 5)
if (!(given >= 5 && given <= 86_400)) throw new Error('FAULTS_SECONDS is a number from 5 to 86400')

/** The length of this run: short in `npm test`, longer in `npm run test:faults`. */
export const settings = {
  /** Seconds that faults go on beside each load. */
  seconds: given,
  /** Whether this is the whole run, and not the part of it that fits in every run of the tests. */
  isWhole: process.env.FAULTS_SECONDS !== undefined,
  seed: Number(process.env.FAULTS_SEED ?? 20_261_125),
  /** Where what was done is written, for the table in the README. */
  reportDir: process.env.FAULTS_REPORT
} as const

/** Milliseconds that a test may take besides the load: starting, recovering and checking, on a machine that is busy. */
export const spare = 240_000
