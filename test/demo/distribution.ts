/** The four kinds of partners by which the national monitor counts. */
export type Sectorgroep = 'zorg' | 'energie' | 'huur' | 'water'
/** What becomes of a household in the month: the monitor's match kinds, `beide` for the overlap of the last two. */
export type Matchplan = 'enkelvoudig' | 'meervoudig' | 'opeenvolgend' | 'beide'

/**
 * How signals fall, after the Divosa Monitor Vroegsignalering Schulden. Shares of 100 unless said. What the monitor
 * does not tell (amounts, three signals at once, who repeats) is chosen here, near the examples of DDAS.
 */
export const distribution = {
  /** Monitor, first half of 2024; the remaining percent is other sectors. */
  sectoren: { zorg: 41, energie: 20, huur: 20, water: 18 },
  /** Monitor 2023: 50, 11 and 40, which is one too many: one household in a hundred is both. */
  matches: { enkelvoudig: 50, meervoudig: 10, opeenvolgend: 39, beide: 1 },
  /** Of each sector; a quarter of energy is end of supply (first half of 2024), and so 5 of all signals. */
  crisis: { zorg: 0.5, energie: 25, huur: 2, water: 1 },
  /** Of the meervoudige households: those with a third signal. */
  derdeSignaal: 12,
  /** Of the opeenvolgende households: those whose earlier signal came from the same partner about the same debt. */
  zelfdeKlant: 50,
  /** Of the further signals on an address: those about another resident of it. */
  andereBewoner: 35,
  /** Of the signals: those that leave the municipality to the address register. */
  zonderGemeentecode: 15,
  /** Arrears in whole euros, lowest and highest. */
  bedragen: { zorg: [140, 900], energie: [120, 1_400], huur: [450, 3_200], water: [60, 420] }
} as const satisfies {
  sectoren: Record<Sectorgroep, number>
  matches: Record<Matchplan, number>
  crisis: Record<Sectorgroep, number>
  bedragen: Record<Sectorgroep, readonly [number, number]>
  [share: string]: unknown
}

/** What the monitor publishes, in percent, to hold the demo's own figures against. */
export const monitor = {
  sectoren: distribution.sectoren,
  matches: { enkelvoudig: 50, meervoudig: 11, opeenvolgend: 40 },
  crisis: 5
} as const
