import { randomUUIDv7 } from 'node:crypto'
import type { Aanleiding } from '../begrippen/aanleiding.ts'
import { aanvaardeHulp } from '../begrippen/eindresultaat.ts'
import { vernietigingsgronden } from '../begrippen/vernietigingsgrond.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import { nextOf } from '../platform/crypto/signed-chain.ts'
import type { Tx } from '../platform/database/open-database.ts'
import { underDuty } from '../platform/database/under-duty.ts'
import { addGebeurtenissen } from '../sporen/gebeurtenis-store.ts'
import { type Markering, markAdressen } from '../sporen/markering-store.ts'
import { countDestroyed } from '../sporen/monitor-store.ts'
import { type Clock, type IsoDate, todayIn } from '../time.ts'
import type { Vernietigd } from '../vroegsignalen/vroegsignaal-store.ts'
import { hashIds, signBewijs } from './bewijs.ts'
import { coreHandlers, signaalHandlers } from './handlers.ts'
import { addVernietigingen, listLastVernietigingen, type VernietigingRij } from './vernietiging-store.ts'
import { raiseStand } from './vervroegd-stand-store.ts'

/** What a statement of destruction is made with. */
export type Notary = { readonly keys: () => KeyRing; readonly clock: Clock; readonly publicUrl: string }

/**
 * Destroys the signals that `destroy` takes in these municipalities, at most a batch, with all that was derived from them,
 * and records it in the chain of each municipality, in the same transaction: there is never one without the other. Returns
 * how many. Expects the lock on the households of these municipalities, which also makes each chain a single line.
 */
export async function destroyVroegsignalen(
  tx: Tx,
  notary: Notary,
  gemeentecodes: readonly string[],
  destroy: (tx: Tx) => Promise<Vernietigd[]>
): Promise<number> {
  // What does not wait for each other is sent together. Beside intake every answer waits its turn in this process.
  const [gone, last] = await Promise.all([destroy(tx), listLastVernietigingen(tx, gemeentecodes)])
  if (gone.length === 0) return 0
  // Before what was derived from them goes.
  await underDuty(tx, 'teller', () => countDestroyed(tx, gone, aanvaardeHulp))
  const [huishoudens, dagsleutels, vervroegd] = await Promise.all([
    coreHandlers.huishoudens(tx, gone),
    listDagsleutels(notary, gone),
    rememberVervroegd(notary, gone),
    ...Object.values(signaalHandlers).map((destroy) => destroy(tx, gone))
  ])
  const records = await writeRecords(notary, { gone, huishoudens, dagsleutels, last })
  // What remains on the other addresses is counted anew by the matcher.
  const told = records.map(({ gemeentecode, id: vernietigingId }) => ({
    gemeentecode,
    soort: 'nl.vroegsignalering.gegevens-vernietigd' as const,
    vernietigingId
  }))
  addGebeurtenissen(tx, told)
  await Promise.all([addVernietigingen(tx, records), markAdressen(tx, othersThan(huishoudens, gone))])
  if (vervroegd !== undefined) await raiseStand(tx, vervroegd)
  return gone.length
}

// Before the rows are gone for good: were it after, a process that dies in between would leave dumps that bring them back.
async function rememberVervroegd(
  { keys, clock }: Notary,
  gone: readonly Vernietigd[]
): Promise<number | undefined> {
  const vandaag = todayIn(clock())
  const early = gone.filter(({ sleuteldag }) => sleuteldag > vandaag)
  if (early.length === 0) return undefined
  return keys().vervroegd.add(
    early.map(({ id, sleuteldag, vernietigingsaanleiding: grond }) => ({ id, sleuteldag, grond }))
  )
}

function othersThan(some: readonly Markering[], all: readonly Markering[]): Markering[] {
  const nameOf = ({ gemeentecode, adresIndex }: Markering) =>
    `${gemeentecode}|${adresIndex.toString('base64')}`
  const names = new Set(some.map(nameOf))
  return all.filter((adres) => !names.has(nameOf(adres)))
}

type Destroyed = {
  readonly gone: readonly Vernietigd[]
  readonly huishoudens: readonly { gemeentecode: string }[]
  readonly dagsleutels: Dagsleutels
}

async function writeRecords(
  notary: Notary,
  { last, gone, huishoudens, dagsleutels }: Destroyed & { last: ReadonlyMap<string, Link> }
): Promise<VernietigingRij[]> {
  const vanished = Map.groupBy(huishoudens, ({ gemeentecode }) => gemeentecode)
  const chains = [...Map.groupBy(gone, ({ gemeentecode }) => gemeentecode)].map(([gemeentecode, ofOne]) =>
    lengthenChain(notary, gemeentecode, last.get(gemeentecode), {
      gone: ofOne,
      huishoudens: vanished.get(gemeentecode) ?? [],
      dagsleutels
    })
  )
  return (await Promise.all(chains)).flat()
}

type Dagsleutels = Awaited<ReturnType<KeyRing['listDestroyedDataKeys']>>
type Link = Pick<VernietigingRij, 'volgnummer' | 'bewijs'> | undefined

// One record for each reason. A household goes once, also when its signals went for different reasons.
async function lengthenChain(
  notary: Notary,
  gemeentecode: string,
  last: Link,
  destroyed: Destroyed
): Promise<VernietigingRij[]> {
  const added: VernietigingRij[] = []
  const perReason = Map.groupBy(
    destroyed.gone,
    ({ vernietigingsaanleiding }) => vernietigingsgronden[vernietigingsaanleiding]
  )
  for (const [aanleiding, gone] of perReason) {
    const huishoudens = added.length === 0 ? destroyed.huishoudens : []
    const about = { ...destroyed, gemeentecode, aanleiding, gone, huishoudens }
    added.push(await recordOf(notary, added.at(-1) ?? last, about))
  }
  return added
}

async function recordOf(
  { keys, clock, publicUrl }: Notary,
  last: Link,
  {
    gemeentecode,
    aanleiding,
    gone,
    huishoudens,
    dagsleutels
  }: Destroyed & { gemeentecode: string; aanleiding: Aanleiding }
): Promise<VernietigingRij> {
  const uitgevoerdOp = clock()
  const isExpired = aanleiding === 'bewaartermijn'
  // What goes before its term leaves no day behind: its data key lives on for the others of that day.
  const days = isExpired
    ? gone.map(({ vernietigingsdatum }) => vernietigingsdatum).sort()
    : [todayIn(uitgevoerdOp)]
  const [van, totEnMet] = [days[0]!, days.at(-1)!]
  const { volgnummer, vorige } = nextOf(last)
  const record = {
    gemeentecode,
    id: randomUUIDv7(),
    volgnummer,
    uitgevoerdOp,
    aanleiding,
    aantalVroegsignalen: gone.length,
    aantalHuishoudens: huishoudens.length
  }
  const bewijs = await signBewijs(keys(), {
    iss: publicUrl,
    ...record,
    uitgevoerdOp: uitgevoerdOp.toISOString(),
    vernietigingsdatumVan: van,
    vernietigingsdatumTotEnMet: totEnMet,
    idsHash: hashIds(gone.map(({ id }) => id)),
    dagsleutels: isExpired ? shownOf(dagsleutels, van, totEnMet) : [],
    vorige
  })
  return { ...record, bewijs }
}

// Those of all records of a batch are read at once.
async function listDagsleutels({ keys }: Notary, gone: readonly Vernietigd[]): Promise<Dagsleutels> {
  const days = gone
    .filter(({ vernietigingsaanleiding }) => vernietigingsaanleiding === 'bewaartermijn')
    .map(({ vernietigingsdatum }) => vernietigingsdatum)
    .sort()
  return days.length === 0 ? [] : keys().listDestroyedDataKeys(days[0]!, days.at(-1)!)
}

function shownOf(dagsleutels: Dagsleutels, van: IsoDate, totEnMet: IsoDate) {
  return dagsleutels
    .filter(({ dag }) => van <= dag && dag <= totEnMet)
    .map(({ id, dag, vernietigdOp }) => ({ id, dag, vernietigdOp: vernietigdOp.toISOString() }))
}
