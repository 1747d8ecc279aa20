import type { Tables } from '../begrippen/tables.ts'

type Column = keyof Tables['vroegsignaal']

/**
 * Every column of the table `vroegsignaal` with its SQL type. The statements that take in and move a signal are made
 * from this list, so a new column reaches both or does not compile.
 */
export const vroegsignaalColumns = {
  gemeentecode: 'text',
  id: 'uuid',
  signaalpartnerId: 'uuid',
  referentieIndex: 'bytea',
  soort: 'text',
  sector: 'text',
  status: 'text',
  signaaldatum: 'date',
  ontvangenOp: 'timestamptz',
  ontvangstdatum: 'date',
  reactiedatum: 'date',
  geplandeDatum: 'date',
  sleuteldag: 'date',
  vernietigingsdatum: 'date',
  vernietigingsaanleiding: 'text',
  bedragInCenten: 'integer',
  jongere: 'boolean',
  adresIndex: 'bytea',
  adresversie: 'integer',
  adresBekend: 'boolean',
  persoonIndex: 'bytea',
  bsnIndex: 'bytea',
  klantIndex: 'bytea',
  inhoudHash: 'bytea',
  herhalingVan: 'uuid',
  inhoud: 'bytea',
  beoordeling: 'bytea',
  afgerond: 'boolean',
  doorgezondenVan: 'text',
  beperkt: 'boolean'
} as const satisfies Record<Column, string>

/** The names of all columns. */
export const vroegsignaalColumnNames = Object.keys(vroegsignaalColumns) as Column[]

/** The name of a column as the database writes it. */
export function sqlName(column: Column): string {
  return column.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
