import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** Asks the hub for `/health/live` every 5 ms. `stop` returns the longest wait in milliseconds. */
export function watchStalls(url: string): { stop(): Promise<number> } {
  const worker = new Worker(new URL('./stall-worker.ts', import.meta.url), {
    workerData: `${url}/health/live`
  })
  return {
    stop: async () => {
      const answer = once(worker, 'message')
      worker.postMessage('stop')
      return (await answer)[0]
    }
  }
}

/** Runs `work` and reports the longest stall meanwhile. */
export async function withStalls<Result>(url: string, work: () => Promise<Result>) {
  const watch = watchStalls(url)
  try {
    return { result: await work(), stall: await watch.stop() }
  } catch (cause) {
    await watch.stop()
    throw cause
  }
}
