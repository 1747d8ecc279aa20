import type { BenchStage } from './bench-stage.ts'
import { type Figure, hoogstens } from './figure.ts'
import { singlePartners } from './landscape.ts'
import { type Load, type Speed, startLoad } from './run-load.ts'
import { sendRegister } from './send-delivery.ts'
import { settings, today } from './settings.ts'
import { singleTemplates } from './single-templates.ts'
import { median } from './statistics.ts'
import { withStalls } from './watch-stalls.ts'
import { type Bench, withStage } from './with-stage.ts'
import type { DeliveryFile } from './write-delivery.ts'
import { writeRegister } from './write-register.ts'

const meting = 'register'
const connections = 4

type Round = {
  readonly quiet: Speed
  readonly during: Speed
  readonly seconds: number
  readonly stall: number
  readonly quietStall: number
}

/** Measures the load of an address register, and four clients that post singles without it and beside it. */
export function measureRegister(bench: Bench): Promise<Figure[]> {
  return withStage(bench, async (stage) => {
    const file = await writeRegister(bench.server.dir, settings.addresses)
    const start = await openPosters(stage)
    await start(settings.seconds).ended
    const rounds: Round[] = []
    for (let round = 0; round < settings.rounds; round += 1)
      rounds.push(await measureRound(stage, file, start))
    return toFigures(rounds, stage.peakMemory())
  })
}

type Start = (seconds: number) => ReturnType<typeof startLoad>

async function measureRound(stage: BenchStage, file: DeliveryFile, start: Start): Promise<Round> {
  const { result: quiet, stall: quietStall } = await withStalls(
    stage.url(),
    () => start(settings.seconds).ended
  )
  const { result, stall } = await withStalls(stage.url(), async () => {
    const posting = start(3_600)
    const seconds = await sendRegister(stage, file).finally(() => void posting.stop())
    return { seconds, during: await posting.ended }
  })
  return { quiet, quietStall, ...result, stall }
}

async function openPosters(stage: BenchStage): Promise<Start> {
  const tokens = await Promise.all(singlePartners.slice(0, connections).map(({ code }) => stage.token(code)))
  const templates = singleTemplates(today)
  let runs = 0
  return (seconds) => {
    const load: Load = {
      ...{ url: stage.url(), path: '/v1/vroegsignalen', status: 201, templates },
      ...{ connections, tokens, seconds, name: `REGISTER-${runs++}` }
    }
    return startLoad(load)
  }
}

function toFigures(rounds: readonly Round[], peakMemory: number): Figure[] {
  const of = (pick: (round: Round) => number) => median(rounds.map(pick))
  const figures: Omit<Figure, 'meting'>[] = [
    { naam: 'geladen', waarde: of(({ seconds }) => settings.addresses / seconds), eenheid: 'adressen/s' },
    { naam: 'los signaal, rustig: p99', waarde: of(({ quiet }) => quiet.p99), eenheid: 'ms' },
    { naam: 'los signaal, tijdens: p99', waarde: of(({ during }) => during.p99), eenheid: 'ms' },
    {
      naam: 'los signaal: p99 tijdens ÷ rustig',
      waarde: of(({ quiet, during }) => during.p99 / quiet.p99),
      doel: hoogstens(1.5)
    },
    { naam: 'hoogste geheugen', waarde: peakMemory, eenheid: 'MB', doel: hoogstens(250) },
    {
      naam: 'stilstand, rustig',
      waarde: Math.max(...rounds.map(({ quietStall }) => quietStall)),
      eenheid: 'ms'
    },
    {
      naam: 'stilstand, tijdens',
      waarde: Math.max(...rounds.map(({ stall }) => stall)),
      eenheid: 'ms',
      doel: hoogstens(50)
    }
  ]
  return figures.map((figure) => ({ meting, ...figure }))
}
