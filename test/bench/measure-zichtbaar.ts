import type { Vroegsignaal } from '../../src/vroegsignalen/vroegsignaal-schema.ts'
import { openParty, type Party } from '../demo/open-party.ts'
import type { BenchStage } from './bench-stage.ts'
import { readingGemeenten } from './enrol-landscape.ts'
import { type Figure, hoogstens } from './figure.ts'
import { generateDelivery } from './generate-delivery.ts'
import { singlePartners } from './landscape.ts'
import { loadStock } from './load-stock.ts'
import { sendDelivery } from './send-delivery.ts'
import { settings, today } from './settings.ts'
import { percentile } from './statistics.ts'
import { withStalls } from './watch-stalls.ts'
import { type Bench, withStage } from './with-stage.ts'
import { writeNdjson } from './write-delivery.ts'

const meting = 'zichtbaar'
const gemeentecode = readingGemeenten[0]!
const probes = 200_000

/** Measures the time from the 201 of a single to the answer that shows its household, while a delivery runs. */
export function measureZichtbaar(bench: Bench): Promise<Figure[]> {
  return withStage(bench, async (stage) => {
    await loadStock(stage, settings.backgroundStock)
    const seen: Seen[] = []
    const probe = await openProbe(stage)
    const { stall } = await withStalls(stage.url(), async () => {
      for (let round = 0; round < settings.rounds; round += 1) {
        const file = await writeNdjson(bench.server.dir, round)
        let isRunning = true
        const delivery = sendDelivery(stage, file).finally(() => {
          isRunning = false
        })
        // One more probe after the end: then all of the delivery's marks are waiting for the reader.
        do seen.push(await probe())
        while (isRunning)
        seen.push(await probe())
        await delivery
      }
    })
    return toFigures(seen, stage.peakMemory(), stall)
  })
}

type Seen = { readonly milliseconds: number; readonly reads: number }

async function openProbe(stage: BenchStage): Promise<() => Promise<Seen>> {
  const { credentials } = stage.enrolled
  const [partner] = singlePartners
  const sender = await openParty(stage.url(), credentials.get(partner!.code)!)
  const reader = await openParty(stage.url(), credentials.get(gemeentecode)!)
  const signals = generateDelivery(settings.seed, partner!, { count: probes, number: 80, datum: today })
  return async () => {
    let signaal = signals.next().value!
    while (signaal.gemeentecode !== gemeentecode) signaal = signals.next().value!
    const { status, body } = await sender.call('POST', '/v1/vroegsignalen', signaal)
    if (status !== 201) throw new Error(`Een los signaal werd niet opgenomen: ${status}`)
    return untilSeen(reader, body)
  }
}

async function untilSeen(
  reader: Party,
  { id, adres: { straat: _, woonplaats: __, ...adres } }: Vroegsignaal
): Promise<Seen> {
  const began = performance.now()
  for (let reads = 1; reads < 10_000; reads += 1) {
    const { status, body } = await reader.call('POST', '/v1/huishoudens/_zoek', { adres })
    if (status !== 200) throw new Error(`Zoeken gaf ${status}: ${JSON.stringify(body)}`)
    const shown = body.resultaten.flatMap(
      ({ vroegsignalen }: { vroegsignalen: { id: string }[] }) => vroegsignalen
    )
    if (shown.some((one: { id: string }) => one.id === id))
      return { milliseconds: performance.now() - began, reads }
  }
  throw new Error('Een opgenomen signaal werd nooit zichtbaar.')
}

function toFigures(seen: readonly Seen[], peakMemory: number, stall: number): Figure[] {
  const waits = seen.map(({ milliseconds }) => milliseconds)
  const late = seen.filter(({ reads }) => reads > 1).length
  return [
    { meting, naam: '201 tot zichtbaar: p50', waarde: percentile(waits, 50), eenheid: 'ms' },
    {
      meting,
      naam: '201 tot zichtbaar: p99',
      waarde: percentile(waits, 99),
      eenheid: 'ms',
      doel: hoogstens(1_000)
    },
    {
      meting,
      naam: 'niet in de eerste lezing',
      waarde: late,
      eenheid: `van ${seen.length}`,
      doel: hoogstens(0)
    },
    { meting, naam: 'hoogste geheugen', waarde: peakMemory, eenheid: 'MB' },
    { meting, naam: 'stilstand', waarde: stall, eenheid: 'ms' }
  ]
}
