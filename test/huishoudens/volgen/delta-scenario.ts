import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type Command, kinds, perform } from './delta-commands.ts'
import { type Follower, listed, openFollower } from './delta-follower.ts'
import { releaseAll, startAnew, type World } from './delta-world.ts'

/** A follower reads at most `limit` changes. */
type Read = { readonly follower: number; readonly limit: number }
/** A request whose commit is held from here on, and the commands and reads that then run at the same time. */
type Moment = {
  readonly held: Command | undefined
  readonly commands: readonly Command[]
  readonly reads: readonly Read[]
}
/** Moments in order, and the moment at which the last follower joins. */
export type Scenario = { readonly moments: readonly Moment[]; readonly joinsAt: number }

const often = ['post', 'deliver', 'post', 'deliver', 'take-up', 'close', 'extend', 'release'] as const
const plain = { noNullPrototype: true }
const number = fc.nat(1000)
const command = (...kinds: readonly Command['kind'][]): fc.Arbitrary<Command> =>
  fc.record({ kind: fc.constantFrom(...kinds), who: number, which: number, size: number }, plain)

const isHeldBack = (kind: Command['kind']) => kind.startsWith('hold-')
const followerCount = 5
const latecomer = followerCount - 1

const moment: fc.Arbitrary<Moment> = fc.record(
  {
    held: fc.option(command(...kinds.filter(isHeldBack)), { nil: undefined, freq: 2 }),
    commands: fc.array(command(...often, ...kinds.filter((kind) => !isHeldBack(kind))), {
      minLength: 2,
      maxLength: 5
    }),
    reads: fc.array(
      fc.record({ follower: fc.nat(followerCount - 1), limit: fc.integer({ min: 1, max: 4 }) }, plain),
      { maxLength: 4 }
    )
  },
  plain
)

export const scenario: fc.Arbitrary<Scenario> = fc.record(
  { moments: fc.array(moment, { minLength: 8, maxLength: 12 }), joinsAt: fc.nat(8) },
  plain
)

const alone = (kind: Command['kind'], size: number, who = 0): Moment => ({
  held: undefined,
  commands: [{ kind, who, which: 0, size }],
  reads: [{ follower: 0, limit: 100 }]
})

/** Uses every kind of command, each with something to work on. */
export const everything: Scenario = {
  moments: [
    alone('deliver', 4),
    alone('post', 2),
    alone('match', 0),
    alone('correct', 0),
    alone('register', 0),
    alone('herleid', 0),
    alone('take-up', 1),
    alone('deliver', 4),
    alone('register', 1),
    alone('herleid', 0),
    alone('extend', 0),
    alone('close', 1),
    alone('doubt', 1),
    alone('rename', 1),
    alone('settle', 1),
    alone('forward', 0, 1),
    alone('hold-gemeente', 1, 2),
    alone('release', 0, 1),
    alone('hold-partner', 3),
    alone('release', 0),
    alone('withdraw', 2),
    alone('move-clock', 4),
    alone('sweep', 0)
  ],
  joinsAt: 0
}

/**
 * Plays a scenario in a hub without signals, and reports every event to `happened`. Fails unless every follower ends
 * with exactly the list, whatever it read along the way. New followers that only start at the end must do so too.
 */
export async function play(
  world: World,
  { moments, joinsAt }: Scenario,
  happened: (what: string) => void
): Promise<void> {
  await startAnew(world)
  const followers = followersOf(world)
  const act = async (one: Command) => {
    if (await perform(world, one)) happened(one.kind)
  }
  for (const [now, { held, commands, reads }] of moments.entries()) {
    if (held !== undefined) await act(held)
    const due = reads.filter(({ follower }) => follower !== latecomer || now >= joinsAt)
    await allOf([
      ...commands.map(act),
      ...due.map(async ({ follower, limit }) => {
        if ((await followers[follower]!.read(limit)) > 0) happened('read')
      })
    ])
  }
  await releaseAll(world)
  await allOf(followers.map(endsWithTheList))
  await world.hub.sweep()
  await perform(world, { kind: 'herleid', who: 0, which: 0, size: 0 })
  await allOf(followers.map(endsWithTheList))
  await allOf(
    followers.slice(0, latecomer).map(({ party }) => endsWithTheList(openFollower(world.hub, party)))
  )
  if (followers.some(({ gone }) => gone.size > 0)) happened('gone')
  if (followers.some(({ restarts }) => restarts() > 0)) happened('restart')
}

function followersOf({ hub, gemeenten, uitvoerder }: World): Follower[] {
  return [...gemeenten, uitvoerder, gemeenten[0]!].map((party) => openFollower(hub, party))
}

async function endsWithTheList(follower: Follower): Promise<void> {
  await follower.catchUp(3)
  assert.deepStrictEqual(byId(follower.households), byId(await listed(follower.party, 3)))
}

function byId<Item>(items: ReadonlyMap<string, Item>): Record<string, Item> {
  return Object.fromEntries([...items].sort(([a], [b]) => (a < b ? -1 : 1)))
}

// Waits for all, also when one fails: work that is still running must not disturb the next step.
async function allOf(work: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find(({ status }) => status === 'rejected')
  if (failed !== undefined) throw (failed as PromiseRejectedResult).reason
}
