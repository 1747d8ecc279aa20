import type { Gebeurtenis } from '../begrippen/gebeurtenis.ts'
import { type Afwijzing, addAfwijzingen } from '../sporen/afwijzing-store.ts'
import { addTellingen, type Telling } from '../sporen/telling-store.ts'
import { todayIn } from '../time.ts'
import { signaalpartnerOf } from '../toegang/caller.ts'
import type { Handeling } from '../toegang/handeling.ts'
import type { Ontvangst } from './ontvangst.ts'

/** Counts signals that were taken in or refused. */
export type Tally = {
  add(ontvangsten: readonly Ontvangst[]): void
  /** Writes the counts in the transaction of the signals. A refused signal leaves nothing else behind. */
  write(): Promise<void>
}

/** Opens the tally of one delivery or batch of a partner. */
export function openTally({ tx, caller, now }: Handeling): Tally {
  const signaalpartnerId = signaalpartnerOf(caller)
  const refusals = new Map<string, Afwijzing>()
  const counts = new Map<string, Telling>()
  const refuse = (gemeentecode: string, criterium: string) => {
    const key = `${gemeentecode}|${criterium}`
    refusals.set(key, { gemeentecode, criterium, aantal: (refusals.get(key)?.aantal ?? 0) + 1 })
  }
  const count = (gemeentecode: string, gebeurtenis: Gebeurtenis, kenmerk: string) => {
    const key = `${gemeentecode}|${gebeurtenis}|${kenmerk}`
    const aantal = (counts.get(key)?.aantal ?? 0) + 1
    counts.set(key, { gemeentecode, signaalpartnerId, gebeurtenis, kenmerk, aantal })
  }
  const addOne = (ontvangst: Ontvangst) => {
    if (ontvangst.uitkomst === 'afgewezen') {
      const { gemeentecode, bevindingen } = ontvangst
      for (const { criterium } of bevindingen) refuse(gemeentecode, criterium.criterium)
    }
    if (ontvangst.uitkomst === 'opgenomen') {
      const { gemeentecode, sealed } = ontvangst
      count(gemeentecode, 'opgenomen', sealed.row.sector)
      for (const criterium of sealed.inhoud.beoordeling.waarschuwing)
        count(gemeentecode, 'waarschuwing', criterium)
    }
  }
  return {
    add: (ontvangsten) => ontvangsten.forEach(addOne),
    write: async () => {
      const dag = todayIn(now)
      await addAfwijzingen(tx, signaalpartnerId, dag, [...refusals.values()])
      await addTellingen(tx, dag, [...counts.values()])
    }
  }
}
