import type { Sector, Signaalsoort } from '../begrippen/vroegsignaal.ts'
import { sectoren } from '../begrippen/vroegsignaal.ts'

/** The rules of a sector that do not depend on the day. */
export type Sectorregel = {
  /** The partner is expected to send its klantnummer. */
  readonly klantnummerVerwacht: boolean
  /** The partner may hold and send a burgerservicenummer (Zvw art. 86). */
  readonly burgerservicenummerToegestaan: boolean
  /** The one crisis kind that can occur in the sector (Wgs art. 4 lid 2). */
  readonly crisissoort: Signaalsoort
}

const levering: Sectorregel = {
  klantnummerVerwacht: true,
  burgerservicenummerToegestaan: false,
  crisissoort: 'afsluitsignaal'
}

/** The rules per sector. */
export const sectorregels: Readonly<Record<Sector, Sectorregel>> = {
  huur: {
    klantnummerVerwacht: false,
    burgerservicenummerToegestaan: false,
    crisissoort: 'ontruimingssignaal'
  },
  elektriciteit: levering,
  gas: levering,
  warmte: levering,
  drinkwater: levering,
  zorgverzekering: {
    klantnummerVerwacht: false,
    burgerservicenummerToegestaan: true,
    crisissoort: 'royementssignaal'
  }
}

/** The sectors with rules that meet a condition, in the fixed order of sectors. */
export function sectorenWhere(condition: (regel: Sectorregel) => boolean): Sector[] {
  return sectoren.filter((sector) => condition(sectorregels[sector]))
}
