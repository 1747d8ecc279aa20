/** True for a long number as a spreadsheet shortens it, such as 8,71687E+17. */
export function isShortened(text: string): boolean {
  return /^-?\d+([.,]\d+E[+-]?|E\+)\d+$/i.test(text)
}
