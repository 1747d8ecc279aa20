import underPressure from '@fastify/under-pressure'
import { later } from './problem.ts'
import type { App } from './typebox.ts'

/** When the process is too busy to take on more: mean delay of its event loop in milliseconds, heap in bytes. */
export type LoadLimits = { readonly maxEventLoopDelay: number; readonly maxHeapUsedBytes: number }

/**
 * Answers requests with tijdelijk-niet-beschikbaar while the process is over its limits, so that what it has taken on gets
 * done. Whether it lives is always answered.
 */
export function addLoadShedding(app: App, limits: LoadLimits): void {
  app.register(underPressure, {
    ...limits,
    sampleInterval: 500,
    pressureHandler: (request) => {
      if (request.routeOptions.config.isAlwaysServed) return
      throw later(5, 'De hub heeft het te druk; stuur het verzoek over enkele seconden opnieuw.')
    }
  })
}
