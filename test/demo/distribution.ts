/** The four groups of partners in the national monitor. */
export type Sectorgroep = 'zorg' | 'energie' | 'huur' | 'water'
/** The match kind a household gets: those of the monitor, and `beide` for meervoudig and opeenvolgend at once. */
export type Matchplan = 'enkelvoudig' | 'meervoudig' | 'opeenvolgend' | 'beide'

/**
 * The spread of signals, after the Divosa Monitor Vroegsignalering Schulden. Numbers are percentages unless noted.
 * What the monitor does not publish (amounts, three signals at once, repeats) is our choice, close to the examples of
 * DDAS.
 */
export const distribution = {
  /** Monitor, first half of 2024. The remaining percent is other sectors. */
  sectoren: { zorg: 41, energie: 20, huur: 20, water: 18 },
  /** Monitor 2023: 50, 11 and 40. That adds up to 101, so one household in a hundred is both. */
  matches: { enkelvoudig: 50, meervoudig: 10, opeenvolgend: 39, beide: 1 },
  /** Per sector. A quarter of energy is end of supply (first half of 2024), which is 5% of all signals. */
  crisis: { zorg: 0.5, energie: 25, huur: 2, water: 1 },
  /** Share of the meervoudige households that have a third signal. */
  derdeSignaal: 12,
  /** Share of the opeenvolgende households whose earlier signal came from the same partner, on the same debt. */
  zelfdeKlant: 50,
  /** Share of the further signals on an address that are about another resident. */
  andereBewoner: 35,
  /** Share of the signals without a gemeentecode. The hub then looks it up in the address register. */
  zonderGemeentecode: 15,
  /** Lowest and highest arrears, in whole euros. */
  bedragen: { zorg: [140, 900], energie: [120, 1_400], huur: [450, 3_200], water: [60, 420] }
} as const satisfies {
  sectoren: Record<Sectorgroep, number>
  matches: Record<Matchplan, number>
  crisis: Record<Sectorgroep, number>
  bedragen: Record<Sectorgroep, readonly [number, number]>
  [share: string]: unknown
}

/** The percentages that the monitor publishes, to compare the demo's figures with. */
export const monitor = {
  sectoren: distribution.sectoren,
  matches: { enkelvoudig: 50, meervoudig: 11, opeenvolgend: 40 },
  crisis: 5
} as const
