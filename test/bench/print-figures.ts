import { printTable } from '../demo/print-table.ts'
import { type Figure, write } from './figure.ts'

/** Prints all figures in one table, ratios first. Missing a target does not fail the bench. */
export function printFigures(figures: readonly Figure[]): void {
  const ratios = figures.filter(({ eenheid }) => eenheid === undefined)
  const others = figures.filter(({ eenheid }) => eenheid !== undefined)
  const rows = [...ratios, ...others].map(({ meting, naam, waarde, eenheid = '×', doel }) => [
    meting,
    naam,
    write(waarde),
    eenheid,
    doel?.text ?? '',
    doel === undefined ? '' : doel.isReached(waarde) ? 'ja' : 'nee'
  ])
  printTable(['meting', 'cijfer', 'waarde', 'eenheid', 'doel', 'gehaald'], rows)
}
