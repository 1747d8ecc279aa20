import { setTimeout as sleep } from 'node:timers/promises'
import { seededChance } from '../demo/seeded-chance.ts'
import { settings } from './fault-settings.ts'
import type { FaultStage, Instance } from './fault-stage.ts'

/** How often each fault was made. */
export type Faults = Record<string, number>

/** Makes faults, one after the other, until `ends`; what it broke works again when it resolves. */
export async function makeFaults(
  { server }: FaultStage,
  instances: readonly Instance[],
  ends: AbortSignal
): Promise<Faults> {
  const chance = seededChance(settings.seed)
  const { pick } = chance
  const pause = (least: number, most: number) => sleep(chance.int(least, most))
  const away = new Map<Instance, Promise<void>>()
  // Others go on meanwhile, and so do faults; there is always one that is not stopped.
  const bringBack = async (signal: 'SIGTERM' | 'SIGKILL') => {
    const up = instances.filter((one) => !away.has(one))
    if (up.length < 2) await Promise.race(away.values())
    const one = pick(instances.filter((one) => !away.has(one)))
    const back = async () => {
      await one.process().end(signal)
      await one.start()
      away.delete(one)
    }
    away.set(one, back())
  }
  const faults: Readonly<Record<string, () => Promise<unknown>>> = {
    'session ended': () => server.endSessions(0.5),
    'backend killed': () => server.killBackend(),
    'database restarted at once': () => server.restart(),
    'connections cut': async () => {
      const one = pick(instances)
      for (const gate of [one.gate, one.keyGate]) gate.cut()
    },
    'network delayed': async () => {
      const { gate } = pick(instances)
      gate.delay(80)
      await pause(500, 1_500)
      gate.delay(0)
    },
    'network silent': async () => {
      const { gate } = pick(instances)
      gate.hush(true)
      await pause(1_500, 4_000)
      gate.hush(false)
    },
    'hub stopped and started': async () => bringBack('SIGTERM'),
    'hub killed and started': async () => bringBack('SIGKILL')
  }
  const names = Object.keys(faults)
  const made: Faults = Object.fromEntries(names.map((name) => [name, 0]))
  const once = Object.fromEntries(names.map((name) => [name, 1]))
  // Each once, in any order, before any is drawn again.
  let hand: string[] = []
  while (!ends.aborted) {
    if (hand.length === 0) hand = chance.deal(names.length, once)
    const name = hand.pop()!
    await faults[name]!()
    made[name]! += 1
    await pause(300, 1_200)
  }
  await Promise.all(away.values())
  return made
}
