import assert from 'node:assert/strict'
import { matchHuishoudens } from '../../../src/huishoudens/match-huishoudens.ts'
import { isTemporary } from '../../../src/platform/database/database-errors.ts'
import { addDays } from '../../../src/time.ts'
import { herleidAll } from '../../../src/wijzigingen/herleiding/schedule-herleiding.ts'
import { aSignalFor } from '../../helpers/builders.ts'
import { loadRegister } from '../../helpers/load-register.ts'
import type { Answer, Party } from '../../helpers/test-hub.ts'
import {
  type Gemeente,
  gemeentecodes,
  holdBack,
  isTouched,
  moveClock,
  type Partner,
  release,
  today,
  type World
} from './delta-world.ts'

/** One event. The numbers select who it concerns and how it goes. Every number is valid. */
export type Command = {
  readonly kind: Kind
  readonly who: number
  readonly which: number
  readonly size: number
}
export type Kind = (typeof kinds)[number]

type Household = {
  readonly id: string
  readonly vroegsignalen: readonly { readonly id: string; readonly signaalpartner: { readonly id: string } }[]
}
type Case = {
  readonly id: string
  readonly huishoudenId: string
  readonly vroegsignaalIds: readonly string[]
}
type Act = (world: World, command: Command) => Promise<Answer | boolean | undefined>

const signalen = '/v1/vroegsignalen'
const huishoudens = '/v1/huishoudens'
const zaken = '/v1/vroegsignaalzaken'
const anyVersion = { 'if-match': '*' }
const results = [
  'geen-hulp-gewenst',
  'zelf-betaald',
  'geen-hulp-gewenst',
  'onterecht-signaal',
  'herhaalde-melding'
]
const tellingen = ['signalen', 'signaalpartners', 'sectoren']

// Three homes by the first register, written in six ways; two by the second, and one by text where a register is silent.
const adressen = [
  { huisnummer: 1 },
  { huisnummer: 2, huisnummertoevoeging: 'hs' },
  { huisnummer: 2, huisnummertoevoeging: 'H' },
  { huisnummer: 3, huisnummertoevoeging: 'II' },
  { huisnummer: 3, huisnummertoevoeging: '2' },
  { huisnummer: 2, huisnummertoevoeging: 'h', nummeraanduidingIdentificatie: '0177200000000003' }
]
const header = 'postcode;huisnummer;huisletter;huisnummertoevoeging;nummeraanduiding;gemeentecode'
const registers = [
  [
    header,
    '8101AA;1;;;0177200000000001;0177',
    '8101AA;2;;hs;0177200000000002;0177',
    '8101AA;3;;2;0177200000000004;0177'
  ],
  [header, '8101AA;2;;H;0177200000000002;0177', '8101AA;2;;hs;0177200000000003;0177'],
  [header, '8101AB;1;;;0177200000000009;0177']
]

// Statuses that a caller may get because others act at the same time.
const overtaken = new Set([404, 409, 412, 422, 503])

const acts = {
  post: async (world, command) => {
    const partner = pick(world.partners, command.who)
    return partner.post(signalen, newSignal(world, partner, command))
  },
  deliver: async (world, command) => deliver(world, pick(world.partners, command.who), command),
  withdraw: (world, command) => withSignal(world, pick(world.partners, command.who), command, withdraw),
  correct: (world, command) => withSignal(world, pick(world.partners, command.who), command, correct),
  'take-up': (world, command) => withHousehold(world, command, takeUp),
  extend: (world, command) =>
    withCase(world, command, async (gemeente, { id, huishoudenId, vroegsignaalIds }) => {
      const household = (await listOf<Household>(gemeente, huishoudens)).find(({ id }) => id === huishoudenId)
      const later = idsOf(household).filter((signaal) => !vroegsignaalIds.includes(signaal))
      if (later.length === 0 || isTouched(world, later)) return undefined
      return gemeente.post(`${zaken}/${id}/vroegsignalen`, { vroegsignaalIds: later })
    }),
  close: (world, command) =>
    withCase(world, command, (gemeente, zaak) => close(world, gemeente, zaak, command)),
  doubt: (world, command) =>
    withHousehold(world, command, (gemeente, { id }, { size }) => {
      const url = `${huishoudens}/${id}/adresindicatie`
      if (size % 3 === 0) return gemeente.delete(url, anyVersion)
      const payload = { bron: pick(['laa', 'eigen-onderzoek'], size), datum: today(world.hub) }
      return gemeente.call({ method: 'PUT', url, headers: anyVersion, payload } as never)
    }),
  forward: (world, command) => withHousehold(world, command, forward),
  rename: async ({ hub, partners, late }, { who, size }) => {
    const url = `/v1/signaalpartners/${pick([...partners, late], who).id}`
    return hub.beheer.patch(url, { naam: `Partner ${size}` }, anyVersion)
  },
  settle: async ({ gemeenten }, { who, which }) => {
    const gemeente = pick(gemeenten, who)
    const instellingen = { matchTelling: pick(tellingen, which) }
    return gemeente.patch(`/v1/gemeenten/${gemeente.gemeentecode}`, { instellingen }, anyVersion)
  },
  'move-clock': async ({ hub }, { size }) => {
    moveClock(hub, pick([1, 2, 5, 20, 36], size))
    return true
  },
  sweep: ({ hub }) => unlessOvertaken(hub.sweep()),
  register: async ({ hub, slots }, { size }) => {
    // A load waits for whoever still reads the side that it empties.
    if (slots.partner.held !== undefined) return false
    const answer = await loadRegister(hub.beheer, pick(registers, size))
    return answer.statusCode === 409 ? false : answer
  },
  herleid: async ({ hub }) => {
    const warn = (line: unknown) => assert.fail(String((line as { err?: unknown }).err ?? line))
    const { database, keys } = hub
    await herleidAll({ database, keys: () => keys, clock: hub.hub.clock, logger: { warn } })
    return true
  },
  match: ({ hub }, { who }) => unlessOvertaken(matchHuishoudens(hub.database, [pick(gemeentecodes, who)])),
  'hold-partner': async (world, command) => {
    const { late, slots } = world
    const change = pick([withdraw, correct], command.size)
    const id = command.which % 2 === 0 ? undefined : await ownSignal(world, late, command)
    const request = () => (id === undefined ? deliver(world, late, command) : change(late, id, command))
    return holdBack(world, slots.partner, id === undefined ? [] : [id], request)
  },
  'hold-gemeente': (world, command) => {
    const hold = (ids: readonly string[], request: () => Promise<Answer>) =>
      holdBack(world, world.slots.gemeente, ids, request)
    if (command.size % 3 === 0) {
      return withCase(world, command, (gemeente, zaak) =>
        hold([...zaak.vroegsignaalIds, ...everyPartner(world)], () => close(world, gemeente, zaak, command))
      )
    }
    const change = pick([takeUp, forward], command.size)
    return withHousehold(world, command, (gemeente, household) =>
      hold(claimsOf(household), () => change(gemeente, household, command))
    )
  },
  release: ({ slots }, { who }) => release(pick([slots.partner, slots.gemeente], who))
} satisfies Record<string, Act>

export const kinds = Object.keys(acts) as (keyof typeof acts)[]

/** Performs a command if it is possible now. Returns whether it happened. */
export async function perform(world: World, command: Command): Promise<boolean> {
  const outcome = await (acts[command.kind] as Act)(world, command)
  if (outcome === undefined || typeof outcome === 'boolean') return outcome ?? false
  const { statusCode, body } = outcome
  const isOvertaken = overtaken.has(statusCode) || hasLeftHousehold(outcome)
  assert.ok(statusCode < 300 || isOvertaken, `${command.kind}: ${statusCode} ${body}`)
  return statusCode < 300
}

// A signal that was named in a case left its household between the look-up and the request.
function hasLeftHousehold({ statusCode, body }: Answer): boolean {
  if (statusCode !== 400) return false
  const { errors } = JSON.parse(body) as { errors: { code: string; location: string }[] }
  return errors.every(({ code, location }) => code === 'table' && location.startsWith('/vroegsignaalIds/'))
}

// False when the work was blocked by a held transaction. A later run picks it up, as the schedule does.
async function unlessOvertaken(work: Promise<unknown>): Promise<boolean> {
  try {
    await work
    return true
  } catch (error) {
    if (isTemporary(error)) return false
    throw error
  }
}

// Uses few addresses and customers, the same in every municipality, so that signals collide.
function newSignal(world: World, { sectoren }: Partner, { who, which, size }: Command, n = 0) {
  world.reference += 1
  const day = today(world.hub)
  const sector = pick(sectoren, size + n)
  const isCrisis = sector === 'huur' && size % 5 === 0
  return aSignalFor(sector, {
    referentie: `R-${world.reference}`,
    signaaldatum: day,
    ...(isCrisis && { soort: 'ontruimingssignaal', geplandeDatum: addDays(day, 60) }),
    gemeentecode: pick(gemeentecodes, who + which + n),
    klantnummer: `K-${size % 3}`,
    betrokkene: { geboortedatum: size % 4 === 0 ? addDays(day, -8000) : '1985-06-15' },
    adres: pick(adressen, which + n),
    achterstand: { bedragInCenten: 10_000 + size + n }
  })
}

function deliver(world: World, partner: Partner, command: Command): Promise<Answer> {
  const vroegsignalen = Array.from({ length: 1 + (command.size % 5) }, (_, n) =>
    newSignal(world, partner, command, n)
  )
  return partner.post('/v1/aanleveringen', { vroegsignalen })
}

function withdraw(partner: Party, id: string, { size }: Command): Promise<Answer> {
  return partner.post(`${signalen}/${id}/intrekkingen`, { reden: pick(['foutief', 'betaald'], size >> 1) })
}

function correct(partner: Party, id: string, { size }: Command): Promise<Answer> {
  const amount = { achterstand: { bedragInCenten: 20_000 + size } }
  const contact = { betrokkene: { emailadres: `t${size}@voorbeeld.example` } }
  return partner.patch(`${signalen}/${id}`, pick<object>([amount, contact], size >> 1), anyVersion)
}

function takeUp(gemeente: Gemeente, household: Household, { size }: Command): Promise<Answer> {
  const some = size % 4 === 0 && { vroegsignaalIds: idsOf(household).slice(0, 1) }
  return gemeente.post(zaken, { huishoudenId: household.id, ...some })
}

function forward(gemeente: Gemeente, household: Household, { which, size }: Command): Promise<Answer> {
  const others = gemeentecodes.filter((gemeentecode) => gemeentecode !== gemeente.gemeentecode)
  const url = `${signalen}/${pick(idsOf(household), which)}/doorzendingen`
  return gemeente.post(url, { gemeentecode: pick(others, size) })
}

function close({ hub }: World, gemeente: Gemeente, { id }: Case, { size }: Command): Promise<Answer> {
  const payload = { resultaat: pick(results, size), datum: today(hub) }
  const url = `${zaken}/${id}/resultaat`
  return gemeente.call({ method: 'PUT', url, headers: anyVersion, payload } as never)
}

async function withSignal<Outcome>(
  world: World,
  partner: Partner,
  command: Command,
  act: (partner: Partner, id: string, command: Command) => Promise<Outcome>
): Promise<Outcome | undefined> {
  const id = await ownSignal(world, partner, command)
  return id === undefined ? undefined : act(partner, id, command)
}

function withHousehold<Outcome>(
  world: World,
  command: Command,
  act: (gemeente: Gemeente, household: Household, command: Command) => Promise<Outcome>
): Promise<Outcome | undefined> {
  const freeOf = async (gemeente: Gemeente) => {
    const found = await listOf<Household>(gemeente, huishoudens)
    return found.filter((household) => !isTouched(world, claimsOf(household)))
  }
  return withOneOf(world, command, freeOf, (gemeente, household) => act(gemeente, household, command))
}

function withCase<Outcome>(
  world: World,
  command: Command,
  act: (gemeente: Gemeente, zaak: Case) => Promise<Outcome>
): Promise<Outcome | undefined> {
  return withOneOf(world, command, (gemeente) => openCases(world, gemeente), act)
}

// Acts in the first municipality that has an item, starting at `who`.
async function withOneOf<Item, Outcome>(
  { gemeenten }: World,
  { who, which }: Command,
  listIn: (gemeente: Gemeente) => Promise<Item[]>,
  act: (gemeente: Gemeente, item: Item) => Promise<Outcome>
): Promise<Outcome | undefined> {
  for (const [n] of gemeenten.entries()) {
    const gemeente = pick(gemeenten, who + n)
    const items = await listIn(gemeente)
    if (items.length > 0) return act(gemeente, pick(items, which))
  }
  return undefined
}

// A case does not say which partners its signals belong to, so no case is free while a municipality's act is held.
async function openCases(world: World, gemeente: Gemeente): Promise<Case[]> {
  if (world.slots.gemeente.held !== undefined) return []
  const found = await listOf<Case>(gemeente, `${zaken}?afgesloten=false`)
  return found.filter(({ vroegsignaalIds }) => !isTouched(world, vroegsignaalIds))
}

async function ownSignal(world: World, partner: Partner, { which }: Command): Promise<string | undefined> {
  const free = (await listOf<{ id: string }>(partner, signalen)).filter(({ id }) => !isTouched(world, [id]))
  return free.length === 0 ? undefined : pick(free, which).id
}

// The rows of a list as they are now. Empty when the hub answers 503.
async function listOf<Item>(party: Party, url: string): Promise<Item[]> {
  const answer = await party.get(url)
  if (answer.statusCode === 503) return []
  assert.equal(answer.statusCode, 200, answer.body)
  return answer.json().resultaten
}

function idsOf(household: Household | undefined): string[] {
  return (household?.vroegsignalen ?? []).map(({ id }) => id)
}

// An act of a municipality locks its signals, and the feeds of the partners that hear of it.
function claimsOf(household: Household): string[] {
  return household.vroegsignalen.flatMap(({ id, signaalpartner }) => [id, signaalpartner.id])
}

function everyPartner({ partners, late }: World): string[] {
  return [...partners, late].map(({ id }) => id)
}

function pick<Item>(items: readonly Item[], n: number): Item {
  return items[n % items.length]!
}
