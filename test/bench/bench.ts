import { openCleanup } from '../demo/cleanup.ts'
import { startBenchServer } from './bench-server.ts'
import type { Figure } from './figure.ts'
import { type Measurement, measurements } from './measurements.ts'
import { printFigures } from './print-figures.ts'
import { settings } from './settings.ts'

const cleanup = openCleanup()
await main()

async function main(): Promise<void> {
  const wanted = process.argv.slice(2)
  const unknown = wanted.filter((name) => !(name in measurements))
  if (unknown.length > 0) {
    console.error(`Onbekend: ${unknown.join(', ')}. Kies uit: ${Object.keys(measurements).join(', ')}.`)
    process.exitCode = 1
    return
  }
  const chosen = Object.entries(measurements).filter(([name]) => wanted.length === 0 || wanted.includes(name))
  explain()
  try {
    printFigures(await measure(chosen))
  } catch (error) {
    if (!cleanup.isInterrupted()) console.error(error)
    process.exitCode = 1
  } finally {
    await cleanup.run()
  }
}

async function measure(chosen: readonly [name: string, Measurement][]): Promise<Figure[]> {
  const server = await startBenchServer(cleanup)
  const figures: Figure[] = []
  for (const [name, measurement] of chosen) {
    const began = performance.now()
    // A measurement that fails must not stop the others.
    figures.push(...(await measurement({ server, cleanup }).catch((error: Error) => failed(name, error))))
    console.error(`  ${name}: ${Math.round((performance.now() - began) / 1000)} s`)
    if (cleanup.isInterrupted()) break
  }
  return figures
}

function failed(name: string, error: Error): Figure[] {
  if (!cleanup.isInterrupted()) console.error(`  ${name} mislukte:`, error)
  process.exitCode = 1
  return []
}

function explain(): void {
  const { scale, lines, stocks, rounds, seconds } = settings
  console.log(`
  Schaal ${scale}: ${lines} regels per aanlevering, ${stocks.join(' en ')} levende signalen, 342 gemeenten.
  Medianen van ${rounds} ronden die elkaar afwisselen; elke belasting duurt ${seconds} s. fsync staat aan.
  Hub, PostgreSQL en vrager delen deze machine: vergelijk verhoudingen, geen getallen van verschillende runs.
  Stilstand = het langste antwoord op GET /health/live, elke 5 ms gevraagd over een eigen verbinding; wachten op
  een vrije processor telt daarin mee. Geheugen = VmHWM van het proces van de hub sinds zijn start.`)
}
