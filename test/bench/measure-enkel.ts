import type { BenchStage } from './bench-stage.ts'
import { type Figure, hoogstens, minstens } from './figure.ts'
import { singlePartners } from './landscape.ts'
import { runLoad, type Speed } from './run-load.ts'
import { settings, today } from './settings.ts'
import { singleTemplates, type Template } from './single-templates.ts'
import { startEcho } from './start-echo.ts'
import { median } from './statistics.ts'
import { withStalls } from './watch-stalls.ts'
import { type Bench, withStage } from './with-stage.ts'

const meting = 'enkel'
const path = '/v1/vroegsignalen'

/** How singles are posted: the number of connections and partners, and whether they carry an Idempotency-Key. */
type Way = { readonly connections: number; readonly partners: number; readonly hasKey: boolean }
const ways: readonly Way[] = [
  ...[1, 8, 32, 128].map((connections) => ({ connections, partners: 1, hasKey: false })),
  { connections: 32, partners: 8, hasKey: false },
  { connections: 32, partners: 1, hasKey: true }
]
const aims = new Map([
  [32, minstens(0.25)],
  [128, minstens(0.35)]
])

/** Compares single posts with a bare echo of the same bodies. */
export async function measureEnkel(bench: Bench): Promise<Figure[]> {
  const echo = await startEcho()
  bench.cleanup.add(echo.stop)
  try {
    return await withStage(bench, (stage) => compare(stage, echo.url))
  } finally {
    await echo.stop()
  }
}

type Round = { readonly echo: Speed; readonly hub: Speed }

async function compare(stage: BenchStage, echoUrl: string): Promise<Figure[]> {
  const templates = singleTemplates(today)
  const tokens = await Promise.all(singlePartners.map(({ code }) => stage.token(code)))
  let runs = 0
  const post = (url: string, { connections, partners, hasKey }: Way) =>
    runLoad({ ...common(templates, runs++), url, connections, hasKey, tokens: tokens.slice(0, partners) })
  for (const url of [echoUrl, stage.url()]) await post(url, ways[2]!)

  const rounds = new Map<Way, Round[]>(ways.map((way) => [way, []]))
  const { stall } = await withStalls(stage.url(), async () => {
    for (let round = 0; round < settings.rounds; round += 1) {
      for (const way of ways)
        rounds.get(way)!.push({ echo: await post(echoUrl, way), hub: await post(stage.url(), way) })
    }
  })
  const figures = ways.flatMap((way) => toFigures(way, rounds.get(way)!))
  return [
    ...figures,
    { meting, naam: 'hoogste geheugen', waarde: stage.peakMemory(), eenheid: 'MB' },
    { meting, naam: 'stilstand', waarde: stall, eenheid: 'ms' }
  ]
}

function common(templates: readonly Template[], run: number) {
  return { path, status: 201, seconds: settings.seconds, templates, name: `ENKEL-${run}` }
}

function toFigures(way: Way, rounds: readonly Round[]): Figure[] {
  const { connections, partners, hasKey } = way
  const naam = [
    `${connections} verbinding${connections === 1 ? '' : 'en'}`,
    ...(partners > 1 ? [`${partners} partners`] : []),
    ...(hasKey ? ['Idempotency-Key'] : [])
  ].join(', ')
  const isPlain = partners === 1 && !hasKey
  const of = (pick: (round: Round) => number) => median(rounds.map(pick))
  const ratio = of(({ hub, echo }) => hub.perSecond / echo.perSecond)
  const aim = isPlain ? aims.get(connections) : undefined
  const slow = isPlain && connections === 32 ? hoogstens(20) : undefined
  return [
    { meting, naam: `${naam} ÷ echo`, waarde: ratio, ...(aim && { doel: aim }) },
    { meting, naam, waarde: of(({ hub }) => hub.perSecond), eenheid: 'per s' },
    { meting, naam: `${naam}: echo`, waarde: of(({ echo }) => echo.perSecond), eenheid: 'per s' },
    { meting, naam: `${naam}: p50`, waarde: of(({ hub }) => hub.p50), eenheid: 'ms' },
    {
      meting,
      naam: `${naam}: p99`,
      waarde: of(({ hub }) => hub.p99),
      eenheid: 'ms',
      ...(slow && { doel: slow })
    }
  ]
}
