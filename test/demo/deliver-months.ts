import { enrol } from './enrol.ts'
import { chapter } from './expect.ts'
import { generateMonths } from './generate-month.ts'
import type { Stage } from './open-stage.ts'
import type { Omvang } from './open-writer.ts'
import { type Afloop, postMonth } from './post-month.ts'

const seed = 20_261_125

/** Registers all participants and sends the months, each on its own day; the last one now when that is today. */
export async function deliverMonths(stage: Stage, omvang: Omvang, isToday = false): Promise<Afloop[]> {
  const months = generateMonths(seed, omvang)
  const aflopen: Afloop[] = []
  for (const month of months) {
    const isNow = isToday && month === months.at(-1)
    await stage.moveClock(isNow ? undefined : `${month.datum}T08:00:00Z`)
    if (month === months[0]) {
      await enrol(stage)
      chapter(`2. ${months.length} maanden aanleveren over HTTP`)
    }
    aflopen.push(...(await postMonth(stage, month)))
  }
  return aflopen
}
