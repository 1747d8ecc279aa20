import { setTimeout as sleep } from 'node:timers/promises'
import { withConnection } from '../../src/platform/database/open-database.ts'
import type { BenchStage } from './bench-stage.ts'
import { type Figure, hoogstens, minstens } from './figure.ts'
import { singlePartners } from './landscape.ts'
import { loadStock } from './load-stock.ts'
import { type Speed, startLoad } from './run-load.ts'
import { afterExpiry, settings } from './settings.ts'
import { singleTemplates } from './single-templates.ts'
import { median } from './statistics.ts'
import { withStalls } from './watch-stalls.ts'
import { type Bench, withStage } from './with-stage.ts'

const meting = 'vernietiging'
const connections = 4

type Round = {
  readonly rate: number
  readonly during: Speed
  readonly quiet: Speed
  readonly stall: number
  readonly peakMemory: number
}

/** Measures the sweep at the start of a hub, half a year after the last signal, while singles are posted. */
export async function measureVernietiging(bench: Bench): Promise<Figure[]> {
  const rounds: Round[] = []
  for (let round = 0; round < settings.rounds; round += 1) rounds.push(await withStage(bench, sweepAll))
  const of = (pick: (round: Round) => number) => median(rounds.map(pick))
  return [
    { meting, naam: 'los signaal: p99 tijdens ÷ rustig', waarde: of(ratio), doel: hoogstens(1.5) },
    {
      meting,
      naam: 'vernietigd',
      waarde: of(({ rate }) => rate),
      eenheid: 'rijen/s',
      doel: minstens(50_000)
    },
    { meting, naam: 'los signaal, rustig: p99', waarde: of(({ quiet }) => quiet.p99), eenheid: 'ms' },
    { meting, naam: 'los signaal, tijdens: p99', waarde: of(({ during }) => during.p99), eenheid: 'ms' },
    { meting, naam: 'hoogste geheugen', waarde: of(({ peakMemory }) => peakMemory), eenheid: 'MB' },
    { meting, naam: 'stilstand', waarde: Math.max(...rounds.map(({ stall }) => stall)), eenheid: 'ms' }
  ]
}

function ratio({ during, quiet }: Round): number {
  return during.p99 / quiet.p99
}

async function sweepAll(stage: BenchStage): Promise<Round> {
  await loadStock(stage, settings.lines)
  const expired = await count(stage, 'select count(*) from vroegsignaal')
  await stage.restart(afterExpiry)
  const began = performance.now()
  const token = await stage.token(singlePartners[0]!.code)
  const templates = singleTemplates(afterExpiry.slice(0, 10))
  const post = (name: string, seconds: number) =>
    startLoad({
      ...{ url: stage.url(), path: '/v1/vroegsignalen', status: 201, templates },
      ...{ connections, tokens: [token], seconds, name }
    })
  const { result, stall } = await withStalls(stage.url(), async () => {
    const beside = post('TIJDENS', 600)
    while ((await destroyed(stage)) < expired) await sleep(20)
    const seconds = (performance.now() - began) / 1000
    return { rate: expired / seconds, during: await beside.stop() }
  })
  const quiet = await post('RUSTIG', settings.seconds).ended
  return { ...result, quiet, stall, peakMemory: stage.peakMemory() }
}

function destroyed(stage: BenchStage): Promise<number> {
  return count(stage, 'select coalesce(sum(aantal_vroegsignalen), 0) as count from vernietiging')
}

function count({ databases }: BenchStage, query: string): Promise<number> {
  return withConnection(databases.adminUrl, async (client) =>
    Number((await client.query(query)).rows[0].count)
  )
}
