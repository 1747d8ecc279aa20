/** What may be wrong with a record of a chain of signed statements. */
export const foutsoorten = [
  'ontbreekt',
  'bewijs-ongeldig',
  'gegevens-gewijzigd',
  'verwijzing-klopt-niet'
] as const
export type Foutsoort = (typeof foutsoorten)[number]
