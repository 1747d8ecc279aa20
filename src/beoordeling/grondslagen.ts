import type { Sector } from '../begrippen/vroegsignaal.ts'
import type { IsoDate } from '../time.ts'

/** First day of the municipal duty of early detection (Stb. 2020, 239); no signal may be older. */
export const beginVroegsignalering: IsoDate = '2021-01-01'
/** Last day of the Elektriciteitswet 1998 and the Gaswet. */
export const eindeOudeEnergiewetten: IsoDate = '2025-12-31'
/** First day of the Energiewet and the Energieregeling. */
export const beginEnergiewet: IsoDate = '2026-01-01'

/** A citation, with the sectors and the days of signaaldatum that it covers. */
export type Wet = {
  readonly grondslag: string
  readonly sectoren: readonly Sector[]
  readonly ingangsdatum: IsoDate
  readonly einddatum?: IsoDate
}

/** The national covenant of partners and municipalities; agreed, not law. */
export const lcv = 'Landelijk Convenant Vroegsignalering'
/** Guidance of the Autoriteit Persoonsgegevens on the Wgs (2021); not law. */
export const apHandreiking = 'AP Handreiking Wgs'

const afsluitbeleidEnergie = 'Regeling afsluitbeleid voor kleinverbruikers van elektriciteit en gas'

/** The condition for landlords in Bgs art. 2 under one letter. */
export function bgs2(onderdeel: 'a' | 'b' | 'c' | 'd'): Wet {
  return {
    grondslag: `Bgs art. 2, aanhef en onder ${onderdeel}`,
    sectoren: ['huur'],
    ingangsdatum: beginVroegsignalering
  }
}

/** Early signals of electricity suppliers until 2026. */
export const elektriciteitswet: Wet = {
  grondslag: `Elektriciteitswet 1998 art. 95b lid 8 jo. ${afsluitbeleidEnergie}`,
  sectoren: ['elektriciteit'],
  ingangsdatum: beginVroegsignalering,
  einddatum: eindeOudeEnergiewetten
}

/** Early signals of gas suppliers until 2026. */
export const gaswet: Wet = {
  grondslag: `Gaswet art. 44 lid 8 jo. ${afsluitbeleidEnergie}`,
  sectoren: ['gas'],
  ingangsdatum: beginVroegsignalering,
  einddatum: eindeOudeEnergiewetten
}

/** Early signals of electricity and gas suppliers from 2026 (Bgs art. 3, aanhef en onder d). */
export const energiewet: Wet = {
  grondslag: 'Energiewet art. 2.26 lid 3, aanhef en onder a jo. Energieregeling',
  sectoren: ['elektriciteit', 'gas'],
  ingangsdatum: beginEnergiewet
}

/** Early signals of heat suppliers (Bgs art. 3, aanhef en onder e). */
export const warmtewet: Wet = {
  grondslag: 'Warmtewet art. 4 lid 3 jo. Warmteregeling',
  sectoren: ['warmte'],
  ingangsdatum: beginVroegsignalering
}

/** Early signals of drinking water companies (Bgs art. 3, aanhef en onder b), under one article of their Regeling. */
export function drinkwaterwet(artikel: '3 lid 1' | '3 lid 2, onder a' | '3 lid 2, onder b' | '4' | '5'): Wet {
  return {
    grondslag: `Drinkwaterwet art. 9 lid 2 jo. Regeling afsluitbeleid voor kleinverbruikers van drinkwater art. ${artikel}`,
    sectoren: ['drinkwater'],
    ingangsdatum: beginVroegsignalering
  }
}

/** The Zvw permits the disclosure; what must precede it follows from the LCV and from AP guidance. */
export const zorgverzekeringswet: Wet = {
  grondslag: `Zvw art. 89 lid 1 jo. lid 9 (verstrekking); ${lcv} en ${apHandreiking} (sociale incasso)`,
  sectoren: ['zorgverzekering'],
  ingangsdatum: beginVroegsignalering
}

/** The provisions under which energy and water companies send data, per sector and period; `water` is that of water. */
export function leveringswetten(water: Wet): readonly Wet[] {
  return [elektriciteitswet, gaswet, energiewet, warmtewet, water]
}
