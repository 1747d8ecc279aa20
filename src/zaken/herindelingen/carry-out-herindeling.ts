import { setTimeout as sleep } from 'node:timers/promises'
import { continueOvereenkomsten } from '../../organisaties/overeenkomsten/continue-overeenkomsten.ts'
import {
  addVoortgezet,
  endOvereenkomsten,
  listOvereenkomstenOf,
  lockOvereenkomstenOf
} from '../../organisaties/overeenkomsten/overeenkomst-store.ts'
import { lockHuishoudens } from '../../platform/database/locks.ts'
import type { IsoDate } from '../../time.ts'
import { contextOfOvergang, type Herindeler } from './herindeler.ts'
import { moveAdressen } from './move-adressen.ts'
import {
  admitAbonnementen,
  admitClients,
  isAnybodyLeft,
  isAnythingLeft,
  lockClientsVan,
  markUitgevoerd,
  type Overgang,
  releaseAbonnementen,
  releaseClients
} from './overgang-store.ts'
import { type Los, markVerlaten, moveLos } from './verhuizing-store.ts'

const rowsAtOnce = 1_000
// The database gets a rest between two batches, so that intake and reading stay quick.
const restBetweenBatches = 20

/** A re-division whose day has come. */
export type Herindeling = Overgang & { readonly datum: IsoDate; readonly isUitgevoerd: boolean }

/**
 * Hands all that a municipality has to its successor, in batches. Where nothing is left it does nothing, so it is repeated
 * until then, and ever after: what an action under way leaves behind, or a restored dump brings back, goes the same way. It may
 * be stopped at any moment, and two may work at it. Returns whether nothing was left.
 */
export async function carryOutHerindeling(
  herindeler: Herindeler,
  herindeling: Herindeling,
  signal?: AbortSignal
): Promise<boolean> {
  if (herindeling.isUitgevoerd && !(await isOpen(herindeler, herindeling))) return true
  await handOver(herindeler, herindeling)
  // Objections first, so that signals meet them there.
  await moveAllLos(herindeler, herindeling, 'bezwaar', signal)
  while (!signal?.aborted && (await moveAdressen(herindeler, herindeling))) await sleep(restBetweenBatches)
  for (const table of ['beperking', 'terugkoppeling', 'gemeld_signaal', 'gebeurtenis'] as const)
    await moveAllLos(herindeler, herindeling, table, signal)
  return signal?.aborted ? false : finish(herindeler, herindeling)
}

async function isOpen({ database }: Herindeler, herindeling: Herindeling): Promise<boolean> {
  return database.as(
    contextOfOvergang(herindeling),
    async (tx) =>
      (await isAnythingLeft(tx, herindeling)) || (await isAnybodyLeft(tx, herindeling, herindeling.datum))
  )
}

// From here on partners send to the successor, and nothing new comes in under the old code: whoever takes in a signal holds
// its agreement, or reads it again before the end.
async function handOver({ database }: Herindeler, herindeling: Herindeling): Promise<void> {
  const { van, naar, datum } = herindeling
  await database.as(contextOfOvergang(herindeling), async (tx) => {
    await admitClients(tx, herindeling)
    const { ended, continued } = continueOvereenkomsten(
      naar,
      datum,
      await lockOvereenkomstenOf(tx, van),
      await listOvereenkomstenOf(tx, naar)
    )
    await addVoortgezet(tx, continued)
    await endOvereenkomsten(tx, van, ended)
    await admitAbonnementen(tx, herindeling)
  })
}

async function moveAllLos(
  { database }: Herindeler,
  herindeling: Herindeling,
  table: Los,
  signal: AbortSignal | undefined
): Promise<void> {
  const batch = () =>
    database.as(contextOfOvergang(herindeling), async (tx) => {
      await lockHuishoudens(tx, herindeling.van, herindeling.naar)
      return moveLos(tx, table, herindeling, rowsAtOnce)
    })
  while (!signal?.aborted && (await batch()) === rowsAtOnce) await sleep(restBetweenBatches)
}

// False when something came in between: the next round finds it, and clients keep both municipalities until then.
async function finish({ database, clock }: Herindeler, herindeling: Herindeling): Promise<boolean> {
  return database.as(contextOfOvergang(herindeling), async (tx) => {
    await lockClientsVan(tx, herindeling)
    await lockHuishoudens(tx, herindeling.van, herindeling.naar)
    if (await isAnythingLeft(tx, herindeling)) return false
    await releaseClients(tx, herindeling)
    await releaseAbonnementen(tx, herindeling)
    await markVerlaten(tx, herindeling)
    await markUitgevoerd(tx, herindeling, clock())
    return true
  })
}
