/** How the text of a CSV cell is read. */
export type Kind = 'text' | 'integer' | 'euros' | 'date' | 'dates' | 'texts' | 'boolean'

/** The columns of a CSV delivery: JSON paths written with dots. The amount may also be in euros. */
export const csvColumns = {
  referentie: 'text',
  soort: 'text',
  sector: 'text',
  signaaldatum: 'date',
  gemeentecode: 'text',
  klantnummer: 'text',
  'betrokkene.soort': 'text',
  'betrokkene.naam.voorletters': 'text',
  'betrokkene.naam.voorvoegsel': 'text',
  'betrokkene.naam.geslachtsnaam': 'text',
  'betrokkene.geboortedatum': 'date',
  'betrokkene.burgerservicenummer': 'text',
  'betrokkene.telefoonnummer': 'text',
  'betrokkene.emailadres': 'text',
  'adres.straat': 'text',
  'adres.huisnummer': 'integer',
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
  'socialeIncasso.persoonlijkContact.kanaal': 'texts',
  'socialeIncasso.herinneringen': 'dates',
  'socialeIncasso.gewezenOpSchuldhulpverlening': 'date',
  'socialeIncasso.aanbodGegevensdeling': 'date',
  'socialeIncasso.reactie': 'text',
  betalingsregeling: 'text',
  geplandeDatum: 'date',
  warmeOverdracht: 'boolean'
} as const satisfies Record<string, Kind>
export type CsvColumn = keyof typeof csvColumns

/** The separator of values within one cell. */
const listSeparator = '|'

/** A cell that could not be read: its column and the kind it should be, or `twice` when the amount is given twice. */
export type CellFault = { readonly column: CsvColumn; readonly kind: Kind | 'twice' }

/** Turns a row of cells into a signal and lists the cells that could not be read. An empty cell is an absent field. */
export function rowToSignal(
  columns: readonly CsvColumn[],
  cells: readonly string[]
): { signal: Record<string, unknown>; faults: CellFault[] } {
  const signal: Record<string, unknown> = {}
  const faults: CellFault[] = []
  columns.forEach((column, index) => {
    const cell = (cells[index] ?? '').trim()
    if (cell === '') return
    const kind = csvColumns[column]
    const value = readCell(kind, cell)
    if (value === undefined) faults.push({ column, kind })
    else put(signal, pathOf(column).split('.'), value)
  })
  return { signal: joinContacts(signal), faults }
}

/** The JSON path of a column, with dots. */
export function pathOf(column: CsvColumn): string {
  return column === 'achterstand.bedrag' ? 'achterstand.bedragInCenten' : column
}

function readCell(kind: Kind, cell: string): unknown {
  switch (kind) {
    case 'integer':
      return /^\d{1,12}$/.test(cell) ? Number(cell) : undefined
    case 'euros':
      return readEuros(cell)
    case 'date':
      return readDate(cell)
    case 'dates':
      return readDates(cell.split(listSeparator))
    case 'texts':
      return cell.split(listSeparator).map((part) => part.trim())
    case 'boolean':
      return { true: true, ja: true, false: false, nee: false }[cell.toLowerCase()]
    default:
      return cell
  }
}

// 845,00 and 845.00 and 1.250,50: Dutch grouping and decimal comma, or a plain decimal point.
function readEuros(cell: string): number | undefined {
  const plain = /^\d{1,3}(\.\d{3})+(,\d{1,2})?$/.test(cell) ? cell.replaceAll('.', '') : cell
  const match = /^(\d{1,9})(?:[.,](\d{1,2}))?$/.exec(plain)
  return match === null ? undefined : Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'))
}

function readDate(cell: string): string | undefined {
  const iso = cell.replace(/^(\d{2})-(\d{2})-(\d{4})$/, '$3-$2-$1')
  return /^\d{4}-\d{2}-\d{2}$/.test(iso) ? iso : undefined
}

function readDates(cells: readonly string[]): string[] | undefined {
  const days = cells.map((cell) => readDate(cell.trim()))
  return days.includes(undefined) ? undefined : (days as string[])
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
