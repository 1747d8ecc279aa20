import type { BenchStage } from './bench-stage.ts'
import { readingGemeenten } from './enrol-landscape.ts'
import { type Figure, hoogstens } from './figure.ts'
import { singlePartners } from './landscape.ts'
import { loadStock } from './load-stock.ts'
import { pagePath } from './measure-bladzijde.ts'
import { type Load, type Speed, startLoad } from './run-load.ts'
import { sendDelivery } from './send-delivery.ts'
import { settings, today } from './settings.ts'
import { singleTemplates } from './single-templates.ts'
import { median } from './statistics.ts'
import { withStalls } from './watch-stalls.ts'
import { type Bench, withStage } from './with-stage.ts'
import { writeNdjson } from './write-delivery.ts'

const meting = 'naast'
const singleConnections = 4
const pageConnections = 2

type Beside = { readonly single: Speed; readonly page: Speed }
type Round = {
  readonly quiet: Beside
  readonly during: Beside
  readonly rate: number
  readonly stall: number
}

/** Measures four clients that post singles and two that read pages, without and with a delivery running. */
export function measureNaast(bench: Bench): Promise<Figure[]> {
  return withStage(bench, async (stage) => {
    await loadStock(stage, settings.backgroundStock)
    const start = await openBeside(stage)
    const rounds: Round[] = []
    for (let round = 0; round < settings.rounds; round += 1) {
      const file = await writeNdjson(bench.server.dir, round)
      const quiet = await ended(start(settings.seconds))
      const { result, stall } = await withStalls(stage.url(), async () => {
        const beside = start(600)
        const seconds = await sendDelivery(stage, file).finally(() => stopAll(beside))
        return { during: await ended(beside), rate: file.count / seconds }
      })
      rounds.push({ quiet, ...result, stall })
    }
    return toFigures(rounds, stage.peakMemory())
  })
}

type Running = ReturnType<typeof startLoad>

async function openBeside(stage: BenchStage): Promise<(seconds: number) => [single: Running, page: Running]> {
  const templates = singleTemplates(today)
  const url = stage.url()
  const posters = await Promise.all(
    singlePartners.slice(0, singleConnections).map(({ code }) => stage.token(code))
  )
  const readers = await Promise.all(readingGemeenten.slice(0, pageConnections).map(stage.token))
  let runs = 0
  return (seconds) => {
    const name = `NAAST-${runs++}`
    const single: Load = {
      ...{ url, path: '/v1/vroegsignalen', status: 201, templates },
      ...{ connections: singleConnections, tokens: posters, seconds, name }
    }
    const page: Load = {
      ...{ url, path: pagePath, status: 200 },
      ...{ connections: pageConnections, tokens: readers, seconds, name }
    }
    return [startLoad(single), startLoad(page)]
  }
}

function stopAll(running: readonly Running[]): void {
  for (const one of running) one.stop()
}

async function ended([single, page]: readonly [Running, Running]): Promise<Beside> {
  return { single: await single.ended, page: await page.ended }
}

function toFigures(rounds: readonly Round[], peakMemory: number): Figure[] {
  const of = (pick: (round: Round) => number) => median(rounds.map(pick))
  const both = (kind: 'single' | 'page', naam: string, limit: number): Figure[] => [
    {
      meting,
      naam: `${naam}: p99 tijdens ÷ rustig`,
      waarde: of((round) => round.during[kind].p99 / round.quiet[kind].p99)
    },
    { meting, naam: `${naam}, rustig: p50`, waarde: of(({ quiet }) => quiet[kind].p50), eenheid: 'ms' },
    { meting, naam: `${naam}, rustig: p99`, waarde: of(({ quiet }) => quiet[kind].p99), eenheid: 'ms' },
    { meting, naam: `${naam}, tijdens: p50`, waarde: of(({ during }) => during[kind].p50), eenheid: 'ms' },
    {
      ...{ meting, naam: `${naam}, tijdens: p99`, waarde: of(({ during }) => during[kind].p99) },
      ...{ eenheid: 'ms', doel: hoogstens(limit) }
    }
  ]
  return [
    ...both('single', 'los signaal', 30),
    ...both('page', 'bladzijde', 25),
    { meting, naam: 'aanlevering ernaast', waarde: of(({ rate }) => rate), eenheid: 'regels/s' },
    { meting, naam: 'hoogste geheugen', waarde: peakMemory, eenheid: 'MB' },
    { meting, naam: 'stilstand', waarde: Math.max(...rounds.map(({ stall }) => stall)), eenheid: 'ms' }
  ]
}
