import { isShortened } from '../../vroegsignalen/is-shortened.ts'
import { type Huisnummer, type Kind, readCell, tidyCell } from './read-cell.ts'

/** The columns of a CSV delivery: JSON paths written with dots. The amount may also be in euros. */
export const csvColumns = {
  referentie: 'text',
  soort: 'code',
  sector: 'code',
  signaaldatum: 'date',
  gemeentecode: 'gemeentecode',
  klantnummer: 'text',
  'betrokkene.soort': 'code',
  'betrokkene.naam.voorletters': 'text',
  'betrokkene.naam.voorvoegsel': 'text',
  'betrokkene.naam.geslachtsnaam': 'text',
  'betrokkene.geboortedatum': 'birthday',
  'betrokkene.burgerservicenummer': 'burgerservicenummer',
  'betrokkene.telefoonnummer': 'telefoonnummer',
  'betrokkene.emailadres': 'text',
  'adres.straat': 'text',
  'adres.huisnummer': 'huisnummer',
  'adres.huisletter': 'text',
  'adres.huisnummertoevoeging': 'text',
  'adres.postcode': 'text',
  'adres.woonplaats': 'text',
  'adres.nummeraanduidingIdentificatie': 'text',
  'achterstand.bedragInCenten': 'integer',
  'achterstand.bedrag': 'euros',
  'achterstand.ontstaansdatum': 'date',
  'achterstand.aantalTermijnen': 'integer',
  'socialeIncasso.persoonlijkContact.datum': 'dates',
  'socialeIncasso.persoonlijkContact.kanaal': 'codes',
  'socialeIncasso.herinneringen': 'dates',
  'socialeIncasso.gewezenOpSchuldhulpverlening': 'date',
  'socialeIncasso.aanbodGegevensdeling': 'date',
  'socialeIncasso.reactie': 'code',
  betalingsregeling: 'code',
  geplandeDatum: 'date',
  warmeOverdracht: 'boolean'
} as const satisfies Record<string, Kind>
export type CsvColumn = keyof typeof csvColumns

/** The column with a name in a header line: spreadsheets and people change case and spaces, never the words. */
export function columnNamed(name: string): CsvColumn | undefined {
  return columnsByName.get(foldName(name))
}

/** The name of a column without what spreadsheets and people change: case and spaces. */
export function foldName(name: string): string {
  return tidyCell(name).replace(/\s/g, '').toLowerCase()
}

const columnsByName = new Map(
  Object.keys(csvColumns).map((column) => [foldName(column), column as CsvColumn])
)

/**
 * A cell that could not be read: its column, and the kind it should be; `twice` when the amount, or what follows the house
 * number, is given twice; `shortened` for a number that a spreadsheet shortened.
 */
export type CellFault = { readonly column: CsvColumn; readonly kind: Kind | 'twice' | 'shortened' }

/**
 * Turns a row of cells into a signal and lists the cells that could not be read. An empty cell is an absent field; so is
 * each cell of a column without a name, which is undefined.
 */
export function rowToSignal(
  columns: readonly (CsvColumn | undefined)[],
  cells: readonly string[]
): { signal: Record<string, unknown>; faults: CellFault[] } {
  const signal: Record<string, unknown> = {}
  const faults: CellFault[] = []
  columns.forEach((column, index) => {
    const cell = tidyCell(cells[index] ?? '')
    if (column === undefined || cell === '') return
    const kind = csvColumns[column]
    const value = readCell(kind, cell)
    if (isShortened(cell)) faults.push({ column, kind: 'shortened' })
    else if (value === undefined) faults.push({ column, kind })
    else if (value !== null) put(signal, pathOf(column).split('.'), value)
  })
  if (!splitHuisnummer(signal)) faults.push({ column: 'adres.huisnummer', kind: 'twice' })
  return { signal: joinContacts(signal), faults }
}

// Puts what was read behind the house number into its own fields; false when those have a value already.
function splitHuisnummer({ adres }: Record<string, unknown>): boolean {
  if (typeof adres !== 'object' || adres === null || !('huisnummer' in adres)) return true
  const { huisnummer, ...behind } = adres.huisnummer as Huisnummer
  const isFilled = 'huisletter' in adres || 'huisnummertoevoeging' in adres
  if (isFilled && Object.keys(behind).length > 0) return false
  Object.assign(adres, { huisnummer, ...behind })
  return true
}

/** The JSON path of a column, with dots. */
export function pathOf(column: CsvColumn): string {
  return column === 'achterstand.bedrag' ? 'achterstand.bedragInCenten' : column
}

function put(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name, ...rest] = path as [string, ...string[]]
  if (rest.length === 0) target[name] = value
  else {
    target[name] ??= {}
    put(target[name] as Record<string, unknown>, rest, value)
  }
}

// Joins the list of days and the list of channels into one list of contacts.
function joinContacts(signal: Record<string, unknown>): Record<string, unknown> {
  const incasso = signal.socialeIncasso as
    | { persoonlijkContact?: { datum?: unknown[]; kanaal?: unknown[] } }
    | undefined
  const contact = incasso?.persoonlijkContact
  if (incasso === undefined || contact === undefined) return signal
  const { datum = [], kanaal = [] } = contact
  const count = Math.max(datum.length, kanaal.length)
  const joined = Array.from({ length: count }, (_, index) => ({
    ...(datum[index] !== undefined && { datum: datum[index] }),
    ...(kanaal[index] !== undefined && { kanaal: kanaal[index] })
  }))
  return { ...signal, socialeIncasso: { ...incasso, persoonlijkContact: joined } }
}
