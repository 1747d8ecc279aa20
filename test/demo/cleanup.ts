/** The work that must be undone, however the demo ends. */
export type Cleanup = {
  /** Adds work for the end. The last added runs first. */
  add(work: () => unknown): void
  /** Runs all of it once, also when some of it fails. */
  run(): Promise<void>
  /** True once the demo was interrupted. Failures after that mean nothing. */
  isInterrupted(): boolean
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Opens the list of cleanup work. An interrupt runs it too, and then exits with 130. */
export function openCleanup(): Cleanup {
  const works: (() => unknown)[] = []
  let running: Promise<void> | undefined
  let isInterrupted = false
  const run = () => {
    running ??= undo(works)
    return running
  }
  const interrupt = () => {
    console.error('\n  Afgebroken; alles wordt opgeruimd.')
    isInterrupted = true
    run().finally(() => process.exit(130))
  }
  for (const signal of signals) process.on(signal, interrupt)
  // The reader of the output may stop early (`npm run demo | head`).
  process.stdout.on('error', interrupt)
  return { add: (work) => void works.push(work), run, isInterrupted: () => isInterrupted }
}

async function undo(works: (() => unknown)[]): Promise<void> {
  for (let work = works.pop(); work !== undefined; work = works.pop()) {
    try {
      await work()
    } catch (error) {
      console.error(`  Opruimen mislukte: ${(error as Error).message}`)
    }
  }
}
