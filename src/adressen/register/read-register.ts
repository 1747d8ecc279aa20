import { setImmediate as yieldToOthers } from 'node:timers/promises'
import type { Registerbron } from '../../begrippen/adresregister.ts'
import { bodyFault, type Fault, invalid } from '../../platform/http/problem.ts'
import type { FindGemeente } from './gemeentenamen.ts'
import {
  bronOf,
  findKolommen,
  type Kolomfout,
  missingKolommen,
  type Registerregel,
  rijlezer
} from './register-columns.ts'
import { type Rij, splitRows } from './split-rows.ts'

/** The next addresses of a register file, and how far its reading is. */
export type Registerdeel = {
  readonly adressen: readonly Registerregel[]
  readonly bron: Registerbron
  /** Lines read so far below the header, blank ones left out. */
  readonly aantalRegels: number
  /** Those of them without a postcode. */
  readonly aantalOvergeslagen: number
  /** The names of municipalities that nobody has, at most 500. */
  readonly onbekendeGemeenten: readonly string[]
}

/** Addresses that are passed on together. */
const partSize = 500
const maxFaults = 100
const maxOnbekend = 500
const longestName = 80

const faultTexts: Readonly<Record<Kolomfout, string>> = {
  postcode: 'Schrijf de postcode als 8101AA.',
  huisnummer: 'Het huisnummer is een geheel getal van 1 tot en met 99999.',
  huisnummertoevoeging: 'Huisletter en toevoeging zijn samen hoogstens 12 tekens.',
  nummeraanduiding:
    'De nummeraanduiding is het BAG-nummer van 16 cijfers waarvan het vijfde en zesde 20 zijn; bewaar de kolom als tekst.',
  gemeentecode: 'De gemeentecode is een CBS-code van hoogstens vier cijfers, zoals 0177 of GM0177.'
}

/**
 * Reads a register file, some thousands of addresses at a time, in bounded memory. Once a line is wrong it only lists
 * what else is wrong: parts have no addresses any more, and the end throws ongeldige-invoer naming at most 100 lines.
 * Throws ongeldige-invoer as well for a file without the columns that it needs, and for one without addresses.
 */
export async function* readRegister(
  texts: AsyncIterable<string>,
  findGemeente: FindGemeente
): AsyncGenerator<Registerdeel> {
  const reading = openReading(findGemeente)
  for await (const rows of splitRows(texts)) {
    for (const row of rows) {
      reading.take(row)
      if (reading.isPartFull()) yield reading.takePart()
    }
    await yieldToOthers()
  }
  reading.requireAddresses()
  yield reading.takePart()
}

function openReading(findGemeente: FindGemeente) {
  const faults: Fault[] = []
  const onbekend = new Set<string>()
  let bron: Registerbron = 'cbs'
  let read: ReturnType<typeof rijlezer> | undefined
  let adressen: Registerregel[] = []
  let sinceLast = 0
  let found = 0
  let aantalRegels = 0
  let aantalOvergeslagen = 0
  const addFault = (regel: number, column: Kolomfout) => {
    adressen = []
    faults.push(bodyFault(`/${regel}/${column}`, 'pattern', `Regel ${regel}: ${faultTexts[column]}`))
    if (faults.length === maxFaults) throw invalid(faults)
  }
  return {
    take({ regel, cells }: Rij): void {
      if (read === undefined) {
        const kolommen = readHeader(cells)
        bron = bronOf(kolommen)
        read = rijlezer(kolommen, findGemeente)
        return
      }
      if (isBlank(cells)) return
      aantalRegels += 1
      sinceLast += 1
      const row = read(cells)
      if (row === undefined) aantalOvergeslagen += 1
      else if ('fault' in row) addFault(regel, row.fault)
      else {
        found += 1
        if (faults.length === 0) adressen.push(row.adres)
        if (row.onbekendeGemeente && onbekend.size < maxOnbekend)
          onbekend.add(plainName(row.onbekendeGemeente))
      }
    },
    isPartFull: () => sinceLast >= partSize,
    takePart(): Registerdeel {
      const part = { adressen, bron, aantalRegels, aantalOvergeslagen, onbekendeGemeenten: [...onbekend] }
      adressen = []
      sinceLast = 0
      return part
    },
    requireAddresses(): void {
      if (faults.length > 0) throw invalid(faults)
      if (read === undefined) throw wrongFile('required', 'Het bestand is leeg.')
      if (found === 0) throw wrongFile('minItems', 'Het bestand bevat geen enkel adres met een postcode.')
    }
  }
}

function readHeader(cells: readonly string[]) {
  const kolommen = findKolommen(cells)
  const missing = missingKolommen(kolommen)
  if (missing.length === 0) return kolommen
  throw wrongFile('required', `De kopregel mist ${missing.join(', ')}; kolommen worden op naam gevonden.`)
}

function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '')
}

function plainName(naam: string): string {
  return naam.replace(/\p{C}/gu, ' ').slice(0, longestName)
}

function wrongFile(code: string, detail: string) {
  return invalid([bodyFault('', code, detail)])
}
