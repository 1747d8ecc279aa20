import { destroyExpiredAanleveringen } from '../aanlevering/leveringen/levering-store.ts'
import { bewaartermijnen } from '../begrippen/bewaartermijnen.ts'
import { endExpiredBeperkingen } from '../betrokkenen/beperkingen/beperking-store.ts'
import { destroyEmptyHuishoudens, destroyStrandedHuishoudens } from '../huishoudens/match-store.ts'
import { forgetVanished } from '../huishoudens/volgen/delta-store.ts'
import { destroyExpiredAanmeldingen } from '../organisaties/aanmeldingen/aanmelding-store.ts'
import type { KeyRing } from '../platform/crypto/key-ring.ts'
import { forgetAnswers } from '../platform/database/idempotency-store.ts'
import type { Vervaldag } from '../platform/database/many.ts'
import type { Tx } from '../platform/database/open-database.ts'
import { destroyBeheerhandelingen } from '../sporen/beheerhandeling-store.ts'
import { destroyExpiredGebeurtenissen, destroyGebeurtenissenOf } from '../sporen/gebeurtenis-store.ts'
import { markAdressen } from '../sporen/markering-store.ts'
import { destroyMaandsporen } from '../sporen/monitor-store.ts'
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
import type { Horizon } from './due-store.ts'
import { batchSize } from './plan-batches.ts'
import {
  destroyExpiredBezwaren,
  forgetDagverbruik,
  forgetExpiredAnswers,
  forgetExpiredAssertions
} from './vernietiging-store.ts'

/** What decides, at an instant, what is due. */
export function horizonAt(now: Date): Horizon {
  const vandaag = todayIn(now)
  return {
    now,
    vandaag,
    vervallenVoor: addDays(vandaag, -bewaartermijnen.vervallenHuishouden.dagen),
    gebeurdVoor: addDays(vandaag, -bewaartermijnen.gebeurtenis.dagen),
    beheerdVoor: addMonths(vandaag, -bewaartermijnen.beheerhandeling.maanden)
  }
}

/** What the sweep calls by name. */
export const coreHandlers = {
  dagsleutels: (keys: KeyRing, vandaag: IsoDate) => keys.destroyDataKeys(vandaag),
  vroegsignalen: destroyExpired,
  huishoudens: destroyEmptyHuishoudens
} satisfies Record<CoreHandler, unknown>

type OfSignals = (tx: Tx, gone: readonly Vernietigd[]) => Promise<void>

/** Destroy what was derived from signals, in the transaction that destroyed those. */
export const signaalHandlers: Readonly<Record<SignaalHandler, OfSignals>> = {
  zaken: destroyZakenOf,
  betwistingen: destroyBetwistingenOf,
  terugkoppelingen: (tx, gone) => destroyTerugkoppelingen(tx, unheardOf(gone)),
  gemeldeSignalen: (tx, gone) => destroyGemeldeSignalen(tx, shownOf(gone)),
  antwoorden: (tx, gone) =>
    forgetAnswers(
      tx,
      shownOf(gone).map(({ id }) => id)
    ),
  maandsporen: destroyMaandsporen,
  gebeurtenissen: destroyGebeurtenissenOf
}

type OfGemeente = (tx: Tx, due: readonly Vervaldag[]) => Promise<void>

/** Destroy what has come to its own day in municipalities. */
export const gemeenteHandlers: Readonly<Record<GemeenteHandler, OfGemeente>> = {
  verlopenBezwaren: destroyExpiredBezwaren,
  verlopenBeperkingen: async (tx, due) => {
    await markAdressen(tx, await endExpiredBeperkingen(tx, due))
  },
  verlopenTerugkoppelingen: destroyExpiredTerugkoppelingen,
  verlopenGemeldeSignalen: async (tx, due) => {
    await forgetAnswers(tx, await destroyExpiredGemeldeSignalen(tx, due))
  },
  verlatenHuishoudens: destroyStrandedHuishoudens,
  vervallenHuishoudens: forgetVanished,
  verlopenGebeurtenissen: destroyExpiredGebeurtenissen
}

type InTransaction = <Result>(work: (tx: Tx) => Promise<Result>) => Promise<Result>
type OfHub = (inTransaction: InTransaction, horizon: Horizon) => Promise<void>

/** Destroy what has come to its own day and belongs to no municipality, or to all. */
export const hubHandlers: Readonly<Record<HubHandler, OfHub>> = {
  verlopenAanleveringen: (inTransaction, { vandaag }) =>
    inTransaction((tx) => destroyExpiredAanleveringen(tx, vandaag)),
  verlopenAanmeldingen: (inTransaction, { vandaag }) =>
    inTransaction((tx) => destroyExpiredAanmeldingen(tx, vandaag)),
  verlopenAntwoorden: (inTransaction, { now }) => inTransaction((tx) => forgetExpiredAnswers(tx, now)),
  verlopenAsserties: (inTransaction, { now }) => inTransaction((tx) => forgetExpiredAssertions(tx, now)),
  verlopenDagverbruik: (inTransaction, { vandaag }) => inTransaction((tx) => forgetDagverbruik(tx, vandaag)),
  verlopenVerwerkingen: destroyOldVerwerkingen,
  verlopenBeheerhandelingen: (inTransaction, { beheerdVoor }) =>
    inTransaction((tx) => destroyBeheerhandelingen(tx, beheerdVoor))
}

// A busy day leaves more lines than one statement may take.
async function destroyOldVerwerkingen(inTransaction: InTransaction): Promise<void> {
  let destroyed: number
  do destroyed = await inTransaction((tx) => destroyVerwerkingen(tx, batchSize))
  while (destroyed === batchSize)
}

// Where no help was wanted, what the partner may still see is left to the signal's own term: if it went with the signal,
// the partner would know.
function shownOf(gone: readonly Vernietigd[]): Vernietigd[] {
  return gone.filter(({ vernietigingsaanleiding }) => vernietigingsaanleiding !== 'geen-hulp')
}

// Its partner has yet to hear that a signal was wrong, and hears it until the term of the signal.
function unheardOf(gone: readonly Vernietigd[]): Vernietigd[] {
  return shownOf(gone).filter(
    ({ vernietigingsaanleiding }) => vernietigingsaanleiding !== 'onterecht-signaal'
  )
}
