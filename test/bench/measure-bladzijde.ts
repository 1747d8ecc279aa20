import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BenchStage } from './bench-stage.ts'
import { alleGemeenten, readingGemeenten } from './enrol-landscape.ts'
import { type Figure, hoogstens, minstens, write } from './figure.ts'
import { loadStock } from './load-stock.ts'
import { runLoad, type Speed } from './run-load.ts'
import { settings } from './settings.ts'
import { startEcho } from './start-echo.ts'
import { median } from './statistics.ts'
import { withStalls } from './watch-stalls.ts'
import { type Bench, withStage } from './with-stage.ts'

const meting = 'bladzijde'
/** One client is the largest municipality. Sixteen clients are the sixteen largest, each with its own list. */
const clients = [1, 16] as const
const aims = { 1: hoogstens(10), 16: hoogstens(25) }

/** The path of a page of a hundred households with their signals. */
export const pagePath = '/v1/huishoudens?limit=100'

type Read = { readonly p50: number; readonly p99: number; readonly ratio: number }
type Size = {
  readonly live: number
  readonly reads: ReadonlyMap<number, Read>
  /** Pages per second of a reader of all municipalities ÷ of one, both reading the list of that one. */
  readonly alle: number
  readonly stall: number
}

/**
 * Reads a municipality's list page by page, at growing stocks in one database. Compares that with a bare server that
 * only serializes the first of those pages for every answer.
 */
export function measureBladzijde(bench: Bench): Promise<Figure[]> {
  return withStage(bench, async (stage) => {
    const sizes: Size[] = []
    let portion = 0
    for (const live of settings.stocks) {
      portion = await loadStock(stage, live - (sizes.at(-1)?.live ?? 0), portion)
      const { result: reads, stall } = await withStalls(stage.url(), () => readAll(bench, stage))
      sizes.push({ live, reads, alle: await compareReaders(stage), stall })
    }
    return [
      ...sizes.slice(1).map((size, index) => growth(sizes[index]!, size)),
      ...sizes.flatMap(toFigures),
      { meting, naam: 'hoogste geheugen', waarde: stage.peakMemory(), eenheid: 'MB' }
    ]
  })
}

async function readAll({ server }: Bench, stage: BenchStage): Promise<Map<number, Read>> {
  const tokens = await Promise.all(readingGemeenten.map(stage.token))
  const file = join(server.dir, 'bladzijde.json')
  const page = await fetch(stage.url() + pagePath, { headers: { authorization: `Bearer ${tokens[0]}` } })
  await writeFile(file, await page.text())
  const bare = await startEcho(file)
  const read = (url: string, connections: number) =>
    runLoad({
      url,
      path: pagePath,
      status: 200,
      name: meting,
      connections,
      seconds: settings.seconds,
      tokens
    })
  const rounds = new Map<number, Round[]>(clients.map((connections) => [connections, []]))
  try {
    for (let round = 0; round <= settings.rounds; round += 1) {
      for (const connections of clients) {
        const speeds = { bare: await read(bare.url, connections), hub: await read(stage.url(), connections) }
        // The first round runs on cold caches, so it does not count.
        if (round > 0) rounds.get(connections)!.push(speeds)
      }
    }
  } finally {
    await bare.stop()
  }
  return new Map([...rounds].map(([connections, speeds]) => [connections, summarise(speeds)]))
}

async function compareReaders(stage: BenchStage): Promise<number> {
  const [gemeentecode] = readingGemeenten
  const [one, all] = [await stage.token(gemeentecode!), await stage.token(alleGemeenten)]
  const read = (token: string) =>
    runLoad({
      url: stage.url(),
      path: `${pagePath}&gemeentecode=${gemeentecode}`,
      status: 200,
      name: meting,
      connections: 16,
      seconds: settings.seconds,
      tokens: [token]
    })
  const ratios: number[] = []
  for (let round = 0; round < settings.rounds; round += 1) {
    const { perSecond } = await read(one)
    ratios.push((await read(all)).perSecond / perSecond)
  }
  return median(ratios)
}

type Round = { readonly bare: Speed; readonly hub: Speed }

function summarise(rounds: readonly Round[]): Read {
  return {
    p50: median(rounds.map(({ hub }) => hub.p50)),
    p99: median(rounds.map(({ hub }) => hub.p99)),
    ratio: median(rounds.map(({ bare, hub }) => hub.perSecond / bare.perSecond))
  }
}

function growth(small: Size, large: Size): Figure {
  const naam = `p50 bij ${write(large.live)} ÷ ${write(small.live)}, 1 lezer`
  return { meting, naam, waarde: large.reads.get(1)!.p50 / small.reads.get(1)!.p50, doel: hoogstens(1.3) }
}

function toFigures({ live, reads, alle, stall }: Size): Figure[] {
  const of = (connections: 1 | 16): Figure[] => {
    const { p50, p99, ratio } = reads.get(connections)!
    const naam = `${write(live)} signalen, ${connections} lezer${connections === 1 ? '' : 's'}`
    return [
      { meting, naam: `${naam} ÷ kaal`, waarde: ratio },
      { meting, naam: `${naam}: p50`, waarde: p50, eenheid: 'ms' },
      { meting, naam: `${naam}: p99`, waarde: p99, eenheid: 'ms', doel: aims[connections] }
    ]
  }
  return [
    ...clients.flatMap(of),
    {
      meting,
      naam: `${write(live)} signalen, lezer van alle gemeenten ÷ van één`,
      waarde: alle,
      doel: minstens(0.83)
    },
    { meting, naam: `${write(live)} signalen: stilstand`, waarde: stall, eenheid: 'ms' }
  ]
}
