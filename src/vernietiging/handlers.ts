import { destroyExpiredAanleveringen } from '../aanlevering/leveringen/levering-store.ts'
import { bewaartermijnen } from '../begrippen/bewaartermijnen.ts'
import { destroyEmptyHuishoudens, destroyStrandedHuishoudens } from '../huishoudens/match-store.ts'
import { forgetVanished } from '../huishoudens/volgen/delta-store.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import type { Tx } from '../platform/database/open-database.ts'
import { destroyVerwerkingen } from '../sporen/verwerking-store.ts'
import { addDays, addMonths, type IsoDate, todayIn } from '../time.ts'
import {
  destroyExpiredGemeldeSignalen,
  destroyGemeldeSignalen
} from '../vroegsignalen/meldbewijzen/gemeld-signaal-store.ts'
import { destroyExpired, type Vernietigd } from '../vroegsignalen/vroegsignaal-store.ts'
import { destroyBetwistingenOf } from '../zaken/betwistingen/betwisting-store.ts'
import {
  destroyExpiredTerugkoppelingen,
  destroyTerugkoppelingen
} from '../zaken/terugkoppelingen/terugkoppeling-store.ts'
import { destroyZakenOf } from '../zaken/zaak-store.ts'
import type { CoreHandler, GemeenteHandler, HubHandler, SignaalHandler } from './data-map.ts'
import {
  destroyExpiredBezwaren,
  forgetAnswers,
  forgetExpiredAnswers,
  forgetExpiredAssertions
} from './vernietiging-store.ts'

/**
 * How many signals, or lines of the log, a transaction destroys at most: so few that intake beside it does not notice,
 * so many that a day of a big city is a few batches.
 */
export const batchSize = 1000

/** What the sweep calls by name. */
export const coreHandlers = {
  dagsleutels: (keys: KeyRing, vandaag: IsoDate) => keys.destroyDataKeys(vandaag),
  vroegsignalen: destroyExpired,
  huishoudens: destroyEmptyHuishoudens
} satisfies Record<CoreHandler, unknown>

type OfSignals = (tx: Tx, gemeentecode: string, gone: readonly Vernietigd[]) => Promise<void>

/** Destroy what was derived from signals, in the transaction that destroyed those. */
export const signaalHandlers: Readonly<Record<SignaalHandler, OfSignals>> = {
  zaken: (tx, gemeentecode, gone) => destroyZakenOf(tx, gemeentecode, idsOf(gone)),
  betwistingen: (tx, gemeentecode, gone) => destroyBetwistingenOf(tx, gemeentecode, idsOf(gone)),
  terugkoppelingen: (tx, gemeentecode, gone) => destroyTerugkoppelingen(tx, gemeentecode, unheardIdsOf(gone)),
  gemeldeSignalen: (tx, gemeentecode, gone) => destroyGemeldeSignalen(tx, gemeentecode, shownIdsOf(gone)),
  antwoorden: (tx, _gemeentecode, gone) => forgetAnswers(tx, shownIdsOf(gone))
}

type OfGemeente = (tx: Tx, gemeentecode: string, vandaag: IsoDate) => Promise<void>

/** Destroy what has come to its own day in one municipality. */
export const gemeenteHandlers: Readonly<Record<GemeenteHandler, OfGemeente>> = {
  verlopenBezwaren: destroyExpiredBezwaren,
  verlopenTerugkoppelingen: destroyExpiredTerugkoppelingen,
  verlopenGemeldeSignalen: async (tx, gemeentecode, vandaag) => {
    await forgetAnswers(tx, await destroyExpiredGemeldeSignalen(tx, gemeentecode, vandaag))
  },
  verlatenHuishoudens: destroyStrandedHuishoudens,
  vervallenHuishoudens: (tx, gemeentecode, vandaag) =>
    forgetVanished(tx, gemeentecode, addDays(vandaag, -bewaartermijnen.vervallenHuishouden.dagen))
}

type InTransaction = <Result>(work: (tx: Tx) => Promise<Result>) => Promise<Result>
type OfHub = (inTransaction: InTransaction, now: Date) => Promise<void>

/** Destroy what has come to its own day and belongs to no municipality, or to all. */
export const hubHandlers: Readonly<Record<HubHandler, OfHub>> = {
  verlopenAanleveringen: (inTransaction, now) =>
    inTransaction((tx) => destroyExpiredAanleveringen(tx, todayIn(now))),
  verlopenAntwoorden: (inTransaction, now) => inTransaction((tx) => forgetExpiredAnswers(tx, now)),
  verlopenAsserties: (inTransaction, now) => inTransaction((tx) => forgetExpiredAssertions(tx, now)),
  verlopenVerwerkingen: destroyOldVerwerkingen
}

// A busy day leaves more lines than one statement may take.
async function destroyOldVerwerkingen(inTransaction: InTransaction, now: Date): Promise<void> {
  const before = addMonths(todayIn(now), -bewaartermijnen.verwerking.maanden)
  let destroyed: number
  do destroyed = await inTransaction((tx) => destroyVerwerkingen(tx, before, batchSize))
  while (destroyed === batchSize)
}

function idsOf(gone: readonly Vernietigd[]): string[] {
  return gone.map(({ id }) => id)
}

// Where no help was wanted, what the partner may still see is left to the signal's own term: if it went with the signal,
// the partner would know.
function shownIdsOf(gone: readonly Vernietigd[]): string[] {
  return idsOf(gone.filter(({ vernietigingsaanleiding }) => vernietigingsaanleiding !== 'geen-hulp'))
}

// Its partner has yet to hear that a signal was wrong, and hears it until the term of the signal.
function unheardIdsOf(gone: readonly Vernietigd[]): string[] {
  return shownIdsOf(
    gone.filter(({ vernietigingsaanleiding }) => vernietigingsaanleiding !== 'onterecht-signaal')
  )
}
