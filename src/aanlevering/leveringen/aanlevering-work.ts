import { randomUUIDv7 } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { bewaartermijnen } from '../../begrippen/bewaartermijnen.ts'
import type { Regeluitkomst } from '../../begrippen/regeluitkomst.ts'
import type { DataKey } from '../../platform/crypto/data-keys.ts'
import { sealFor } from '../../platform/crypto/seal-row.ts'
import { addDays, type IsoDate, todayIn } from '../../time.ts'
import { signaalpartnerOf } from '../../toegang/caller.ts'
import type { Handeling } from '../../toegang/handeling.ts'
import { lockOvereenkomsten, type OvereenkomstRij } from '../../weging/omstandigheden-store.ts'
import { overeenkomstChanged } from '../overeenkomst-changed.ts'
import { storeBatch, type WeighedBatch, weighBatch } from '../receive-vroegsignalen.ts'
import { openTally } from '../tally.ts'
import { keptLine } from './kept-line.ts'
import { addAanlevering, addAanleveringDeel } from './levering-store.ts'
import { openVerslag } from './open-verslag.ts'
import { placeOfPart } from './read-verslag.ts'
import type { Regelverslag } from './report-line.ts'
import type { Slice } from './slices-of.ts'

/** A slice ready to be stored. */
export type WeighedSlice = Slice & { readonly batch: WeighedBatch }

/** One delivery in progress. */
export type AanleveringWork = {
  weigh(slice: Slice): Promise<WeighedSlice>
  /** Stores a slice with its part of the report. */
  store(slice: WeighedSlice): Promise<void>
  /** Writes the counts, confirms the agreements and returns the id of the report. */
  close(): Promise<string>
}

/** Starts a delivery; everything it does happens in the transaction of `handeling`. */
export async function openAanleveringWork(handeling: Handeling): Promise<AanleveringWork> {
  const { tx, keys, now } = handeling
  const id = randomUUIDv7()
  const vernietigingsdatum = addDays(todayIn(now), bewaartermijnen.aanlevering.dagen)
  const key = (await keys.dataKeysFor([vernietigingsdatum])).get(vernietigingsdatum)!
  const agreements = new Map<string, OvereenkomstRij>()
  const tally = openTally(handeling)
  const verslag = openVerslag()
  return {
    weigh: async (slice) => ({
      ...slice,
      batch: await weighBatch(handeling, slice.signals, { isHolding: false, agreements })
    }),
    store: async ({ lines, batch }) => {
      const received = await storeBatch(handeling, batch)
      tally.add(received)
      const reports = verslag.add(lines, received)
      await addPart(handeling, { aanleveringId: id, vernietigingsdatum, key }, reports)
    },
    close: async () => {
      await confirmAgreements(handeling, [...agreements.values()])
      await tally.write()
      await addAanlevering(tx, {
        signaalpartnerId: signaalpartnerOf(handeling.caller),
        id,
        ontvangenOp: now,
        vernietigingsdatum,
        ...verslag.counts()
      })
      return id
    }
  }
}

async function addPart(
  { tx, caller }: Handeling,
  {
    aanleveringId,
    vernietigingsdatum,
    key
  }: { aanleveringId: string; vernietigingsdatum: IsoDate; key: DataKey },
  reports: readonly Regelverslag[]
): Promise<void> {
  const count = (wanted: Regeluitkomst) => reports.filter(({ uitkomst }) => uitkomst === wanted).length
  const part = { signaalpartnerId: signaalpartnerOf(caller), aanleveringId, vanRegel: reports[0]!.regel }
  await addAanleveringDeel(tx, {
    ...part,
    totEnMetRegel: reports.at(-1)!.regel,
    vernietigingsdatum,
    aantalOpgenomen: count('opgenomen'),
    aantalAfgewezen: count('afgewezen'),
    aantalOngewijzigd: count('ongewijzigd'),
    inhoud: sealFor(key, placeOfPart(part), JSON.stringify(reports.map(keptLine)))
  })
}

// A delivery locks no agreements while it runs, so that revoking one does not have to wait. At the end it locks them
// and reads them again. If one has changed, the delivery fails, and a resend is checked against the new state.
async function confirmAgreements(
  { tx, caller }: Handeling,
  before: readonly OvereenkomstRij[]
): Promise<void> {
  if (before.length === 0) return
  const gemeentecodes = [...new Set(before.map(({ gemeentecode }) => gemeentecode))]
  const held = await lockOvereenkomsten(tx, signaalpartnerOf(caller), gemeentecodes)
  const now = new Map(held.map((one) => [one.id, one]))
  if (before.every((one) => isDeepStrictEqual(one, now.get(one.id)))) return
  throw overeenkomstChanged()
}
