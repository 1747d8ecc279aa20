import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { daysBetween, type IsoDate, todayIn } from '../../../src/time.ts'
import type { Party, TestHub } from '../../helpers/test-hub.ts'

/** Who reads: only that it can get. */
export type Reader = {
  get(
    url: string
  ): Promise<Pick<Awaited<ReturnType<Party['get']>>, 'statusCode' | 'body' | 'json'> & { headers: object }>
}
export type Household = { readonly id: string; readonly [field: string]: unknown }
export type Delta = {
  readonly stateId: string
  readonly prevStateId: string
  readonly soort: 'gewijzigd' | 'vervallen'
  readonly huishoudenId: string
  readonly huishouden?: Household
}
export type Deltas = { readonly deltas: readonly Delta[]; readonly stateId: string }

/** The number of days the hub remembers a household that is gone. */
export const rememberedDays = 35
const goneFields = ['huishoudenId', 'prevStateId', 'soort', 'stateId']

/** A client's copy of its households, kept the way the manual describes. */
export type Follower = ReturnType<typeof openFollower<Party>>

/** Gets the answer, and tries again while the hub answers 503. Gives up after a while. */
export async function asked(party: Reader, url: string): ReturnType<Reader['get']> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await party.get(url)
    if (answer.statusCode !== 503) return answer
    assert.ok(attempt < 20, `still no answer: ${answer.body}`)
    await sleep(20)
  }
}

/** One answer of the feed. Fails for any status but 200. */
export async function readFeed(party: Reader, after?: string, limit?: number): Promise<Deltas> {
  const answer = await asked(party, feedUrl(after, limit))
  assert.equal(answer.statusCode, 200, answer.body)
  return answer.json()
}

export function feedUrl(after?: string, limit?: number): string {
  const query = new URLSearchParams({ ...(after && { after }), ...(limit && { limit: String(limit) }) })
  return `/v1/huishoudens/_deltas?${query}`
}

/** Every household in the list, from all pages, by id. */
export async function listed(party: Reader, limit = 1000): Promise<Map<string, Household>> {
  const households = new Map<string, Household>()
  let url: string | undefined = `/v1/huishoudens?limit=${limit}`
  while (url !== undefined) {
    const answer = await asked(party, url)
    assert.equal(answer.statusCode, 200, answer.body)
    for (const household of answer.json().resultaten as Household[]) households.set(household.id, household)
    url = /<[^>]*(\/v1[^>]+)>; rel="next"/.exec(String((answer.headers as { link?: string }).link ?? ''))?.[1]
  }
  return households
}

/** Fails unless the answer is an unbroken chain from `after` and shows only the id of a household that is gone. */
export function checkChain({ deltas, stateId }: Deltas, after: string | undefined, limit: number): void {
  assert.ok(deltas.length <= limit, `${deltas.length} changes where ${limit} were asked for`)
  let previous = after ?? deltas[0]?.prevStateId ?? stateId
  for (const delta of deltas) {
    assert.equal(delta.prevStateId, previous, 'a change continues from the one before')
    assert.notEqual(delta.stateId, previous)
    if (delta.soort === 'vervallen') assert.deepEqual(Object.keys(delta).sort(), goneFields)
    else assert.equal(delta.huishouden?.id, delta.huishoudenId)
    previous = delta.stateId
  }
  assert.equal(stateId, previous, 'the answer ends where its last change does')
}

/** Opens a follower, which starts at its first read. Its reads run one at a time, like those of a real client. */
export function openFollower<Who extends Reader>(
  hub: { readonly hub: Pick<TestHub['hub'], 'clock'> },
  party: Who
) {
  const households = new Map<string, Household>()
  const gone = new Set<string>()
  const today = (): IsoDate => todayIn(hub.hub.clock())
  let after: string | undefined
  let upToDateOn = today()
  let restarts = 0
  let last: Promise<unknown> = Promise.resolve()

  const apply = ({ soort, huishoudenId, huishouden }: Delta) => {
    assert.ok(!gone.has(huishoudenId), `${soort} after it was gone: ${huishoudenId}`)
    if (soort === 'gewijzigd') {
      households.set(huishoudenId, huishouden!)
      return
    }
    gone.add(huishoudenId)
    households.delete(huishoudenId)
  }

  const readOnce = async (limit: number): Promise<number> => {
    const askedOn = today()
    const answer = await asked(party, feedUrl(after, limit))
    if (answer.statusCode === 410) {
      const away = daysBetween(upToDateOn, today())
      assert.ok(after !== undefined && away > rememberedDays, `refused ${after} after ${away} days`)
      after = undefined
      households.clear()
      restarts += 1
      return readOnce(limit)
    }
    assert.equal(answer.statusCode, 200, answer.body)
    const answered: Deltas = answer.json()
    checkChain(answered, after, limit)
    answered.deltas.forEach(apply)
    if (after === undefined || answered.deltas.length < limit) upToDateOn = askedOn
    after = answered.stateId
    return answered.deltas.length
  }

  const read = (limit: number): Promise<number> => {
    const turn = last.then(() => readOnce(limit))
    last = turn.catch(() => undefined)
    return turn
  }

  return {
    party,
    households,
    gone,
    read,
    stateId: () => after,
    restarts: () => restarts,
    /** Reads until an answer is empty. */
    catchUp: async (limit: number) => {
      while ((await read(limit)) > 0);
    }
  }
}
