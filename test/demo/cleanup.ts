/** What must be undone, however the demo ends. */
export type Cleanup = {
  /** Adds work for the end; what was added last is done first. */
  add(work: () => unknown): void
  /** Does all of it, once, whatever fails. */
  run(): Promise<void>
  /** True when somebody ended the demo, so that what fails from then on says nothing. */
  isInterrupted(): boolean
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Opens a list of what must be undone; also when the demo is interrupted, which then ends it with exit 130. */
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
  // Whoever reads along may stop reading (`npm run demo | head`).
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
