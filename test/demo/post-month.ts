import { expect, progress } from './expect.ts'
import type { Stage } from './open-stage.ts'
import type { Aanlevering, Maand } from './open-writer.ts'

/** A signal that was sent, and its outcome. */
export type Afloop = Aanlevering & {
  /** Present when the signal was taken in. */
  readonly id?: string
  /** The reasons for a refusal, each with the law behind it. */
  readonly redenen: readonly { readonly criterium: string; readonly grondslag: string }[]
  /** True when the outcome is as intended: taken in, or refused for exactly the intended criteria. */
  readonly klopt: boolean
  readonly antwoord: string
}

const atOnce = 16
const tellEvery = 1000

/** Sends the signals of a month over HTTP, sixteen at a time. */
export async function postMonth(stage: Stage, { datum, aanleveringen }: Maand): Promise<Afloop[]> {
  const began = performance.now()
  let sent = 0
  const aflopen = await inParallel(aanleveringen, async (aanlevering) => {
    const afloop = await post(stage, aanlevering)
    sent += 1
    if (sent % tellEvery === 0) progress(`${sent} van ${aanleveringen.length} signalen aangeleverd`)
    return afloop
  })
  const rate = Math.round((1000 * sent) / (performance.now() - began))
  progress(`${sent} signalen van ${datum.slice(0, 7)} aangeleverd, ${rate} per seconde`)
  const wrong = aflopen.filter(({ klopt }) => !klopt)
  const taken = aflopen.filter(({ id }) => id !== undefined).length
  expect(
    wrong.length === 0,
    `${datum.slice(0, 7)}: ${taken} opgenomen, ${sent - taken} geweigerd, elk precies zoals bedoeld`,
    wrong
      .slice(0, 3)
      .map(({ criteria, antwoord }) => `bedoeld [${criteria}], antwoord ${antwoord}`)
      .join('; ')
  )
  return aflopen
}

async function post(stage: Stage, aanlevering: Aanlevering): Promise<Afloop> {
  const { partner, signaal, criteria } = aanlevering
  const party = await stage.as(partner)
  // A partner would also use its reference to repeat a lost request.
  const headers = { 'idempotency-key': signaal.referentie }
  const answer = await party.call('POST', '/v1/vroegsignalen', signaal, headers)
  const { status, body } = answer
  const redenen = (body.errors ?? []).map(({ code, grondslag }: { code: string; grondslag: string }) => ({
    criterium: code,
    grondslag
  }))
  const codes = redenen.map(({ criterium }: { criterium: string }) => criterium)
  const klopt = status === statusFor(criteria) && sorted(codes) === sorted(criteria)
  return {
    ...aanlevering,
    ...(status === 201 && { id: body.id }),
    redenen,
    klopt,
    antwoord: `${status} [${codes}]`
  }
}

function statusFor([first]: readonly string[]): number {
  if (first === undefined) return 201
  return first === 'overeenkomst-actief' ? 403 : 422
}

function sorted(values: readonly string[]): string {
  return [...values].sort().join()
}

async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>
): Promise<Result[]> {
  const results = new Array<Result>(items.length)
  const queue = items.entries()
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return results
}
