import { plainSpaces } from '../../platform/http/tidy-text.ts'

/** How the text of a CSV cell is read. */
export type Kind =
  | 'text'
  | 'code'
  | 'codes'
  | 'integer'
  | 'huisnummer'
  | 'euros'
  | 'date'
  | 'birthday'
  | 'dates'
  | 'boolean'
  | 'gemeentecode'
  | 'burgerservicenummer'
  | 'telefoonnummer'

/** The separator of values within one cell. */
const listSeparator = '|'

/** A cell without what spreadsheets and web pages put around its text: other spaces, and the `="0177"` that keeps zeros. */
export function tidyCell(cell: string): string {
  const plain = plainSpaces(cell)
  return (/^="([^"]*)"$/.exec(plain)?.[1] ?? plain).trim()
}

/** The value of a tidy cell that is not empty; null when it says that the value is unknown, undefined when it cannot be read. */
export function readCell(kind: Kind, cell: string): unknown {
  switch (kind) {
    case 'integer':
      return /^\d{1,12}$/.test(cell) ? Number(cell) : undefined
    case 'huisnummer':
      return readHuisnummer(cell)
    case 'euros':
      return readEuros(cell)
    case 'date':
      return readDate(cell)
    case 'birthday':
      return /^(00[-.]?00[-.]?)?\d{4}$/.test(cell) ? null : readDate(cell)
    case 'dates':
      return readDates(cell.split(listSeparator))
    case 'code':
      return cell.toLowerCase()
    case 'codes':
      return cell.split(listSeparator).map((part) => part.trim().toLowerCase())
    case 'boolean':
      return booleans[cell.toLowerCase()]
    case 'gemeentecode':
      return /^\d{1,4}$/.test(cell) ? cell.padStart(4, '0') : cell
    case 'burgerservicenummer':
      return readBurgerservicenummer(cell)
    case 'telefoonnummer':
      // Ten digits that begin with a zero, which is what a spreadsheet drops.
      return /^[1-9]\d{8}$/.test(cell) ? `0${cell}` : cell
    default:
      return cell
  }
}

const booleans: Readonly<Record<string, boolean>> = {
  true: true,
  waar: true,
  ja: true,
  j: true,
  '1': true,
  false: false,
  onwaar: false,
  nee: false,
  n: false,
  '0': false
}

/** A house number with what people write behind it. */
export type Huisnummer = { huisnummer: number; huisletter?: string; huisnummertoevoeging?: string }

// A spreadsheet makes 2-jan of 2-1.
const months = /^(jan|feb|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec)$/i

// 12A, 12-2, 12 bis and 12A-2. What follows one letter is the addition; any other text is an addition as a whole.
function readHuisnummer(cell: string): Huisnummer | undefined {
  const [, number, rest = ''] = /^(\d{1,5})(?:[\s/-]*([a-z0-9][a-z0-9 /-]{0,7}))?$/i.exec(cell) ?? []
  if (number === undefined || months.test(rest)) return undefined
  const huisnummer = Number(number)
  if (rest === '') return { huisnummer }
  const [, letter, addition] =
    /^([a-z])(?:[\s/-]+(.+)|(?=\d)(.+)|)$/i.exec(rest)?.flatMap((part) => part ?? []) ?? []
  const parts =
    letter === undefined
      ? { huisnummertoevoeging: rest }
      : { huisletter: letter, ...(addition !== undefined && { huisnummertoevoeging: addition }) }
  return { huisnummer, ...parts }
}

// 845,00 and 845.00, 1.250,50 and 1 250,50 and 1,250.50, with or without a euro sign, and 845,- for no cents.
function readEuros(cell: string): number | undefined {
  const bare = cell.replace(/^(€|EUR)\s*|\s*(€|EUR)$/gi, '').replace(/,-{1,2}$/, ',00')
  const grouped = [/^\d{1,3}([.\s]\d{3})+(,\d{1,2})?$/, /^\d{1,3}([,\s]\d{3})+\.\d{1,2}$/].findIndex((form) =>
    form.test(bare)
  )
  const plain = grouped < 0 ? bare : bare.replace(grouped === 0 ? /[.\s]/g : /[,\s]/g, '')
  const match = /^(\d{1,9})(?:[.,](\d{1,2}))?$/.exec(plain)
  return match === null ? undefined : Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'))
}

const midnight = /[T\s]0{1,2}:00(:00(\.0+)?)?Z?$/

// A slash is refused: it does not say which is the month.
function readDate(cell: string): string | undefined {
  const day = cell.replace(midnight, '')
  const [, d, m, y] = /^(\d{1,2})-(\d{1,2})-(\d{4})$/.exec(day) ?? []
  const iso = y === undefined ? day : `${y}-${m!.padStart(2, '0')}-${d!.padStart(2, '0')}`
  return /^\d{4}-\d{2}-\d{2}$/.test(iso) ? iso : undefined
}

function readDates(cells: readonly string[]): string[] | undefined {
  const days = cells.map((cell) => cell.trim()).filter((cell) => cell !== '')
  const read = days.map(readDate)
  return read.includes(undefined) ? undefined : (read as string[])
}

// A number loses its leading zero in a spreadsheet; no one has two.
function readBurgerservicenummer(cell: string): string {
  const digits = cell.replace(/[.\s]/g, '')
  return /^\d{8}$/.test(digits) ? `0${digits}` : digits
}
