import { listGemeentecodes } from '../../organisaties/gemeenten/gemeente-store.ts'
import { lockHerleiding, lockHuishoudens } from '../../platform/database/locks.ts'
import type { Context, Tx } from '../../platform/database/open-database.ts'
import { markAdressen } from '../../sporen/markering-store.ts'
import { compareAnew, type Herleid } from './compare-anew.ts'
import type { Herleider } from './herleider.ts'
import { listDueAdressen, listDueGemeenten } from './herleiding-store.ts'
import { moveHuishoudens } from './move-huishoudens.ts'
import { saveHerleid } from './save-herleid.ts'

const adressenAtOnce = 200

/** The municipalities with signals whose address was compared under an older register, or older rules. */
export async function listTeHerleiden({ database }: Pick<Herleider, 'database'>): Promise<string[]> {
  const gemeentecodes = await database.ask({ duty: 'herleider' }, listGemeentecodes)
  return database.ask({ duty: 'herleider', gemeentecodes }, (tx) => listDueGemeenten(tx, gemeentecodes))
}

/**
 * Compares some addresses of a municipality anew, with all that lives on them: signals, households, their cases and
 * marks. Returns false when none was left. What has been done stays done, so it may be stopped at any moment.
 */
export async function herleidAdressen(herleider: Herleider, gemeentecode: string): Promise<boolean> {
  return herleider.database.as(asHerleider(gemeentecode), async (tx) => {
    await lockHerleiding(tx, gemeentecode)
    await lockHuishoudens(tx, gemeentecode)
    const adressen = await listDueAdressen(tx, gemeentecode, adressenAtOnce)
    if (adressen.length === 0) return false
    const vergelijking = await compareAnew(tx, herleider, gemeentecode, adressen)
    if (vergelijking === undefined) return true
    await moveHuishoudens(tx, gemeentecode, vergelijking.herleid)
    await markChanged(tx, gemeentecode, vergelijking.herleid)
    await saveHerleid(tx, herleider, gemeentecode, vergelijking)
    return true
  })
}

// Waits briefly for a signal that somebody acts upon: the municipality's households are locked meanwhile.
function asHerleider(gemeentecode: string): Context {
  return { duty: 'herleider', gemeentecodes: [gemeentecode], statementTimeout: 60_000, lockTimeout: 250 }
}

async function markChanged(tx: Tx, gemeentecode: string, herleid: readonly Herleid[]): Promise<void> {
  const changed = herleid.filter(({ isChanged }) => isChanged)
  const adressen = new Set(changed.flatMap(({ van, naar }) => [van, naar]))
  const marks = [...adressen].map((adres) => ({ gemeentecode, adresIndex: Buffer.from(adres, 'hex') }))
  await markAdressen(tx, marks)
}
