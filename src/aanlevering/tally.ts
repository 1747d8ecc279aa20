import { type Afwijzing, addAfwijzingen } from '../sporen/afwijzing-store.ts'
import { addTellingen, type Telling } from '../sporen/telling-store.ts'
import { todayIn } from '../time.ts'
import type { Inname } from './inname.ts'
import type { Ontvangst } from './ontvangst.ts'

/** Counts signals that were taken in or refused. */
export type Tally = {
  add(ontvangsten: readonly Ontvangst[]): void
  /** Writes the counts in the transaction of the signals. A refused signal leaves nothing else behind. */
  write(): Promise<void>
}

/** Opens the tally of one delivery or batch. */
export function openTally({ tx, now }: Pick<Inname, 'tx' | 'now'>): Tally {
  const refusals = new Map<string, Afwijzing>()
  const counts = new Map<string, Telling>()
  const refuse = (refused: Omit<Afwijzing, 'aantal'>) => {
    const key = Object.values(refused).join('|')
    refusals.set(key, { ...refused, aantal: (refusals.get(key)?.aantal ?? 0) + 1 })
  }
  const count = (counted: Omit<Telling, 'aantal'>) => {
    const key = Object.values(counted).join('|')
    counts.set(key, { ...counted, aantal: (counts.get(key)?.aantal ?? 0) + 1 })
  }
  const addOne = (ontvangst: Ontvangst) => {
    if (ontvangst.uitkomst === 'afgewezen') {
      const { gemeentecode, signaalpartnerId, sector, bevindingen } = ontvangst
      for (const { criterium } of bevindingen)
        refuse({ gemeentecode, signaalpartnerId, sector, criterium: criterium.criterium })
    }
    if (ontvangst.uitkomst === 'opgenomen') {
      const { gemeentecode, signaalpartnerId, sector } = ontvangst.sealed.row
      const signal = { gemeentecode, signaalpartnerId, sector }
      count({ ...signal, gebeurtenis: 'opgenomen', kenmerk: sector })
      for (const { criterium, uitkomst } of ontvangst.sealed.uitkomsten)
        if (uitkomst === 'waarschuwing') count({ ...signal, gebeurtenis: 'waarschuwing', kenmerk: criterium })
    }
  }
  return {
    add: (ontvangsten) => ontvangsten.forEach(addOne),
    write: async () => {
      const dag = todayIn(now)
      await addAfwijzingen(tx, dag, [...refusals.values()])
      await addTellingen(tx, dag, [...counts.values()])
    }
  }
}
