import type { Gebeurtenis } from '../begrippen/gebeurtenis.ts'
import type { Sector } from '../begrippen/vroegsignaal.ts'
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
  const refuse = (gemeentecode: string, sector: Sector, criterium: string) => {
    const key = `${gemeentecode}|${sector}|${criterium}`
    refusals.set(key, { gemeentecode, sector, criterium, aantal: (refusals.get(key)?.aantal ?? 0) + 1 })
  }
  const count = (gemeentecode: string, sector: Sector, gebeurtenis: Gebeurtenis, kenmerk: string) => {
    const key = `${gemeentecode}|${sector}|${gebeurtenis}|${kenmerk}`
    const aantal = (counts.get(key)?.aantal ?? 0) + 1
    counts.set(key, { gemeentecode, signaalpartnerId, sector, gebeurtenis, kenmerk, aantal })
  }
  const addOne = (ontvangst: Ontvangst) => {
    if (ontvangst.uitkomst === 'afgewezen') {
      const { gemeentecode, sector, bevindingen } = ontvangst
      for (const { criterium } of bevindingen) refuse(gemeentecode, sector, criterium.criterium)
    }
    if (ontvangst.uitkomst === 'opgenomen') {
      const { gemeentecode, sealed } = ontvangst
      const { sector } = sealed.row
      count(gemeentecode, sector, 'opgenomen', sector)
      for (const criterium of sealed.inhoud.beoordeling.waarschuwing)
        count(gemeentecode, sector, 'waarschuwing', criterium)
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
