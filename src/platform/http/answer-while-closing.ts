import { later } from './problem.ts'
import type { App } from './typebox.ts'

/**
 * Answers requests that come in while the process ends with tijdelijk-niet-beschikbaar, as whatever else cannot be served
 * now; the framework would answer in a form of its own, without Retry-After. Whether it lives is always answered.
 */
export function answerWhileClosing(app: App): void {
  let isClosing = false
  app.addHook('preClose', async () => {
    isClosing = true
  })
  app.addHook('onRequest', async ({ routeOptions }) => {
    if (isClosing && !routeOptions.config.isAlwaysServed) throw later(5)
  })
}
