import type { Cleanup } from '../demo/cleanup.ts'
import type { BenchServer } from './bench-server.ts'
import { type BenchStage, openBenchStage } from './bench-stage.ts'

/** The tools of a measurement. */
export type Bench = { readonly server: BenchServer; readonly cleanup: Cleanup }

/** Runs `work` on a new stage. The stage is removed afterwards, also when the bench is interrupted. */
export async function withStage<Result>(
  { server, cleanup }: Bench,
  work: (stage: BenchStage) => Promise<Result>
): Promise<Result> {
  const stage = await openBenchStage(server)
  let isOpen = true
  const close = async () => {
    if (isOpen) await stage.stop()
    isOpen = false
  }
  cleanup.add(close)
  try {
    return await work(stage)
  } finally {
    await close()
  }
}
