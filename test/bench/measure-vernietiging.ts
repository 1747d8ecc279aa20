import { setTimeout as sleep } from 'node:timers/promises'
import { withConnection } from '../../src/platform/database/open-database.ts'
import type { BenchStage } from './bench-stage.ts'
import { type Figure, hoogstens, minstens } from './figure.ts'
import { singlePartners } from './landscape.ts'
import { loadStock } from './load-stock.ts'
import { type Speed, startLoad } from './run-load.ts'
import { afterExpiry, settings } from './settings.ts'
import { singleTemplates, type Template } from './single-templates.ts'
import { median } from './statistics.ts'
import { withStalls } from './watch-stalls.ts'
import { type Bench, withStage } from './with-stage.ts'

const meting = 'vernietiging'
const connections = 4
// Shorter than a sweep waits for a lock, all together.
const quietSeconds = 5

type Round = {
  readonly rate: number
  readonly during: Speed
  readonly quiet: Speed
  readonly stall: number
  readonly peakMemory: number
}

/**
 * Measures the sweep at the start of a hub, half a year after the last signal, while singles are posted. The sweep is
 * held until the hub is warm, so that what is compared differs in the sweep alone.
 */
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
      doel: minstens(10_000)
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
  const templates = singleTemplates(afterExpiry.slice(0, 10))
  const post = (name: string, seconds: number) => startPosts(stage, templates, name, seconds)
  const release = await holdSweep(stage)
  await stage.restart(afterExpiry)
  await (await post('WARM', quietSeconds)).ended
  const quiet = await (await post('RUSTIG', quietSeconds)).ended
  const { result, stall } = await withStalls(stage.url(), async () => {
    const beside = await post('TIJDENS', 600)
    const began = performance.now()
    await release()
    await untilDestroyed(stage, expired)
    const seconds = (performance.now() - began) / 1000
    return { rate: expired / seconds, during: await beside.stop() }
  })
  return { ...result, quiet, stall, peakMemory: stage.peakMemory() }
}

// A sweep looks in this table first of all; posts do not.
async function holdSweep({ databases }: BenchStage): Promise<() => Promise<void>> {
  const held = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()
  const holding = withConnection(databases.adminUrl, async (client) => {
    await client.query('begin; lock table gebruikte_assertie in access exclusive mode')
    held.resolve()
    await ended.promise
  })
  await Promise.race([held.promise, holding])
  return async () => {
    ended.resolve()
    await holding
  }
}

async function startPosts(stage: BenchStage, templates: Template[], name: string, seconds: number) {
  const tokens = [await stage.token(singlePartners[0]!.code)]
  const path = '/v1/vroegsignalen'
  return startLoad({ url: stage.url(), path, status: 201, connections, tokens, templates, name, seconds })
}

function count({ databases }: BenchStage, query: string): Promise<number> {
  return withConnection(databases.adminUrl, async (client) =>
    Number((await client.query(query)).rows[0].count)
  )
}

async function untilDestroyed({ databases }: BenchStage, expired: number): Promise<void> {
  await withConnection(databases.adminUrl, async (client) => {
    const query = 'select coalesce(sum(aantal_vroegsignalen), 0)::int as destroyed from vernietiging'
    while ((await client.query(query)).rows[0].destroyed < expired) await sleep(20)
  })
}
