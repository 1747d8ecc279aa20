import type { Test } from 'tap'
import type { Sector } from '../../../src/begrippen/vroegsignaal.ts'
import { addDays, todayIn } from '../../../src/time.ts'
import { type Answer, openTestHub, type Party, type TestHub } from '../../helpers/test-hub.ts'
import { type Held, type Holds, openHolds } from './delta-hold.ts'

export type Partner = Party & { readonly id: string; readonly sectoren: readonly Sector[] }
export type Gemeente = Party & { readonly gemeentecode: string }

/** A hub, its participants, and the requests that are held at the moment. */
export type World = Awaited<ReturnType<typeof enrol>> & {
  readonly hub: TestHub
  readonly holds: Holds
  readonly slots: { readonly partner: Slot; readonly gemeente: Slot }
  /** The number in the last reference used. */
  reference: number
}

/** Room for one held request, and the signals and partners that others must leave alone meanwhile. */
export type Slot = { held: Held<Answer> | undefined; touched: readonly string[] }

// Retention differs per municipality, so some signals expire while others arrive.
const settings = {
  '0177': { bewaartermijnMaanden: 1 },
  '0141': { bewaartermijnMaanden: 2, geenHulpVernietigenNaDagen: 5 },
  '0166': { bewaartermijnMaanden: 4, matchTelling: 'signalen' }
} as const
export const gemeentecodes = Object.keys(settings)
const longestLife = 200

/** Three municipalities, an uitvoerder for two of them, and three partners that report to all. */
export async function openWorld(t: Test): Promise<World> {
  const hub = await openTestHub(t, { now: '2026-01-15T09:00:00Z' })
  const empty = (): Slot => ({ held: undefined, touched: [] })
  return {
    ...(await enrol(hub)),
    hub,
    holds: openHolds(hub),
    slots: { partner: empty(), gemeente: empty() },
    reference: 0
  }
}

async function enrol(hub: TestHub) {
  const gemeenten: Gemeente[] = []
  for (const [gemeentecode, instellingen] of Object.entries(settings)) {
    const party = await hub.gemeente(gemeentecode)
    await party.patch(`/v1/gemeenten/${gemeentecode}`, { instellingen }, { 'if-match': '*' })
    gemeenten.push({ ...party, gemeentecode })
  }
  const uitvoerder = await hub.client({
    naam: 'Uitvoerder',
    rol: 'gemeente',
    gemeentecodes: ['0141', '0177'],
    scopes: ['huishoudens:lezen']
  })
  const partner = async (...sectoren: Sector[]): Promise<Partner> => ({
    ...(await hub.signaalpartner(sectoren, gemeentecodes)),
    sectoren
  })
  const partners = [await partner('huur'), await partner('drinkwater')]
  // Of the partners, only `late` has its commits held. Its counts and deliveries then block only itself.
  return { gemeenten, uitvoerder, partners, late: await partner('huur', 'drinkwater') }
}

export function today(hub: TestHub): string {
  return todayIn(hub.hub.clock())
}

export function moveClock(hub: TestHub, days: number): void {
  hub.setClock(`${addDays(today(hub), days)}T09:00:00Z`)
}

/** Moves the clock until everything has expired, and sweeps. The clock cannot go back. */
export async function startAnew(world: World): Promise<void> {
  moveClock(world.hub, longestLife)
  await world.hub.sweep()
}

/** Whether a held request has locked one of these signals or partners. Others would have to wait for it. */
export function isTouched({ slots }: World, ids: readonly string[]): boolean {
  return [slots.partner, slots.gemeente].some(({ touched }) => ids.some((id) => touched.includes(id)))
}

/** Runs a request up to its commit, unless the slot is taken. Returns whether it is held now. */
export async function holdBack(
  world: World,
  slot: Slot,
  touched: readonly string[],
  request: () => Promise<Answer>
): Promise<boolean> {
  if (slot.held !== undefined) return false
  slot.touched = touched
  const held = await world.holds.request(request)
  if (held.isHeld) slot.held = held
  else slot.touched = []
  return held.isHeld
}

/** Lets the held request commit. Returns its answer, if there was one. */
export async function release(slot: Slot): Promise<Answer | undefined> {
  const { held } = slot
  slot.held = undefined
  const answer = await held?.release()
  if (held !== undefined) slot.touched = []
  return answer
}

export async function releaseAll({ slots }: World): Promise<void> {
  await Promise.all([release(slots.partner), release(slots.gemeente)])
}
