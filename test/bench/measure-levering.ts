import type { BenchStage } from './bench-stage.ts'
import { emptySignals, type RowCopier, takeRows } from './copy-rows.ts'
import { type Figure, hoogstens, minstens } from './figure.ts'
import { untilMatched } from './load-stock.ts'
import { sendDelivery } from './send-delivery.ts'
import { settings } from './settings.ts'
import { median } from './statistics.ts'
import { withStalls } from './watch-stalls.ts'
import { type Bench, withStage } from './with-stage.ts'
import { type DeliveryFile, writeCsv, writeNdjson } from './write-delivery.ts'

const meting = 'levering'

/** Measures a delivery end to end, as NDJSON and as gzipped CSV, in turn with a bare COPY of the resulting rows. */
export function measureLevering(bench: Bench): Promise<Figure[]> {
  return withStage(bench, async (stage) => {
    const files = { ndjson: await writeNdjson(bench.server.dir, 0), csv: await writeCsv(bench.server.dir, 0) }
    const rounds: Round[] = []
    let copier: RowCopier | undefined
    for (let round = 0; round < settings.rounds; round += 1) {
      const ndjson = await deliver(stage, files.ndjson)
      copier ??= await takeRows(stage, bench.server)
      const csv = await deliver(stage, files.csv)
      await emptySignals(stage)
      rounds.push({ ndjson, csv, copy: await copier.copy() })
    }
    return toFigures(rounds, stage.peakMemory())
  })
}

type Delivered = { readonly seconds: number; readonly stall: number; readonly matching: number }
type Round = { readonly ndjson: Delivered; readonly csv: Delivered; readonly copy: number }

async function deliver(stage: BenchStage, file: DeliveryFile): Promise<Delivered> {
  await emptySignals(stage)
  const { result: seconds, stall } = await withStalls(stage.url(), () => sendDelivery(stage, file))
  const answered = performance.now()
  await untilMatched(stage)
  return { seconds, stall, matching: (performance.now() - answered) / 1000 }
}

function toFigures(rounds: readonly Round[], peakMemory: number): Figure[] {
  const of = (pick: (round: Round) => number) => median(rounds.map(pick))
  const rate = (pick: (round: Round) => number) => of((round) => settings.lines / pick(round))
  const longest = (pick: (round: Round) => Delivered) => Math.max(...rounds.map((round) => pick(round).stall))
  const figures: Omit<Figure, 'meting'>[] = [
    {
      naam: 'NDJSON ÷ kale COPY',
      waarde: of(({ ndjson, copy }) => copy / ndjson.seconds),
      doel: minstens(0.3)
    },
    {
      naam: 'CSV met gzip ÷ NDJSON',
      waarde: of(({ ndjson, csv }) => ndjson.seconds / csv.seconds),
      doel: minstens(0.7)
    },
    {
      naam: 'NDJSON',
      waarde: rate(({ ndjson }) => ndjson.seconds),
      eenheid: 'regels/s',
      doel: minstens(20_000)
    },
    { naam: 'CSV met gzip', waarde: rate(({ csv }) => csv.seconds), eenheid: 'regels/s' },
    { naam: 'kale COPY, 1.000 per transactie', waarde: rate(({ copy }) => copy), eenheid: 'regels/s' },
    { naam: 'antwoord tot alles gematcht', waarde: of(({ ndjson }) => ndjson.matching), eenheid: 's' },
    { naam: 'hoogste geheugen', waarde: peakMemory, eenheid: 'MB', doel: hoogstens(250) },
    {
      naam: 'stilstand, NDJSON',
      waarde: longest(({ ndjson }) => ndjson),
      eenheid: 'ms',
      doel: hoogstens(50)
    },
    { naam: 'stilstand, CSV', waarde: longest(({ csv }) => csv), eenheid: 'ms', doel: hoogstens(50) }
  ]
  return figures.map((figure) => ({ meting, ...figure }))
}
